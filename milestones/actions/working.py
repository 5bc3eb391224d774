"""From funded to paid: submit, request changes, release; and what only staff do: refund, end the contract."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.holding import require_free
from contracts import permissions
from contracts.acting import May, acting
from contracts.events import ContractEnded, Quoted, record
from contracts.models import Contract
from escrow import actions as escrow
from milestones.actions import suggestions
from milestones.actions.moves import move
from milestones.events import MilestoneRefunded, MilestoneReleased, MilestoneReturned, MilestoneSubmitted, OfMilestone
from milestones.models import Milestone
from milestones.models.terms import NOTE_LENGTH, REASON_LENGTH
from milestones.plan import Plan
from web.refusals import WrongMoment, require_words

SETTLING = {"release", "refund"}
"""The moves after which a milestone's terms cannot change any more."""


def submit(milestone: Milestone, *, by: Actor, seen: int, key: uuid.UUID, note: str = "") -> None:
    """The freelancer hands in the work for review.

    Errors: Stale, WrongMoment unless it is funded in full (R21), NotYours, Invalid for a note that is too long.
    """
    require_words(note, most=NOTE_LENGTH)
    with _moving(milestone, "submit", MilestoneSubmitted, by=by, seen=seen, key=key, note=note):
        pass


def request_changes(milestone: Milestone, *, by: Actor, seen: int, key: uuid.UUID, note: str) -> None:
    """The client sends the work back.

    Errors: Invalid without a note, Stale, WrongMoment unless it was submitted, NotYours.
    """
    require_words(note, most=NOTE_LENGTH, otherwise=_("Say what should change."))
    with _moving(milestone, "request_changes", MilestoneReturned, by=by, seen=seen, key=key, note=note):
        pass


def release(milestone: Milestone, *, by: Actor, seen: int, key: uuid.UUID, note: str = "") -> None:
    """The client approves the work that they saw: all of its escrow goes to the freelancer.

    Errors: Stale, WrongMoment, NotYours, Invalid for a note that is too long.
    """
    require_words(note, most=NOTE_LENGTH)
    with _moving(milestone, "release", MilestoneReleased, by=by, seen=seen, key=key, note=note) as moved:
        if moved and moved.escrow:
            escrow.release(moved.escrow, to=moved.contract.freelancer, by=by, key=f"release-{moved.pk}")


def refund(milestone: Milestone, *, by: Actor, seen: int, key: uuid.UUID, note: str) -> None:
    """Staff send all of a milestone's escrow back to the client.

    Errors: Invalid without a reason, Stale, WrongMoment unless money is in escrow, NotYours.
    """
    require_words(note, most=REASON_LENGTH, otherwise=_("Say why: both sides read it."))
    staff = permissions.is_staff
    with _moving(milestone, "refund", MilestoneRefunded, by=by, seen=seen, key=key, note=note, may=staff) as moved:
        if moved and moved.escrow:
            escrow.refund(moved.escrow, by=by, key=f"refund-{moved.pk}")


def end_contract(contract: Contract, *, by: Actor, seen: int, key: uuid.UUID, reason: str) -> None:
    """Staff end the contract; suggestions that wait are closed.

    Errors: Invalid without a reason that both parties read, Stale, WrongMoment while money is in escrow, NotYours.
    """
    require_words(reason, most=REASON_LENGTH, otherwise=_("Say why: both sides read it."))
    require_free(by)
    staff = permissions.is_staff
    with acting(contract, "end", by=by, seen=seen, key=key, content=reason, may=staff) as locked:
        if locked is None:
            return
        if locked.milestones.in_progress().exists():
            raise WrongMoment(_("Money is in escrow. Release or refund each funded milestone first."))
        closed = suggestions.close_waiting(Plan.of(locked), by=by)
        locked.end()
        locked.save(update_fields=["state", "ended_at"])
        record(locked, ContractEnded(reason=Quoted(reason)), by=by, after=closed)


@contextmanager
def _moving(
    milestone: Milestone,
    move_name: str,
    kind: type[OfMilestone],
    *,
    by: Actor,
    seen: int,
    key: uuid.UUID,
    note: str,
    may: May = permissions.is_party,
) -> Iterator[Milestone | None]:
    """Move the milestone and record it. None when this very form was acted on before."""
    content = (milestone.pk, note)
    with acting(milestone.contract, move_name, by=by, seen=seen, key=key, content=content, may=may) as contract:
        if contract is None:
            yield None
            return
        plan = Plan.of(contract, only=milestone.pk)
        (milestone,) = plan.milestones
        if refusal := plan.why_not(milestone, move_name, by=by):
            raise refusal
        closed = suggestions.close_waiting(plan, by=by) if move_name in SETTLING else []
        move(milestone, move_name, by=by)
        yield milestone
        record(contract, kind.of(milestone, note), by=by, after=closed)
