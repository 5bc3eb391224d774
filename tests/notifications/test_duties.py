"""What the worker does every night, and where staff see how it went."""

import datetime
import uuid

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from contracts.models import Receipt
from demo.data.clock import standing_at
from escrow.models import Account
from notifications import actions, duties, jobs
from notifications.kinds import Kind
from notifications.models import Duty, Email, Job
from tests.factories import ContractFactory
from web.refusals import NotYours

DAY = datetime.timedelta(days=1)
NAMES = [
    "jobs that failed",
    "letters to addresses",
    "proof of the ledger",
    "receipts of forms",
    "rows and their files",
    "sessions that have ended",
    "texts of finished mails",
]
EVENING, MORNING = "2026-11-20T22:00:00+00:00", "2026-11-21T04:00:00+00:00"


def at(moment: str):
    return standing_at(datetime.datetime.fromisoformat(moment))


def awaited() -> list[str]:
    return sorted(Job.objects.filter(task_name=duties.DUTY, status="todo").values_list("args__name", flat=True))


def no_jobs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture
def add_duty(monkeypatch):
    """A duty of the test, the only one."""

    def add_duty(duty) -> str:
        monkeypatch.setattr(duties, "_duties", {"test": duty})
        return "test"

    return add_duty


def test_these_are_done_every_night():
    assert duties.names() == NAMES


# --- When -------------------------------------------------------------------------------------------------------------
def test_each_is_due_once_a_night(db):
    with at(EVENING):
        duties.start()
        duties.start()
        assert awaited() == NAMES
        for name in NAMES:
            Duty.objects.create(name=name, began_at=timezone.now(), ended_at=timezone.now())
        no_jobs()
        duties.start()
        assert awaited() == []

    with at(MORNING):
        duties.start()
        assert awaited() == NAMES


def test_one_that_was_killed_in_the_midst_is_done_again(db, add_duty):
    name = add_duty(lambda: duties.Found("Fine."))
    with at(EVENING):
        Duty.objects.create(name=name, began_at=timezone.now())
        duties.start()
        assert awaited() == [name]
        duties.run(name)

    assert Duty.objects.values_list("found", "is_wrong").get() == ("Fine.", False)


def test_an_alarm_that_rings_twice_does_it_once(db, add_duty):
    done = []
    name = add_duty(lambda: done.append(1) or duties.Found(""))

    for again in (False, False, True):
        duties.run(name, again=again)

    assert len(done) == 2


def test_the_worker_does_them_all(own_queue):
    jobs.defer("notifications.duties", timestamp=0)
    with app.replace_connector(DjangoConnector().get_worker_connector()):
        app.run_worker(wait=False, install_signal_handlers=False)

    rows = Duty.objects.order_by("name").values_list("name", "is_wrong")
    assert list(rows) == [(name, False) for name in NAMES]
    assert not Duty.objects.filter(ended_at=None).exists()


# --- What is found ----------------------------------------------------------------------------------------------------
def test_what_fails_is_noted_and_logged(db, add_duty, caplog):
    name = add_duty(lambda: 1 / 0)

    duties.run(name)

    duty = Duty.objects.get()
    assert (duty.found, duty.is_wrong) == ("ZeroDivisionError: division by zero", True)
    assert duty.ended_at >= duty.began_at
    assert caplog.records[-1].levelname == "ERROR"


def found(name: str) -> tuple[str, bool]:
    duties.run(name, again=True)
    return Duty.objects.values_list("found", "is_wrong").get(name=name)


def test_a_ledger_that_is_wrong_is_told(transactional_db):
    account = Account.objects.create(
        kind=Account.Kind.CLIENT, currency="USD", owner=ContractFactory().client, balance=0
    )
    assert found("proof of the ledger") == ("The ledger is clean.", False)

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # as somebody who may do anything
        Account.objects.filter(pk=account.pk).update(balance=5)

    text, is_wrong = found("proof of the ledger")
    assert is_wrong
    assert f"Account {account.pk} holds 5.000; its transfers make 0." in text.splitlines()
    assert "All accounts in USD make 5.000 together, not nothing." in text.splitlines()


