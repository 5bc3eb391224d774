"""A contract belongs to its two parties and has a day of its own."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from contracts.models import Contract, Receipt, matching
from tests.factories import ContractFactory, UserFactory


def test_visible_to_its_two_parties_and_nobody_else(contract, ben, mara, carol, staff):
    ContractFactory()

    people = {"ben": ben, "mara": mara, "carol": carol, "staff": staff}
    seen = {name: list(Contract.objects.visible_to(person)) for name, person in people.items()}

    assert seen == {"ben": [contract], "mara": [contract], "carol": [], "staff": []}


def test_visible_to_a_person_who_is_client_here_and_freelancer_there(contract, ben):
    other = ContractFactory(freelancer=ben)

    assert set(Contract.objects.visible_to(ben)) == {contract, other}


@pytest.mark.parametrize("words", ["pump", "HOUSING", "okafor", "Mara L", "housing mara"])
def test_matching_looks_at_the_title_and_both_names(contract, words):
    ContractFactory(
        title="Drawings", client=UserFactory(display_name="Ada"), freelancer=UserFactory(display_name="Kim")
    )

    assert list(Contract.objects.filter(matching(words))) == [contract]


def test_matching_takes_wildcards_as_letters(contract):
    assert not Contract.objects.filter(matching("%")).exists()
    assert not Contract.objects.filter(matching("P_mp")).exists()


def test_other_party_of_each(contract, ben, mara):
    assert (contract.other_party(ben), contract.other_party(mara)) == (mara.party, ben.party)


def test_today_is_the_day_in_the_zone_of_the_contract(db):
    """Around the date line, it is never the same day in these two zones."""
    west, east = ContractFactory(time_zone="Etc/GMT+12"), ContractFactory(time_zone="Pacific/Kiritimati")

    assert west.today() == timezone.now().astimezone(ZoneInfo("Etc/GMT+12")).date()
    assert east.today() - west.today() in (datetime.timedelta(days=1), datetime.timedelta(days=2))


def test_today_does_not_depend_on_the_zone_of_the_reader(contract):
    with timezone.override(ZoneInfo("Pacific/Kiritimati")):
        here = contract.today()
    with timezone.override(ZoneInfo("Etc/GMT+12")):
        assert contract.today() == here


# --- What the database refuses ----------------------------------------------------------------------------------------
def test_contract_with_oneself_is_refused(ben):
    with pytest.raises(IntegrityError, match="contracts_contract_two_parties"), transaction.atomic():
        ContractFactory(client=ben, freelancer=ben)


@pytest.mark.parametrize("fields", [{"state": "ended"}, {"ended_at": timezone.now()}, {"state": "lost"}])
def test_contract_with_state_and_time_that_disagree_is_refused(contract, fields):
    with pytest.raises(IntegrityError, match="contracts_contract_state_and_time_agree"), transaction.atomic():
        Contract.objects.update(**fields)


def test_second_receipt_for_one_form_is_refused(contract, ben):
    first = Receipt.objects.create(key="6f1c0a52-7b54-4c55-9b43-0d2f6d0f2c11", by=ben, contract=contract, digest="a")

    with pytest.raises(IntegrityError, match="contracts_receipt_once"), transaction.atomic():
        Receipt.objects.create(key=first.key, by=ben, contract=contract, digest="b")
