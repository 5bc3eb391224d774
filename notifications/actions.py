import datetime
from collections.abc import Mapping

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from notifications import clock, duties, jobs, outbox, queries
from notifications.kinds import Frequency, Kind, frequencies
from notifications.models import Duty, Email, Job, Notification, Preference, QuietHours
from notifications.models.email import DAILY, SUBJECT_LENGTH, cut
from notifications.models.notification import TEXT_LENGTH, TITLE_LENGTH, TURN_LENGTH, NotificationQuerySet
from notifications.times import Hours
from web.refusals import Invalid, NotYours, WrongMoment


@transaction.atomic(savepoint=False)
def notify(
    recipient: User,
    *,
    text: str,
    url: str,
    kind: Kind,
    subject: str = "",
    turn: str = "",
    matter: str = "",
    waits: bool = False,
    about: str = "",
    title: str = "",
) -> Notification:
    """Tell a person one thing: in the inbox now, and by the mail that they chose for this kind.

    Call it inside the transaction of the act: the mail is owed if the act is committed, and not otherwise. `turn` says
    who has to do something now, and `matter`, like "milestone-7", what may `settle` it; it `waits` if that is the
    recipient. What is `about` the same stands together below its `title`. Messages of one `url` are one conversation,
    which one mail tells.
    """
    wishes = queries.wishes(recipient)
    notification = Notification(
        recipient=recipient,
        kind=kind,
        **_fitted(text=text, subject=subject or text),
        turn=cut(turn, TURN_LENGTH),
        matter=matter,
        waits=waits,
        about=about,
        title=cut(title, TITLE_LENGTH),
        url=url,
        frequency=wishes.frequencies[kind],
    )
    outbox.queue(notification, wishes)
    notification.save()
    return notification


def _fitted(*, text: str, subject: str) -> dict[str, str]:
    return {"text": cut(text, TEXT_LENGTH), "subject": cut(subject, SUBJECT_LENGTH)}


# --- Reading: what was read is not mailed any more --------------------------------------------------------------------
def mark_read(notification: Notification) -> None:
    """Whoever opens one message sees the whole conversation."""
    if notification.kind == Kind.MESSAGE:
        mark_conversation_read(notification.recipient, url=notification.url)
    else:
        _mark_read(Notification.objects.filter(pk=notification.pk))


def mark_conversation_read(person: User, *, url: str, up_to: int | None = None) -> None:
    """The person has seen the chat at this address, all of it or up to what the line with this id told."""
    lines = person.notifications.of_conversation(url)
    _mark_read(lines.filter(pk__lte=up_to) if up_to else lines)


def mark_all_read(*, by: User) -> datetime.datetime:
    """When that was: by this moment, `unread_again` finds what it marked."""
    return _mark_read(by.notifications.all())


def unread_again(*, by: User, at: datetime.datetime) -> None:
    """Take back what marked lines as read at this moment; what was settled since needs nobody to read it."""
    queries.marked(by, at=at).filter(settled_at=None).update_in_order(read_at=None)


def _mark_read(lines: NotificationQuerySet) -> datetime.datetime:
    now = timezone.now()
    lines.unread().update_in_order(read_at=now)
    return now


# --- What was told has changed ----------------------------------------------------------------------------------------
def reword(notification: Notification, *, text: str, subject: str) -> None:
    """What it told of has been worded anew; the mail, if it was not sent before, says it so too."""
    Notification.objects.filter(pk=notification.pk).update(**_fitted(text=text, subject=subject))


def take_back(notification: Notification, *, text: str, subject: str) -> None:
    """What it told of is no more: the line says so instead, waits for nobody and is not mailed any more."""
    reword(notification, text=text, subject=subject)
    _settle(Notification.objects.filter(pk=notification.pk))


def settle(matter: str) -> None:
    """What was told of this matter is overtaken: it waits for nobody and is not mailed any more."""
    _settle(Notification.objects.filter(matter=matter))


def _settle(lines: NotificationQuerySet) -> None:
    now = timezone.now()
    lines.filter(settled_at=None).update_in_order(settled_at=now, read_at=Coalesce("read_at", now))


# --- How much mail ----------------------------------------------------------------------------------------------------
@transaction.atomic
def choose(person: User, *, chosen: Mapping[Kind, Frequency], quiet: Hours | None) -> None:
    """How often this person wants mail of each kind, and in which hours none.

    Mail that is queued already goes out as it was chosen then, but nothing goes out of a kind that is "never" now.
    Errors: Invalid when what waits for an answer would be turned off, or all hours are quiet.
    """
    if any(frequency not in frequencies(kind) for kind, frequency in chosen.items()):
        raise Invalid(_("What waits for your answer cannot be turned off. Choose at once or once a day."))
    if quiet and quiet.begin == quiet.end:
        raise Invalid(_("Quiet hours must end at another time than they begin."))
    for kind, frequency in chosen.items():
        Preference.objects.update_or_create(person=person, kind=kind, defaults={"frequency": frequency})
    if quiet:
        QuietHours.objects.update_or_create(person=person, defaults={"begin": quiet.begin, "end": quiet.end})
    else:
        QuietHours.objects.filter(person=person).delete()


@transaction.atomic
def unsubscribe(person: User, *, kind: str) -> None:
    """Mails of this kind stop; what waits for an answer comes once a day instead.

    From the daily mail, all that is in it stops, but for what waits for an answer.
    """
    for each, frequency in queries.frequencies(person).items():
        if each == kind or (kind == DAILY and frequency == Frequency.DAILY):
            least = frequencies(each)[-1]
            Preference.objects.update_or_create(person=person, kind=each, defaults={"frequency": least})


# --- Staff ------------------------------------------------------------------------------------------------------------
@transaction.atomic
def send_again(email: Email, *, by: User) -> None:
    """Try a mail again now that has failed, or that waits after a failure. Staff only.

    Errors: NotYours; WrongMoment for all others.
    """
    if not by.is_staff:
        raise NotYours(_("Only staff can send a mail again."))
    locked = Email.objects.filter(pk=email.pk).locked().get()
    if not locked.is_stuck:
        raise WrongMoment(_("Only a mail that could not be sent can be sent again."))
    locked.state, locked.settled_at, locked.attempts = Email.State.QUEUED, None, 0
    outbox.schedule(locked, clock.now(), alarm=None)


@transaction.atomic
def run_again(job: Job, *, by: User) -> None:
    """Have the worker do once more now what it could not do. Staff only. Errors: NotYours; WrongMoment for others."""
    if not by.is_staff:
        raise NotYours(_("Only staff can run a job again."))
    if not jobs.run_again(job.pk):
        raise WrongMoment(_("Only a job that has failed can be run again."))


@transaction.atomic
def do_duty_now(duty: Duty, *, by: User) -> None:
    """Have the worker do a nightly duty now, too. Staff only. Errors: NotYours."""
    if not by.is_staff:
        raise NotYours(_("Only staff can do this."))
    jobs.defer(duties.DUTY, name=duty.name, again=True)
