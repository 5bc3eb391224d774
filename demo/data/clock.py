"""When the demo's acts happened: in the weeks before the day of the run, so that the demo never looks stale."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch
from zoneinfo import ZoneInfo


@contextmanager
def standing_at(moment: datetime.datetime) -> Iterator[None]:
    """The site's clock shows `moment` and runs on from there.

    It is the class from which Django reads the time that is replaced, not `timezone.now`: many fields have that very
    function as their default. The outbox goes by the database's clock, which is moved as far.
    """
    shift = moment - datetime.datetime.now(datetime.UTC)

    class Shifted(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> "Shifted":
            return super().now(tz) + shift

    with patch("django.utils.timezone.datetime", Shifted), patch("notifications.clock.shift", shift):
        yield


@dataclass(frozen=True)
class Calendar:
    """Days counted from the day of the run, as it is in one zone."""

    now: datetime.datetime
    zone: str

    def day(self, days: int) -> datetime.date:
        """So many days after today; before it when negative."""
        return self.now.astimezone(ZoneInfo(self.zone)).date() + datetime.timedelta(days)

    def ago(self, days: int, time: str) -> datetime.datetime:
        """`time`, like "09:40", so many days before today."""
        return datetime.datetime.combine(self.day(-days), datetime.time.fromisoformat(time), ZoneInfo(self.zone))

    def hours_ago(self, hours: float) -> datetime.datetime:
        return self.now - datetime.timedelta(hours=hours)
