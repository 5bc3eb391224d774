"""The chat of a contract: each message once, by its two parties only (R24)."""

import uuid

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.urls import reverse

from files.looking import accept
from messaging import actions
from messaging.models import Attachment, Message
from tests import factories as do
from tests.factories import ContractFactory, State, fresh, milestone_at
from tests.messaging.writing import later, post, post_file, stored, upload
from tests.milestones.snapshots import refused
from web.refusals import Invalid, NotYours, Stale


def told_to(person) -> list[tuple[str, str]]:
    return list(person.notifications.order_by("id").values_list("text", "url"))


@pytest.mark.parametrize("who", ["ben", "mara"])
def test_post_adds_a_message(contract, request, who):
    author = request.getfixturevalue(who)
    pump = f"{contract.get_absolute_url()}#milestone-1"

    message = post(contract, author, "The wall is thicker.\nSee the drawing.", about="Pump", url=pump)

    assert Message.objects.get() == message
    assert (message.contract, message.author, message.text) == (
        contract,
        author,
        "The wall is thicker.\nSee the drawing.",
    )
    assert (message.about, message.url) == ("Pump", pump)


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example", "/\\evil.example", "/money/"])
def test_post_that_points_elsewhere_is_refused(contract, mara, url):
    with refused(Invalid, "A message can only point at something in this contract."):
        post(contract, mara, url=url)


@pytest.mark.parametrize("way", ["../2/", "%2e%2E/2/", ".\t./2/", "\\..\\2/", "..//evil.example/"])
def test_post_that_leads_out_of_the_contract_is_refused(contract, mara, way):
    with refused(Invalid, "A message can only point at something in this contract."):
        post(contract, mara, url=contract.get_absolute_url() + way)


def test_post_that_points_at_another_contract_is_refused(contract, mara):
    other = ContractFactory(freelancer=mara)

    with refused(Invalid, "A message can only point at something in this contract."):
        post(contract, mara, url=other.get_absolute_url())


# --- Telling ----------------------------------------------------------------------------------------------------------
def test_post_tells_the_other_party_and_nobody_else(contract, ben, mara, carol):
    post(contract, mara, "The wall is thicker.")

    chat = reverse("messaging:chat", args=[contract.pk])
    assert told_to(ben) == [("Mara wrote: The wall is thicker.", chat)]
    assert told_to(mara) == told_to(carol) == []


def test_post_of_files_alone_says_so(contract, ben, mara):
    post_file(contract, mara)

    assert [text for text, _url in told_to(ben)] == ["Mara sent files."]


def test_post_quietly_tells_nobody(contract, ben, mara):
    post(contract, mara, quietly=True)

    assert told_to(ben) == []


# --- Once -------------------------------------------------------------------------------------------------------------
def test_post_with_the_same_client_id_is_the_same_message(contract, ben, mara):
    client_id = uuid.uuid4()

    first, again = (post(contract, mara, client_id=client_id) for _ in range(2))

    assert first == again == Message.objects.get()
    assert len(told_to(ben)) == 1


def test_post_again_keeps_no_second_file(contract, mara):
    client_id = uuid.uuid4()

    for _ in range(2):
        post(contract, mara, "Here", client_id=client_id, attachments=[accept(upload())])

    assert stored() == [Attachment.objects.get().file.name]


def test_refused_post_keeps_no_file(contract, mara):
    client_id = uuid.uuid4()
    post(contract, mara, "First", client_id=client_id)

    with pytest.raises(Stale):
        post(contract, mara, "Second", client_id=client_id, attachments=[accept(upload())], quietly=True)

    assert stored() == []


def test_post_again_after_an_edit_is_the_edited_message(contract, mara):
    client_id = uuid.uuid4()
    message = post(contract, mara, "Helo", client_id=client_id)
    actions.edit(message, by=mara, text="Hello")

    assert post(contract, mara, "Helo", client_id=client_id).text == "Hello"
    assert Message.objects.count() == 1


def test_post_of_other_words_with_a_used_client_id_is_refused(contract, mara):
    """The person went back to a page that was sent and wrote something else: it must not be lost unsaid."""
    client_id = uuid.uuid4()
    post(contract, mara, "First", client_id=client_id)

    with refused(Stale, "The message on that page was sent already. Press Send again to send this one, too."):
        post(contract, mara, "Second", client_id=client_id)


