"""What becomes of a mail between the act that owes it and the moment it is sent."""

import datetime
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction
from django.utils import timezone

from demo.data.clock import standing_at
from notifications import actions, outbox, sending, times
from notifications.kinds import Kind
from notifications.models import Email
from tests.notifications.conftest import alarms

CHAT = "/contracts/2/messages/"
NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)  # 7 in the morning in New York, where Ben is


def states(person):
    return [email.state for email in person.emails.order_by("pk")]


@pytest.fixture
def write(tell):
    """Mara writes to Ben."""

    def write(person, text="Can we talk?", url=CHAT):
        return tell(person, kind=Kind.MESSAGE, text=text, subject=f"Mara: {text}", url=url)

    return write


# --- At once ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.MESSAGE])
def test_what_happens_is_mailed_at_once_and_once(ben, tell, work, kind):
    told = tell(ben, kind=kind)

    work()
    work(days=2)

    told.refresh_from_db()
    assert [letter.to for letter in mail.outbox] == [["Ben Okafor <ben@example.com>"]]
    assert (told.email.state, told.email.kind) == ("sent", kind)
    assert told.email.subject == mail.outbox[0].subject == "Mara made 3 suggestions, +$700.00."
    assert told.email.text == mail.outbox[0].body


def test_each_act_has_its_own_mail_and_its_own_alarm(ben, mara, tell, work):
    first, second, third = tell(ben), tell(ben), tell(mara)

    assert alarms() == [(told.email_id, None) for told in (first, second, third)]
    work()
    assert len(mail.outbox) == 3


def test_an_act_that_is_rolled_back_leaves_neither_mail_nor_alarm(ben, tell, work):
    with transaction.atomic():
        tell(ben)
        transaction.set_rollback(True)

    work()
    assert (alarms(), Email.objects.count(), mail.outbox) == ([], 0, [])


def test_an_alarm_that_rings_twice_sends_once(ben, tell):
    email_id = tell(ben).email_id

    sending.deliver(email_id)
    sending.deliver(email_id)

    assert len(mail.outbox) == 1


def test_an_alarm_that_rings_too_early_waits(ben, wants, tell):
    wants(ben, money="daily")
    tell(ben, kind=Kind.MONEY)
    [(email_id, due)] = alarms()

    sending.deliver(email_id)

    assert mail.outbox == []
    assert alarms() == [(email_id, due), (email_id, due)]


def test_a_person_who_may_not_sign_in_gets_none(ben, tell, work):
    tell(ben)
    ben.is_active = False
    ben.save()

    work()

    assert (states(ben), mail.outbox) == (["skipped"], [])


# --- Messages ---------------------------------------------------------------------------------------------------------
def test_unread_messages_are_one_mail_ten_minutes_after_the_first(ben, write, work):
    for text in ("One", "Two", "Three"):
        write(ben, text)
    work(minutes=9)
    assert mail.outbox == []

    work(minutes=10)
    work(minutes=30)

    assert [letter.subject for letter in mail.outbox] == ["Mara: Three and 2 more"]
    assert states(ben) == ["sent"]
    assert {told.email for told in ben.notifications.all()} == {ben.emails.get()}


def test_messages_that_were_read_are_not_mailed(ben, write, work):
    actions.mark_read(write(ben))

    work(minutes=10)

    assert (states(ben), mail.outbox) == (["skipped"], [])


def test_a_message_after_a_look_at_the_chat_is_mailed_ten_minutes_after_it_was_written(ben, write, work):
    write(ben, "One")
    actions.mark_conversation_read(ben, url=CHAT)
    with standing_at(timezone.now() + datetime.timedelta(minutes=9)):
        write(ben, "Two")

    work(minutes=10)
    assert mail.outbox == []
    work(minutes=19)

    assert [letter.subject for letter in mail.outbox] == ["Mara: Two"]


def test_later_messages_are_another_mail_that_does_not_repeat_the_first(ben, write, work):
    write(ben, "One")
    work(minutes=10)
    write(ben, "Two")

    work(minutes=10)

    assert [letter.subject for letter in mail.outbox] == ["Mara: One", "Mara: Two"]
    assert "One" not in mail.outbox[1].body


def test_two_conversations_are_two_mails(ben, write, work):
    write(ben, "Here")
    write(ben, "There", url="/contracts/3/messages/")

    work(minutes=10)

    assert [letter.subject for letter in mail.outbox] == ["Mara: Here", "Mara: There"]


