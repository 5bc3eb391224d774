"""Mail servers on which a test can catch the worker: they say by a file where they are, and wait while it is there."""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from smtplib import SMTPServerDisconnected

from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend

from notifications.mailbox import Mailbox


def pause(moment: str) -> None:
    time.sleep(0.02)
    if os.environ.get("TEST_STOP") == moment:
        here = Path(os.environ["TEST_MAIL"]) / moment
        here.touch()
        while here.exists():
            time.sleep(0.02)


class Slow(Mailbox):
    """Knows a mail that it has already, by its Message-ID."""

    def _deliver(self, letter: EmailMessage) -> Path:
        pause("before")
        path = super()._deliver(letter)
        pause("after")
        return path


class Down(Mailbox):
    """Takes no mail while its switch is there; then it is as slow as the others."""

    def _deliver(self, letter: EmailMessage) -> Path:
        pause("before")
        if (self.folder / "down").exists():
            raise SMTPServerDisconnected("Connection unexpectedly closed")
        path = super()._deliver(letter)
        pause("after")
        return path


class Forgetful(EmailBackend):
    """Takes each mail for a new one, as a mail server does."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        sent = super().send_messages(email_messages)
        pause("after")
        return sent or 0
