"""Who looked into their inbox when: old notifications are read, the newest are not. Their mails are history."""

import datetime
from collections.abc import Iterator

from django.db.models import F

from demo import people
from demo.data.clock import Calendar
from demo.data.play import Story
from notifications import actions
from notifications.models import Email

DAYS = (150, 120, 90, 60, 45, 40, 35, 30, 26, 22, 18, 14, 11, 8, 6)
LAST_LOOK = {people.MARA: 4, people.BEN: 4, people.CLARA: 1, people.HARUKA: 1, people.YOUSEF: 2}
"""How many days ago; of the others it is the last of `DAYS`."""


def reading(now: datetime.datetime) -> Iterator[Story]:
    for person in people.EVERYBODY:
        yield _reading(person, Calendar(now, person.time_zone))


def _reading(person: people.Person, when: Calendar) -> Story:
    for days in (*DAYS, LAST_LOOK.get(person, 0)):
        if days:
            yield when.ago(days, "08:10")
            actions.mark_all_read(by=people.settle(person))


def leave_unsent(now: datetime.datetime) -> None:
    """What was due in those weeks is not sent on the day of the run, hundreds of mails at once."""
    past = Email.objects.queued().filter(due_at__lte=now)
    past.update(state=Email.State.SKIPPED, settled_at=F("due_at"), reason="It was due before this demo began.")
