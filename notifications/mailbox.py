"""The demo's post: each mail becomes a file, and a line on the console says so. Nothing leaves this machine."""

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class Mailbox(BaseEmailBackend):
    """Its file is named by the mail's Message-ID, so the same mail delivered again is the same file."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.folder = Path(settings.EMAIL_FILE_PATH)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.folder.mkdir(parents=True, exist_ok=True)
        for letter in email_messages:
            path = self._deliver(letter)
            sys.stdout.write(f"E-mail to {', '.join(letter.to)}: {letter.subject} ({path})\n")
            sys.stdout.flush()
        return len(email_messages)

    def _deliver(self, letter: EmailMessage) -> Path:
        """All of the file or nothing, also if this process is killed."""
        content = letter.message()
        path = self.folder / (re.sub(r"[^\w.@-]", "", content["Message-ID"]) + ".eml")
        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.write_bytes(content.as_bytes())
        unfinished.replace(path)
        return path
