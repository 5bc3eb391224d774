"""One suggestion: what waits, and the three ways in which it ends. The caller holds the contract's lock."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.refusals import WrongMoment
from contracts.models import Contract
from escrow import actions as escrow
from milestones.actions.moves import move
from milestones.models import Amendment, Change


def pending(contract: Contract) -> list[Change]:
    """The suggestions that wait for an answer, in the order of the plan."""
    changes = Change.objects.pending().filter(amendment__contract=contract).in_order().with_plan()
    for change in changes:
        change.amendment.contract = change.milestone.contract = contract
    return list(changes)


def require_none_of_freelancer(contract: Contract) -> None:
    """Source: seed, "before clients can add or modify future milestones, your client must approve or reject" (R19)."""
    if Change.objects.pending().filter(amendment__contract=contract, amendment__author=contract.freelancer).exists():
        raise WrongMoment(
            _("%(name)s is waiting for your answer. Until you answer, you cannot add or change upcoming milestones.")
            % {"name": contract.freelancer.get_short_name()}
        )


def accept(change: Change, *, by: User) -> None:
    """Make the terms asked for the agreed ones. On a funded milestone the difference goes into its escrow (R18).

    Errors: InsufficientFunds; WrongMoment while the milestone's work is being reviewed.
    """
    milestone = change.milestone
    match change.kind:
        case Change.Kind.ADD:
            move(milestone, "accept", by=by)
        case Change.Kind.REMOVE:
            move(milestone, "remove", by=by)
        case Change.Kind.EDIT:
            _require_editable(change)
            more = top_up(change)
            assert change.asked is not None
            milestone.set_terms(change.asked)
            milestone.save()
            if more and milestone.escrow:
                escrow.top_up(milestone.escrow, more, by=by, key=f"change-{change.pk}")
    _answer(change, "accept", by=by)


def decline(change: Change, *, by: User, reason: str = "") -> None:
    """Leave the agreed terms as they are; a proposed milestone goes."""
    if change.kind == Change.Kind.ADD:
        move(change.milestone, "decline", by=by)
    _answer(change, "decline", by=by, reason=reason.strip())


def withdraw(change: Change, *, by: User) -> None:
    if change.kind == Change.Kind.ADD:
        move(change.milestone, "withdraw", by=by)
    _answer(change, "withdraw", by=by)


def top_up(change: Change) -> Decimal:
    """What goes into escrow at the moment this change is approved: nothing, unless the milestone is funded (R18)."""
    if change.kind == Change.Kind.EDIT and change.milestone.is_in_progress:
        return change.net
    return Decimal()


def close_if_answered(amendments: Iterable[Amendment]) -> None:
    for amendment in amendments:
        if not amendment.changes.filter(state=Change.State.PROPOSED).exists():
            amendment.closed_at = timezone.now()
            amendment.save(update_fields=["closed_at"])


def _answer(change: Change, verb: str, *, by: User, **facts: str) -> None:
    move(change, verb, by=by, answered_by=by, at=timezone.now(), **facts)


def _require_editable(change: Change) -> None:
    milestone = change.milestone
    if milestone.state not in (milestone.State.ACCEPTED, milestone.State.FUNDED):
        raise WrongMoment(
            _("The work on “%(title)s” is being reviewed. Answer it first, then its terms can change.")
            % {"title": milestone.title}
        )
