"""All of an act or nothing: when its last step breaks, every row is as it was. The only tests that replace our code."""

from collections.abc import Callable

import pytest

from tests import factories as do
from tests.factories import State, add, edit, milestone_at
from tests.milestones.snapshots import nothing_changes

NOTIFY = "notifications.actions.notify"
POST = "messaging.actions.post"
WRITE = "escrow.ledger.write"
CLOSE = "milestones.actions.suggestions.close_if_answered"


class Broken(Exception):
    """What a lost connection or a full disk would do."""


def breaks(*_arguments: object, **_options: object) -> None:
    raise Broken


def saving(contract):
    milestone = milestone_at(State.ACCEPTED, contract)
    return lambda: do.save(contract, add(), edit(milestone, amount="130.00"), message="Hello")


def revising(contract):
    change = do.propose(contract)
    return lambda: do.save(contract, edit(change.milestone, amount="130.00"), add("Two"))


def withdrawing(contract):
    change = do.propose(contract)
    return lambda: do.withdraw(change)


def editing_alone(contract):
    milestone = milestone_at(State.ACCEPTED, contract)
    return lambda: do.save(contract, edit(milestone, amount="130.00"), add(), by=contract.client.person)


def approving_an_increase(contract):
    change = do.suggest(milestone_at(State.FUNDED, contract), amount="150.00")
    do.deposit(contract.client.person)
    return lambda: do.approve(change)


def approving_and_funding(contract):
    change = do.propose(contract)
    do.deposit(contract.client.person)
    return lambda: do.approve(change, fund=True)


def declining(contract):
    change = do.propose(contract)
    return lambda: do.decline(change)


def funding(contract):
    milestone = milestone_at(State.ACCEPTED, contract)
    do.deposit(contract.client.person)
    return lambda: do.fund(milestone)


def submitting(contract):
    milestone = milestone_at(State.FUNDED, contract)
    return lambda: do.submit(milestone)


def releasing(contract):
    milestone = milestone_at(State.FUNDED, contract)
    do.suggest(milestone, amount="150.00")
    do.hand_in_while_something_waits(milestone)
    return lambda: do.release(milestone)


def refunding(contract):
    milestone = milestone_at(State.FUNDED, contract)
    do.suggest(milestone, amount="150.00")
    staff = do.UserFactory(is_staff=True)
    return lambda: do.refund(milestone, by=staff)


def ending(contract):
    do.propose(contract)
    staff = do.UserFactory(is_staff=True)
    return lambda: do.end(contract, by=staff)


@pytest.mark.parametrize(
    ("prepare", "step"),
    [
        (saving, NOTIFY),
        (saving, POST),
        (revising, NOTIFY),
        (withdrawing, NOTIFY),
        (editing_alone, NOTIFY),
        (approving_an_increase, WRITE),
        (approving_an_increase, CLOSE),
        (approving_an_increase, NOTIFY),
        (approving_and_funding, WRITE),
        (approving_and_funding, NOTIFY),
        (declining, NOTIFY),
        (funding, WRITE),
        (funding, NOTIFY),
        (submitting, NOTIFY),
        (releasing, WRITE),
        (releasing, CLOSE),
        (refunding, WRITE),
        (refunding, CLOSE),
        (ending, NOTIFY),
    ],
)
def test_act_that_breaks_at_a_late_step_leaves_nothing_behind(contract, monkeypatch, prepare, step):
    act: Callable[[], None] = prepare(contract)
    monkeypatch.setattr(step, breaks)

    with nothing_changes(), pytest.raises(Broken):
        act()
