"""Saving once, on what was seen, by whom and when it may be; and all the lines that are refused (R4, R7, R13, R16)."""

import datetime
import uuid
from dataclasses import replace
from decimal import Decimal

import pytest

from contracts.models import Receipt
from milestones import actions
from milestones.actions import InvalidLines
from milestones.models import Milestone
from milestones.rules import Line, Problem, Verb
from tests import factories as do
from tests.factories import State, add, edit, fresh, milestone_at, remove
from tests.milestones.snapshots import nothing_changes, refused
from web.refusals import Invalid, NotYours, Stale, WrongMoment

IN_PROGRESS = (
    "This milestone is in progress, so it cannot be removed. "
    "Its date can change and its amount can rise, if both sides agree."
)
SETTLED = [State.DECLINED, State.WITHDRAWN, State.REMOVED, State.REFUNDED]


def test_save_refused_because_of_the_message_saves_nothing(contract):
    with refused(Invalid, "A message can have at most 5000 characters."):
        do.save(contract, add(), message="x" * 5001)


# --- Once, and only on what was seen ----------------------------------------------------------------------------------
def test_save_with_the_same_key_does_nothing(contract):
    key, seen = uuid.uuid4(), contract.plan_revision
    do.save(contract, add(), key=key, seen=seen, message="Hello")

    with nothing_changes():
        do.save(contract, add(), key=key, seen=seen, message="Hello")

    assert Receipt.objects.get().key == key


def test_save_with_the_same_key_and_other_lines_is_stale(contract):
    key, seen = uuid.uuid4(), contract.plan_revision
    do.save(contract, add("One"), key=key, seen=seen)

    with refused(Stale, "This page was saved already. Look at what is new, and repeat what you still want to do."):
        do.save(contract, add("Two"), key=key, seen=seen)


def test_save_refused_does_not_use_up_the_key(contract):
    key = uuid.uuid4()
    with refused(actions.InvalidLines):
        do.save(contract, add(""), key=key)

    do.save(contract, add("Sketches"), key=key)

    assert Milestone.objects.get().title == "Sketches"


def test_save_on_an_older_plan_is_stale(contract):
    seen = contract.plan_revision
    do.propose(contract)

    with refused(Stale, "This changed while you were reading. Nothing was applied."):
        do.save(contract, add("Two"), seen=seen)


def test_save_on_an_answered_suggestion_from_an_older_page_is_stale(contract):
    change = do.propose(contract)
    seen = fresh(contract).plan_revision
    line = edit(change.milestone, amount="999.00")
    do.decline(change)

    with refused(Stale):
        do.save(contract, line, seen=seen)


# --- Who and when -----------------------------------------------------------------------------------------------------
def test_save_by_an_outsider_is_not_theirs(contract, carol):
    with refused(NotYours, "Only the two sides of this contract can do this."):
        do.save(contract, add(), by=carol)


def test_save_by_staff_is_not_theirs(contract, staff):
    with refused(NotYours, "Only the two sides of this contract can do this."):
        do.save(contract, add(), by=staff)


def test_save_on_an_ended_contract_is_refused(contract, mara, ben):
    do.end(contract)

    for person in (mara, ben):
        with refused(WrongMoment, "This contract has ended, so its milestones cannot be changed."):
            do.save(contract, add(), by=person)


# --- Lines ------------------------------------------------------------------------------------------------------------
def test_save_nothing_is_invalid(contract):
    with refused(Invalid, "You have not changed anything yet."):
        do.save(contract)


def test_save_takes_100_lines(contract):
    do.save(contract, *(add(f"Part {n}", row=f"n{n}") for n in range(100)))

    assert Milestone.objects.count() == 100


def test_save_101_lines_is_invalid(contract):
    with refused(Invalid, "One Save can hold 100 lines. Save some of them first."):
        do.save(contract, *(add(row=f"n{n}") for n in range(101)))


def test_save_two_lines_for_one_milestone_is_invalid(contract):
    milestone = milestone_at(State.ACCEPTED, contract)

    with refused(Invalid, "One Save can change each milestone once."):
        do.save(contract, edit(milestone, amount="120.00"), remove(milestone))


def test_save_with_one_wrong_line_saves_none_and_names_every_problem(contract):
    upcoming, active = milestone_at(State.ACCEPTED, contract), milestone_at(State.FUNDED, contract)

    with refused(InvalidLines, "Enter a milestone name.") as refusal:
        do.save(contract, add("", "1.00"), edit(upcoming, title="Fine"), remove(active), add("Two", row="n2"))

    assert refusal.value.problems == [
        Problem("n1", "title", "Enter a milestone name."),
        Problem("n1", "amount", "Amount must be $5.00 or more."),
        Problem(f"m{active.pk}", None, IN_PROGRESS),
    ]


def test_problems_tells_what_save_would_refuse(contract, mara):
    milestone_at(State.FUNDED, contract)
    lines = [add("", "1.00"), remove(Milestone.objects.get())]

    with refused(InvalidLines) as refusal:
        do.save(contract, *lines)

    assert actions.problems(contract, lines, by=mara) == refusal.value.problems


