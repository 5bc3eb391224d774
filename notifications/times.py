"""When a mail goes out."""

import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from accounts.models import User
from notifications.kinds import Frequency, Kind
from notifications.models import QuietHours


class Hours(NamedTuple):
    """From one time of the day to another, perhaps over midnight."""

    begin: datetime.time
    end: datetime.time


class Wishes(NamedTuple):
    """What a person wants of mail, as it was `now`, by the database's clock."""

    now: datetime.datetime
    frequencies: dict[Kind, Frequency]
    quiet: QuietHours | None


UNREAD_FOR = datetime.timedelta(minutes=10)
"""A message is mailed only if nobody has read it for so long."""

MORNING = datetime.time(8)
"""When the daily mail goes out, in the zone of the person who gets it."""

FIRST_PAUSE = datetime.timedelta(minutes=1)
ATTEMPTS = 6
"""The pauses between them are 1, 5, 25, 125 and 625 minutes: most of a day."""


def due(person: User, kind: Kind, frequency: Frequency, wishes: Wishes) -> datetime.datetime:
    """When to mail what happens now."""
    if frequency == Frequency.DAILY:
        moment = next_morning(wishes.now, ZoneInfo(person.time_zone))
    else:
        moment = wishes.now + UNREAD_FOR if kind == Kind.MESSAGE else wishes.now
    return not_in_quiet_hours(person, moment, wishes.quiet)


def next_morning(now: datetime.datetime, zone: ZoneInfo) -> datetime.datetime:
    today = now.astimezone(zone).date()
    mornings = (datetime.datetime.combine(today + datetime.timedelta(days), MORNING, zone) for days in (0, 1))
    return next(morning for morning in mornings if morning > now)


def not_in_quiet_hours(person: User, moment: datetime.datetime, quiet: QuietHours | None) -> datetime.datetime:
    return quiet.next_end(moment, ZoneInfo(person.time_zone)) if quiet else moment


def pause(attempts: int) -> datetime.timedelta:
    """How long to wait after so many failed attempts."""
    return FIRST_PAUSE * int(5 ** (attempts - 1))
