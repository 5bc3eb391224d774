import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from messaging import actions
from messaging.models import Message
from tests.factories import ContractFactory, fresh

pytestmark = pytest.mark.django_db

MESSAGES = "/admin/messaging/message/"


@pytest.fixture
def contract(ben, mara):
    return ContractFactory.create(title="Pump housing", client=ben, freelancer=mara)


@pytest.fixture
def message(contract, mara) -> Message:
    return write(contract, mara, "The wall must be thicker.", about="Revision A")


def write(contract, author, text: str, about: str = "") -> Message:
    return actions.post(contract, by=author, text=text, client_id=uuid.uuid4(), about=about)


def found(client, **query: object) -> list[object]:
    return list(client.get(MESSAGES, query).context["cl"].result_list)


def queries(client, url: str) -> int:
    client.get(url)  # the first look also fills caches
    with CaptureQueriesContext(connection) as taken:
        client.get(url)
    return len(taken)


@pytest.mark.parametrize("words", ["thicker", "revision a", "Lindqvist", "mara@", "Okafor", "pump"])
def test_list_finds_by_words_and_people(message, staff, as_, words):
    other = ContractFactory.create(title="Bracket")
    write(other, other.client.person, "Hello")

    assert found(as_(staff), q=words) == [message]


def test_list_shows_one_chat_newest_first(message, contract, ben, staff, as_):
    other = ContractFactory.create(title="Bracket")
    write(other, other.client.person, "Hello")
    answer = write(contract, ben, "By how much?")

    assert found(as_(staff), contract=contract.pk) == [answer, message]


def test_page_shows_the_whole_message(contract, mara, staff, as_):
    text = "Thicker wall. " * 100 + "At last."
    long = write(contract, mara, text)
    client = as_(staff)

    assert "At last." not in client.get(MESSAGES).text
    assert "At last." in client.get(f"{MESSAGES}{long.pk}/change/").text


def test_what_people_write_is_shown_as_text(contract, mara, staff, as_):
    nasty = write(contract, mara, "<script>alert(1)</script>")
    client = as_(staff)

    for url in (MESSAGES, f"{MESSAGES}{nasty.pk}/change/"):
        assert "<script>alert" not in client.get(url).text
        assert "&lt;script&gt;alert" in client.get(url).text


def test_messages_are_read_only(message, staff, as_):
    client = as_(staff)

    replies = [
        client.post(f"{MESSAGES}{message.pk}/change/", {"text": "Mine"}),
        client.post(f"{MESSAGES}{message.pk}/delete/", {"post": "yes"}),
        client.post(f"{MESSAGES}add/", {"text": "Mine"}),
    ]
    client.post(MESSAGES, {"action": "delete_selected", "_selected_action": [message.pk], "post": "yes"})

    assert [reply.status_code for reply in replies] == [403] * 3
    assert fresh(message).text == "The wall must be thicker."


@pytest.mark.parametrize("who", ["ben", "mara", "carol"])
def test_messages_are_for_staff(message, as_, request, who):
    client = as_(request.getfixturevalue(who))

    for url in (MESSAGES, f"{MESSAGES}{message.pk}/change/"):
        reply = client.get(url)
        assert reply.status_code in (302, 403)
        assert "thicker" not in reply.text


def test_list_takes_the_same_queries_for_one_and_many(message, contract, mara, staff, as_):
    client = as_(staff)
    with_one = queries(client, MESSAGES)
    for number in range(3):
        write(contract, mara, f"Message {number}")

    assert queries(client, MESSAGES) == with_one <= 8
