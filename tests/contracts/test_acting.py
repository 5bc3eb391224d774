"""What every verb on a contract passes through: in which order it refuses, and that a refusal undoes all of it."""

import uuid

import pytest

from contracts.acting import acting
from contracts.models import Receipt
from contracts.permissions import is_staff
from tests import factories as do
from tests.factories import ContractFactory, fresh
from web.refusals import NotYours, Stale, WrongMoment

KEY = uuid.UUID(int=1)


@pytest.fixture
def contract(ben, mara):
    return ContractFactory(client=ben, freelancer=mara)


def act(contract, **given):
    """Whether there was anything left to do."""
    form = {"by": contract.client.person, "seen": fresh(contract).plan_revision, "key": KEY, **given}
    with acting(contract, "nod", **form) as locked:
        return locked is not None


def test_an_act_moves_the_plan_on_once(contract):
    seen = contract.plan_revision

    assert [act(contract, seen=seen), act(contract, seen=seen)] == [True, False]
    assert fresh(contract).plan_revision == seen + 1


def test_an_act_that_saw_no_plan_leaves_it_where_it_is(contract):
    assert act(contract, seen=None)
    assert (fresh(contract).plan_revision, Receipt.objects.count()) == (0, 1)


def test_an_act_on_an_older_plan_is_stale_and_leaves_no_receipt(contract):
    do.propose(contract)

    with pytest.raises(Stale):
        act(contract, seen=0)

    assert not Receipt.objects.filter(key=KEY).exists()
    assert act(contract)


def test_a_form_that_comes_back_after_the_end_was_acted_on_before(contract, ben):
    act(contract)
    do.end(contract)

    assert not act(contract, seen=0)
    with pytest.raises(WrongMoment):
        act(contract, key=uuid.uuid4())


def test_the_same_key_with_other_content_is_stale(contract):
    act(contract, content="yes")

    with pytest.raises(Stale):
        act(contract, content="no")


@pytest.mark.parametrize(("who", "may"), [("ben", {}), ("mara", {}), ("staff", {"may": is_staff})])
def test_the_parties_act_and_staff_where_the_verb_is_theirs(contract, who, may, request):
    assert act(contract, by=request.getfixturevalue(who), **may)


@pytest.mark.parametrize(
    ("who", "may"), [("carol", {}), ("staff", {}), ("ben", {"may": is_staff}), ("carol", {"may": is_staff})]
)
def test_nobody_else_does(contract, who, may, request):
    with pytest.raises(NotYours):
        act(contract, by=request.getfixturevalue(who), **may)


def test_staff_who_are_a_party_do_not_act_for_both(contract, ben):
    ben.is_staff = True
    ben.save()

    with pytest.raises(NotYours):
        act(contract, by=ben, may=is_staff)


def test_what_breaks_inside_undoes_the_receipt_and_the_version(contract):
    with pytest.raises(ZeroDivisionError), acting(contract, "nod", by=contract.client.person, seen=0, key=KEY):
        raise ZeroDivisionError

    assert (fresh(contract).plan_revision, Receipt.objects.count()) == (0, 0)
