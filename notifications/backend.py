"""What the site's EMAIL_BACKEND is: each mail that any code sends is queued, in the transaction that it is sent in."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from notifications import outbox


class Outbox(BaseEmailBackend):
    """So no request ever waits for a mail server, and none fails with it. The worker sends by `MAIL_TRANSPORT`."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for letter in email_messages:
            outbox.queue_letter(letter)
        return len(email_messages)