def test_two_rows_of_one_conversation_are_one_mail(ben, write, work):
    """The second was written while the first row was locked by somebody who sent it, and failed."""
    write(ben)
    second = Email.objects.create(recipient=ben, kind=Kind.MESSAGE, conversation=CHAT, due_at=timezone.now())

    work(minutes=10)

    assert len(mail.outbox) == 1
    assert states(ben) == ["sent", "skipped"]
    second.refresh_from_db()
    assert second.reason == f"Mail {ben.emails.order_by('pk')[0].pk} told it as well."


# --- Once a day -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("zone", "at", "due"),
    [
        ("America/New_York", "2026-11-20T12:59:59Z", "2026-11-20T13:00:00Z"),
        ("America/New_York", "2026-11-20T13:00:00Z", "2026-11-21T13:00:00Z"),
        ("Asia/Tokyo", "2026-11-20T12:00:00Z", "2026-11-20T23:00:00Z"),
        ("Pacific/Kiritimati", "2026-11-20T12:00:00Z", "2026-11-20T18:00:00Z"),
        ("America/New_York", "2026-10-31T14:00:00Z", "2026-11-01T13:00:00Z"),  # the clocks go back in that night
    ],
)
def test_the_daily_mail_is_due_at_eight_in_the_persons_zone(ben, wants, tell, zone, at, due):
    ben.time_zone = zone
    wants(ben, money="daily")

    with standing_at(datetime.datetime.fromisoformat(at)):
        tell(ben, kind=Kind.MONEY)

    assert ben.emails.get().due_at == datetime.datetime.fromisoformat(due)


def test_the_daily_mail_gathers_what_is_unread(ben, wants, tell, work):
    wants(ben, money="daily", answer="daily", message="daily")
    with standing_at(NOON):
        tell(ben, kind=Kind.MONEY, text="Ben funded it.")
        actions.mark_read(tell(ben, kind=Kind.MONEY, text="Read before."))
        tell(ben, kind=Kind.MESSAGE, text="Mara wrote.", url=CHAT)
        tell(ben, text="Mara suggests.")
        tell(ben, kind=Kind.PLAN, text="Mailed at once.")
        work(hours=1)

    assert [letter.subject for letter in mail.outbox] == [
        "1 thing waits for your answer, 3 updates",
        "Mailed at once.",
    ]
    daily = mail.outbox[0].body
    assert [word for word in ("funded", "wrote", "suggests", "before", "at once") if word in daily] == [
        "funded",
        "wrote",
        "suggests",
    ]


def test_no_news_is_no_daily_mail(ben, wants, tell, work):
    wants(ben, money="daily")
    tell(ben, kind=Kind.MONEY)
    actions.mark_all_read(by=ben)

    work(days=1)

    assert (states(ben), mail.outbox) == (["skipped"], [])


# --- Never, and quiet hours -------------------------------------------------------------------------------------------
def test_never_is_only_in_the_inbox(ben, wants, tell, work):
    wants(ben, money="never")
    tell(ben, kind=Kind.MONEY)

    work(days=1)

    assert ben.notifications.count() == 1
    assert (states(ben), alarms(), mail.outbox) == ([], [], [])


def test_what_is_queued_already_is_not_sent_after_never(ben, wants, tell, work):
    tell(ben, kind=Kind.MONEY)
    wants(ben, money="never")

    work()

    assert (states(ben), mail.outbox) == (["skipped"], [])


@pytest.mark.parametrize(
    ("quiet", "at", "due"),
    [
        (("22:00", "07:00"), "21:59", "21:59"),
        (("22:00", "07:00"), "22:00", "07:00 tomorrow"),
        (("22:00", "07:00"), "00:10", "07:00"),
        (("22:00", "07:00"), "06:59", "07:00"),
        (("22:00", "07:00"), "07:00", "07:00"),
        (("12:00", "14:00"), "11:59", "11:59"),
        (("12:00", "14:00"), "13:00", "14:00"),
        (("12:00", "14:00"), "14:00", "14:00"),
        (("00:00", "07:00"), "03:00", "07:00"),
        (("22:00", "00:00"), "23:00", "00:00 tomorrow"),
    ],
)
def test_quiet_hours_put_a_mail_off_until_they_end(ben, wants, tell, quiet, at, due):
    wants(ben, quiet=quiet)

    def moment(words):
        time, _space, tomorrow = words.partition(" ")
        day = 21 if tomorrow else 20
        return datetime.datetime.fromisoformat(f"2026-11-{day}T{time}-05:00")

    with standing_at(moment(at)):
        tell(ben)

    assert abs(ben.emails.get().due_at - moment(due)) < datetime.timedelta(seconds=10)


