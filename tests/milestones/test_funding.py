"""The client funds what is agreed, later or as it is approved: R19, R20."""

import uuid
from decimal import Decimal

import pytest
from django.urls import reverse

from contracts.models import Event
from escrow.actions import InsufficientFunds
from escrow.models import Transfer
from escrow.queries import balance
from milestones.actions import Answer
from notifications.models import Notification
from tests import factories as do
from tests.factories import State, approve, decide, fresh, milestone_at
from tests.milestones.snapshots import nothing_changes, refused
from web.refusals import NotYours, Stale, WrongMoment

NOT_ACCEPTED = [state for state in State if state != State.ACCEPTED]


def in_escrow(milestone) -> Decimal:
    found = fresh(milestone).escrow
    return found.balance if found else Decimal()


def told_to(person) -> list[tuple[str, str]]:
    return list(person.notifications.order_by("id").values_list("text", "url"))


# --- Fund (R20) -------------------------------------------------------------------------------------------------------
def test_fund_moves_the_amount_from_the_balance_into_escrow(contract, ben):
    milestone = milestone_at(State.ACCEPTED, contract, amount="100.00")
    do.deposit(ben, "250.00")

    do.fund(milestone)

    assert (fresh(milestone).state, in_escrow(milestone), balance(ben.party, "USD")) == (State.FUNDED, 100, 150)
    assert fresh(milestone).is_funded_in_full
    transfer = Transfer.objects.latest("id")
    assert (transfer.kind, transfer.amount, transfer.by) == ("funding", 100, ben)


def test_fund_tells_the_freelancer(contract, ben, mara):
    milestone = milestone_at(State.ACCEPTED, contract, title="Pump", amount="100.00")
    do.deposit(ben)
    Notification.objects.all().delete()

    do.fund(milestone)

    assert told_to(mara) == [
        ("Ben put $100.00 into escrow for “Pump”.", reverse("contracts:detail", args=[contract.pk]))
    ]
    assert told_to(ben) == []


def test_fund_moves_the_plan_on(contract, ben):
    milestone = milestone_at(State.ACCEPTED, contract)
    do.deposit(ben)

    do.fund(milestone)

    assert fresh(contract).plan_revision == milestone.contract.plan_revision + 1


def test_fund_without_balance_is_refused(contract, ben):
    milestone = milestone_at(State.ACCEPTED, contract, amount="100.00")
    do.deposit(ben, "60.00")

    with refused(InsufficientFunds, "Your balance is $60.00; this needs $100.00. Add $40.00 and try again.") as refusal:
        do.fund(milestone)

    assert (refusal.value.missing, refusal.value.currency) == (40, "USD")


def test_fund_with_balance_in_another_currency_is_refused(contract, ben):
    milestone = milestone_at(State.ACCEPTED, contract, amount="100.00")
    do.deposit(ben, "500.00", "EUR")

    with refused(InsufficientFunds) as refusal:
        do.fund(milestone)

    assert refusal.value.missing == 100


@pytest.mark.parametrize("state", NOT_ACCEPTED)
def test_fund_what_is_not_agreed_and_unfunded_is_refused(contract, ben, state):
    milestone = milestone_at(state, contract)
    do.deposit(ben)

    with refused(WrongMoment):
        do.fund(milestone)


def test_fund_with_the_same_key_moves_once(contract, ben):
    milestone = milestone_at(State.ACCEPTED, contract)
    do.deposit(ben)
    key, seen = uuid.uuid4(), fresh(contract).plan_revision
    do.fund(milestone, key=key, seen=seen)

    with nothing_changes():
        do.fund(milestone, key=key, seen=seen)


def test_fund_another_milestone_with_the_same_key_is_stale(contract, ben):
    one, two = milestone_at(State.ACCEPTED, contract), milestone_at(State.ACCEPTED, contract)
    do.deposit(ben)
    key = uuid.uuid4()
    do.fund(one, key=key)

    with refused(Stale):
        do.fund(two, key=key)


