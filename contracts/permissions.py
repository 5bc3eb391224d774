"""Who may act on a contract. Pure predicates over rows that are already loaded."""

from typing import TYPE_CHECKING

from accounts.models import User
from accounts.permissions import acts_as_staff

if TYPE_CHECKING:
    from contracts.models import Contract


def is_party(contract: "Contract", user: User) -> bool:
    return contract.is_party(user)


def is_staff(contract: "Contract", user: User) -> bool:
    """Staff act for both parties, so never on a contract of their own."""
    return acts_as_staff(user, concerning=(contract.client_id, contract.freelancer_id))
