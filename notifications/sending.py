"""How an owed mail is sent: written, handed to the mail server, noted as sent. Each is committed before the next.

No transaction is open while the mail server thinks, and after it nothing is left to do but to flip a state.
"""

import datetime
import logging
import time
from collections.abc import Callable, Sequence

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Case, F, TextField, Value, When
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from notifications import clock, jobs, mail, outbox, queries, times
from notifications.failures import is_final
from notifications.kinds import Frequency, Kind
from notifications.models import Email, Notification
from notifications.models.email import DAILY, LETTER, REASON_LENGTH

SOMEBODY_ELSE_SENDS_IT = datetime.timedelta(minutes=1)
NOTE_FOR = 60.0
"""Seconds for which a worker that has sent a mail tries to note it, while the database is away."""

logger = logging.getLogger(__name__)


def deliver(email_id: int, *, job_id: int | None = None) -> None:
    """Send this mail, if it is still owed and due. A failure is noted on its row, which is tried again later.

    Errors: those of the database; the job is then run again.
    """
    try:
        letter = _write(email_id, job_id)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        _note_failure(email_id, error)
        return
    if letter is None:
        return
    try:
        get_connection(settings.MAIL_TRANSPORT).send_messages([letter])
    except Exception as error:
        failure = error
        _surely(lambda: _note_failure(email_id, failure))
    else:
        _surely(lambda: _note_sent(email_id))


@transaction.atomic
def _write(email_id: int, job_id: int | None) -> EmailMessage | None:
    """What is to be sent now, with the row saying so; None when nothing is."""
    owed = Email.objects.get(pk=email_id)
    rows = list(Email.objects.owed().gathering_with(owed).select_related("recipient").locked())
    email = next((row for row in rows if row.pk == email_id), None)
    if email is None:
        return None
    if email.state == Email.State.SENDING and email.job != job_id and jobs.is_doing(email.job):
        jobs.defer(outbox.DELIVER, at=clock.now() + SOMEBODY_ELSE_SENDS_IT, email_id=email_id)
        return None
    if email.recipient is None:
        letter = mail.letter(email)
    elif (told := _settled_or_told(email, email.recipient)) is None:
        return None
    else:
        letter = mail.compose(email, email.recipient, told)
        Notification.objects.filter(pk__in=[each.pk for each in told]).update_in_order(email=email)
        email.subject, email.text = str(letter.subject), str(letter.body)
        _settle_others(email, rows)
    email.state, email.job = Email.State.SENDING, job_id
    email.save()
    return letter


def _settled_or_told(email: Email, person: User) -> list[Notification] | None:
    """What it tells now; None when it tells nothing any more, or not yet."""
    wishes = queries.wishes(person)
    told = _told(email, person, wishes)
    if why_not := _why_not(person, told):
        email.settle(Email.State.SKIPPED, reason=why_not)
        return None
    later = _not_before(email, person, told, wishes)
    if later > wishes.now:
        outbox.schedule(email, later, alarm=later)
        return None
    return told


def _settle_others(email: Email, rows: Sequence[Email]) -> None:
    """What a mail of the same conversation or day would tell stands in this one."""
    for row in rows:
        if row.pk != email.pk and row.state == email.state == Email.State.QUEUED:
            row.settle(Email.State.SKIPPED, reason=_("Mail %(number)d told it as well.") % {"number": email.pk})


def _told(email: Email, person: User, wishes: times.Wishes) -> list[Notification]:
    """What the mail would tell now, oldest first, without what its reader wants no mail of any more.

    One that is sent once more, because its worker was killed, tells nothing that came after it was written: who has it
    already takes the second one for the same.
    """
    rows = person.notifications.unread()
    if email.state == Email.State.SENDING or not email.is_gathered:
        rows = rows.filter(email=email).order_by("id")
    elif email.kind == DAILY:
        rows = rows.to_mail(Frequency.DAILY)
    else:
        rows = rows.to_mail(Frequency.AT_ONCE).of_conversation(email.conversation)
    return [row for row in rows if wishes.frequencies[Kind(row.kind)] != Frequency.NEVER]


def _why_not(person: User, told: Sequence[Notification]) -> str:
    if not person.is_active:
        return _("This person cannot sign in any more.")
    if not told:
        return _("Everything was read before, or this person wants no such mail any more.")
    return ""


def _not_before(email: Email, person: User, told: Sequence[Notification], wishes: times.Wishes) -> datetime.datetime:
    moment = max(wishes.now, email.due_at)
    if email.kind == Kind.MESSAGE:
        moment = max(moment, told[0].created_at + times.UNREAD_FOR)
    return times.not_in_quiet_hours(person, moment, wishes.quiet)


# --- Afterwards -------------------------------------------------------------------------------------------------------
def _note_sent(email_id: int) -> None:
    """Nothing but this is left to fail, and it needs no row but its own."""
    sending = Email.objects.filter(pk=email_id, state=Email.State.SENDING)
    text = Case(When(kind=LETTER, then=Value("")), default=F("text"), output_field=TextField())
    sending.update(state=Email.State.SENT, settled_at=Now(), reason="", text=text)


@transaction.atomic
def _note_failure(email_id: int, error: Exception) -> None:
    email = Email.objects.owed().filter(pk=email_id).locked().first()
    if email is None:
        return
    if email.is_gathered:
        Notification.objects.filter(email=email).update_in_order(email=None)  # they are still to be told
    email.state = Email.State.QUEUED
    email.attempts += 1
    email.reason = f"{type(error).__name__}: {error}".replace("\0", "")[:REASON_LENGTH]
    if email.attempts < times.ATTEMPTS and not is_final(error):
        logger.warning("E-mail %s was not sent: %s", email.pk, email.reason)
        again = clock.now() + times.pause(email.attempts)
        outbox.schedule(email, again, alarm=again)
    else:
        logger.error("E-mail %s failed: %s", email.pk, email.reason)
        email.settle(Email.State.FAILED)


def _surely(note: Callable[[], None]) -> None:
    """Note what has become of a mail, also when the database has gone away meanwhile and comes back."""
    deadline = time.monotonic() + NOTE_FOR
    while True:
        try:
            note()
        except (OperationalError, InterfaceError):
            if time.monotonic() > deadline:
                raise
            connection.close()
            time.sleep(0.2)
        else:
            return
