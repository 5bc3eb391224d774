"""What the streams tell, and to whom. On a real server and a real Postgres."""

import http.client
import json
import re
import uuid

import psycopg
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

import live
from live import cursors
from live.announcing import CHANNEL
from live.hub import _conninfo
from messaging import actions as messaging
from milestones import actions
from notifications.actions import notify
from notifications.kinds import Kind
from tests import factories as do
from tests.contracts.listening import Heard
from tests.factories import ContractFactory, fresh
from tests.serving import HOST

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def others(carol, staff):
    """A contract of people who have nothing to do with Ben and Mara."""
    return ContractFactory(client=carol, freelancer=staff)


def say(contract):
    return messaging.post(contract, by=contract.freelancer.person, text="Hello", client_id=uuid.uuid4())


def cursor_of(person):
    return str(cursors.read([person.pk])[person.pk])


@pytest.fixture
def announced():
    """The payloads that Postgres has passed on so far."""
    with psycopg.connect(_conninfo(), autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        yield lambda: [json.loads(notice.payload) for notice in listener.notifies(timeout=0.2)]


# --- Who hears what ---------------------------------------------------------------------------------------------------
def test_an_open_page_is_welcomed_with_its_cursor(listen, ben):
    notify(ben, text="Mara suggests a change", url="/", kind=Kind.PLAN)

    assert listen(ben).next() == Heard("ready", {}, cursor_of(ben))


def test_both_parties_hear_of_the_plan(listen, contract, ben, mara):
    client, freelancer = listen(ben), listen(mara)
    assert (client.next().event, freelancer.next().event) == ("ready", "ready")

    do.propose(contract)

    assert client.next() == Heard("plan", {"contract": contract.pk}, cursor_of(ben))
    assert freelancer.next() == Heard("plan", {"contract": contract.pk}, cursor_of(mara))


def test_a_message_is_heard_as_chat(listen, contract, ben):
    client = listen(ben)
    assert client.next().event == "ready"

    say(contract)

    assert client.next() == Heard("chat", {"contract": contract.pk}, cursor_of(ben))


def test_who_writes_is_told_to_the_other_alone_and_to_no_database(listen, contract, as_, ben, mara, carol):
    client, freelancer, outsider = listen(ben), listen(mara), listen(carol)
    assert {each.next().event for each in (client, freelancer, outsider)} == {"ready"}
    url = f"{contract.get_absolute_url()}messages/typing/"

    with CaptureQueriesContext(connection) as captured:
        assert as_(mara).post(url).status_code == 204
    assert as_(carol).post(url).status_code == 404
    say(contract)

    assert [client.next().event, client.next().event] == ["typing", "chat"]
    assert freelancer.next().event == "chat"
    assert not [each["sql"] for each in captured if re.match("INSERT|UPDATE|DELETE", each["sql"])]


def test_who_writes_moves_no_cursor(listen, contract, ben, mara):
    client = listen(ben)
    assert client.next().event == "ready"
    cursor = cursor_of(ben)

    live.say_typing(contract, by=mara)

    assert client.next() == Heard("typing", {"contract": contract.pk}, cursor)


def test_the_first_look_at_suggestions_is_heard_once(listen, contract, ben, mara):
    amendment = do.propose(contract).amendment
    freelancer = listen(mara)
    assert freelancer.next().event == "ready"

    actions.see(amendment, by=mara)
    actions.see(amendment, by=ben)
    actions.see(fresh(amendment), by=ben)
    say(contract)

    assert [freelancer.next().event, freelancer.next().event] == ["seen", "chat"]


def test_outsiders_and_staff_hear_only_of_their_own(listen, contract, others, carol, staff):
    outsider, office = listen(carol), listen(staff)
    assert (outsider.next().event, office.next().event) == ("ready", "ready")

    do.propose(contract)
    say(contract)
    do.propose(others)

    assert outsider.next().data == {"contract": others.pk}
    assert office.next().data == {"contract": others.pk}


def test_an_outsider_cannot_ask_for_a_contract(listen, contract, others, carol):
    guessing = listen(carol, since=f"&contract={contract.pk}&people={contract.client_id}")
    assert guessing.next().event == "ready"

    do.propose(contract)
    do.propose(others)

    assert guessing.next().data == {"contract": others.pk}


def test_somebody_who_is_not_signed_in_hears_that_and_no_more(listen):
    assert listen(None).until_end() == ["signed-out"]


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/live/7/", 404), ("POST", "/live/", 405)])
def test_there_is_one_address(site, method, path, status):
    asking = http.client.HTTPConnection(HOST, site.port, timeout=60)
    asking.request(method, path)

    assert asking.getresponse().status == status
    asking.close()


def test_no_cache_and_no_proxy_keeps_a_stream(listen, ben):
    headers = listen(ben).response.headers

    assert headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Accel-Buffering"] == "no"


# --- What is announced ------------------------------------------------------------------------------------------------
def test_announce_says_ids_only(announced, contract, ben, mara):
    say(contract)

    people = {str(ben.pk): cursor_of(ben), str(mara.pk): cursor_of(mara)}
    assert announced() == [{"contract": contract.pk, "kind": "chat", "people": people}]


def test_announce_waits_for_the_commit(announced, contract):
    with transaction.atomic():
        say(contract)
        assert announced() == []

    assert [each["kind"] for each in announced()] == ["chat"]


def test_announce_is_silent_after_a_rollback(announced, contract):
    with transaction.atomic():
        say(contract)
        do.propose(contract)
        transaction.set_rollback(True)

    assert announced() == []


def test_announce_comes_once_for_an_act_of_several_events(announced, contract):
    do.deposit(contract.client.person)
    change = do.propose(contract)
    announced()

    do.approve(change, fund=True)

    assert [each["kind"] for each in announced()] == ["plan"]


def test_a_failing_announcement_leaves_the_act_done(contract, caplog, monkeypatch):
    monkeypatch.setattr(cursors, "read", lambda people: 1 / 0)

    message = say(contract)

    assert fresh(message).text == "Hello"
    assert "on_commit" in caplog.text


def test_nonsense_on_the_channel_is_passed_over(listen, contract, ben, caplog):
    client = listen(ben)
    assert client.next().event == "ready"

    with connection.cursor() as cursor:
        for payload in ("", "[]", '{"kind": "plan"}', '{"kind": "x\\n\\n", "contract": 1, "people": {}}'):
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
    say(contract)

    assert client.next().event == "chat"
    assert caplog.text.count("is no announcement") == 4
