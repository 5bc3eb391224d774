"""From what a person is told, or a letter says, to the row in the outbox. `notifications.sending` sends it.

The row is the truth, a job is only an alarm clock for it: whoever makes a row due at a moment sets an alarm for that
moment in the same transaction. An alarm that rings for nothing does nothing.
"""

import datetime

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import OuterRef

from notifications import clock, jobs, times
from notifications.kinds import Frequency, Kind
from notifications.models import Email, Notification
from notifications.models.email import DAILY, LETTER, SUBJECT_LENGTH, cut
from notifications.times import Wishes

DELIVER = "notifications.deliver"
LOST_AFTER = datetime.timedelta(minutes=2)
MOST_AT_ONCE = 500


def queue(notification: Notification, wishes: Wishes) -> None:
    """Owe the person the mail that they chose for this. The notification is saved afterwards, in the same transaction.

    A mail that gathers is not queued twice. Its row is locked here, so that it is not written before this notification
    can be seen; and if it is just being written, nobody waits for that: then there is another.
    """
    if notification.frequency == Frequency.NEVER:
        return
    person, kind, frequency = notification.recipient, Kind(notification.kind), Frequency(notification.frequency)
    email = Email(recipient=person, kind=DAILY if frequency == Frequency.DAILY else kind)
    if email.kind == Kind.MESSAGE:
        email.conversation = notification.url
    if email.is_gathered and Email.objects.queued().gathering_with(email).free().first():
        return
    due = times.due(person, kind, frequency, wishes)
    schedule(email, due, alarm=due if due > wishes.now else None)
    if not email.is_gathered:
        notification.email = email


@transaction.atomic
def queue_letter(letter: EmailMessage) -> None:
    """Owe each of its readers this letter. Errors: ValueError when it is more than a text."""
    if letter.cc or letter.bcc or letter.attachments or getattr(letter, "alternatives", None):
        raise ValueError("The outbox takes letters of plain text, to readers that each may see.")
    for address in letter.to:
        email = Email(
            kind=LETTER,
            to=address,
            reply_to=", ".join(letter.reply_to),
            subject=cut(" ".join(str(letter.subject).split()), SUBJECT_LENGTH),
            text=str(letter.body),
        )
        schedule(email, clock.now(), alarm=None)


def schedule(email: Email, at: datetime.datetime, *, alarm: datetime.datetime | None) -> None:
    """Save that it is due then. Its alarm rings at `alarm`, or without one at once."""
    email.due_at = at
    email.save()
    jobs.defer(DELIVER, at=alarm, email_id=email.pk)


def wake() -> None:
    """Set an alarm for each row that has missed its own. That happens when a job is cancelled or removed by hand."""
    overdue = Email.objects.overdue(LOST_AFTER).order_by("due_at")
    asleep = overdue.exclude(jobs.is_ringing(DELIVER, "email_id", OuterRef("pk")))
    for email_id in asleep.values_list("pk", flat=True)[:MOST_AT_ONCE]:
        jobs.defer(DELIVER, email_id=email_id)
