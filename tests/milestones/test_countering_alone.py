"""A client whose own counter-offer waits is not the one whose answer is missing: they may go on planning (R19, R22)."""

import pytest
from django.urls import reverse

from contracts.models import Event
from milestones import queries
from milestones.actions import InvalidLines
from milestones.models import Change, Milestone
from notifications.models import Notification
from tests import factories as do
from tests.factories import State, add, approve, counter, decline, edit, fresh, milestone_at, remove
from tests.milestones.snapshots import refused
from web.refusals import WrongMoment

BLOCKED = "Mara is waiting for your answer. Until you answer, you cannot add or change upcoming milestones."


@pytest.fixture
def sketches(contract) -> Milestone:
    return milestone_at(State.ACCEPTED, contract, title="Sketches", amount="100.00")


@pytest.fixture
def offer(contract) -> Change:
    """Of the client, about another milestone: amendment D after three."""
    other = milestone_at(State.ACCEPTED, contract, title="Rendering pack", amount="250.00")
    return counter(do.suggest(other, amount="300.00"), amount="270.00")


def told_to(person) -> list[tuple[str, str]]:
    return list(person.notifications.order_by("id").values_list("text", "url"))


def page_of(amendment) -> str:
    return reverse("milestones:amendment", args=[amendment.contract_id, amendment.number])


@pytest.mark.parametrize("line", [lambda m: edit(m, amount="90.00"), remove, lambda _m: add("Casting review")])
def test_client_with_an_open_counter_plans_on(contract, sketches, offer, ben, line):
    amendment = do.save(contract, line(sketches), by=ben)

    assert amendment.changes.get().state == "accepted"
    assert fresh(offer).state == "proposed"


def test_direct_edit_is_an_amendment_of_its_own_and_closed(contract, sketches, offer, ben):
    amendment = do.save(contract, edit(sketches, amount="90.00"), by=ben)

    assert (amendment.number, amendment.revision) == (offer.amendment.number + 1, 1)
    assert amendment.closed_at is not None
    assert [one.amendment for one in queries.waiting(contract, viewer=ben)] == [offer.amendment]


def test_direct_edit_leaves_the_counters_amendment_as_it_is(contract, sketches, offer, ben):
    was = offer.amendment

    do.save(contract, edit(sketches, amount="90.00"), by=ben)

    now = fresh(was)
    assert (now.revision, now.saved_at, now.closed_at) == (was.revision, was.saved_at, None)


def test_direct_edit_is_told_with_its_own_page(contract, sketches, offer, ben, mara):
    """From there the freelancer can disagree with it (R23), whatever becomes of the counter-offer."""
    Notification.objects.all().delete()

    amendment = do.save(contract, edit(sketches, amount="90.00"), by=ben)

    assert told_to(mara) == [(f"Ben changed “{sketches.title}”: $100.00 → $90.00.", page_of(amendment))]


@pytest.mark.parametrize("answer", [approve, decline])
def test_answer_closes_the_counters_amendment_after_a_direct_edit(contract, sketches, offer, ben, mara, answer):
    do.save(contract, edit(sketches, amount="90.00"), by=ben)

    answer(offer, by=mara)

    assert fresh(offer.amendment).closed_at is not None
    assert queries.waiting(contract, viewer=ben) == []
    assert fresh(sketches).amount == 90


def test_direct_edits_of_several_saves_are_numbered_in_turn(contract, sketches, offer, ben):
    numbers = [do.save(contract, edit(sketches, amount=f"{price}.00"), by=ben).number for price in (90, 80)]

    assert numbers == [offer.amendment.number + 1, offer.amendment.number + 2]


def test_save_of_both_applies_one_and_keeps_the_other_waiting(contract, sketches, offer, ben):
    do.save(contract, edit(offer.milestone, amount="275.00"), edit(sketches, amount="90.00"), by=ben)

    direct = sketches.changes.latest("id")
    assert (fresh(sketches).amount, direct.state, direct.amendment.closed_at is not None) == (90, "accepted", True)
    assert (fresh(offer).asked.amount, fresh(offer).state, fresh(offer).revised_in) == (275, "proposed", 2)
    assert (offer.amendment, fresh(offer.milestone).amount) == (fresh(offer).amendment, 250)