@pytest.mark.parametrize("state", [State.FUNDED, State.SUBMITTED])
def test_save_refuses_to_remove_a_milestone_in_progress(contract, state):
    milestone = milestone_at(state, contract)

    with refused(InvalidLines, IN_PROGRESS):
        do.save(contract, remove(milestone))


@pytest.mark.parametrize("state", [State.FUNDED, State.SUBMITTED])
def test_save_refuses_to_remove_a_milestone_in_progress_inside_a_larger_save(contract, state):
    milestone = milestone_at(state, contract)

    with refused(InvalidLines, IN_PROGRESS):
        do.save(contract, add("One"), remove(milestone), add("Two", row="n2"))


def test_save_refuses_to_remove_a_paid_milestone(contract):
    milestone = milestone_at(State.PAID, contract)

    with refused(InvalidLines, "This milestone is settled, so it cannot be removed."):
        do.save(contract, remove(milestone))


def test_save_refuses_to_change_a_paid_milestone(contract):
    milestone = milestone_at(State.PAID, contract)

    with refused(InvalidLines, "This milestone is settled, so its terms stay as they are."):
        do.save(contract, edit(milestone, amount="150.00"))


def test_save_refuses_to_change_a_milestone_in_review(contract):
    milestone = milestone_at(State.SUBMITTED, contract)

    sentence = "This work is being reviewed. Its terms can change when the review is answered."
    with refused(InvalidLines, sentence):
        do.save(contract, edit(milestone, amount="150.00"))


@pytest.mark.parametrize("state", SETTLED)
def test_save_refuses_what_has_left_the_plan(contract, state):
    milestone = milestone_at(state, contract)

    for line in (remove(milestone), edit(milestone, amount="150.00")):
        with refused(InvalidLines, "This milestone is not in the plan any more."):
            do.save(contract, line)


def test_save_refuses_a_milestone_of_another_contract(contract):
    other = milestone_at(State.ACCEPTED, do.ContractFactory(freelancer=contract.freelancer))

    with refused(InvalidLines, "This milestone is not in the plan any more."):
        do.save(contract, edit(other, amount="150.00"))


def test_save_refuses_an_edit_without_a_milestone(contract):
    line = Line("n1", Verb.EDIT, None, add().terms)

    with refused(InvalidLines, "This milestone is not in the plan any more."):
        do.save(contract, line)


@pytest.mark.parametrize("amount", ["99.99", "50.00"])
def test_save_refuses_a_lower_amount_of_a_milestone_in_progress(contract, amount):
    milestone = milestone_at(State.FUNDED, contract, amount="100.00")

    with refused(InvalidLines) as refusal:
        do.save(contract, edit(milestone, amount=amount, title="Also a new name"))

    assert [problem.field for problem in refusal.value.problems] == ["amount"]


def test_save_refuses_what_changes_nothing(contract):
    milestone = milestone_at(State.FUNDED, contract)

    with refused(InvalidLines, "This changes nothing. Change a field, or press Undo."):
        do.save(contract, edit(milestone))


def test_save_refuses_a_revision_that_changes_nothing(contract):
    milestone = milestone_at(State.FUNDED, contract)
    do.suggest(milestone, amount="150.00")

    with refused(InvalidLines, "This changes nothing. Change a field, or press Undo."):
        do.save(contract, edit(milestone))


def test_save_refuses_a_revision_back_to_the_agreed_terms(contract):
    milestone = milestone_at(State.FUNDED, contract, amount="100.00")
    do.suggest(milestone, amount="150.00")

    with refused(InvalidLines, "These are the agreed terms again. Delete the suggestion instead."):
        do.save(contract, edit(milestone, amount="100.00"))


def test_save_refuses_to_edit_a_removal(contract):
    milestone = milestone_at(State.ACCEPTED, contract)
    do.suggest_removal(milestone)

    with refused(InvalidLines, "You asked to remove this milestone. Delete that suggestion first."):
        do.save(contract, edit(milestone, amount="150.00"))


def test_save_refuses_a_due_date_in_the_past(contract):
    yesterday = contract.today() - datetime.timedelta(days=1)

    with refused(InvalidLines, "Due date must be today or later."):
        do.save(contract, add(due_date=yesterday))


def test_save_keeps_a_due_date_that_has_passed_meanwhile(contract):
    """Only the price is asked for; the date is the agreed one."""
    milestone = milestone_at(State.ACCEPTED, contract, amount="100.00", due_date=contract.today())
    passed = contract.today() - datetime.timedelta(days=400)
    Milestone.objects.update(due_date=passed)

    change = do.suggest(milestone, amount="120.00")

    assert change.asked == replace(fresh(milestone).terms, amount=Decimal("120.00"))


def test_save_counts_days_in_the_zone_of_the_contract(db):
    """Around the date line, it is never the same day in these two zones."""
    west = do.ContractFactory(time_zone="Etc/GMT+12")
    east = do.ContractFactory(time_zone="Pacific/Kiritimati")
    today_in_the_west = west.today()

    do.save(west, add(due_date=today_in_the_west))

    with refused(InvalidLines, "Due date must be today or later."):
        do.save(east, add(due_date=today_in_the_west))
