"""Who may make which move. Pure predicates over rows that are already loaded."""

from typing import TYPE_CHECKING

from accounts.models import User
from contracts import permissions as of_contract
from parties.permissions import may_act

if TYPE_CHECKING:
    from milestones.models import Change, Milestone


def is_client(milestone: "Milestone", user: User) -> bool:
    return milestone.contract.is_client(user)


def is_freelancer(milestone: "Milestone", user: User) -> bool:
    return milestone.contract.is_freelancer(user)


def is_staff(milestone: "Milestone", user: User) -> bool:
    return of_contract.is_staff(milestone.contract, user)


def is_proposer(milestone: "Milestone", user: User) -> bool:
    return may_act(user, milestone.proposed_by)


def is_other_party(milestone: "Milestone", user: User) -> bool:
    return may_act(user, milestone.contract.other_side(milestone.proposed_by))


def may_accept(milestone: "Milestone", user: User) -> bool:
    """The client decides what is planned and may plan alone; the freelancer agrees to what the client suggests."""
    return is_client(milestone, user) or is_other_party(milestone, user)


def is_author(change: "Change", user: User) -> bool:
    return change.amendment.is_of(user)


def is_answerer(change: "Change", user: User) -> bool:
    """A suggestion is answered by the other party, never by its author."""
    return may_act(user, change.amendment.answerer)


def may_accept_change(change: "Change", user: User) -> bool:
    """As `may_accept`: what the client saves for upcoming milestones needs nobody's consent (R22)."""
    return is_answerer(change, user) or change.amendment.contract.is_client(user)


def may_close_change(change: "Change", user: User) -> bool:
    """Whoever settles what it is about: the client pays, staff refund or end."""
    contract = change.amendment.contract
    return contract.is_client(user) or of_contract.is_staff(contract, user)