def test_ended_sessions_go(db):
    for key, days in (("ended", -1), ("lives", 1)):
        Session.objects.create(session_key=key, expire_date=timezone.now() + days * DAY)

    assert found("sessions that have ended") == ("1 removed.", False)
    assert [session.session_key for session in Session.objects.all()] == ["lives"]


def test_old_receipts_go(db, ben):
    contract = ContractFactory(client=ben)
    old, young = (Receipt.objects.create(key=uuid.uuid4(), by=ben, contract=contract, digest="") for _ in range(2))
    Receipt.objects.filter(pk=old.pk).update(at=timezone.now() - duties.KEPT_FOR - DAY)

    assert found("receipts of forms") == ("1 removed.", False)
    assert list(Receipt.objects.all()) == [young]


def test_words_of_finished_mails_go_and_their_rows_stay(ben, tell, work):
    for _ in range(2):
        tell(ben, kind=Kind.MONEY)
    work()
    old, young = Email.objects.order_by("pk")
    Email.objects.filter(pk=old.pk).update(settled_at=timezone.now() - duties.KEPT_FOR - DAY)
    tell(ben, kind=Kind.MONEY)

    assert found("texts of finished mails") == ("1 emptied.", False)

    texts = Email.objects.order_by("pk").values_list("state", "text")
    assert list(texts) == [("sent", ""), ("sent", young.text), ("queued", "")]
    assert old.subject == Email.objects.get(pk=old.pk).subject


def test_links_that_could_not_be_sent_go_before_and_their_letters_last(db):
    now = timezone.now()
    for days in (1, 4, 91):
        Email.objects.create(
            kind="letter",
            to=f"{days}@example.com",
            text="/key/1/",
            state="failed",
            due_at=now,
            settled_at=now - days * DAY,
        )

    assert found("texts of finished mails") == ("2 emptied.", False)
    assert found("letters to addresses") == ("1 removed.", False)
    rows = Email.objects.order_by("to").values_list("to", "text")
    assert list(rows) == [("1@example.com", "/key/1/"), ("4@example.com", "")]
    assert [email.is_stuck for email in Email.objects.order_by("to")] == [True, False]


def test_jobs_that_failed_long_ago_go(ben, tell):
    tell(ben)
    tell(ben)
    old, young = Job.objects.order_by("pk")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")
        cursor.execute("UPDATE procrastinate_events SET at = at - interval '8 days' WHERE job_id = %s", [old.pk])

    assert found("jobs that failed") == ("1 removed.", False)
    assert list(Job.objects.all()) == [young]


def test_more_rows_than_go_at_once_all_go(db, monkeypatch):
    monkeypatch.setattr(duties, "BATCH", 2)
    Session.objects.bulk_create(Session(session_key=str(n), expire_date=timezone.now() - DAY) for n in range(5))

    assert duties.delete(Session.objects.filter(expire_date__lt=timezone.now())) == ("5 removed.", False)


# --- Staff ------------------------------------------------------------------------------------------------------------
def test_staff_see_how_it_went_and_have_it_done_now(staff, as_, add_duty):
    duties.run(add_duty(lambda: duties.Found("Account 7 holds 5.000", is_wrong=True)))
    duty = Duty.objects.get()
    page = f"/admin/notifications/duty/{duty.pk}/"
    listed = as_(staff).get("/admin/notifications/duty/").text
    assert "Account 7 holds 5.000" in listed
    assert "seconds" in listed
    assert "Account 7 holds 5.000" in as_(staff).get(f"{page}change/").text

    no_jobs()
    response = as_(staff).post(f"{page}do-now/", {"key": uuid.uuid4(), "reason": "Mended"})

    assert response.url == f"{page}change/"
    assert list(Job.objects.values_list("task_name", "args")) == [(duties.DUTY, {"name": "test", "again": True})]


def test_only_staff_have_it_done_now(ben, db):
    duty = Duty.objects.create(name="test")

    with pytest.raises(NotYours):
        actions.do_duty_now(duty, by=ben)
