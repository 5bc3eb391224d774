"""What is read of money: a person's balances and statement, and the problems of the ledger."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils.text import capfirst

from accounts.models import User
from escrow import gateways
from escrow.models import Account, Deposit, Transfer
from escrow.money import currency_name, format_delta, format_money
from escrow.proof import ledger_problems
from parties.models import Party

__all__ = [
    "Balance",
    "Line",
    "Statement",
    "Waiting",
    "balance",
    "balances",
    "ledger_problems",
    "statement",
    "through",
    "waiting_deposits",
]

PAGE = 25
"""How many lines of the statement are shown at once."""

_OWN = (Account.Kind.CLIENT, Account.Kind.EARNINGS)


def balance(party: Party, currency: str) -> Decimal:
    """What the party can put into escrow now, in that currency."""
    found = Account.objects.filter(owner=party, kind=Account.Kind.CLIENT, currency=currency)
    return found.values_list("balance", flat=True).first() or Decimal(0)


@dataclass(frozen=True)
class Balance:
    """All that a party has in one currency, each part formatted. `owner` is the organisation whose money it is."""

    anchor: str
    name: str
    available: str
    in_escrow: str
    earned: str
    owner: str = ""


def balances(user: User) -> list[Balance]:
    """One row for each currency in which the person has an account, by code; then those of their organisations."""
    ordered = Account.objects.of(user).order_by("owner__name", "owner", "currency")
    sums = ordered.values("owner", "owner__name", "currency", "kind").annotate(total=Sum("balance"))
    rows: dict[tuple[int, str, str], dict[str, Decimal]] = {}
    for row in sums:
        key = row["owner"], row["owner__name"], row["currency"]
        rows.setdefault(key, {})[row["kind"]] = row["total"]
    return [_row(owner, name, currency, parts) for (owner, name, currency), parts in rows.items()]


def _row(owner: int, organisation: str, currency: str, parts: dict[str, Decimal]) -> Balance:
    available, in_escrow, earned = (
        format_money(parts.get(kind, Decimal(0)), currency)
        for kind in (Account.Kind.CLIENT, Account.Kind.ESCROW, Account.Kind.EARNINGS)
    )
    anchor = f"{currency}-{owner}" if organisation else currency
    return Balance(anchor, capfirst(currency_name(currency)), available, in_escrow, earned, organisation)


@dataclass(frozen=True)
class Waiting:
    """A deposit whose money has not arrived, as its owner sees it. `owner` is the organisation that waits for it."""

    pk: int
    owner: str
    reference: str
    requested_at: datetime
    amount: str
    instructions: str


def waiting_deposits(user: User) -> list[Waiting]:
    """Newest first; `actions.MOST_WAITING` at most."""
    return [
        Waiting(
            deposit.pk,
            deposit.owner.name,
            deposit.reference,
            deposit.requested_at,
            format_money(deposit.amount, deposit.currency),
            gateways.named(deposit.gateway).instructions(deposit),
        )
        for deposit in Deposit.objects.visible_to(user).waiting().select_related("owner").order_by("-pk")
    ]


# --- Escrow -----------------------------------------------------------------------------------------------------------
def through(escrows: "QuerySet[Any, Any]") -> list[tuple[datetime, str, Decimal]]:
    """When, of what kind and how much: each transfer into or out of these accounts, given as a query of their keys.

    One query along the accounts' indexes. What the owner has beside them is not in it.
    """
    into, out_of = Transfer.objects.filter(credit__in=escrows), Transfer.objects.filter(debit__in=escrows)
    columns = ("created_at", "kind", "amount", "pk")
    moved = into.values_list(*columns).union(out_of.values_list(*columns), all=True).order_by("created_at", "pk")
    return [(at, kind, amount) for at, kind, amount, _pk in moved]


# --- Statement --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Line:
    """One transfer as the person sees it: `amount` is signed and formatted, `reference` is that of a deposit.

    `owner` is the organisation whose money moved.
    """

    pk: int
    at: datetime
    owner: str
    text: str
    account: str
    reference: str
    amount: str
    is_credit: bool


@dataclass(frozen=True)
class Statement:
    """A page of it; `older` is the `before` of the next page, or None at the end."""

    lines: list[Line]
    older: int | None


def statement(user: User, *, before: int | None = None, size: int = PAGE) -> Statement:
    """The transfers that touched balance or earnings, the person's and their organisations', newest first.

    Those older than the transfer `before`.

    Each account is read along its own index, so a page costs the same however long the ledger is.
    """
    own = Account.objects.of(user).filter(kind__in=_OWN).select_related("owner")
    accounts = {account.pk: account for account in own}
    if not accounts:
        return Statement([], None)
    touching = [_newest(Q(**{side: pk}), before, size + 1) for pk in accounts for side in ("debit", "credit")]
    newest = touching[0].union(*touching[1:], all=True).order_by("-pk")[: size + 1]
    found = list(Transfer.objects.filter(pk__in=list(newest)).select_related("deposit").order_by("-pk"))
    lines = [_line(transfer, accounts) for transfer in found[:size]]
    return Statement(lines, lines[-1].pk if len(found) > size else None)


def _newest(touching: Q, before: int | None, size: int) -> "QuerySet[Transfer, int]":
    older = Q() if before is None else Q(pk__lt=before)
    return Transfer.objects.filter(touching, older).order_by("-pk").values_list("pk", flat=True)[:size]


def _line(transfer: Transfer, accounts: dict[int, Account]) -> Line:
    is_credit = transfer.credit_id in accounts
    account = accounts[transfer.credit_id if is_credit else transfer.debit_id]
    deposit = getattr(transfer, "deposit", None)
    return Line(
        pk=transfer.pk,
        at=transfer.created_at,
        owner=account.owner.name if account.owner else "",
        text=transfer.get_kind_display(),
        account=account.get_kind_display(),
        reference=deposit.reference if deposit else "",
        amount=format_delta(transfer.amount if is_credit else -transfer.amount, account.currency),
        is_credit=is_credit,
    )
