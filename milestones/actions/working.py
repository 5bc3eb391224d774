"""From funded to paid: submit, request changes, release; and what only staff do: refund, end the contract."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.holding import require_free
from accounts.models import User
from contracts import actions as contracts
from contracts import permissions
from contracts.events import record
from contracts.models import Contract
from escrow import actions as escrow
from milestones.actions import suggestions
from milestones.actions.moves import move
from milestones.events import (
    MilestoneRefunded,
    MilestoneReleased,
    MilestoneReturned,
    MilestoneSubmitted,
    OfMilestone,
)
from milestones.models import Milestone
from web.refusals import Invalid, NotYours, WrongMoment


@transaction.atomic
def submit(milestone: Milestone, *, by: User, key: uuid.UUID, note: str = "") -> None:
    """The freelancer hands in the work for review. Errors: WrongMoment unless it is funded in full (R21), NotYours."""
    _act(milestone, "submit", MilestoneSubmitted, by=by, key=key, note=note)


@transaction.atomic
def request_changes(milestone: Milestone, *, by: User, key: uuid.UUID, note: str) -> None:
    """The client sends the work back. Errors: Invalid without a note, WrongMoment unless it was submitted, NotYours."""
    if not note.strip():
        raise Invalid(_("Say what should change."))
    _act(milestone, "request_changes", MilestoneReturned, by=by, key=key, note=note)


@transaction.atomic
def release(milestone: Milestone, *, by: User, key: uuid.UUID, note: str = "") -> None:
    """The client approves the work: all of its escrow goes to the freelancer. Errors: WrongMoment, NotYours."""
    acted = _act(milestone, "release", MilestoneReleased, by=by, key=key, note=note)
    if acted and acted.escrow:
        escrow.release(acted.escrow, to=acted.contract.freelancer, by=by, key=f"release-{acted.pk}")
        _withdraw_suggestions(acted.contract, of=acted)


@transaction.atomic
def refund(milestone: Milestone, *, by: User, key: uuid.UUID, note: str) -> None:
    """Staff send all of a milestone's escrow back to the client. Errors: Invalid without a reason, WrongMoment."""
    if not note.strip():
        raise Invalid(_("Say why: both parties will read it."))
    acted = _act(milestone, "refund", MilestoneRefunded, by=by, key=key, note=note)
    if acted and acted.escrow:
        escrow.refund(acted.escrow, by=by, key=f"refund-{acted.pk}")
        _withdraw_suggestions(acted.contract, of=acted)


@transaction.atomic
def end_contract(contract: Contract, *, by: User, reason: str) -> None:
    """Staff end the contract; suggestions that wait are withdrawn. Errors: WrongMoment while money is in escrow."""
    if not permissions.is_staff(contract, by):
        raise NotYours(_("Only staff can end a contract, and never one of their own."))
    require_free(by)
    contract = contracts.lock(contract, by=by)
    if contract.milestones.in_progress().exists():
        raise WrongMoment(_("Money is in escrow. Release or refund each funded milestone first."))
    _withdraw_suggestions(contract)
    contracts.end(contract, by=by, reason=reason)


def _act(
    milestone: Milestone, move_name: str, kind: type[OfMilestone], *, by: User, key: uuid.UUID, note: str = ""
) -> Milestone | None:
    """Lock, refuse a repeated form, move, record. None when this very form was acted on before."""
    contract = contracts.lock(milestone.contract, by=by)
    if contracts.is_repeated(contract, kind.verb, by=by, key=key, content=(milestone.pk, note)):
        return None
    milestone = Milestone.objects.select_related("escrow").get(pk=milestone.pk)
    milestone.contract = contract
    contracts.touch_plan(contract)
    move(milestone, move_name, by=by)
    record(contract, kind.of(milestone, note), by=by)
    return milestone


def _withdraw_suggestions(contract: Contract, *, of: Milestone | None = None) -> None:
    """What is settled cannot change any more, so a suggestion that waits goes, in its author's name."""
    changes = [change for change in suggestions.pending(contract) if of is None or change.milestone_id == of.pk]
    for change in changes:
        suggestions.withdraw(change, by=change.amendment.author)
    suggestions.close_if_answered({change.amendment for change in changes})
