"""A higher amount on active work: terms and exactly the difference move together, or nothing does (R18)."""

import uuid
from decimal import Decimal

from escrow.actions import InsufficientFunds
from escrow.models import Transfer
from escrow.queries import balance
from milestones.actions import Answer
from milestones.models import Change, Milestone
from notifications.models import Notification
from tests import factories as do
from tests.factories import State, add, approve, decide, edit, fresh, milestone_at
from tests.milestones.snapshots import refused


def in_escrow(milestone: Milestone) -> Decimal:
    found = fresh(milestone).escrow
    return found.balance if found else Decimal()


def test_approve_increase_moves_exactly_the_difference(contract, ben, mara):
    milestone = milestone_at(State.FUNDED, contract, title="Pump", amount="1200.00")
    change = do.suggest(milestone, amount="1500.00")
    do.deposit(ben, "450.00")
    Notification.objects.all().delete()

    approve(change)

    assert (fresh(milestone).amount, in_escrow(milestone), balance(ben.party, "USD")) == (1500, 1500, 150)
    transfer = Transfer.objects.latest("id")
    assert (transfer.kind, transfer.amount, transfer.credit) == ("top_up", 300, fresh(milestone).escrow)
    assert list(mara.notifications.values_list("text", flat=True)) == ["Ben approved “Pump”. $300.00 went into escrow."]


def test_approve_increase_after_a_revision_moves_the_last_difference(contract, ben):
    milestone = milestone_at(State.FUNDED, contract, amount="100.00")
    do.suggest(milestone, amount="200.00")
    change = do.suggest(milestone, amount="130.00")
    do.deposit(ben, "30.00")

    approve(change)

    assert (in_escrow(milestone), balance(ben.party, "USD")) == (130, 0)


def test_approve_increase_twice_moves_both_differences(contract, ben):
    milestone = milestone_at(State.FUNDED, contract, amount="100.00")
    do.deposit(ben, "50.00")

    for amount in ("120.00", "150.00"):
        approve(do.suggest(milestone, amount=amount))

    assert (in_escrow(milestone), balance(ben.party, "USD")) == (150, 0)


def test_approve_new_terms_of_active_work_without_a_new_amount_moves_nothing(contract, ben):
    milestone = milestone_at(State.FUNDED, contract)
    transfers = Transfer.objects.count()

    approve(do.suggest(milestone, title="Other", description="More"))

    assert (fresh(milestone).title, Transfer.objects.count()) == ("Other", transfers)


def test_approve_increase_without_balance_applies_nothing(contract, ben):
    milestone = milestone_at(State.FUNDED, contract, amount="100.00")
    change = do.suggest(milestone, amount="150.00")
    do.deposit(ben, "20.00")

    with refused(InsufficientFunds, "Your balance is $20.00; this needs $50.00. Add $30.00 and try again.") as refusal:
        approve(change)

    assert (refusal.value.missing, fresh(change).state) == (30, "proposed")


def test_approve_several_says_what_is_missing_for_all_of_them(contract, ben):
    active, upcoming = milestone_at(State.FUNDED, contract, amount="100.00"), milestone_at(State.ACCEPTED, contract)
    do.save(contract, edit(active, amount="150.00"), edit(upcoming, amount="80.00"), add("New", "70.00"))
    do.deposit(ben, "60.00")
    changes = Change.objects.pending()

    with refused(InsufficientFunds) as refusal:
        decide(contract, {change: Answer(approve=True, fund=True) for change in changes})

    assert refusal.value.missing == 50 + 80 + 70 - 60


def test_approve_increase_after_adding_the_missing_funds(contract, ben):
    milestone = milestone_at(State.FUNDED, contract, amount="100.00")
    change, key = do.suggest(milestone, amount="150.00"), uuid.uuid4()
    with refused(InsufficientFunds) as refusal:
        approve(change, key=key)

    do.deposit(ben, refusal.value.missing)
    approve(change, key=key)

    assert (in_escrow(milestone), balance(ben.party, "USD")) == (150, 0)
