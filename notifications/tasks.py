"""What the worker does. Each is a second entry to one action."""

from django.db import InterfaceError, OperationalError
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from notifications import duties, outbox, sending, tidying  # noqa: F401 (its duties are named by being imported)

EACH_MINUTE = "* * * * *"
EACH_HOUR = "7 * * * *"
# The mail's own failures stand on its row; these are of the database, so that nothing could be noted.
WHEN_THE_DATABASE_FAILS = RetryStrategy(
    max_attempts=8, wait=1, exponential_wait=2, retry_exceptions=(OperationalError, InterfaceError)
)


@app.task(name=outbox.DELIVER, queue="mail", retry=WHEN_THE_DATABASE_FAILS, pass_context=True)
def deliver(context: JobContext, *, email_id: int) -> None:
    sending.deliver(email_id, job_id=context.job.id)


@app.periodic(cron=EACH_MINUTE)
@app.task(name="notifications.wake", queue="mail", queueing_lock="notifications.wake")
def wake(timestamp: int) -> None:
    outbox.wake()


@app.periodic(cron=EACH_MINUTE)
@app.task(name="notifications.retry_stalled", queueing_lock="notifications.retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Give the jobs of a worker that was killed to one that lives. It is known by its missing heartbeat, after 30 s."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job)


@app.periodic(cron=EACH_HOUR)
@app.task(name="notifications.duties", queue="duties", queueing_lock="notifications.duties")
def start_duties(timestamp: int) -> None:
    duties.start()


@app.task(name=duties.DUTY, queue="duties", lock=duties.DUTY)  # one after the other: mail goes on meanwhile
def duty(*, name: str, again: bool = False) -> None:
    duties.run(name, again=again)
