"""Fund: the client puts the agreed amount of one milestone into its escrow (R20)."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from contracts import actions as contracts
from contracts import events
from escrow import actions as escrow
from milestones.actions.moves import move
from milestones.events import MilestoneFunded
from milestones.models import Change, Milestone
from web.refusals import WrongMoment


@transaction.atomic
def fund(milestone: Milestone, *, by: User, seen: int, key: uuid.UUID) -> None:
    """Move the milestone's amount from the client's balance into its escrow.

    Errors: Stale, NotYours, WrongMoment (not agreed, funded already, or a suggestion that touches it waits: R19),
    InsufficientFunds. Nothing moves then.
    """
    contract = contracts.lock(milestone.contract, by=by)
    if contracts.is_repeated(contract, "fund", by=by, key=key, content=milestone.pk):
        return
    contracts.require_current(contract, seen=seen)
    milestone = Milestone.objects.select_related("escrow").get(pk=milestone.pk)
    milestone.contract = contract
    if refusal := why_not_fundable(milestone):
        raise refusal
    contracts.touch_plan(contract)
    pay_in(milestone, by=by, key=f"form-{key}")


def why_not_fundable(milestone: Milestone) -> WrongMoment | None:
    """A suggestion that touches an upcoming milestone is answered before it is funded (R19)."""
    if not milestone.is_upcoming or not Change.objects.pending().filter(milestone=milestone).exists():
        return None
    sentence = _("A suggestion for this milestone waits for an answer. Answer it first, then fund.")
    return WrongMoment(sentence, topic="why-fund")


def pay_in(milestone: Milestone, *, by: User, key: str, quietly: bool = False) -> None:
    """Move state and money together. The caller holds the contract's lock. Errors: as `fund`."""
    contract = milestone.contract
    if milestone.escrow is None:
        milestone.escrow = escrow.open_escrow(contract.client, contract.currency)
    move(milestone, "fund", by=by)
    escrow.fund(milestone.escrow, milestone.amount, by=by, key=key)
    events.record(contract, MilestoneFunded.of(milestone), by=by, quietly=quietly)
