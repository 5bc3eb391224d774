"""Two windows, or two people, at the same moment on two real connections."""

import uuid

import pytest

from files.looking import accept
from messaging import actions, queries
from messaging.models import Attachment, Message, ReadMark
from tests.factories import ContractFactory, fresh
from tests.messaging.writing import post, stored, upload
from tests.milestones.test_races import at_once
from web.refusals import WrongMoment

pytestmark = pytest.mark.django_db(transaction=True)


def refusals(outcomes: list[object]) -> list[type]:
    return [type(outcome) for outcome in outcomes if isinstance(outcome, Exception)]


def test_two_posts_with_one_client_id_are_one_message(contract, ben, mara):
    client_id = uuid.uuid4()

    outcomes = at_once(*[lambda: post(contract, mara, client_id=client_id)] * 3)

    assert outcomes == [Message.objects.get()] * 3
    assert ben.notifications.count() == 1


def test_two_posts_with_one_client_id_keep_one_file(contract, mara):
    client_id = uuid.uuid4()

    def send() -> Message:
        return post(contract, mara, "Here", client_id=client_id, attachments=[accept(upload())])

    assert refusals(at_once(send, send)) == []
    assert stored() == [Attachment.objects.get().file.name]


def test_edit_and_delete_at_once(contract, mara):
    """Either the edit came first and was deleted, or it came too late; never a deleted message with text."""
    message = post(contract, mara, "2 cm")

    edited, deleted = at_once(
        lambda: actions.edit(message, by=mara, text="2 mm"), lambda: actions.delete(message, by=mara)
    )

    assert isinstance(deleted, Message)
    assert isinstance(edited, Message | WrongMoment)
    assert (fresh(message).text, fresh(message).deleted_at is None) == ("", False)
    told = ["2 cm", "2 mm", ""] if isinstance(edited, Message) else ["2 cm", ""]
    assert list(message.history.order_by("pgh_id").values_list("text", flat=True)) == told


def test_two_deletions_at_once(contract, mara):
    message = post(contract, mara)

    outcomes = at_once(*[lambda: actions.delete(message, by=mara)] * 2)

    assert refusals(outcomes) == [WrongMoment]


def test_two_first_readings_at_once(contract, ben, mara):
    newest = [post(contract, mara) for _ in range(2)][-1]

    outcomes = at_once(*[lambda: actions.read(contract, by=ben)] * 3)

    assert sorted(outcomes) == [False, False, True]
    assert ReadMark.objects.get().read_up_to == newest


def test_readings_at_once_never_move_the_mark_back(contract, ben, mara):
    messages = [post(contract, mara) for _ in range(4)]
    actions.read(contract, by=ben, up_to=messages[0].pk)

    at_once(*[lambda pk=message.pk: actions.read(contract, by=ben, up_to=pk) for message in reversed(messages)])

    assert ReadMark.objects.get().read_up_to == messages[-1]


def test_both_parties_write_at_once_and_nobody_misses_anything(contract, ben, mara):
    """Whoever asks for what came after the newest that they have seen gets all the rest."""
    at_once(*[lambda by=by: [post(contract, by) for _ in range(5)] for by in (ben, mara)])

    everything = list(contract.messages.order_by("id"))
    assert sorted(everything, key=lambda message: message.sent_at) == everything
    page = queries.newest(contract, reader=ben)
    assert [entry.pk for entry in page.entries] == [message.pk for message in everything]


def test_chats_of_two_contracts_do_not_wait_for_each_other(contract, mara):
    other = ContractFactory(freelancer=mara)

    assert refusals(at_once(lambda: post(contract, mara), lambda: post(other, mara))) == []
