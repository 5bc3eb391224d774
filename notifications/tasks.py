"""What the worker does. Each is a second entry to one action."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

from notifications import outbox

EACH_MINUTE = "* * * * *"


@app.task(name=outbox.DELIVER, queue="mail")
def deliver(*, email_id: int) -> None:
    outbox.deliver(email_id)


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
