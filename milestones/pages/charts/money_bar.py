"""Where the money stands, as one bar: paid, in escrow, agreed and not funded, suggested."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from escrow.money import format_delta, format_money
from milestones.pages.charts.scale import percent
from milestones.plan import Money

LEAST = Decimal(1)
"""Percent that the smallest amount gets, so that it is seen."""


@dataclass(frozen=True)
class Segment:
    """One stretch of the bar; `start` and `share` are percentages of the whole. An amount of nothing has no share."""

    kind: str
    label: str
    amount: str
    start: str
    share: str


@dataclass(frozen=True)
class MoneyBar:
    words: str
    segments: list[Segment]


def money_bar(money: Money, currency: str) -> MoneyBar:
    parts = [
        ("paid", _("Paid"), format_money(money.paid, currency)),
        ("escrow", _("In escrow"), format_money(money.in_escrow, currency)),
        ("unfunded", _("Not funded yet"), format_money(money.not_funded, currency)),
    ]
    if money.suggested:
        label = pgettext("sum of all suggested changes", "Suggested, net")
        parts.append(("suggested", label, format_delta(money.suggested, currency)))
    segments, start = [], Decimal()
    for (kind, label, amount), share in zip(parts, _shares(money), strict=False):
        segments.append(Segment(kind, label, amount, percent(float(start)), percent(float(share)) if share else ""))
        start += share
    return MoneyBar(", ".join(f"{label}: {amount}" for _kind, label, amount in parts), segments)


def _shares(money: Money) -> Sequence[Decimal]:
    """What is suggested to go is hatched at the end of what is not funded, for only that can go (R7)."""
    goes = min(-money.suggested, money.not_funded) if money.suggested < 0 else Decimal()
    amounts = [money.paid, money.in_escrow, money.not_funded - goes, goes or max(money.suggested, Decimal())]
    whole = sum(amounts, Decimal())
    shares = [max(100 * amount / whole, LEAST) if amount else Decimal() for amount in amounts]
    return [100 * share / sum(shares) if share else share for share in shares]