def test_post_in_another_chat_with_a_used_client_id_is_refused(contract, mara):
    client_id = uuid.uuid4()
    post(ContractFactory(freelancer=mara), mara, client_id=client_id)

    with refused(Stale):
        post(contract, mara, client_id=client_id)


def test_post_with_the_client_id_of_another_author_is_another_message(contract, ben, mara):
    client_id = uuid.uuid4()

    assert post(contract, mara, client_id=client_id) != post(contract, ben, client_id=client_id)


# --- Refused ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["carol", "staff"])
def test_post_by_somebody_else_is_refused(contract, request, who):
    with refused(NotYours, "Only the two sides of this contract can write here."):
        post(contract, request.getfixturevalue(who))


@pytest.mark.parametrize("text", ["", " \n\t", "\r\n"])
def test_post_of_nothing_is_refused(contract, mara, text):
    with refused(Invalid, "Write a message first."):
        post(contract, mara, text)


def test_post_takes_5000_characters(contract, mara):
    assert len(post(contract, mara, "x\r\n" * 2499 + "xx").text) == 5000
    with refused(Invalid, "A message can have at most 5000 characters."):
        post(contract, mara, "x" * 5001)


def test_post_of_more_than_30_in_a_minute_is_refused(contract, ben, mara):
    with later(0):
        for _ in range(30):
            post(contract, mara)
        with refused(
            actions.TooFast, "You have sent many messages in a short time. Wait a minute, then send this one."
        ):
            post(contract, mara)
        post(contract, ben)
        post(contract, mara, "With a Save", quietly=True)
    with later(1.1):
        post(contract, mara)

    assert Message.objects.count() == 33


def test_post_again_is_never_too_fast(contract, mara):
    client_id = uuid.uuid4()
    first = post(contract, mara, client_id=client_id)
    for _ in range(29):
        post(contract, mara)

    assert post(contract, mara, client_id=client_id) == first


# --- Answers to a message ---------------------------------------------------------------------------------------------
def test_reply_keeps_what_it_answers(contract, ben, mara):
    question = post(contract, ben, "By how much?")

    assert post(contract, mara, "2 mm", reply_to=question).reply_to == question


def test_reply_to_a_message_of_another_chat_is_refused(contract, mara):
    elsewhere = post(ContractFactory(freelancer=mara), mara)

    with refused(Invalid, "The message that you reply to is not in this chat."):
        post(contract, mara, reply_to=elsewhere)


# --- What later acts do to it: nothing --------------------------------------------------------------------------------
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

    assert fresh(message).text == "Hello"


# --- The database refuses what Python forgot --------------------------------------------------------------------------
def test_database_refuses_to_remove_a_message(contract, mara):
    message = post(contract, mara)

    with pytest.raises(ProgrammingError), transaction.atomic():
        message.delete()


@pytest.mark.parametrize("field", ["contract", "author", "sent_at", "client_id", "about"])
def test_database_refuses_to_change_how_a_message_was_sent(contract, ben, mara, field):
    message = post(contract, mara)
    other = {"contract": ContractFactory(), "author": ben, "client_id": uuid.uuid4(), "about": "x"}
    with later(0):
        other["sent_at"] = do.fresh(contract).started_at

    with pytest.raises(ProgrammingError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(**{field: other[field]})


def test_database_refuses_a_reply_to_another_chat(contract, mara):
    elsewhere = post(ContractFactory(freelancer=mara), mara)

    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(contract=contract, author=mara, text="x", client_id=uuid.uuid4(), reply_to=elsewhere)


def test_database_refuses_text_in_a_deleted_message(contract, mara):
    message = post(contract, mara)

    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(deleted_at=message.sent_at)


def test_database_refuses_to_bring_a_deleted_message_back(contract, mara):
    message = actions.delete(post(contract, mara), by=mara)

    with pytest.raises(ProgrammingError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(deleted_at=None, text="Back")


def test_database_refuses_to_change_or_remove_a_file(contract, mara):
    attachment = post_file(contract, mara)

    with pytest.raises(ProgrammingError), transaction.atomic():
        Attachment.objects.update(name="other.pdf")
    with pytest.raises(ProgrammingError), transaction.atomic():
        attachment.delete()
