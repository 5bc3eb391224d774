"""Mails on their way to a real mail server that is slow, refuses, or hangs up; and a database that goes away."""

import datetime
import threading
from contextlib import contextmanager
from smtplib import SMTPAuthenticationError, SMTPConnectError, SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused
from unittest.mock import patch

import pytest
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from demo.data.clock import standing_at
from notifications import jobs, outbox, queries, sending
from notifications.failures import is_final
from notifications.kinds import Kind
from notifications.models import Email, Job
from tests.notifications import smtp
from tests.notifications.conftest import alarms


@pytest.fixture
def sink(settings):
    with smtp.running(settings) as sink:
        yield sink


def facts():
    return Email.objects.values_list("state", "attempts").get()


def test_sent_once_with_its_words_on_its_row(ben, tell, sink):
    email_id = tell(ben).email_id

    sending.deliver(email_id)
    sending.deliver(email_id)

    [letter] = sink.letters
    email = Email.objects.get()
    assert letter["Message-ID"] == email.message_id
    assert (email.state, email.subject, email.reason) == ("sent", letter["Subject"], "")
    assert email.text.strip() == letter.get_body(("plain",)).get_content().replace("\r\n", "\n").strip()


@pytest.mark.parametrize(
    ("refuse", "drop", "after"),
    [
        ({"DATA": "451 try later"}, False, ("queued", 1)),
        ({"RCPT": "450 greylisted"}, False, ("queued", 1)),
        ({"MAIL": "421 too many"}, False, ("queued", 1)),
        ({}, True, ("queued", 1)),
        ({"RCPT": "550 no such mailbox"}, False, ("failed", 1)),
        ({"DATA": "554 it looks like spam"}, False, ("failed", 1)),
    ],
)
def test_what_may_pass_is_tried_again_and_what_is_final_is_not(ben, tell, sink, refuse, drop, after):
    email_id = tell(ben).email_id
    sink.refuse, sink.drop = refuse, drop

    sending.deliver(email_id)

    assert facts() == after
    assert len(alarms()) == (2 if after[0] == "queued" else 1)
    assert (Email.objects.get().reason > "") is True

    sink.refuse, sink.drop = {}, False
    with standing_at(timezone.now() + outbox.LOST_AFTER):
        sending.deliver(email_id)
    assert facts() == ("sent" if after[0] == "queued" else "failed", 1)


@pytest.mark.parametrize(
    ("error", "final"),
    [
        (SMTPRecipientsRefused({"a@b.example": (550, b"no")}), True),
        (SMTPRecipientsRefused({"a@b.example": (550, b"no"), "c@b.example": (451, b"later")}), False),
        (SMTPDataError(552, b"too much"), True),
        (SMTPDataError(452, b"full"), False),
        (SMTPSenderRefused(553, b"no", "us@b.example"), True),
        (SMTPAuthenticationError(535, b"wrong password"), False),
        (SMTPConnectError(554, b"not you"), False),
        (AnymailRecipientsRefused(), True),
        (AnymailAPIError(), False),
        (ConnectionRefusedError(), False),
        (TimeoutError(), False),
    ],
)
def test_only_what_is_said_of_this_very_mail_is_final(error, final):
    assert is_final(error) is final


