"""The chat of a contract: each message once, by its two parties only (R24)."""

import uuid

import pytest
from django.urls import reverse

from accounts.refusals import Invalid, NotYours
from messaging import actions
from messaging.models import Message
from tests import factories as do
from tests.factories import State, milestone_at
from tests.milestones.snapshots import refused


def post(contract, by, text="Hello", **options) -> Message:
    return actions.post(contract, **{"by": by, "text": text, "client_id": uuid.uuid4(), **options})


def told_to(person) -> list[tuple[str, str]]:
    return list(person.notifications.order_by("id").values_list("text", "url"))


@pytest.mark.parametrize("who", ["ben", "mara"])
def test_post_adds_a_message(contract, request, who):
    author = request.getfixturevalue(who)

    message = post(contract, author, "The wall is thicker.\nSee the drawing.", about="Pump", url="/contracts/1/")

    assert Message.objects.get() == message
    assert (message.contract, message.author, message.text) == (
        contract,
        author,
        "The wall is thicker.\nSee the drawing.",
    )
    assert (message.about, message.url) == ("Pump", "/contracts/1/")


def test_post_tells_the_other_party_and_nobody_else(contract, ben, mara, carol):
    post(contract, mara, "The wall is thicker.")

    chat = reverse("messaging:chat", args=[contract.pk])
    assert told_to(ben) == [("Mara wrote: The wall is thicker.", chat)]
    assert told_to(mara) == told_to(carol) == []


def test_post_quietly_tells_nobody(contract, ben, mara):
    post(contract, mara, quietly=True)

    assert told_to(ben) == []


def test_post_with_the_same_client_id_is_the_same_message(contract, ben, mara):
    client_id = uuid.uuid4()

    first, again = (post(contract, mara, client_id=client_id) for _ in range(2))

    assert first == again == Message.objects.get()
    assert len(told_to(ben)) == 1


def test_post_with_the_client_id_of_another_author_is_another_message(contract, ben, mara):
    client_id = uuid.uuid4()

    assert post(contract, mara, client_id=client_id) != post(contract, ben, client_id=client_id)


@pytest.mark.parametrize("who", ["carol", "staff"])
def test_post_by_somebody_else_is_refused(contract, request, who):
    with refused(NotYours, "Only the two parties of this contract can write here."):
        post(contract, request.getfixturevalue(who))


@pytest.mark.parametrize("text", ["", " \n\t", "\r\n"])
def test_post_of_nothing_is_refused(contract, mara, text):
    with refused(Invalid, "Write a message first."):
        post(contract, mara, text)


def test_post_takes_5000_characters(contract, mara):
    assert len(post(contract, mara, "x\r\n" * 2499 + "xx").text) == 5000
    with refused(Invalid, "A message can have at most 5000 characters."):
        post(contract, mara, "x" * 5001)


def test_post_stays_open_while_a_suggestion_waits_and_after_the_end(contract, ben, mara):
    milestone_at(State.PROPOSED, contract)
    post(contract, ben)
    do.end(contract)

    post(contract, mara)

    assert Message.objects.count() == 2


def test_message_is_never_touched_by_a_later_act(contract, mara):
    message = post(contract, mara)
    do.approve(do.propose(contract))

    do.end(contract)

    assert do.fresh(message).text == "Hello"
