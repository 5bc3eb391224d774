"""Whose turn it is: decided once, so that a row that is marked as the reader's own never says that they wait."""

from itertools import product

import pytest
from django.urls import reverse

from contracts.models import Contract
from milestones import queries
from milestones.pages.your_contracts import contract_rows
from milestones.queries import Step
from tests import factories as do
from tests.factories import ContractFactory, State, counter, milestone_at

THINGS = {
    "unfunded": lambda contract: milestone_at(State.ACCEPTED, contract),
    "in work": lambda contract: milestone_at(State.FUNDED, contract),
    "in review": lambda contract: milestone_at(State.SUBMITTED, contract),
    "paid": lambda contract: milestone_at(State.PAID, contract),
    "asked": do.propose,
    "countered": lambda contract: counter(do.propose(contract), amount="90.00"),
}

# By hand: what the client and the freelancer have to do, or wait for, when these things are there.
EXPECTED = {
    (): ("nothing", "nothing"),
    ("unfunded",): ("fund", "their_funds"),
    ("in work",): ("their_work", "deliver"),
    ("in review",): ("review", "their_review"),
    ("paid",): ("nothing", "nothing"),
    ("asked",): ("answer", "their_answer"),
    ("countered",): ("their_answer", "answer"),
    ("unfunded", "in work"): ("their_work", "deliver"),
    ("unfunded", "in review"): ("review", "their_review"),
    ("unfunded", "asked"): ("answer", "their_answer"),
    ("unfunded", "countered"): ("their_answer", "answer"),
    ("in work", "in review"): ("review", "deliver"),
    ("in work", "asked"): ("answer", "deliver"),
    ("in work", "countered"): ("their_answer", "answer"),
    ("in review", "asked"): ("answer", "their_answer"),
    ("in review", "countered"): ("review", "answer"),
    ("paid", "unfunded"): ("fund", "their_funds"),
    ("asked", "countered"): ("answer", "answer"),
    ("in work", "in review", "asked"): ("answer", "deliver"),
    ("unfunded", "in work", "in review", "paid"): ("review", "deliver"),
}


def steps(contract: Contract) -> tuple[str, str]:
    found = [
        queries.your_contracts(person).get(pk=contract.pk).step
        for person in (contract.client.person, contract.freelancer.person)
    ]
    return found[0], found[1]


@pytest.mark.parametrize("things", EXPECTED)
def test_step_of_each_party(contract, things):
    for thing in ("countered", "unfunded", "in work", "in review", "paid", "asked"):
        if thing in things:
            THINGS[thing](contract)

    assert steps(contract) == EXPECTED[things]


def test_step_of_an_ended_contract(contract):
    do.propose(contract)
    do.end(contract)

    assert steps(contract) == ("ended", "ended")


def test_what_is_theirs_waits_and_what_is_mine_does_not(ben, mara):
    """Over every combination of the things that there can be on one contract."""
    made = {}
    for chosen in product([False, True], repeat=3):
        contract = ContractFactory(client=ben, freelancer=mara)
        for thing, is_chosen in zip(("unfunded", "in work", "in review"), chosen, strict=True):
            if is_chosen:
                THINGS[thing](contract)
        if sum(chosen) % 2:
            do.propose(contract)
        made[contract.pk] = chosen

    for person in (ben, mara):
        contracts = list(queries.your_contracts(person))
        rows = contract_rows(contracts, viewer=person)
        assert len(rows) == len(made)
        assert [row.is_mine for row in rows] == sorted((row.is_mine for row in rows), reverse=True)
        waits = [row.next_step.startswith("Waiting for") or "is working" in row.next_step for row in rows]
        is_settled = [Step(each.step) == Step.NOTHING for each in contracts]
        assert [row.is_mine for row in rows] == [not (a or b) for a, b in zip(waits, is_settled, strict=True)]


def test_list_says_the_deadline_though_a_suggestion_waits(contract, mara_at):
    milestone_at(State.FUNDED, contract)
    do.propose(contract)

    mara_at.open(reverse("contracts:list"))

    assert "Deliver the funded work" in mara_at.response.text
    assert "Waiting for Ben" not in mara_at.response.text