def test_fund_on_an_older_plan_is_stale(contract, ben):
    milestone = milestone_at(State.ACCEPTED, contract)
    do.deposit(ben)
    seen = fresh(contract).plan_revision
    do.propose(contract)

    with refused(Stale):
        do.fund(milestone, seen=seen)


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("mara", "This is for the other side to do."),
        ("staff", "Only the two sides of this contract can do this."),
    ],
)
def test_fund_by_somebody_else_is_refused(contract, ben, who, sentence, request):
    milestone = milestone_at(State.ACCEPTED, contract)
    do.deposit(ben)

    with refused(NotYours, sentence):
        do.fund(milestone, by=request.getfixturevalue(who))


def test_fund_by_an_outsider_is_refused(contract, ben, carol):
    milestone = milestone_at(State.ACCEPTED, contract)
    do.deposit(ben)
    do.deposit(carol)

    with refused(NotYours, "Only the two sides of this contract can do this."):
        do.fund(milestone, by=carol)


def test_fund_on_an_ended_contract_is_refused(contract, ben):
    milestone = milestone_at(State.ACCEPTED, contract)
    do.deposit(ben)
    do.end(contract)

    with refused(WrongMoment, "This contract has ended, so its milestones cannot be changed."):
        do.fund(milestone)


@pytest.mark.parametrize("suggestion", [lambda m: do.suggest(m, amount="130.00"), do.suggest_removal])
def test_fund_waits_for_the_suggestion_that_touches_it(contract, ben, suggestion):
    milestone = milestone_at(State.ACCEPTED, contract)
    do.deposit(ben)
    suggestion(milestone)

    with refused(WrongMoment, "A suggestion for this milestone waits for an answer. Answer it first, then fund."):
        do.fund(milestone)


def test_fund_is_open_for_what_the_suggestion_does_not_touch(contract, ben):
    milestone, other = milestone_at(State.ACCEPTED, contract), milestone_at(State.ACCEPTED, contract)
    do.suggest(other, amount="130.00")
    do.deposit(ben)

    do.fund(milestone)

    assert fresh(milestone).state == State.FUNDED


def test_fund_after_the_answer_takes_the_agreed_amount(contract, ben):
    milestone = milestone_at(State.ACCEPTED, contract, amount="100.00")
    do.deposit(ben, "130.00")
    approve(do.suggest(milestone, amount="130.00"))

    do.fund(milestone)

    assert (in_escrow(milestone), balance(ben.party, "USD")) == (130, 0)


# --- Approve and fund in one step -------------------------------------------------------------------------------------
def test_approve_and_fund_a_new_milestone(contract, ben, mara):
    change = do.propose(contract, "Pump", "100.00")
    do.deposit(ben, "150.00")
    Notification.objects.all().delete()

    approve(change, fund=True)

    assert (fresh(change.milestone).state, in_escrow(change.milestone), balance(ben.party, "USD")) == (
        State.FUNDED,
        100,
        50,
    )
    assert [text for text, _url in told_to(mara)] == ["Ben approved “Pump”. $100.00 went into escrow."]
    assert [event.verb for event in Event.objects.order_by("-id")[:2]] == ["suggestions.decided", "milestone.funded"]


def test_approve_and_fund_an_upcoming_milestone_takes_the_new_amount(contract, ben):
    milestone = milestone_at(State.ACCEPTED, contract, amount="100.00")
    do.deposit(ben, "80.00")

    approve(do.suggest(milestone, amount="80.00"), fund=True)

    assert (fresh(milestone).state, in_escrow(milestone), balance(ben.party, "USD")) == (State.FUNDED, 80, 0)


def test_approve_and_fund_without_balance_applies_nothing(contract, ben):
    change = do.propose(contract, amount="100.00")
    do.deposit(ben, "99.99")

    with refused(InsufficientFunds) as refusal:
        approve(change, fund=True)

    assert refusal.value.missing == Decimal("0.01")


def test_decline_with_fund_moves_nothing(contract, ben):
    change = do.propose(contract)
    do.deposit(ben)

    decide(contract, {change: Answer(approve=False, fund=True)})

    assert (fresh(change.milestone).state, balance(ben.party, "USD")) == (State.DECLINED, 1000)
