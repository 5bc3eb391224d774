import pytest

from accounts.models import User
from contracts.models import Contract
from parties.models import Party
from tests.factories import ContractFactory, UserFactory, organisation


@pytest.fixture
def nora(db: None) -> User:
    """The second owner of Mara's organisation."""
    return UserFactory.create(display_name="Nora Berg", email="nora@example.com", time_zone="Europe/Oslo")


@pytest.fixture
def bill(db: None) -> User:
    """The second owner of Ben's organisation."""
    return UserFactory.create(display_name="Bill Osei", email="bill@example.com", time_zone="Africa/Accra")


@pytest.fixture
def studio(mara, nora) -> Party:
    return organisation("Lindqvist Studio", mara, nora)


@pytest.fixture
def pumps(ben, bill) -> Party:
    return organisation("Okafor Pumps Ltd", ben, bill)


@pytest.fixture
def contract(pumps, studio) -> Contract:
    return ContractFactory(title="Pump housing", client=pumps, freelancer=studio)
