"""What the site does every night: proofs and tidying up. Apps name theirs in their `tasks`; the admin shows each.

A duty is due once after `HOUR`, by the database's clock; one that was missed, because no worker ran, is made up for.
"""

import datetime
import logging
from collections.abc import Callable
from typing import NamedTuple

from django.db import models, transaction
from django.utils.translation import gettext as _

from notifications import clock, jobs
from notifications.models import Duty, Job

DUTY = "notifications.duty"
HOUR = datetime.time(3, tzinfo=datetime.UTC)
KEPT_FOR = datetime.timedelta(days=90)
BATCH = 5_000
logger = logging.getLogger(__name__)


class Found(NamedTuple):
    text: str
    is_wrong: bool = False


_duties: dict[str, Callable[[], Found]] = {}


def nightly(name: str) -> Callable[[Callable[[], Found]], Callable[[], Found]]:
    """Do this every night, under a name for the staff."""

    def register(duty: Callable[[], Found]) -> Callable[[], Found]:
        assert name not in _duties
        _duties[name] = duty
        return duty

    return register


def names() -> list[str]:
    return sorted(_duties)


def start() -> None:
    """Set an alarm for each duty that is due and has none."""
    night = _last_night(clock.now())
    done = set(Duty.objects.filter(began_at__gte=night).exclude(ended_at=None).values_list("name", flat=True))
    awaited = Job.objects.filter(task_name=DUTY, status__in=("todo", "doing"))
    for name in sorted(_duties.keys() - done - {*awaited.values_list("args__name", flat=True)}):
        jobs.defer(DUTY, name=name)


def run(name: str, *, again: bool = False) -> None:
    """Do it, unless it was done since last night, and note what was found."""
    duty, _is_new = Duty.objects.get_or_create(name=name)
    began_at = clock.now()
    if duty.ended_at and duty.began_at and duty.began_at >= _last_night(began_at) and not again:
        return
    Duty.objects.filter(pk=duty.pk).update(began_at=began_at, ended_at=None)
    try:
        found = _duties[name]()
    except Exception as error:
        logger.exception("The nightly duty “%s” failed.", name)
        found = Found(f"{type(error).__name__}: {error}", is_wrong=True)
    if found.is_wrong:
        logger.error("The nightly duty “%s” found: %s", name, found.text)
    facts = {"found": found.text, "is_wrong": found.is_wrong}
    Duty.objects.filter(pk=duty.pk).update(ended_at=clock.now(), **facts)


def _last_night(now: datetime.datetime) -> datetime.datetime:
    today = datetime.datetime.combine(now.astimezone(datetime.UTC), HOUR)
    return today if today <= now else today - datetime.timedelta(days=1)


def delete(rows: "models.QuerySet[models.Model]") -> Found:
    """Delete these rows, so many at a time that nobody waits long for them."""
    count = 0
    while pks := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            rows.model._default_manager.filter(pk__in=pks).delete()
        count += len(pks)
    return Found(_("%(count)d removed.") % {"count": count})
