"""What both parties read: the plan in order, its money, what waits and for whom (R1, R3, R19, R21)."""

import datetime
from decimal import Decimal

import pytest
from django.db import transaction

from contracts.models import Contract, matching
from milestones import queries
from milestones.models import Change, Milestone
from milestones.pages.rows import safety
from milestones.plan import Money, Plan
from tests import factories as do
from tests.factories import ContractFactory, State, add, edit, fresh, milestone_at, remove

MARCH, APRIL, MAY = (datetime.date(2030, month, 1) for month in (3, 4, 5))
SAFETY = {
    State.PROPOSED: (False, "Proposed – do not start"),
    State.ACCEPTED: (False, "Approved, not funded – do not start"),
    State.FUNDED: (True, "Funded – safe to start"),
}


@pytest.fixture
def every_state(contract: Contract) -> Contract:
    """A contract with one milestone in each state but the one that ending it brings: 10.00, 20.00 … 90.00."""
    for number, state in enumerate((state for state in State if state != State.CLOSED), 1):
        if state != State.PROPOSED:
            milestone_at(state, contract, title=state.value, amount=f"{number}0.00")
    milestone_at(State.PROPOSED, contract, title="proposed", amount="10.00")
    return fresh(contract)


# --- The plan ---------------------------------------------------------------------------------------------------------
def test_plan_holds_what_is_agreed_or_proposed_in_order(every_state):
    titles = [milestone.title for milestone in queries.plan(every_state)]

    assert titles == ["accepted", "funded", "submitted", "paid", "proposed"]


def test_plan_of_another_contract_is_not_in_it(every_state):
    assert queries.plan(ContractFactory()) == []


def test_plan_gives_each_milestone_the_suggestion_that_waits_for_it(contract):
    milestone, other = milestone_at(State.ACCEPTED, contract), milestone_at(State.ACCEPTED, contract)
    do.decline(do.suggest(milestone, amount="120.00"))
    waiting = do.suggest(milestone, amount="130.00")

    assert [(row, row.suggestion) for row in queries.plan(contract)] == [(milestone, waiting), (other, None)]


@pytest.mark.parametrize("count", [1, 3])
def test_plan_is_two_queries(contract, django_assert_num_queries, count):
    for _ in range(count):
        do.suggest(milestone_at(State.FUNDED, contract), title="Other")

    with django_assert_num_queries(2):
        for row in queries.plan(contract):
            assert (row.contract, row.escrow.balance, row.suggestion.milestone) == (contract, 100, row)
            assert row.suggestion.amendment.party == row.suggestion.amendment.contract.freelancer


def test_money_of_every_state(every_state):
    money = Plan.of(every_state).money

    assert money == Money(paid=Decimal(70), in_escrow=Decimal(50 + 60), not_funded=Decimal(20), suggested=Decimal(10))
    assert money.total == 200


def test_money_suggested_is_the_net_of_all_that_waits(contract):
    edited, removed = milestone_at(State.ACCEPTED, contract), milestone_at(State.ACCEPTED, contract, amount="60.00")
    do.save(contract, add(amount="250.00"), edit(edited, amount="130.00"), remove(removed))

    assert Plan.of(contract).money.suggested == 250 + 30 - 60


def test_money_in_escrow_is_read_from_the_ledger(contract):
    milestone_at(State.FUNDED, contract, amount="100.00")

    with transaction.atomic():
        Milestone.objects.update(amount=Decimal(500))
        assert Plan.of(contract).money.in_escrow == 100
        transaction.set_rollback(True)


# --- How it came to stand there ---------------------------------------------------------------------------------------
def amounts(contract) -> list[tuple[int, int, int]]:
    return [(int(now.agreed), int(now.in_escrow), int(now.paid)) for now in queries.history(contract)]


