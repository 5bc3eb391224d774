"""For ten minutes an author can change or delete what they wrote. Staff read what it said before."""

import pytest

from messaging import actions, queries
from tests.factories import fresh
from tests.messaging.writing import later, post, post_at, post_file
from tests.milestones.snapshots import refused
from web.refusals import Invalid, NotYours, WrongMoment

TOO_LATE = "A message can be changed for 10 minutes after it was sent. Write a new one instead."


def versions(message) -> list[str]:
    return list(message.history.order_by("pgh_id").values_list("text", flat=True))


def inbox(person) -> list[tuple[str, bool]]:
    return [(row.text, row.read_at is None) for row in person.notifications.order_by("id")]


# --- Edit -------------------------------------------------------------------------------------------------------------
def test_edit_changes_the_text_and_says_so(contract, mara):
    message = actions.edit(post(contract, mara, "2 cm"), by=mara, text=" 2 mm\r\n")

    assert (fresh(message).text, message.edited_at is None) == ("2 mm", False)


def test_edit_keeps_what_it_said_before(contract, mara):
    message = post(contract, mara, "2 cm")
    actions.edit(message, by=mara, text="2 mm")

    assert versions(message) == ["2 cm", "2 mm"]


def test_edit_to_the_same_words_is_none(contract, mara):
    message = actions.edit(post(contract, mara, "2 mm"), by=mara, text="2 mm ")

    assert (message.edited_at, versions(message)) == (None, ["2 mm"])


def test_edit_is_told_in_the_inbox_too(contract, ben, mara):
    actions.edit(post(contract, mara, "2 cm"), by=mara, text="2 mm")

    assert inbox(ben) == [("Mara wrote: 2 mm", True)]


@pytest.mark.parametrize(("minutes", "is_open"), [(9.9, True), (10.1, False)])
def test_edit_is_possible_for_ten_minutes(contract, mara, minutes, is_open):
    message = post_at(0, contract, mara, "2 cm")

    with later(minutes):
        if is_open:
            assert actions.edit(message, by=mara, text="2 mm").text == "2 mm"
        else:
            with refused(WrongMoment, TOO_LATE):
                actions.edit(message, by=mara, text="2 mm")


@pytest.mark.parametrize("who", ["ben", "carol", "staff"])
def test_edit_by_somebody_else_is_refused(contract, mara, request, who):
    message = post(contract, mara)

    with refused(NotYours, "Only the author of a message can change it."):
        actions.edit(message, by=request.getfixturevalue(who), text="Mine")


def test_edit_of_a_deleted_message_is_refused(contract, mara):
    message = actions.delete(post(contract, mara), by=mara)

    with refused(WrongMoment, "This message was deleted."):
        actions.edit(message, by=mara, text="Back")


def test_edit_to_nothing_is_refused_unless_files_remain(contract, mara):
    message, with_file = post(contract, mara), post_file(contract, mara, text="Here it is").message

    with refused(Invalid, "Write a message first."):
        actions.edit(message, by=mara, text=" ")
    assert actions.edit(with_file, by=mara, text="").text == ""


# --- Delete -----------------------------------------------------------------------------------------------------------
def test_delete_takes_the_text_away(contract, mara):
    message = actions.delete(post(contract, mara, "Oh dear"), by=mara)

    assert (fresh(message).text, message.deleted_at is None) == ("", False)


def test_delete_keeps_what_it_said_for_staff(contract, mara):
    message = actions.delete(post(contract, mara, "Oh dear"), by=mara)

    assert versions(message) == ["Oh dear", ""]


def test_delete_takes_the_words_out_of_the_inbox_and_waits_for_nobody(contract, ben, mara):
    post(contract, mara, "Stays")

    actions.delete(post(contract, mara, "Oh dear"), by=mara)

    assert inbox(ben) == [("Mara wrote: Stays", True), ("Mara deleted a message.", False)]


def test_deleted_message_is_unread_no_more(contract, ben, mara):
    actions.delete(post(contract, mara), by=mara)

    assert queries.unread_count(contract, ben) == 0
    assert queries.unread_badge(ben) == ""


@pytest.mark.parametrize("who", ["ben", "carol", "staff"])
def test_delete_by_somebody_else_is_refused(contract, mara, request, who):
    message = post(contract, mara)

    with refused(NotYours, "Only the author of a message can change it."):
        actions.delete(message, by=request.getfixturevalue(who))


def test_delete_too_late_is_refused(contract, mara):
    message = post_at(0, contract, mara)

    with later(10.1), refused(WrongMoment, TOO_LATE):
        actions.delete(message, by=mara)


def test_delete_twice_is_refused(contract, mara):
    message = actions.delete(post(contract, mara), by=mara)

    with refused(WrongMoment, "This message was deleted."):
        actions.delete(message, by=mara)