def test_save_of_both_is_one_notice_that_says_both(contract, sketches, offer, ben, mara):
    Notification.objects.all().delete()

    do.save(contract, edit(offer.milestone, amount="275.00"), edit(sketches, amount="90.00"), by=ben)

    assert told_to(mara) == [
        (
            f"Ben changed “{sketches.title}”: $100.00 → $90.00. Ben changed the suggestions: now 1, +$25.00.",
            page_of(fresh(offer).amendment),
        ),
    ]
    assert Notification.objects.get().email.kind == "answer"


def test_save_of_a_direct_edit_takes_the_counter_back_too(contract, sketches, offer, ben):
    do.save(contract, remove(offer.milestone), edit(sketches, amount="90.00"), by=ben)

    verbs = list(Event.objects.order_by("id").values_list("verb", flat=True))
    assert verbs[-2:] == ["plan.changed", "suggestions.withdrawn"]
    assert (fresh(offer).state, fresh(sketches).amount, queries.waiting(contract, viewer=ben)) == ("withdrawn", 90, [])


def test_save_with_one_wrong_line_of_either_kind_saves_none(contract, sketches, offer, ben):
    with refused(InvalidLines):
        do.save(contract, edit(offer.milestone, amount="1.00"), edit(sketches, amount="90.00"), by=ben)
    with refused(InvalidLines):
        do.save(contract, edit(offer.milestone, amount="275.00"), edit(sketches, amount="1.00"), by=ben)


def test_message_of_a_save_of_both_points_at_what_waits(contract, sketches, offer, ben):
    lines = [edit(offer.milestone, amount="275.00"), edit(sketches, amount="90.00")]
    do.save(contract, *lines, by=ben, message="See both.")

    message = contract.messages.get()
    assert (message.about, message.url) == (f"Revision {offer.amendment.letter}", page_of(offer.amendment))


# --- The block of R19 stays -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("line", [lambda m: edit(m, amount="90.00"), remove, lambda _m: add("Casting review")])
def test_freelancers_own_lines_block_the_client_still(contract, sketches, offer, ben, line):
    do.propose(contract)

    with refused(WrongMoment, BLOCKED):
        do.save(contract, line(sketches), by=ben)


@pytest.mark.parametrize("line", [lambda m: edit(m, amount="90.00"), remove, lambda _m: add("Casting review")])
def test_counter_in_turn_blocks_the_client_again(contract, sketches, offer, ben, line):
    counter(offer, amount="290.00")

    with refused(WrongMoment, BLOCKED):
        do.save(contract, line(sketches), by=ben)


@pytest.mark.parametrize("answer", [approve, decline])
def test_block_ends_with_the_answer_to_the_counter_in_turn(contract, sketches, offer, ben, answer):
    answer(counter(offer, amount="290.00"))

    do.save(contract, edit(sketches, amount="90.00"), by=ben)

    assert fresh(sketches).amount == 90


def test_block_lasts_while_a_line_of_the_freelancer_is_left(contract, sketches, ben):
    do.save(contract, add("New"), edit(sketches, amount="120.00"))
    counter(Change.objects.pending().order_by("id").first(), amount="80.00")

    with refused(WrongMoment, BLOCKED):
        do.save(contract, add("Casting review"), by=ben)


def test_blocked_client_still_changes_and_takes_back_the_counter(contract, offer, ben):
    do.propose(contract)

    do.save(contract, edit(offer.milestone, amount="275.00"), by=ben)
    assert fresh(offer).asked.amount == 275

    do.withdraw(offer)
    assert fresh(offer).state == "withdrawn"


def test_blocked_client_cannot_slip_a_direct_edit_in_beside_the_counter(contract, sketches, offer, ben):
    do.propose(contract)

    with refused(WrongMoment, BLOCKED):
        do.save(contract, edit(offer.milestone, amount="275.00"), edit(sketches, amount="90.00"), by=ben)


def test_freelancer_suggests_on_while_the_counter_waits(contract, sketches, offer, mara, ben):
    do.suggest(sketches, amount="120.00")

    assert {(one.answerer, one.count) for one in queries.waiting(contract, viewer=ben)} == {
        (mara.party, 1),
        (ben.party, 1),
    }
