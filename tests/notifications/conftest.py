import datetime
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from demo.data.clock import standing_at
from notifications import actions, outbox, sending
from notifications.kinds import Frequency, Kind
from notifications.models import Email, Job, Notification
from notifications.times import Hours

Tell = Callable[..., Notification]


@pytest.fixture
def tell() -> Tell:
    """`tell(ben, kind=Kind.MONEY)`: something happened that Ben is told of."""

    def tell(person: User, **facts: str) -> Notification:
        told = {"text": "Mara made 3 suggestions, +$700.00.", "url": "/contracts/2/", "kind": Kind.ANSWER} | facts
        return actions.notify(person, **told)

    return tell


@pytest.fixture
def wants() -> Callable[..., None]:
    """`wants(ben, money="daily", quiet=("22:00", "07:00"))`: what Ben has chosen."""

    def wants(person: User, *, quiet: tuple[str, str] | None = None, **chosen: str) -> None:
        hours = Hours(*map(datetime.time.fromisoformat, quiet)) if quiet else None
        kinds = {Kind(kind): Frequency(frequency) for kind, frequency in chosen.items()}
        actions.choose(person, chosen=kinds, quiet=hours)

    return wants


@pytest.fixture
def work() -> Callable[..., None]:
    """`work(minutes=10)`: the worker wakes after that time and does all that is due by then."""

    def work(**later: int) -> None:
        with standing_at(timezone.now() + datetime.timedelta(**later)):
            for email in Email.objects.queued().filter(due_at__lte=timezone.now()).order_by("pk"):
                sending.deliver(email.pk)

    return work


@pytest.fixture
def own_queue(transactional_db: None) -> Iterator[None]:
    """Its tables are not Django's to empty, so tests with real transactions leave their jobs there."""
    empty_the_queue()
    yield
    empty_the_queue()


def empty_the_queue() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


def alarms() -> list[tuple[int, datetime.datetime | None]]:
    """Which row of the outbox is to be woken when."""
    jobs = Job.objects.filter(task_name=outbox.DELIVER, status="todo").order_by("id")
    return [(job.args["email_id"], job.scheduled_at) for job in jobs]
