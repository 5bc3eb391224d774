"""What a person has read, what the other party sees of it, and what waits unread."""

import uuid

import pytest

from messaging import actions, queries
from messaging.models import Message, ReadMark
from tests.factories import ContractFactory
from tests.messaging.writing import NOON, later, post, post_at
from tests.milestones.snapshots import refused
from web.refusals import NotYours


def unread_inbox(person) -> list[str]:
    return [row.text for row in person.notifications.unread().order_by("id")]


# --- Reading ----------------------------------------------------------------------------------------------------------
def test_read_marks_what_the_other_party_wrote(contract, ben, mara):
    post(contract, mara)
    theirs = post(contract, mara)
    post(contract, ben)

    assert actions.read(contract, by=ben)

    mark = ReadMark.objects.get()
    assert (mark.person, mark.read_up_to) == (ben, theirs)


def test_read_keeps_the_moment_at_which_it_was_news(contract, ben, mara):
    post_at(0, contract, mara)
    with later(1):
        actions.read(contract, by=ben)
    with later(5):
        post(contract, ben)
        assert not actions.read(contract, by=ben)

    assert (ReadMark.objects.get().read_at - NOON).total_seconds() == pytest.approx(60, abs=5)


def test_read_never_moves_back(contract, ben, mara):
    first, second = post(contract, mara), post(contract, mara)
    actions.read(contract, by=ben)

    assert not actions.read(contract, by=ben, up_to=first.pk)
    assert ReadMark.objects.get().read_up_to == second


def test_read_up_to_a_message_leaves_the_rest_unread(contract, ben, mara):
    first, _second = post(contract, mara), post(contract, mara)

    actions.read(contract, by=ben, up_to=first.pk)

    assert queries.unread_count(contract, ben) == 1


def test_read_of_a_chat_without_messages_marks_nothing(contract, ben):
    post(contract, ben)

    assert not actions.read(contract, by=ben)
    assert not ReadMark.objects.exists()


def test_read_clears_the_inbox_of_this_chat_alone(contract, ben, mara):
    other = ContractFactory(client=ben, freelancer=mara)
    post(contract, mara, "Here")
    post(other, mara, "There")

    actions.read(contract, by=ben)

    assert unread_inbox(ben) == ["Mara wrote: There"]


@pytest.mark.parametrize("who", ["carol", "staff"])
def test_read_by_somebody_else_is_refused(contract, mara, request, who):
    post(contract, mara)

    with refused(NotYours, "Only the two sides of this contract can read here."):
        actions.read(contract, by=request.getfixturevalue(who))


# --- Seen -------------------------------------------------------------------------------------------------------------
def seen(contract, reader) -> list[str]:
    return [entry.seen for entry in queries.newest(contract, reader=reader).entries]


def test_own_last_message_says_when_it_was_seen(contract, ben, mara):
    post_at(0, contract, mara)
    post_at(1, contract, mara)
    with later(62):
        assert seen(contract, mara) == ["", ""]
        actions.read(contract, by=ben)

        assert seen(contract, mara) == ["", "Seen 13:02"]
        assert seen(contract, ben) == ["", ""]


def test_seen_on_another_day_says_which(contract, ben, mara):
    post_at(0, contract, mara)
    with later(1):
        actions.read(contract, by=ben)

    with later(24 * 60):
        assert seen(contract, mara) == ["Seen 20 Nov 2026, 12:01"]


def test_message_after_the_mark_is_not_seen(contract, ben, mara):
    post(contract, mara)
    actions.read(contract, by=ben)
    post(contract, mara)

    assert seen(contract, mara) == ["", ""]


# --- Unread -----------------------------------------------------------------------------------------------------------
def new(contract, reader) -> list[str]:
    return [entry.new for entry in queries.newest(contract, reader=reader).entries]


def test_first_unread_message_says_since_when(contract, ben, mara):
    post_at(0, contract, mara)
    with later(2):
        actions.read(contract, by=ben)
    for minutes, author in [(3, ben), (4, mara), (5, mara)]:
        post_at(minutes, contract, author)

    with later(6):
        assert new(contract, ben) == ["", "", "New since 12:02", ""]
        actions.read(contract, by=ben)
        assert new(contract, ben) == ["", "", "", ""]


def test_unread_counts_what_the_other_party_wrote_since(contract, ben, mara):
    post(contract, mara)
    actions.read(contract, by=ben)
    for author in (mara, mara, ben):
        post(contract, author)

    assert (queries.unread_count(contract, ben), queries.unread_count(contract, mara)) == (2, 1)


def test_badge_counts_the_unread_messages_of_all_chats(contract, ben, mara, carol):
    as_freelancer, read = ContractFactory(freelancer=ben), ContractFactory(client=ben)
    strangers = ContractFactory()
    post(contract, mara)
    post(contract, ben)
    actions.delete(post(contract, mara), by=mara)
    for _ in range(2):
        post(as_freelancer, as_freelancer.client.person)
    post(read, read.freelancer.person)
    actions.read(read, by=ben)
    post(strangers, strangers.client.person)

    assert queries.unread_badge(ben) == "3"
    assert queries.unread_badge(mara) == "1"
    assert queries.unread_badge(carol) == ""


@pytest.mark.parametrize(("count", "badge"), [(99, "99"), (100, "99+"), (130, "99+")])
def test_badge_stops_counting(contract, ben, mara, count, badge, django_assert_num_queries):
    Message.objects.bulk_create(
        Message(contract=contract, author=mara, text="Hello", client_id=uuid.uuid4()) for _ in range(count)
    )

    with django_assert_num_queries(1):
        assert queries.unread_badge(ben) == badge


# --- The list of chats ------------------------------------------------------------------------------------------------
def listed(user) -> list[tuple[str, int, str]]:
    rows = queries.conversation_rows(queries.conversations(user), user=user)
    return [(row.contract.title, row.unread, row.last.excerpt if row.last else "") for row in rows]


def test_conversations_are_unread_ones_first_then_by_the_last_message(ben):
    chats = {name: ContractFactory(title=name, client=ben) for name in ("silent", "old", "read", "unread", "strange")}
    for name in ("unread", "old", "read"):
        post(chats[name], chats[name].freelancer.person, name)
    post(chats["read"], ben, "Answer")
    for name in ("old", "read"):
        actions.read(chats[name], by=ben)
    ContractFactory(title="strangers")

    assert listed(ben) == [
        ("unread", 1, "unread"),
        ("read", 0, "Answer"),
        ("old", 0, "old"),
        ("strange", 0, ""),
        ("silent", 0, ""),
    ]


def test_conversation_does_not_show_what_was_deleted(contract, ben, mara):
    post(contract, mara, "First")
    actions.delete(post(contract, mara, "Oh dear"), by=mara)

    assert listed(ben) == [("Pump housing", 1, "Message deleted")]
