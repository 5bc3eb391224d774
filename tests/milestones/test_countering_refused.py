"""Counter-offers that are refused: by what they ask, by whom, and when. Each changes nothing."""

import datetime
import uuid
from dataclasses import replace
from decimal import Decimal

import pytest

from demo.data.clock import standing_at
from milestones.actions import Answer, InvalidLines
from milestones.answers import counter_problems
from milestones.models import Change, Milestone, Terms
from milestones.rules import Problem
from tests import factories as do
from tests.factories import State, approve, counter, decide, decline, edit, fresh, milestone_at
from tests.milestones.snapshots import nothing_changes, refused
from web.refusals import NotYours, Stale, WrongMoment

ANSWERED = "One of these suggestions has been answered or withdrawn. Nothing was applied."
OWN = "You cannot answer your own suggestion; the other side does."
NOT_YOURS = "Something is suggested here. Answer it on the review page."
ONLY_UP = "The amount of a milestone in progress can only go up. To lower it, talk about it in the chat."
SUGGESTED = "These are the suggested terms. Approve them instead."
AGREED = "These are the agreed terms. Decline the suggestion instead."
YESTERDAY = datetime.date(2020, 1, 1)


@pytest.fixture
def upcoming(contract) -> Milestone:
    return milestone_at(State.ACCEPTED, contract, title="Rendering pack", amount="250.00")


@pytest.fixture
def change(upcoming) -> Change:
    return do.suggest(upcoming, amount="300.00")


def answer(change: Change, **options) -> None:
    terms = replace(change.asked or fresh(change.milestone).terms, amount=Decimal(270))
    given = {"terms": terms, **options}
    decide(change.milestone.contract, {change: Answer(approve=False, counter=given.pop("terms"))}, **given)


# --- What it asks -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("terms", "field", "sentence"),
    [
        ({"title": " "}, "title", "Enter a milestone name."),
        ({"title": "x" * 201}, "title", "Name must be 200 characters or fewer."),
        ({"description": "x" * 20_001}, "description", "Description must be 20000 characters or fewer."),
        ({"amount": "4.99"}, "amount", "Amount must be $5.00 or more."),
        ({"amount": "270.001"}, "amount", "Amount in US dollars can have at most 2 decimals."),
        ({"due_date": YESTERDAY}, "due_date", "Due date must be today or later."),
        ({}, None, SUGGESTED),
        ({"amount": "250.00"}, None, AGREED),
    ],
)
@pytest.mark.parametrize("turn", ["client", "freelancer"])
def test_counter_that_breaks_a_rule_is_invalid(change, turn, terms, field, sentence):
    if turn == "freelancer":
        change = counter(change, amount="260.00")

    with refused(InvalidLines, sentence) as refusal:
        counter(change, **terms)

    assert refusal.value.problems == [Problem(str(change.pk), field, sentence)]


def test_counter_of_a_removal_with_the_agreed_terms_is_invalid(upcoming):
    change = do.suggest_removal(upcoming)

    with refused(InvalidLines, AGREED):
        counter(change)


def test_counter_of_an_addition_with_its_terms_is_invalid(contract):
    change = do.propose(contract)

    with refused(InvalidLines, SUGGESTED):
        counter(change)


@pytest.mark.parametrize("turn", ["client", "freelancer"])
def test_counter_below_the_agreed_price_in_progress_is_invalid(contract, turn):
    change = do.suggest(milestone_at(State.FUNDED, contract, amount="100.00"), amount="150.00")
    if turn == "freelancer":
        change = counter(change, amount="120.00")

    with refused(InvalidLines, ONLY_UP) as refusal:
        counter(change, amount="99.99")

    assert [problem.field for problem in refusal.value.problems] == ["amount"]


def test_counter_below_the_suggested_price_in_progress_is_fine(contract):
    change = do.suggest(milestone_at(State.FUNDED, contract, amount="100.00"), amount="150.00")

    assert counter(change, amount="100.01").asked.amount == Decimal("100.01")


def test_counter_keeps_a_due_date_that_has_passed_since_it_was_suggested(contract, upcoming):
    due = contract.today()
    change = do.suggest(upcoming, amount="300.00", due_date=due)
    later = datetime.datetime.combine(due, datetime.time(12), datetime.UTC) + datetime.timedelta(days=400)

    with standing_at(later):
        assert counter(change, amount="270.00").asked.due_date == due


def test_counter_while_the_work_is_in_review_is_invalid(contract):
    milestone = milestone_at(State.FUNDED, contract, amount="100.00")
    change = do.suggest(milestone, amount="150.00")
    do.hand_in_while_something_waits(milestone)

    with refused(InvalidLines, "This work is being reviewed. Its terms can change when the review is answered."):
        counter(change, amount="120.00")


def test_counters_with_one_wrong_line_apply_none_and_name_every_problem(contract, change):
    other = milestone_at(State.ACCEPTED, contract, title="Sketches", amount="100.00")
    do.suggest(other, amount="90.00")
    first, second = Change.objects.pending().order_by("id")

    with refused(InvalidLines) as refusal:
        decide(
            contract,
            {
                first: Answer(approve=False, counter=Terms("", Decimal(1))),
                second: Answer(approve=False, counter=second.asked),
            },
        )

    assert refusal.value.problems == [
        Problem(str(first.pk), "title", "Enter a milestone name."),
        Problem(str(first.pk), "amount", "Amount must be $5.00 or more."),
        Problem(str(second.pk), None, SUGGESTED),
    ]


