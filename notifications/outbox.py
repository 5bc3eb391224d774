"""From what a person is told to the mail that tells it.

The row in the outbox is the truth, a job is only an alarm clock for it: whoever makes a row due at a moment sets an
alarm for that moment in the same transaction. An alarm that rings for nothing does nothing.
"""

import datetime
import logging
from collections.abc import Sequence

from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications import jobs, mail, queries, times
from notifications.kinds import Frequency, Kind
from notifications.models import Email, Notification
from notifications.models.email import DAILY, REASON_LENGTH

DELIVER = "notifications.deliver"
LOST_AFTER = datetime.timedelta(minutes=2)
MOST_AT_ONCE = 500
logger = logging.getLogger(__name__)


def queue(notification: Notification) -> None:
    """Owe the person the mail that they chose for this. The notification is saved afterwards, in the same transaction.

    A mail that gathers is not queued twice. Its row is locked here, so that it is not sent before this notification
    can be seen; and if it is just being sent, nobody waits for that: then there is another.
    """
    if notification.frequency == Frequency.NEVER:
        return
    person, kind, frequency = notification.recipient, Kind(notification.kind), Frequency(notification.frequency)
    email = Email(recipient=person, kind=DAILY if frequency == Frequency.DAILY else kind)
    if email.kind == Kind.MESSAGE:
        email.conversation = notification.url
    if email.is_gathered and Email.objects.queued().gathering_with(email).free().first():
        return
    schedule(email, times.due(person, kind, frequency, now=timezone.now()))
    if not email.is_gathered:
        notification.email = email


def schedule(email: Email, at: datetime.datetime) -> None:
    email.due_at = at
    email.save()
    jobs.defer(DELIVER, at=at, email_id=email.pk)


def deliver(email_id: int) -> None:
    """Send this mail, if it is still owed and due. A failure is noted on its row, which is tried again later."""
    try:
        with transaction.atomic():
            _deliver(email_id)
    except Exception as error:
        _note(email_id, error)


def wake() -> None:
    """Set an alarm for each row that has missed its own. That happens when a job is cancelled or removed by hand."""
    overdue = Email.objects.overdue(LOST_AFTER).order_by("due_at").values_list("pk", flat=True)[:MOST_AT_ONCE]
    asleep = set(overdue)
    for email_id in sorted(asleep - jobs.awaited(DELIVER, "email_id", asleep)):
        jobs.defer(DELIVER, at=timezone.now(), email_id=email_id)


def _deliver(email_id: int) -> None:
    owed = Email.objects.get(pk=email_id)
    rows = list(Email.objects.queued().gathering_with(owed).select_related("recipient").locked())
    email = next((row for row in rows if row.pk == email_id), None)
    if email is None:
        return
    told = _told(email)
    if why_not := _why_not(email, told):
        email.settle(Email.State.SKIPPED, reason=why_not)
        return
    now = timezone.now()
    if (later := _not_before(email, told, now)) > now:
        schedule(email, later)
        return

    letter = mail.compose(email, told)
    letter.send()

    _note_told(email, told)
    for row in rows:
        if row != email:
            row.settle(Email.State.SKIPPED, reason=_("Mail %(number)d told it as well.") % {"number": email.pk})
    email.settle(Email.State.SENT, subject=str(letter.subject), text=str(letter.body), reason="")


def _note_told(email: Email, told: Sequence[Notification]) -> None:
    """Say on each line which mail told it.

    The mail has gone out, so to lose against a reader who has locked the same lines in another order (a deadlock, which
    the database ends for one of the two) must not undo all this and send it again.
    """
    rows = Notification.objects.filter(pk__in=[each.pk for each in told])
    for is_last in (False, False, True):
        try:
            with transaction.atomic():
                rows.update_in_order(email=email)
        except OperationalError:
            if is_last:
                raise
        else:
            return


def _told(email: Email) -> list[Notification]:
    """What the mail would tell now, oldest first, without what its reader wants no mail of any more."""
    rows = email.recipient.notifications.unread()
    if email.kind == DAILY:
        rows = rows.to_mail(Frequency.DAILY)
    elif email.kind == Kind.MESSAGE:
        rows = rows.to_mail(Frequency.AT_ONCE).of_conversation(email.conversation)
    else:
        rows = rows.filter(email=email)
    wanted = queries.frequencies(email.recipient)
    return [row for row in rows if wanted[Kind(row.kind)] != Frequency.NEVER]


def _why_not(email: Email, told: Sequence[Notification]) -> str:
    if not email.recipient.is_active:
        return _("This person cannot sign in any more.")
    if not told:
        return _("Everything was read before, or this person wants no such mail any more.")
    return ""


def _not_before(email: Email, told: Sequence[Notification], now: datetime.datetime) -> datetime.datetime:
    moment = max(now, email.due_at)
    if email.kind == Kind.MESSAGE:
        moment = max(moment, told[0].created_at + times.UNREAD_FOR)
    return times.not_in_quiet_hours(email.recipient, moment)


@transaction.atomic
def _note(email_id: int, error: Exception) -> None:
    email = Email.objects.queued().filter(pk=email_id).locked().first()
    if email is None:
        return
    email.attempts += 1
    email.reason = f"{type(error).__name__}: {error}".replace("\0", "")[:REASON_LENGTH]
    if email.attempts < times.ATTEMPTS:
        logger.warning("E-mail %s was not sent: %s", email.pk, email.reason)
        schedule(email, timezone.now() + times.pause(email.attempts))
    else:
        logger.error("E-mail %s failed: %s", email.pk, email.reason)
        email.settle(Email.State.FAILED)
