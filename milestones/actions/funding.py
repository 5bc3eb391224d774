"""Fund: the client puts the agreed amount of one milestone into its escrow (R20)."""

import uuid

from accounts.actors import Actor
from contracts import events
from contracts.acting import acting
from escrow import actions as escrow
from milestones.actions.moves import move
from milestones.events import MilestoneFunded
from milestones.models import Milestone
from milestones.plan import Plan


def fund(milestone: Milestone, *, by: Actor, seen: int, key: uuid.UUID) -> None:
    """Move the milestone's amount from the client's balance into its escrow.

    Errors: Stale, NotYours, WrongMoment (not agreed, funded already, or a suggestion that touches it waits: R19),
    InsufficientFunds. Nothing moves then.
    """
    with acting(milestone.contract, "fund", by=by, seen=seen, key=key, content=milestone.pk) as contract:
        if contract is None:
            return
        plan = Plan.of(contract, only=milestone.pk)
        (milestone,) = plan.milestones
        if refusal := plan.why_not(milestone, "fund", by=by):
            raise refusal
        pay_in(milestone, by=by, key=f"form-{key}")


def pay_in(milestone: Milestone, *, by: Actor, key: str, quietly: bool = False) -> None:
    """Move state and money together. The caller holds the contract's lock. Errors: as `fund`."""
    contract = milestone.contract
    if milestone.escrow is None:
        milestone.escrow = escrow.open_escrow(contract.client, contract.currency)
    move(milestone, "fund", by=by)
    escrow.fund(milestone.escrow, milestone.amount, by=by, key=key)
    events.record(contract, MilestoneFunded.of(milestone), by=by, quietly=quietly)