def test_counter_problems_are_those_that_decide_would_refuse(change):
    answers = {change.pk: Answer(approve=False, counter=Terms("", Decimal(1)))}

    with refused(InvalidLines) as refusal:
        answer(change, terms=answers[change.pk].counter)

    assert counter_problems([change], answers) == refusal.value.problems


# --- Who --------------------------------------------------------------------------------------------------------------
def test_counter_of_ones_own_suggestion_is_refused(change, mara):
    with refused(NotYours, OWN):
        answer(change, by=mara)


@pytest.mark.parametrize("verb", [approve, decline, answer])
def test_answer_to_ones_own_counter_is_refused(change, ben, verb):
    offer = counter(change, amount="260.00")

    with refused(NotYours, OWN):
        verb(offer, by=ben)


def test_counter_by_an_outsider_is_refused(change, carol):
    with refused(NotYours, "Only the two sides of this contract can do this."):
        answer(change, by=carol)


def test_counter_by_staff_is_refused(change, staff):
    with refused(NotYours, "Only the two sides of this contract can do this."):
        answer(change, by=staff)


@pytest.mark.parametrize("line", [lambda milestone: edit(milestone, amount="240.00"), do.remove])
def test_save_by_the_other_party_cannot_touch_a_counter(contract, change, upcoming, mara, line):
    counter(change, amount="260.00")

    with refused(InvalidLines, NOT_YOURS):
        do.save(contract, line(upcoming), by=mara)


def test_freelancer_cannot_fund_with_the_approval_of_a_counter(contract, ben, mara):
    offer = counter(do.propose(contract), amount="80.00")
    do.deposit(ben)

    with refused(NotYours, "Only the client can fund a milestone."):
        approve(offer, by=mara, fund=True)


def test_freelancer_who_tries_to_fund_does_not_learn_whether_the_balance_is_short(contract, mara):
    offer = counter(do.propose(contract), amount="80.00")

    with refused(NotYours, "Only the client can fund a milestone."):
        approve(offer, by=mara, fund=True)


# --- When -------------------------------------------------------------------------------------------------------------
def test_counter_on_an_older_plan_is_stale(contract, change, upcoming):
    seen = fresh(contract).plan_revision
    do.save(contract, edit(upcoming, amount="310.00"))

    with refused(Stale, "This changed while you were reading. Nothing was applied."):
        answer(change, seen=seen)


def test_answer_to_a_counter_that_was_changed_meanwhile_is_stale(contract, change, upcoming, ben, mara):
    offer = counter(change, amount="260.00")
    seen = fresh(contract).plan_revision
    do.save(contract, edit(upcoming, amount="255.00"), by=ben)

    with refused(Stale):
        approve(offer, by=mara, seen=seen)


@pytest.mark.parametrize("first", [approve, decline, answer, do.withdraw])
def test_counter_of_what_is_settled_is_refused(change, first):
    first(change)

    with refused(WrongMoment, ANSWERED):
        answer(change)


def test_answer_to_a_countered_suggestion_is_refused(change):
    counter(change, amount="260.00")

    for verb in (approve, decline):
        with refused(WrongMoment, ANSWERED):
            verb(change)


def test_counter_on_an_ended_contract_is_refused(contract, change):
    do.end(contract)

    with refused(WrongMoment, "This contract has ended, so its milestones cannot be changed."):
        answer(change)


@pytest.mark.parametrize("verb", [approve, decline, answer])
def test_answer_to_a_counter_on_an_ended_contract_is_refused(contract, change, mara, verb):
    offer = counter(change, amount="260.00")
    do.end(contract)

    with refused(WrongMoment, "This contract has ended, so its milestones cannot be changed."):
        verb(offer, by=mara)


def test_approval_of_a_counter_while_the_work_is_in_review_is_refused(contract, mara):
    milestone = milestone_at(State.FUNDED, contract, title="Pump", amount="100.00")
    offer = counter(do.suggest(milestone, amount="150.00"), title="Pump, two inlets", amount="100.00")
    do.hand_in_while_something_waits(milestone)

    with refused(WrongMoment, "The work on “Pump” is being reviewed. Answer it first, then its terms can change."):
        approve(offer, by=mara)


# --- Once -------------------------------------------------------------------------------------------------------------
def test_counter_with_the_same_key_does_nothing(contract, change):
    key, seen = uuid.uuid4(), fresh(contract).plan_revision
    answer(change, key=key, seen=seen)

    with nothing_changes():
        answer(change, key=key, seen=seen)


def test_counter_with_the_same_key_and_other_terms_is_stale(contract, change):
    key, seen = uuid.uuid4(), fresh(contract).plan_revision
    answer(change, key=key, seen=seen)

    with refused(Stale, "This page was saved already. Look at what is new, and repeat what you still want to do."):
        answer(change, key=key, seen=seen, terms=replace(change.asked, amount=Decimal(280)))


def test_counter_refused_does_not_use_up_the_key(change):
    key = uuid.uuid4()
    with refused(InvalidLines):
        answer(change, key=key, terms=change.asked)

    answer(change, key=key)

    assert Change.objects.pending().get().asked.amount == 270