@pytest.mark.parametrize(("at", "due"), [("01:15-04:00", "01:30-04:00"), ("01:15-05:00", "01:30-05:00")])
def test_quiet_hours_hold_in_both_of_the_hours_that_come_twice(ben, wants, tell, at, due):
    wants(ben, quiet=("22:00", "01:30"))

    with standing_at(datetime.datetime.fromisoformat(f"2026-11-01T{at}")):
        tell(ben)

    assert ben.emails.get().due_at == datetime.datetime.fromisoformat(f"2026-11-01T{due}")


def test_a_mail_that_could_not_go_out_in_time_respects_the_quiet_hours(ben, wants, tell):
    wants(ben, quiet=("22:00", "07:00"))
    with standing_at(datetime.datetime.fromisoformat("2026-11-20T21:30-05:00")):
        email_id = tell(ben).email_id

    with standing_at(datetime.datetime.fromisoformat("2026-11-20T23:30-05:00")):
        sending.deliver(email_id)

    morning = datetime.datetime.fromisoformat("2026-11-21T07:00-05:00")
    assert mail.outbox == []
    assert Email.objects.get().due_at == morning
    assert alarms()[-1] == (email_id, morning)


# --- When it fails ----------------------------------------------------------------------------------------------------
@pytest.fixture
def down(monkeypatch):
    """The mail server is down, until `down.undo()`."""

    def refuse(*_arguments):
        raise SMTPServerDisconnected("Connection unexpectedly closed")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    return monkeypatch


def test_a_failure_is_tried_again_with_longer_pauses_and_then_given_up(ben, tell, down, caplog):
    email_id, moment = tell(ben).email_id, timezone.now()
    pauses = []

    while Email.objects.get().state == "queued":
        with standing_at(moment):
            sending.deliver(email_id)
            due = Email.objects.get().due_at
            pauses.append(round((due - timezone.now()).total_seconds() / 60))
        moment = due

    email = Email.objects.get()
    assert (email.state, email.attempts) == ("failed", times.ATTEMPTS)
    assert email.reason == "SMTPServerDisconnected: Connection unexpectedly closed"
    assert pauses == [1, 5, 25, 125, 625, 0]
    assert [at for _email_id, at in alarms()[1:]] == sorted(at for _email_id, at in alarms()[1:])
    assert len(alarms()) == times.ATTEMPTS
    assert caplog.records[-1].levelname == "ERROR"


def test_a_failed_attempt_tells_nobody_twice(ben, write, work, down):
    write(ben)
    work(minutes=10)
    assert states(ben) == ["queued"]
    assert [told.email for told in ben.notifications.all()] == [None]

    down.undo()
    work(minutes=12)
    work(minutes=30)

    assert [letter.subject for letter in mail.outbox] == ["Mara: Can we talk?"]
    assert states(ben) == ["sent"]
    assert Email.objects.get().reason == ""


def test_a_mail_that_cannot_be_written_fails_like_one_that_cannot_be_sent(ben, tell, monkeypatch):
    email_id = tell(ben).email_id
    monkeypatch.setattr("notifications.mail.render_to_string", lambda *_: 1 / 0)

    sending.deliver(email_id)

    assert Email.objects.get().reason == "ZeroDivisionError: division by zero"
    assert Email.objects.get().state == "queued"


def test_each_attempt_has_the_same_message_id(ben, tell, work):
    email = tell(ben).email
    work()
    Email.objects.update(state="queued", settled_at=None)  # as if the commit after sending had been lost
    work()

    ids = {letter.extra_headers["Message-ID"] for letter in mail.outbox}
    assert len(mail.outbox) == 2
    assert ids == {email.message_id}


def test_a_row_whose_alarm_was_lost_is_woken(ben, mara, tell, wants):
    wants(mara, money="daily")
    lost, kept, _later = tell(ben), tell(ben), tell(mara, kind=Kind.MONEY)
    forget(lost.email_id)
    outbox.wake()
    assert [email_id for email_id, _at in alarms()][:1] == [kept.email_id]

    with standing_at(timezone.now() + datetime.timedelta(minutes=3)):
        outbox.wake()
        outbox.wake()

    assert [email_id for email_id, _at in alarms()].count(lost.email_id) == 1
    assert len(alarms()) == 3


def forget(email_id):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE (args->>'email_id')::bigint = %s", [email_id])


# --- Cost -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("kind", "queries"), [(Kind.MONEY, 4), (Kind.MESSAGE, 5)])
def test_telling_takes_few_queries(ben, tell, kind, queries, django_assert_num_queries):
    with django_assert_num_queries(queries):  # wishes, (the mail that gathers,) mail, job, notification
        tell(ben, kind=kind)
