import uuid
from decimal import Decimal

import pytest

from accounts.models import User
from escrow import actions
from escrow.models import Account


@pytest.fixture
def give():
    """Put play money into a person's balance."""

    def give(person: User, amount: str = "1000.00", currency: str = "USD"):
        return actions.request_deposit(
            person.party,
            amount=Decimal(amount),
            currency=currency,
            gateway="sandbox",
            key=str(uuid.uuid4()),
            by=person,
        )

    return give


@pytest.fixture
def funded(ben, give) -> Account:
    """Ben's escrow with 300 dollars in it; 700 are left in her balance."""
    give(ben)
    escrow = actions.open_escrow(ben.party, "USD")
    actions.fund(escrow, Decimal("300.00"), by=ben, key="fund")
    return escrow
