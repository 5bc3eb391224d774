"""What the pages show of the plan, written out once a row: templates neither format nor decide."""

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from contracts.dates import day
from contracts.markdown import render
from contracts.models import Contract
from escrow.money import format_delta, format_money
from milestones.diff import FieldDiff, diff
from milestones.models import Change, Milestone
from milestones.queries import Money

SHORT_DESCRIPTION = 280
"""Longer descriptions are folded."""


@dataclass(frozen=True)
class Safety:
    """Whether it is safe to start, in words (R21). `level` picks the icon and the colour, never alone."""

    level: str
    words: str


def safety(milestone: Milestone) -> Safety | None:
    """Computed from the decision and the ledger; None once the work is handed in.

    Source: seed, "only start work after the client has approved and funded the updated milestones".
    """
    state = milestone.State
    match milestone.state:
        case state.PROPOSED:
            return Safety("stop", _("Proposed – do not start"))
        case state.ACCEPTED:
            return Safety("stop", _("Approved, not funded – do not start"))
        case state.FUNDED if milestone.is_funded_in_full:
            return Safety("go", _("Funded – safe to start"))
        case state.FUNDED:
            return Safety("stop", _("Not funded in full – do not start"))
    return None


@dataclass(frozen=True)
class PlanRow:
    number: int
    pk: int
    title: str
    description: str
    is_long: bool
    amount: str
    due: str
    is_overdue: bool
    state: str
    state_label: str
    safety: Safety | None
    suggestion: "SuggestionRow | None"
    moves: set[str]
    fund_url: str
    chat_url: str


@dataclass(frozen=True)
class SuggestionRow:
    """One line of an amendment, as both parties see it."""

    pk: int
    kind: str
    kind_label: str
    title: str
    fields: list[FieldDiff]
    net: str
    letter: str
    is_mine: bool
    state: str
    state_label: str
    reason: str
    chat_url: str


def plan_rows(milestones: list[Milestone], *, viewer: User) -> list[PlanRow]:
    return [_plan_row(number, milestone, viewer) for number, milestone in enumerate(milestones, 1)]


def _plan_row(number: int, milestone: Milestone, viewer: User) -> PlanRow:
    contract, change = milestone.contract, milestone.suggestion
    moves = milestone.moves_for(viewer) & {"fund", "submit", "request_changes", "release"}
    if not contract.is_active:
        moves = set()
    if change:
        moves -= {"fund"}
    is_open = milestone.state in (milestone.State.ACCEPTED, milestone.State.FUNDED)
    return PlanRow(
        number=number,
        pk=milestone.pk,
        title=milestone.title,
        description=render(milestone.description),
        is_long=len(milestone.description) > SHORT_DESCRIPTION,
        amount=format_money(milestone.amount, contract.currency),
        due=day(milestone.due_date) if milestone.due_date else "",
        is_overdue=bool(is_open and milestone.due_date and milestone.due_date < contract.today()),
        state=milestone.state,
        state_label=milestone.get_state_display(),
        safety=safety(milestone),
        suggestion=suggestion_row(change, viewer=viewer) if change else None,
        moves=moves,
        fund_url=reverse("milestones:fund", args=[contract.pk, milestone.pk]),
        chat_url=chat_about(contract, milestone.title, f"{contract.get_absolute_url()}#milestone-{milestone.pk}"),
    )


def suggestion_row(change: Change, *, viewer: User) -> SuggestionRow:
    contract = change.amendment.contract
    url = reverse("milestones:amendment", args=[contract.pk, change.amendment.number])
    return SuggestionRow(
        pk=change.pk,
        kind=change.kind,
        kind_label=change.get_kind_display(),
        title=change.title,
        fields=diff(change, contract.currency),
        net=format_delta(change.net, contract.currency),
        letter=change.amendment.letter,
        is_mine=change.amendment.author == viewer,
        state=change.state,
        state_label=change.get_state_display(),
        reason=change.reason,
        chat_url=chat_about(contract, change.title, f"{url}#change-{change.pk}"),
    )


def chat_about(contract: Contract, about: str, url: str) -> str:
    """The chat with a message begun that points at a milestone or a suggestion (R24)."""
    return reverse("messaging:chat", args=[contract.pk]) + "?" + urlencode({"about": about, "url": url})


@dataclass(frozen=True)
class Segment:
    """One stretch of the money bar."""

    kind: str
    label: str
    amount: str
    share: float


def money_bar(money: Money, currency: str) -> list[Segment]:
    parts = [
        ("paid", _("Paid"), money.paid),
        ("escrow", _("In escrow"), money.in_escrow),
        ("open", _("Not funded yet"), money.not_funded),
    ]
    whole = sum((amount for _kind, _label, amount in parts), Decimal()) + abs(money.suggested) or Decimal(1)
    segments = [
        Segment(kind, label, format_money(amount, currency), round(float(100 * amount / whole), 2))
        for kind, label, amount in parts
    ]
    if money.suggested:
        share = round(float(100 * abs(money.suggested) / whole), 2)
        label = pgettext("sum of all suggested changes", "Suggested, net")
        segments.append(Segment("suggested", label, format_delta(money.suggested, currency), share))
    return segments
