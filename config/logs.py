"""What may stand in a log, which more people read than may sign in."""

import logging
import re

SECRET = re.compile(
    r"((?<!/settings)/calendar/|/notifications/stop/|/accounts/confirm-email/|/accounts/password/reset/key/)[^/\s'\"]+"
)


class WithoutSecrets(logging.Formatter):
    """Some addresses open something by themselves: a calendar, or the links of mails that reset a password, confirm an
    address or stop mails. The log has them without their token, in tracebacks too."""

    def format(self, record: logging.LogRecord) -> str:
        return SECRET.sub(r"\1…", super().format(record))
