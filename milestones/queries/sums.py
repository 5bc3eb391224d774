"""How the contract's money came to where it stands, and whether it is there. What is in escrow is the ledger's."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter

from django.db.models import F

from contracts.models import Contract
from escrow.models import Transfer
from escrow.queries import through
from milestones.models import Change, Milestone
from milestones.models.milestone import IN_PROGRESS


@dataclass(frozen=True)
class Standing:
    """Where the contract's money stood from a moment on, in its currency."""

    at: datetime.datetime
    agreed: Decimal
    in_escrow: Decimal
    paid: Decimal


def history(contract: Contract) -> list[Standing]:
    """How the money came to where it stands, from the contract's start on; nothing while nothing was ever agreed.

    What is agreed is the sum of all accepted changes, less what was refunded; the rest is the ledger. Two queries.
    """
    accepted = Change.objects.filter(amendment__contract=contract, state=Change.State.ACCEPTED).order_by("answered_at")
    kind, zero = Transfer.Kind, Decimal()
    effects: list[tuple[datetime.datetime, Decimal, Decimal, Decimal]] = [
        (at, (asked or zero) - (base or zero), zero, zero)
        for at, asked, base in accepted.values_list("answered_at", "asked_amount", "base_amount")
        if at
    ]
    escrows = contract.milestones.filter(escrow__isnull=False).order_by().values("escrow")
    for at, what, amount in through(escrows):
        if what == kind.RELEASE:
            effects.append((at, zero, -amount, amount))
        elif what == kind.REFUND:
            effects.append((at, -amount, -amount, zero))
        else:
            effects.append((at, zero, amount, zero))
    return _summed(effects, since=contract.started_at)


def _summed(
    effects: list[tuple[datetime.datetime, Decimal, Decimal, Decimal]], *, since: datetime.datetime
) -> list[Standing]:
    effects.sort(key=itemgetter(0))
    if not effects:
        return []
    standings = [Standing(min(since, effects[0][0]), Decimal(), Decimal(), Decimal())]
    for at, agreed, in_escrow, paid in effects:
        last = standings[-1]
        standings.append(Standing(at, last.agreed + agreed, last.in_escrow + in_escrow, last.paid + paid))
    return standings


def escrow_problems() -> list[str]:
    """Every funded milestone whose escrow does not hold its amount, and every settled one whose escrow is not empty."""
    with_escrow = Milestone.objects.filter(escrow__isnull=False).select_related("escrow", "contract").order_by("id")
    wrong_full = with_escrow.filter(state__in=IN_PROGRESS).exclude(escrow__balance=F("amount"))
    wrong_empty = with_escrow.exclude(state__in=IN_PROGRESS).exclude(escrow__balance=0)
    without = Milestone.objects.filter(state__in=IN_PROGRESS, escrow=None)
    return [
        *(f"Milestone {m.pk}: escrow holds {m.held}, amount is {m.amount}." for m in wrong_full),
        *(f"Milestone {m.pk} is {m.state}, but its escrow holds {m.held}." for m in wrong_empty),
        *(f"Milestone {m.pk} is {m.state} and has no escrow account." for m in without),
    ]
