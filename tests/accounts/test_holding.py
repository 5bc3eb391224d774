"""For some days after staff gave a person a new address, that person moves no money."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from tests import factories as do
from tests.factories import ContractFactory, State, fresh, milestone_at
from tests.milestones.snapshots import refused
from web.refusals import WrongMoment


def hold(person: User, hours: int = 1) -> None:
    person.money_held_until = timezone.now() + timedelta(hours=hours)
    person.save()


@pytest.fixture
def contract(ben, mara):
    return ContractFactory(client=ben, freelancer=mara)


@pytest.mark.parametrize(("verb", "state"), [("fund", State.ACCEPTED), ("release", State.SUBMITTED)])
def test_held_client_neither_funds_nor_releases(contract, ben, verb, state):
    milestone = milestone_at(state, contract)
    do.deposit(ben)
    hold(ben)
    act = getattr(do, verb)

    with refused(WrongMoment) as refusal:
        act(milestone, by=User.objects.get(pk=ben.pk))

    assert refusal.value.sentence.startswith(
        "Our staff changed your e-mail address. To protect you, you can move money again on "
    )


def test_held_client_approves_nothing_that_costs(contract, ben):
    milestone = milestone_at(State.FUNDED, contract, amount="100.00")
    do.deposit(ben)
    change = do.suggest(milestone, amount="150.00")
    hold(ben)

    with refused(WrongMoment):
        do.approve(change, by=User.objects.get(pk=ben.pk))


def test_held_client_goes_on_with_all_else(contract, ben):
    change = do.propose(contract)
    hold(ben)

    do.approve(change, by=User.objects.get(pk=ben.pk))

    assert fresh(change.milestone).state == State.ACCEPTED


def test_held_staff_neither_refund_nor_end(contract, staff):
    milestone, other = milestone_at(State.FUNDED, contract), ContractFactory()
    hold(staff)

    with refused(WrongMoment):
        do.refund(milestone, by=staff)
    with refused(WrongMoment):
        do.end(other, by=staff)


def test_money_moves_again_afterwards(contract, ben):
    milestone = milestone_at(State.SUBMITTED, contract)
    hold(ben, hours=-1)

    do.release(milestone, by=User.objects.get(pk=ben.pk))

    assert fresh(milestone).state == State.PAID


def test_money_page_says_until_when(ben, as_):
    hold(ben)

    assert "you can move money again on" in as_(ben).get("/money/").text


def test_money_page_says_nothing_of_it_otherwise(ben, as_):
    assert "you can move money again on" not in as_(ben).get("/money/").text