def test_history_follows_each_decision_and_each_transfer(contract):
    milestone = milestone_at(State.PAID, contract, amount="100.00")
    milestone_at(State.DECLINED, contract, amount="70.00")
    other = milestone_at(State.FUNDED, contract, amount="50.00")
    do.deposit(contract.client.person, "10.00")
    do.approve(do.suggest(other, amount="60.00"))
    do.suggest(other, amount="90.00")
    milestone_at(State.REMOVED, contract, amount="30.00")

    history = queries.history(contract)

    assert amounts(contract)[:7] == [
        (0, 0, 0),
        (100, 0, 0),
        (100, 100, 0),
        (100, 0, 100),
        (150, 0, 100),
        (150, 50, 100),
        (150, 60, 100),  # the top-up is moved a moment before the change is answered
    ]
    assert amounts(contract)[7:] == [(160, 60, 100), (190, 60, 100), (160, 60, 100)]
    assert [now.at for now in history] == sorted(now.at for now in history)
    assert history[0].at == contract.started_at
    assert history[1].at == milestone.changes.get().answered_at


def test_history_of_what_was_refunded_is_agreed_no_more(contract):
    milestone_at(State.REFUNDED, contract, amount="80.00")

    assert amounts(contract) == [(0, 0, 0), (80, 0, 0), (80, 80, 0), (0, 0, 0)]


def test_history_ends_where_the_money_stands(every_state):
    money, last = Plan.of(every_state).money, queries.history(every_state)[-1]

    assert (last.agreed, last.in_escrow, last.paid) == (money.total, money.in_escrow, money.paid)


def test_history_knows_nothing_of_other_contracts_and_of_the_balance(contract, ben):
    milestone_at(State.PAID, ContractFactory(client=ben, freelancer=contract.freelancer))
    do.deposit(ben, "5000.00")
    do.propose(contract)

    assert queries.history(contract) == []


@pytest.mark.parametrize("count", [1, 3])
def test_history_is_two_queries(contract, django_assert_num_queries, count):
    for _ in range(count):
        milestone_at(State.PAID, contract)

    with django_assert_num_queries(2):
        assert len(queries.history(contract)) == 1 + 3 * count


def test_last_due_date_is_that_of_the_agreed_plan(contract):
    milestone_at(State.ACCEPTED, contract, due_date=MARCH)
    removed = milestone_at(State.ACCEPTED, contract, due_date=APRIL)
    do.save(contract, add(due_date=MAY), remove(removed))
    plan, changes = Plan.of(contract), list(Change.objects.pending().order_by("id"))

    assert plan.last_due_date() == APRIL
    assert plan.last_due_date(approving=changes) == MAY
    assert plan.last_due_date(approving=changes[1:]) == MARCH


def test_last_due_date_of_a_plan_without_dates(contract):
    milestone_at(State.ACCEPTED, contract)

    assert Plan.of(contract).last_due_date() is None


@pytest.mark.parametrize("state", State)
def test_safe_to_start_only_when_funded(contract, state):
    words = safety(milestone_at(state, contract))

    assert (words and (words.is_safe, words.words)) == SAFETY.get(state)


def test_safe_to_start_is_computed_from_the_ledger(contract):
    milestone = milestone_at(State.FUNDED, contract)
    milestone.amount += 1

    words = safety(milestone)

    assert (words.is_safe, words.words) == (False, "Not funded in full – do not start")


# --- What waits -------------------------------------------------------------------------------------------------------
def test_waiting_says_how_many_and_for_whom(contract, ben, mara):
    do.save(contract, add(amount="100.00"), add(amount="50.00", row="n2"))

    [waiting] = queries.waiting(contract, viewer=ben)

    assert (waiting.count, waiting.answerer) == (2, ben.party)
    assert (waiting.amendment.author, waiting.seen) == (mara, "")


def test_waiting_is_nothing_once_all_is_answered(contract):
    do.approve(do.propose(contract))

    assert queries.waiting(contract, viewer=contract.client.person) == []


def test_lines_of_an_amendment_are_in_the_order_of_the_plan(contract):
    first, second = milestone_at(State.ACCEPTED, contract), milestone_at(State.ACCEPTED, contract)
    amendment = do.save(contract, add(), remove(second), edit(first, amount="120.00"))

    assert [change.kind for change in queries.lines(amendment)] == ["edit", "remove", "add"]


