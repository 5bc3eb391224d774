"""What may stand in a log, which more people read than may sign in, and how: as text, or as JSON for programs."""

import datetime
import json
import logging
import re

from web import tracing

SECRET = re.compile(
    r"((?<!/settings)/calendar/|/notifications/stop/|/accounts/confirm-email/|/accounts/password/reset/key/)[^/\s'\"]+"
)


FACTS = ("person", "method", "path", "status", "ms")
"""What `web.middleware.Traced` says of each request."""


class WithoutSecrets(logging.Formatter):
    """Some addresses open something by themselves: a calendar, or the links of mails that reset a password, confirm an
    address or stop mails. The log has them without their token, in tracebacks too."""

    def format(self, record: logging.LogRecord) -> str:
        return SECRET.sub(r"\1…", self.line(record))

    def line(self, record: logging.LogRecord) -> str:
        return f"{_moment(record)} {record.levelname} [{tracing.number()}] {record.name}: {super().format(record)}"


class Json(WithoutSecrets):
    """One object a line."""

    def line(self, record: logging.LogRecord) -> str:
        facts = {name: getattr(record, name) for name in FACTS if hasattr(record, name)}
        trace = {"trace": self.formatException(record.exc_info)} if record.exc_info else {}
        return json.dumps(
            {
                "time": _moment(record),
                "level": record.levelname,
                "request": tracing.number(),
                "logger": record.name,
                "message": record.getMessage(),
                **facts,
                **trace,
            },
            ensure_ascii=False,
            default=str,
        )


def _moment(record: logging.LogRecord) -> str:
    return datetime.datetime.fromtimestamp(record.created, datetime.UTC).isoformat(timespec="milliseconds")
