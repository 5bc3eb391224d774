"""Fund: the client puts the agreed amounts of milestones into their escrows (R20)."""

import uuid
from collections.abc import Collection, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.actors import Actor
from contracts import events
from contracts.acting import acting
from contracts.models import Contract, Event
from escrow import actions as escrow
from milestones.actions.moves import move
from milestones.events import MilestoneFunded
from milestones.models import Milestone
from milestones.plan import Plan
from web.refusals import Invalid, WrongMoment


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


def fund_several(contract: Contract, milestones: Collection[int], *, by: Actor, seen: int, key: uuid.UUID) -> None:
    """Move the amounts of all of these milestones (by key) into their escrows, or of none; told once.

    Errors: Invalid when there is none, WrongMoment when one is not in the plan any more; else as `fund`.
    """
    with acting(contract, "fund_several", by=by, seen=seen, key=key, content=sorted(milestones)) as locked:
        if locked is None:
            return
        chosen = _fundable(Plan.of(locked), milestones, by=by)
        needed = sum((milestone.amount for milestone in chosen), Decimal())
        escrow.require(locked.client, needed, currency=locked.currency, by=by)
        *others, last = chosen
        told = [pay_in(each, by=by, key=f"form-{key}-{each.pk}", quietly=True) for each in others]
        pay_in(last, by=by, key=f"form-{key}-{last.pk}", after=told)


def _fundable(plan: Plan, wanted: Collection[int], *, by: Actor) -> list[Milestone]:
    chosen = [milestone for milestone in plan.milestones if milestone.pk in wanted]
    if not wanted:
        raise Invalid(_("Choose at least one milestone."))
    if len(chosen) < len(set(wanted)):
        raise WrongMoment(_("One of these milestones is not in the plan any more. Nothing was paid."))
    for milestone in chosen:
        if refusal := plan.why_not(milestone, "fund", by=by):
            raise refusal
    return chosen


def pay_in(milestone: Milestone, *, by: Actor, key: str, quietly: bool = False, after: Sequence[Event] = ()) -> Event:
    """Move state and money together. The caller holds the contract's lock. Errors: as `fund`."""
    contract = milestone.contract
    if milestone.escrow is None:
        milestone.escrow = escrow.open_escrow(contract.client, contract.currency)
    move(milestone, "fund", by=by)
    escrow.fund(milestone.escrow, milestone.amount, by=by, key=key)
    return events.record(contract, MilestoneFunded.of(milestone), by=by, quietly=quietly, after=after)
