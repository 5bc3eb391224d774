"""Work that is done later, by the worker (`python -m config.worker`). Postgres is the queue, and its clock counts."""

import datetime

from django.db import connection
from django.db.models import BigIntegerField, Exists, OuterRef, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Now
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateEvent
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

from notifications import clock
from notifications.models import Job

# Of its own, because inside the worker the one of procrastinate's app has another connection than Django: what an act
# defers there would be done even if the act is rolled back.
_in_djangos_transaction = JobManager(DjangoConnector())

FAILED_FOR = datetime.timedelta(days=7)
"""So long staff see what the worker could not do, and can run it again."""


def defer(task: str, *, at: datetime.datetime | None = None, **arguments: bool | int | str) -> None:
    """Have the task run at that moment or at once, if the transaction that this is called in is committed."""
    configure_task(name=task, job_manager=_in_djangos_transaction, schedule_at=at, task_kwargs={**arguments}).defer()


def is_ringing(task: str, argument: str, row: OuterRef) -> Exists:
    """Whether a job of the task runs, or begins as soon as a worker is free, that has this row's key as argument."""
    begins = Q(scheduled_at=None) | Q(scheduled_at__lte=Now())
    number = Cast(KeyTextTransform(argument, "args"), BigIntegerField())
    of_task = Job.objects.filter(Q(status="doing") | Q(status="todo") & begins, task_name=task)
    return Exists(of_task.annotate(number=number).filter(number=row))


def is_doing(job_id: int | None) -> bool:
    """Whether the job is being done, or its worker was killed so lately that nobody has found out."""
    return Job.objects.filter(pk=job_id, status="doing").exists()


def run_again(job_id: int) -> bool:
    """Whether the job had failed, and now waits."""
    job = Job.objects.filter(pk=job_id, status="failed").first()
    if job:
        _in_djangos_transaction.retry_job_by_id(job.pk, clock.now(), job.priority, job.queue_name, job.lock)
    return bool(job)


def forget_failed() -> int:
    """Take away jobs that have failed long ago. What they were to do is done by others: rows set alarms anew."""
    lately = Exists(ProcrastinateEvent.objects.filter(job=OuterRef("pk"), at__gt=Now() - FAILED_FOR))
    failed = Job.objects.filter(~lately, status__in=("failed", "cancelled", "aborted"))
    pks = list(failed.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = ANY(%s)", [pks])
    return len(pks)
