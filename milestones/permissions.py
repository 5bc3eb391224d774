"""Who may make which move. Pure predicates over rows that are already loaded."""

from typing import TYPE_CHECKING

from accounts.models import User
from contracts import permissions as of_contract

if TYPE_CHECKING:
    from milestones.models import Change, Milestone


def is_client(milestone: "Milestone", user: User) -> bool:
    return user == milestone.contract.client


def is_freelancer(milestone: "Milestone", user: User) -> bool:
    return user == milestone.contract.freelancer


def is_staff(milestone: "Milestone", user: User) -> bool:
    return of_contract.is_staff(milestone.contract, user)


def is_proposer(milestone: "Milestone", user: User) -> bool:
    return user == milestone.proposed_by


def is_other_party(milestone: "Milestone", user: User) -> bool:
    return milestone.contract.is_party(user) and user != milestone.proposed_by


def may_accept(milestone: "Milestone", user: User) -> bool:
    """The client decides what is planned and may plan alone; the freelancer agrees to what the client suggests."""
    return is_client(milestone, user) or is_other_party(milestone, user)


def is_author(change: "Change", user: User) -> bool:
    return user == change.amendment.author


def is_answerer(change: "Change", user: User) -> bool:
    """A suggestion is answered by the other party, never by its author."""
    return change.amendment.contract.is_party(user) and user != change.amendment.author


def may_accept_change(change: "Change", user: User) -> bool:
    """As `may_accept`: what the client saves for upcoming milestones needs nobody's consent (R22)."""
    return is_answerer(change, user) or user == change.amendment.contract.client


def may_close_change(change: "Change", user: User) -> bool:
    """Whoever settles what it is about: the client pays, staff refund or end."""
    contract = change.amendment.contract
    return user == contract.client or of_contract.is_staff(contract, user)
