"""Streams that end, and what is made good when they come again."""

import asyncio
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

import live
from live import cursors, hub, stream, visitors
from live.hub import MOST_NOT_CLOSED, MOST_OF_ONE_PERSON, SLICE, Hub
from live.stream import MOST_DUE, Stream
from live.visitors import Visitor
from messaging import actions as messaging
from notifications.actions import mark_all_read, notify
from notifications.kinds import Kind
from notifications.models import Notification
from tests import factories as do
from tests.contracts.listening import SECONDS
from tests.factories import ContractFactory

pytestmark = pytest.mark.django_db(transaction=True)


def say(contract):
    return messaging.post(contract, by=contract.freelancer.person, text="Hello", client_id=uuid.uuid4())


def cursor_of(person):
    return str(cursors.read([person.pk])[person.pk])


# --- What was missed --------------------------------------------------------------------------------------------------
def test_whoever_missed_nothing_is_not_told_to_catch_up(listen, contract, ben):
    say(contract)

    assert listen(ben, since=cursor_of(ben)).next().event == "ready"


def test_whoever_missed_something_catches_up(listen, contract, ben):
    before = cursor_of(ben)
    say(contract)

    welcome = listen(ben, since=before).next()

    assert (welcome.event, welcome.id) == ("catch-up", cursor_of(ben))


def test_the_browsers_own_memory_is_newer_than_the_page(listen, contract, ben):
    before = cursor_of(ben)
    say(contract)

    assert listen(ben, since=before, last_id=cursor_of(ben)).next().event == "ready"


def test_a_line_committed_after_a_higher_one_is_missed_too(listen, ben):
    late = notify(ben, text="Written first, committed last", url="/", kind=Kind.PLAN)
    notify(ben, text="Written last, committed first", url="/", kind=Kind.PLAN)
    Notification.objects.filter(pk=late.pk).update(recipient=do.UserFactory())
    before = cursor_of(ben)

    Notification.objects.filter(pk=late.pk).update(recipient=ben)

    assert listen(ben, since=before).next().event == "catch-up"


def test_what_was_read_in_another_window_is_caught_up(listen, contract, ben):
    say(contract)
    before = cursor_of(ben)

    mark_all_read(by=ben)

    assert listen(ben, since=before).next().event == "catch-up"


def test_nothing_is_lost_between_two_streams(listen, contract, ben):
    first = listen(ben)
    assert first.next().event == "ready"
    say(contract)
    known = first.next().id
    first.close()
    say(contract)

    second = listen(ben, last_id=known)

    assert second.next().event == "catch-up"
    do.propose(contract)
    assert second.next().event == "plan"


@pytest.fixture
def returns_slowly(monkeypatch):
    """Time enough to act while Postgres is not heard. Named before the fixture that starts the server."""
    monkeypatch.setattr(hub, "FIRST_WAIT", 1.0)


@pytest.fixture
def checks_often(monkeypatch):
    monkeypatch.setattr(hub, "SESSION_CHECK", 0.2)


@pytest.fixture
def beats_often(monkeypatch):
    monkeypatch.setattr(stream, "BEAT", 0.1)


# --- Postgres goes away -----------------------------------------------------------------------------------------------
def end_the_listening_connection():
    """As a restart of Postgres does; returns when it is gone."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
            WHERE query LIKE 'LISTEN%' AND datname = current_database()
        """)
        assert {has_ended for (has_ended,) in cursor.fetchall()} == {
            True
        }  # a site of the browser tests may listen, too


def test_a_lost_connection_to_postgres_is_made_again(returns_slowly, listen, contract, ben):
    client = listen(ben)
    assert client.next().event == "ready"

    end_the_listening_connection()
    say(contract)

    caught_up = client.next()
    assert (caught_up.event, caught_up.id) == ("catch-up", cursor_of(ben))
    do.propose(contract)
    assert client.next().event == "plan"


def test_whoever_missed_nothing_meanwhile_is_left_alone(returns_slowly, listen, contract, ben, carol):
    outsider, client = listen(carol), listen(ben)
    assert (outsider.next().event, client.next().event) == ("ready", "ready")

    end_the_listening_connection()
    say(contract)
    assert client.next().event == "catch-up"
    notify(carol, text="An end to wait for", url="/", kind=Kind.PLAN)
    end_the_listening_connection()

    assert outsider.next().id == cursor_of(carol)


