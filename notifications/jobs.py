"""Work that is done later, by the worker (`python -m config.worker`). Postgres is the queue."""

import datetime

from django.utils import timezone
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

from notifications.models import Job

# Of its own, because inside the worker the one of procrastinate's app has another connection than Django: what an act
# defers there would be done even if the act is rolled back.
_in_djangos_transaction = JobManager(DjangoConnector())


def defer(task: str, *, at: datetime.datetime, **arguments: int) -> None:
    """Have the task run at that moment, if the transaction that this is called in is committed."""
    later = at if at > timezone.now() else None
    configure_task(name=task, job_manager=_in_djangos_transaction, schedule_at=later, task_kwargs={**arguments}).defer()


def awaited(task: str, argument: str, values: set[int]) -> set[int]:
    """Those values of its argument for which a job of the task waits or runs."""
    jobs = Job.objects.filter(task_name=task, status__in=("todo", "doing"))
    name = f"args__{argument}"
    return set(jobs.filter(**{f"{name}__in": values}).values_list(name, flat=True))


def run_again(job_id: int) -> bool:
    """Whether the job had failed, and now waits."""
    job = Job.objects.filter(pk=job_id, status="failed").first()
    if job:
        _in_djangos_transaction.retry_job_by_id(job.pk, timezone.now(), job.priority, job.queue_name, job.lock)
    return bool(job)