def test_waiting_for_a_person_is_what_the_other_party_asked(contract, ben, mara, carol):
    change = do.propose(contract)

    assert list(Change.objects.waiting_for(ben)) == [change]
    assert not Change.objects.waiting_for(mara).exists()
    assert not Change.objects.waiting_for(carol).exists()


# --- Your contracts ---------------------------------------------------------------------------------------------------
def test_your_contracts_are_those_of_the_party(contract, ben, mara, carol, staff):
    other = ContractFactory(client=carol)

    assert [list(queries.your_contracts(person)) for person in (ben, mara, carol, staff)] == [
        [contract],
        [contract],
        [other],
        [],
    ]


def test_your_contracts_sum_the_plan(every_state, ben):
    suggested = queries.suggested([every_state], ben)

    money = queries.money_of([every_state], suggested)[every_state.pk]
    assert (money.total, money.in_escrow, money.paid, money.suggested) == (200, 110, 70, 10)
    assert money == Plan.of(every_state).money


def test_your_contracts_count_what_waits_from_both_sides(contract, ben, mara):
    do.save(contract, add(), add(row="n2"))

    as_client, as_freelancer = (queries.suggested([contract], person)[contract.pk] for person in (ben, mara))

    assert (as_client["theirs"], as_client["mine"]) == (2, 0)
    assert (as_freelancer["theirs"], as_freelancer["mine"]) == (0, 2)


def test_your_contracts_next_due_is_that_of_funded_work(contract, ben):
    milestone_at(State.ACCEPTED, contract, due_date=MARCH)
    milestone_at(State.FUNDED, contract, due_date=MAY)
    milestone_at(State.FUNDED, contract, due_date=APRIL)

    assert queries.your_contracts(ben).get().next_due == APRIL


def test_your_contracts_begin_with_what_waits_for_the_person(ben, mara):
    def of(*steps) -> Contract:
        made = ContractFactory(client=ben, freelancer=mara)
        for step in steps:
            step(made)
        return made

    nothing = of()
    to_fund = of(lambda made: milestone_at(State.ACCEPTED, made))
    to_review = of(lambda made: milestone_at(State.SUBMITTED, made))
    to_answer = of(do.propose)
    in_work = of(lambda made: milestone_at(State.FUNDED, made))

    assert list(queries.your_contracts(ben)) == [to_answer, to_review, to_fund, in_work, nothing]
    assert list(queries.your_contracts(mara)) == [in_work, to_answer, to_review, to_fund, nothing]


@pytest.mark.parametrize("count", [1, 3])
def test_your_contracts_are_one_query(ben, django_assert_num_queries, count):
    for _ in range(count):
        milestone_at(State.FUNDED, ContractFactory(client=ben))

    with django_assert_num_queries(1):
        assert [str(row.freelancer) and row.step for row in queries.your_contracts(ben)] == ["their_work"] * count


def test_counts_of_the_list(contract, ben):
    do.propose(contract)
    ContractFactory(client=ben)
    do.end(ContractFactory(client=ben))
    ContractFactory()

    assert queries.counts(ben) == {"open": 2, "ended": 1, "mine": 1, "shown": 2}
    assert queries.counts(ben, shown=matching("pump"))["shown"] == 3


# --- The proof --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "broken", "problem"),
    [
        (State.FUNDED, {"amount": Decimal(90)}, "Milestone {pk}: escrow holds 100.000, amount is 90.000."),
        (State.FUNDED, {"state": State.REFUNDED}, "Milestone {pk} is refunded, but its escrow holds 100.000."),
        (State.SUBMITTED, {"state": State.PAID}, "Milestone {pk} is paid, but its escrow holds 100.000."),
    ],
)
def test_escrow_problems_name_the_milestone(contract, state, broken, problem):
    milestone = milestone_at(state, contract, amount="100.00")
    assert queries.escrow_problems() == []

    with transaction.atomic():
        Milestone.objects.filter(pk=milestone.pk).update(**broken)
        assert queries.escrow_problems() == [problem.format(pk=milestone.pk)]
        transaction.set_rollback(True)