# --- The session ends -------------------------------------------------------------------------------------------------
def sign_out(browser, person):
    browser.logout()


def expire(browser, person):
    Session.objects.update(expire_date=timezone.now())


def deactivate(browser, person):
    person.is_active = False
    person.save()


def change_password(browser, person):
    person.set_password("another one entirely")
    person.save()


@pytest.mark.parametrize("end", [sign_out, expire, deactivate, change_password])
def test_a_stream_ends_with_its_session(checks_often, listen, ben, mara, end):
    browser = Client()
    browser.force_login(ben)
    other_person, here = listen(mara), listen(browser)
    assert (other_person.next().event, here.next().event) == ("ready", "ready")

    end(browser, ben)

    assert here.until_end() == ["signed-out"]
    if end is not expire:
        live.announce(ContractFactory(client=mara), live.Kind.PLAN)
        assert other_person.next().event == "plan"


def test_the_end_of_a_session_is_seen_within_seconds():
    assert hub.SESSION_CHECK <= 3


# --- Limits -----------------------------------------------------------------------------------------------------------
def test_silence_is_broken_by_a_sign_of_life(beats_often, listen, ben):
    client = listen(ben)
    assert client.next().event == "ready"

    deadline = time.monotonic() + SECONDS
    while client.beats < 3:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_person_with_too_many_pages_loses_the_oldest(listen, ben):
    pages = [listen(ben) for _ in range(MOST_OF_ONE_PERSON + 1)]

    assert pages[-1].next().event == "ready"
    assert pages[0].until_end() == ["ready"]


def opened(hub: Hub, count: int) -> list[Stream]:
    """Streams of one person, none of which closes by itself."""
    streams = [Stream(Visitor(1, str(number), 0)) for number in range(count)]
    return [each for each in streams if hub.open(each)]


def test_a_person_has_no_more_pages_open_than_the_limit_though_none_closes():
    async def open_many() -> list[bool]:
        return [each.has_ended for each in opened(Hub(), 60)]

    assert asyncio.run(open_many()) == [True] * 40 + [False] * MOST_OF_ONE_PERSON


def test_a_person_whose_pages_do_not_close_opens_no_more():
    async def open_too_many() -> int:
        return len(opened(Hub(), MOST_NOT_CLOSED + 50))

    assert asyncio.run(open_too_many()) == MOST_NOT_CLOSED


def test_sessions_are_looked_at_in_slices(monkeypatch, checks_often):
    looked_at = []

    def remember(some):
        looked_at.append({each.session for each in some})
        return set(some)

    async def look_at_all() -> set[str]:
        hub = Hub()
        streams = [Stream(Visitor(person, str(person), 0)) for person in range(2 * SLICE + 1)]
        assert all(map(hub.open, streams))
        hub.start()
        async with asyncio.timeout(300):
            while len(looked_at) < 3:
                await asyncio.sleep(0.01)
        await hub.stop()
        return {each.visitor.session for each in streams}

    monkeypatch.setattr(visitors, "still_admitted", remember)
    everybody = asyncio.run(look_at_all())

    assert max(map(len, looked_at)) <= SLICE
    assert set().union(*looked_at[:3]) == everybody


def test_a_look_at_the_sessions_makes_no_seal(monkeypatch, as_, ben):
    visitor = visitors.admit(as_(ben).cookies[settings.SESSION_COOKIE_NAME].value)
    monkeypatch.setattr(type(ben), "get_session_auth_hash", lambda person: 1 / 0)

    assert visitors.still_admitted([visitor]) == {visitor}


def test_a_server_stops_at_once_with_streams_open(site, listen, ben):
    client = listen(ben)
    assert client.next().event == "ready"

    site.stop()

    assert client.until_end() == []


def test_a_reader_too_slow_is_let_go():
    async def read_nothing() -> Stream:
        stream = Stream(Visitor(1, "", 0))
        stream.cursor = "1-1"
        assert Hub().open(stream)
        for _ in range(MOST_DUE + 1):
            asyncio.get_running_loop().call_soon(stream.tell, "plan")
        try:
            await asyncio.Event().wait()  # a write that nobody reads
        except asyncio.CancelledError:
            return stream
        raise AssertionError

    with ThreadPoolExecutor(1) as apart:  # in this thread a browser may have a loop of its own
        assert apart.submit(asyncio.run, asyncio.wait_for(read_nothing(), 60)).result().has_ended
