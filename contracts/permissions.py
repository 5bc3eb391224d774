"""Who may act on a contract. Pure predicates over rows that are already loaded."""

from typing import TYPE_CHECKING

from accounts.models import User
from parties.permissions import acts_as_staff

if TYPE_CHECKING:
    from contracts.models import Contract


def is_party(contract: "Contract", user: User, verb: str) -> bool:
    return contract.is_party(user, verb)


def is_staff(contract: "Contract", user: User, _verb: str = "") -> bool:
    """Staff act for both parties, so never on a contract of their own."""
    return acts_as_staff(user, concerning=(contract.client, contract.freelancer))