# --- The database -----------------------------------------------------------------------------------------------------
def test_a_database_that_goes_away_meanwhile_sends_no_second_mail(own_queue, ben, tell, sink):
    email_id = tell(ben).email_id
    sink.thinks.clear()
    thread = threading.Thread(target=in_thread, args=[lambda: sending.deliver(email_id)])
    thread.start()
    assert sink.reached.wait(smtp.SECONDS)
    assert facts() == ("sending", 0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchone()[0] >= 1

    sink.thinks.set()
    thread.join(smtp.SECONDS)

    assert facts() == ("sent", 0)
    sending.deliver(email_id)
    assert len(sink.taken) == 1


def in_thread(act):
    try:
        act()
    finally:
        connection.close()


def test_no_transaction_is_open_while_the_mail_server_thinks(own_queue, ben, tell, sink):
    """So a slow one holds no row, and no old version of one."""
    email_id = tell(ben).email_id
    sink.thinks.clear()
    thread = threading.Thread(target=in_thread, args=[lambda: sending.deliver(email_id)])
    thread.start()
    assert sink.reached.wait(smtp.SECONDS)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT state FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchall() == [("idle",)]
    tell(ben, kind=Kind.MESSAGE, url="/contracts/2/messages/")  # nor does any act wait
    sink.thinks.set()
    thread.join(smtp.SECONDS)
    assert sorted(Email.objects.values_list("state", flat=True)) == ["queued", "sent"]


def test_what_cannot_be_written_down_is_not_sent(ben, tell, sink):
    """With a full disk each attempt would send once more."""
    email_id = tell(ben).email_id
    with pytest.raises(OperationalError, match="full"), full_disk():
        sending.deliver(email_id)

    assert (facts(), sink.dialogues) == (("queued", 0), 0)
    sending.deliver(email_id)
    assert (facts(), len(sink.taken)) == (("sent", 0), 1)


@contextmanager
def full_disk():
    """While it lasts the outbox cannot be written."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
            " $$BEGIN RAISE EXCEPTION 'disk full' USING ERRCODE = '53100'; END$$;"
            "CREATE TRIGGER full_disk BEFORE UPDATE ON notifications_email EXECUTE FUNCTION full_disk()"
        )
        yield


def test_a_mail_that_was_being_sent_by_a_killed_worker_tells_nothing_newer(ben, tell, sink):
    chat = {"kind": Kind.MESSAGE, "url": "/contracts/2/messages/"}
    first = tell(ben, text="One", subject="One", **chat)
    email_id = Email.objects.get().pk
    Email.objects.update(state=Email.State.SENDING, due_at=first.created_at)
    ben.notifications.update(email=email_id, created_at="2026-01-01T00:00:00Z")
    tell(ben, text="Two", subject="Two", **chat)

    sending.deliver(email_id)

    assert [letter["Subject"] for letter in sink.letters] == ["One"]
    assert list(Email.objects.order_by("pk").values_list("state", flat=True)) == ["sent", "queued"]


def test_one_that_somebody_else_sends_just_now_is_left_to_them(ben, tell, sink):
    email_id = tell(ben).email_id
    theirs = Job.objects.get().pk
    Email.objects.update(state=Email.State.SENDING, job=theirs)
    jobs.defer(outbox.DELIVER, email_id=email_id)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")

    sending.deliver(email_id, job_id=Job.objects.exclude(pk=theirs).get().pk)

    assert (facts(), sink.dialogues, len(alarms())) == (("sending", 0), 0, 1)
    sending.deliver(email_id, job_id=theirs)  # again, after they were killed; though the other has not ended
    assert (facts(), len(sink.taken)) == (("sent", 0), 1)


# --- Clocks -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("minutes", [-15, 15])
def test_a_workers_own_clock_counts_for_nothing(ben, tell, sink, minutes):
    email_id = tell(ben).email_id
    its_clock = standing_at(timezone.now() + datetime.timedelta(minutes=minutes))
    with its_clock, patch("notifications.clock.shift", datetime.timedelta(0)):  # the database's clock is right
        sending.deliver(email_id)

    assert (facts(), len(alarms())) == (("sent", 0), 1)


# --- Rows without an alarm --------------------------------------------------------------------------------------------
def test_a_lost_alarm_is_found_behind_a_long_queue(ben, tell):
    for _ in range(outbox.MOST_AT_ONCE + 1):
        tell(ben, kind=Kind.MONEY)
    lost = Email.objects.latest("due_at")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE (args->>'email_id')::bigint = %s", [lost.pk])
    before = len(alarms())

    with standing_at(timezone.now() + 2 * outbox.LOST_AFTER):
        outbox.wake()

    assert alarms()[before:] == [(lost.pk, None)]


@pytest.mark.parametrize("state", [Email.State.QUEUED, Email.State.SENDING])
def test_an_alarm_that_is_set_too_late_is_set_anew(ben, tell, state):
    """By a worker whose clock is ahead, for a job that is to be run again."""
    email_id = tell(ben).email_id
    Email.objects.update(state=state)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() + interval '2 hours'")

    with standing_at(timezone.now() + 2 * outbox.LOST_AFTER):
        outbox.wake()

    assert alarms()[-1] == (email_id, None)
    assert len(alarms()) == 2


# --- How the worker is ------------------------------------------------------------------------------------------------
def test_the_last_sign_of_life_can_be_asked_for(own_queue):
    assert queries.since_heartbeat() is None

    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 day'), (now())")

    assert queries.since_heartbeat() < datetime.timedelta(hours=1)
