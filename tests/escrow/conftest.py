import uuid
from decimal import Decimal

import pytest

from accounts.models import User
from escrow import actions
from escrow.models import Account


def _person(name: str, **fields) -> User:
    return User.objects.create_user(f"{name.lower()}@example.com", display_name=f"{name} Smith", **fields)


@pytest.fixture
def alice(db):
    return _person("Alice")


@pytest.fixture
def bob(db):
    return _person("Bob")


@pytest.fixture
def carol(db):
    return _person("Carol")


@pytest.fixture
def staff(db):
    return _person("Sam", is_staff=True, is_superuser=True)


@pytest.fixture
def give():
    """Put play money into a person's balance."""

    def give(person: User, amount: str = "1000.00", currency: str = "USD"):
        return actions.request_deposit(
            person, amount=Decimal(amount), currency=currency, gateway="sandbox", key=str(uuid.uuid4())
        )

    return give


@pytest.fixture
def funded(alice, give) -> Account:
    """Alice's escrow with 300 dollars in it; 700 are left in her balance."""
    give(alice)
    escrow = actions.open_escrow(alice, "USD")
    actions.fund(escrow, Decimal("300.00"), by=alice, key="fund")
    return escrow
