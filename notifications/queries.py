import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Value
from django.db.models.functions import Concat, Now
from procrastinate.contrib.django.models import ProcrastinateWorker

from accounts.models import User
from notifications import clock
from notifications.kinds import Frequency, Kind
from notifications.models import Preference, QuietHours
from notifications.models.notification import NotificationQuerySet
from notifications.times import Wishes


def wishes(person: User) -> Wishes:
    chosen = Preference.objects.filter(person=OuterRef("pk")).values_list(Concat("kind", Value(" "), "frequency"))
    hours = {"begin": F("quiet_hours__begin"), "end": F("quiet_hours__end")}
    row = User.objects.filter(pk=person.pk).annotate(now=Now(), chosen=ArraySubquery(chosen), **hours)
    now, pairs, begin, end = row.values_list("now", "chosen", *hours).get()
    quiet = None if begin is None else QuietHours(person=person, begin=begin, end=end)
    return Wishes(clock.shown(now), _frequencies(dict(pair.split() for pair in pairs)), quiet)


def frequencies(person: User) -> dict[Kind, Frequency]:
    """How often this person wants mail of each kind; at once unless they chose."""
    return _frequencies(dict(Preference.objects.filter(person=person).values_list("kind", "frequency")))


def _frequencies(chosen: dict[str, str]) -> dict[Kind, Frequency]:
    return {kind: Frequency(chosen.get(kind, Frequency.AT_ONCE)) for kind in Kind}


def marked(person: User, *, at: datetime.datetime) -> NotificationQuerySet:
    """What this person marked as read in one go, at this moment."""
    return person.notifications.filter(read_at=at)


# --- How the worker is ------------------------------------------------------------------------------------------------
def since_heartbeat() -> datetime.timedelta | None:
    """How long ago a worker last said that it lives, which it does each ten seconds; None when none has ever run."""
    newest = ProcrastinateWorker.objects.order_by("-last_heartbeat").annotate(age=Now() - F("last_heartbeat"))
    age: datetime.timedelta | None = newest.values_list("age", flat=True).first()
    return age
