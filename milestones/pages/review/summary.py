"""The money shown before anybody decides: what the contract is now, what it becomes, and what moves at once (R9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from accounts.models import User
from contracts.models import Contract
from escrow.money import format_delta, format_money
from escrow.queries import balance
from milestones.answers import Answer, money_needed
from milestones.models import Change, Milestone
from milestones.plan import Plan
from text.dates import day


@dataclass(frozen=True)
class Summary:
    """What belongs to a balance is empty for a reader who does not pay."""

    contract_now: str
    change: str
    contract_then: str
    pays_now: str
    balance: str
    balance_after: str
    missing: str
    missing_plain: str
    last_due_now: str
    last_due_then: str
    moves_money: bool


def summarise(
    contract: Contract, milestones: list[Milestone], answers: Mapping[int, Answer], *, viewer: User | None
) -> Summary:
    """What these answers (by change) would do. The client's balance is for the client's eyes alone.

    Without a `viewer`, no balance is looked up.
    """
    changes = [m.suggestion for m in milestones if m.suggestion and m.suggestion.pk in answers]
    approved = [change for change in changes if answers[change.pk].applies(change)]
    needed = money_needed([(change, answers[change.pk]) for change in changes])
    is_clients = viewer is not None and contract.is_client(viewer)
    available = balance(contract.client, contract.currency) if is_clients else None
    return _summary(Plan(contract, milestones), approved, needed, available=available)


def _summary(plan: Plan, approved: list[Change], needed: Decimal, *, available: Decimal | None) -> Summary:
    currency, now = plan.contract.currency, plan.money.total
    net = sum((change.net for change in approved), Decimal())
    missing = max(needed - available, Decimal()) if available is not None else Decimal()
    return Summary(
        contract_now=format_money(now, currency),
        change=format_delta(net, currency),
        contract_then=format_money(now + net, currency),
        pays_now=format_money(needed, currency),
        balance=format_money(available, currency) if available is not None else "",
        balance_after=format_money(available - needed, currency) if available is not None and not missing else "",
        missing=format_money(missing, currency) if missing else "",
        missing_plain=f"{missing.normalize():f}" if missing else "",
        last_due_now=day(plan.last_due_date()),
        last_due_then=day(plan.last_due_date(approving=approved)),
        moves_money=bool(needed),
    )


def summarise_funding(contract: Contract, milestones: list[Milestone]) -> Summary:
    """What funding these milestones moves; the terms of the contract stay as they are."""
    needed = sum((milestone.amount for milestone in milestones), Decimal())
    return _summary(Plan(contract, milestones), [], needed, available=balance(contract.client, contract.currency))
