"""What may stand in a log, which more people read than may sign in."""

import logging
import re

SECRET = re.compile(r"(?<!/settings)(/calendar/)[^/\s'\"]+")


class WithoutSecrets(logging.Formatter):
    """A calendar address opens a calendar by itself, so the log has it without its token, in tracebacks too."""

    def format(self, record: logging.LogRecord) -> str:
        return SECRET.sub(r"\1…", super().format(record))
