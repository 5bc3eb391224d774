"""The worker as a process of its own, killed at every moment between an alarm and the end of its job."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from django.conf import settings as site
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from notifications import actions, jobs, outbox, sending, times
from notifications.kinds import Kind
from notifications.models import Email, Job, Notification

pytestmark = pytest.mark.django_db(transaction=True)
CHAT = "/contracts/2/messages/"
SECONDS = 600
"""Until a test gives up. A busy machine is not a failure."""

AT_ONCE = (Kind.ANSWER, Kind.MONEY)


@pytest.fixture(autouse=True)
def _own_mail_and_jobs(own_queue: None, settings: pytest.FixtureRequest, tmp_path: Path) -> None:
    settings.MAIL_TRANSPORT = "tests.notifications.slow_mailbox.Slow"
    settings.EMAIL_FILE_PATH = str(tmp_path)


@pytest.fixture
def worker(settings):
    """`with worker(stop="before") as process:` it works until the block ends."""

    @contextmanager
    def run(stop: str = "") -> Iterator[subprocess.Popen[bytes]]:
        variables = {
            "DJANGO_SETTINGS_MODULE": "tests.notifications.worker_settings",
            "TEST_DATABASE": connection.settings_dict["NAME"],
            "TEST_MAIL_TRANSPORT": settings.MAIL_TRANSPORT,
            "TEST_MAIL": settings.EMAIL_FILE_PATH,
            "TEST_STOP": stop,
        }
        command = [sys.executable, "-W", "ignore", "-m", "config.worker"]
        process = subprocess.Popen(
            command, cwd=site.BASE_DIR, env=os.environ | variables, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    return run


def recover() -> None:
    """Half a minute after the kill another worker does what is left."""
    half_a_minute_later()
    work_off()  # this gives it what was left,
    work_off()  # and it does it


def half_a_minute_later() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '31 s'")
    jobs.defer("notifications.retry_stalled", timestamp=0)


def work_off() -> None:
    with app.replace_connector(DjangoConnector().get_worker_connector()):
        app.run_worker(wait=False, install_signal_handlers=False)


def until(come_true: Callable[[], object]) -> None:
    deadline = time.monotonic() + SECONDS
    while not come_true():
        assert time.monotonic() < deadline, "It did not come true."
        time.sleep(0.02)


def kill(process: subprocess.Popen[bytes]) -> None:
    """And what it asked of the database just then: who has not noticed yet would still do it, or hold rows."""
    process.send_signal(signal.SIGKILL)
    process.wait()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            """
            SELECT pg_terminate_backend(pid, %s) FROM pg_stat_activity
            WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
            """,
            [1000 * SECONDS],
        )


def is_running() -> bool:
    return Job.objects.filter(task_name=outbox.DELIVER, status="doing").exists()


def states() -> list[str]:
    return list(Email.objects.order_by("pk").values_list("state", flat=True))


def is_all_sent() -> bool:
    return set(states()) == {"sent"}


def letters(folder: Path) -> Counter[str]:
    """How many mails there are of each Message-ID."""
    files = [path for path in folder.iterdir() if path.suffix in (".eml", ".log")]
    return Counter(message_from_bytes(path.read_bytes(), policy=default)["Message-ID"].strip() for path in files)


def number_in(folder: Path) -> int:
    return len([*folder.glob("*.eml")])


# --- Killed -----------------------------------------------------------------------------------------------------------
def test_killed_before_it_has_claimed_the_row(ben, tell, worker, tmp_path):
    email = tell(ben).email
    with worker() as process, transaction.atomic():
        assert list(Email.objects.locked()) == [email]  # so that it must wait for us
        until(is_running)
        kill(process)
    assert (states(), letters(tmp_path)) == (["queued"], {})

    recover()

    assert (states(), letters(tmp_path)) == (["sent"], {email.message_id: 1})


@pytest.mark.parametrize(("stop", "arrived"), [("before", 0), ("after", 1)])
def test_killed_while_it_sends(ben, tell, worker, tmp_path, stop, arrived):
    """The row still owes the mail, though it may have arrived: the mailbox then knows its Message-ID."""
    email = tell(ben).email
    with worker(stop=stop) as process:
        until((tmp_path / stop).exists)
        kill(process)
    assert (states(), number_in(tmp_path)) == (["sending"], arrived)

    recover()

    assert (states(), letters(tmp_path)) == (["sent"], {email.message_id: 1})


def test_killed_while_a_mail_server_has_it_and_we_do_not_know(ben, tell, worker, tmp_path, settings):
    """The one moment at which a mail can arrive twice. It is the same mail, and says so."""
    settings.MAIL_TRANSPORT = "tests.notifications.slow_mailbox.Forgetful"
    email = tell(ben).email
    with worker(stop="after") as process:
        until((tmp_path / "after").exists)
        kill(process)

    recover()

    assert (states(), letters(tmp_path)) == (["sent"], {email.message_id: 2})


def test_killed_after_the_row_was_settled(ben, tell, worker, tmp_path):
    email = tell(ben).email
    with worker(stop="after") as process, transaction.atomic():
        until((tmp_path / "after").exists)
        job = Job.objects.select_for_update().get(task_name=outbox.DELIVER)
        assert job.status == "doing"  # so that its end must wait for us
        (tmp_path / "after").unlink()
        until(lambda: states() == ["sent"])
        kill(process)

    recover()

    assert (states(), letters(tmp_path)) == (["sent"], {email.message_id: 1})
    assert not is_running()


@pytest.fixture
def down(settings, tmp_path):
    """The mail server takes nothing until this file is gone."""
    settings.MAIL_TRANSPORT = "tests.notifications.slow_mailbox.Down"
    switch = tmp_path / "down"
    switch.touch()
    return switch


def test_killed_between_a_failure_and_its_note(ben, tell, worker, tmp_path, down):
    """The attempt is not counted, and the next one is made at once."""
    email = tell(ben).email
    with worker(stop="before") as process:
        until((tmp_path / "before").exists)
        with transaction.atomic():
            assert list(Email.objects.locked()) == [email]  # so that its note must wait for us
            (tmp_path / "before").unlink()
            until(somebody_waits_for_a_row)
            kill(process)
    assert (states(), Email.objects.get().attempts, number_in(tmp_path)) == (["sending"], 0, 0)

    down.unlink()
    recover()

    assert (states(), letters(tmp_path)) == (["sent"], {email.message_id: 1})


@pytest.mark.parametrize(("stop", "arrived"), [("", 0), ("before", 0), ("after", 1)])
def test_killed_while_it_retries(ben, tell, worker, tmp_path, down, stop, arrived):
    """After a failure: while it waits for the next attempt, or in the midst of that."""
    email = tell(ben).email
    with worker() as process:
        until(lambda: Email.objects.get().attempts == 1)
        if not stop:
            kill(process)
    down.unlink()
    a_minute_later()
    if stop:
        with worker(stop=stop) as process:
            until((tmp_path / stop).exists)
            kill(process)
    assert (states(), number_in(tmp_path)) == (["sending" if stop else "queued"], arrived)

    recover()

    assert (states(), letters(tmp_path)) == (["sent"], {email.message_id: 1})
    assert Email.objects.get().attempts == 1


def somebody_waits_for_a_row() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees the first answer again and again
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def a_minute_later() -> None:
    """What waits for its next attempt is due."""
    Email.objects.update(due_at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")


def test_killed_again_and_again_at_any_moment(ben, mara, tell, worker, tmp_path):
    mails = [tell(person, kind=kind).email for _ in range(8) for person in (ben, mara) for kind in AT_ONCE]
    for _ in range(2):
        arrived = number_in(tmp_path)
        with worker() as process:
            until(lambda arrived=arrived: number_in(tmp_path) > arrived or is_all_sent())
            time.sleep(random.uniform(0, 0.2))  # noqa: S311
            kill(process)
        half_a_minute_later()
    recover()

    assert is_all_sent()
    assert letters(tmp_path) == {email.message_id: 1 for email in mails}


def test_stopped_in_good_order_it_finishes_what_it_has_begun(ben, tell, worker, tmp_path):
    tell(ben)
    with worker(stop="before") as process:
        until((tmp_path / "before").exists)
        process.terminate()
        time.sleep(0.2)
        (tmp_path / "before").unlink()
        assert process.wait(SECONDS) == 0

    assert (states(), is_running()) == (["sent"], False)


# --- At the same time -------------------------------------------------------------------------------------------------
def test_nothing_is_sent_before_the_act_is_committed_nor_after_it_is_rolled_back(ben, mara, tell, tmp_path):
    for person, is_kept in ((mara, False), (ben, True)):
        with transaction.atomic():
            tell(person)
            elsewhere(work_off)
            assert number_in(tmp_path) == 0
            transaction.set_rollback(not is_kept)
    work_off()

    assert list(Email.objects.values_list("recipient", "state")) == [(ben.pk, "sent")]
    assert number_in(tmp_path) == 1


def test_an_act_inside_a_job_is_told_only_if_it_is_committed(ben, mara, tell, tmp_path):
    """The worker's own connection to the queue is not Django's: a job deferred through it would stay."""

    @app.task(name="tests.act")
    def act(*, fails: int) -> None:
        with transaction.atomic():
            tell(mara if fails else ben)
            transaction.set_rollback(bool(fails))

    for fails in (0, 1):
        jobs.defer("tests.act", fails=fails)
    work_off()

    assert list(Email.objects.values_list("recipient", "state")) == [(ben.pk, "sent")]
    assert not Job.objects.filter(task_name__in=(outbox.DELIVER, "tests.act")).exists()


def test_a_message_that_joins_a_mail_is_in_it(ben, tell, tmp_path):
    """The worker waits for the act that counts on its mail."""
    tell(ben, kind=Kind.MESSAGE, text="One", url=CHAT)
    ten_minutes_ago()
    with transaction.atomic():
        tell(ben, kind=Kind.MESSAGE, text="Two", url=CHAT)
        pk = Email.objects.get().pk
        worker = threading.Thread(target=in_thread, args=[lambda: sending.deliver(pk)])
        worker.start()
        until(somebody_waits_for_a_row)
    worker.join(SECONDS)

    assert (states(), number_in(tmp_path)) == (["sent"], 1)
    assert [told.email_id for told in ben.notifications.all()] == [Email.objects.get().pk] * 2


def test_nobody_waits_for_a_mail_that_is_being_sent(ben, tell, tmp_path):
    tell(ben, kind=Kind.MESSAGE, text="One", url=CHAT)
    with transaction.atomic():
        first = Email.objects.locked().get()  # as the worker holds it while the mail server thinks
        elsewhere(lambda: tell(ben, kind=Kind.MESSAGE, text="Two", url=CHAT))
        first.settle(Email.State.SENT)

    assert states() == ["sent", "queued"]


def test_two_workers_with_two_rows_of_one_conversation_send_one_mail(ben, tell, tmp_path):
    tell(ben, kind=Kind.MESSAGE, url=CHAT)
    Email.objects.create(recipient=ben, kind=Kind.MESSAGE, conversation=CHAT, due_at=timezone.now())
    ten_minutes_ago()

    pks = list(Email.objects.values_list("pk", flat=True))
    at_once = [threading.Thread(target=in_thread, args=[lambda pk=pk: sending.deliver(pk)]) for pk in pks]
    for thread in at_once:
        thread.start()
    for thread in at_once:
        thread.join(SECONDS)

    assert sorted(states()) == ["sent", "skipped"]
    assert number_in(tmp_path) == 1


def test_a_deadlock_with_a_reader_sends_no_second_mail(ben, tell, tmp_path):
    for text in ("One", "Two"):
        tell(ben, kind=Kind.MESSAGE, text=text, url=CHAT)
    ten_minutes_ago()
    first, second = Notification.objects.order_by("pk")
    pk = Email.objects.get().pk
    a_minute_later()
    worker = threading.Thread(target=in_thread, args=[work_off])
    # The database breaks the wait of the worker, which is the first to wait, or on a slow machine our own.
    with suppress(OperationalError), transaction.atomic():
        actions.reword(second, text="Two!", subject="Two!")
        worker.start()
        until(somebody_waits_for_a_row)  # it has the first line and wants the second
        actions.reword(first, text="One!", subject="One!")
    worker.join(SECONDS)
    assert not worker.is_alive()

    a_minute_later()
    work_off()

    assert (states(), Email.objects.get().attempts, number_in(tmp_path)) == (["sent"], 0, 1)
    assert [told.email_id for told in ben.notifications.all()] == [pk, pk]


def ten_minutes_ago() -> None:
    past = timezone.now() - times.UNREAD_FOR
    Notification.objects.update(created_at=past)
    Email.objects.update(due_at=past)


def elsewhere(act: Callable[[], object]) -> None:
    """On a connection of its own, as in another process."""
    thread = threading.Thread(target=in_thread, args=[act])
    thread.start()
    thread.join(SECONDS)
    assert not thread.is_alive()


def in_thread(act: Callable[[], object]) -> None:
    try:
        act()
    finally:
        connection.close()


# --- The queue --------------------------------------------------------------------------------------------------------
def test_no_act_notifies_inside_its_transaction():
    """NOTIFY takes one lock of the whole database until the commit is on disk. An upgrade might bring it back."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT tgname FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
            WHERE tgrelid = 'procrastinate_jobs'::regclass AND tgenabled <> 'D' AND tgtype & 4 = 4  -- on INSERT
              AND prosrc ILIKE '%notify%'
            """
        )
        assert cursor.fetchall() == []
