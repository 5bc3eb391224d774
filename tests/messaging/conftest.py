import pytest

from accounts.models import User
from contracts.models import Contract
from tests.factories import ContractFactory


@pytest.fixture
def contract(ben: User, mara: User) -> Contract:
    """Ben pays, Mara works; days begin and end in Berlin."""
    return ContractFactory(title="Pump housing", client=ben, freelancer=mara)
