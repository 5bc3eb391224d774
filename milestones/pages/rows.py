"""What the pages show of the plan, written out once a row: templates neither format nor decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from contracts.models import Contract
from escrow.money import format_delta, format_money
from milestones.actions.deciding import is_late
from milestones.models import Change, Milestone
from milestones.pages.diff import FieldDiff, diff
from text.dates import day, moment
from text.markdown import render

SHORT_DESCRIPTION = 280
"""Longer descriptions are folded."""


ICONS = {
    Milestone.State.PROPOSED: "triangle",
    Milestone.State.ACCEPTED: "circle-dashed",
    Milestone.State.DECLINED: "x",
    Milestone.State.WITHDRAWN: "undo-2",
    Milestone.State.FUNDED: "lock",
    Milestone.State.SUBMITTED: "package-check",
    Milestone.State.PAID: "check",
    Milestone.State.REMOVED: "trash-2",
    Milestone.State.REFUNDED: "rotate-ccw",
}


TAGS = {
    Change.State.PROPOSED: ("waiting", "hourglass"),
    Change.State.ACCEPTED: ("approved", "check"),
    Change.State.DECLINED: ("declined", "x"),
    Change.State.COUNTERED: ("suggested", "triangle"),
    Change.State.WITHDRAWN: ("withdrawn", "undo-2"),
}


@dataclass(frozen=True)
class Safety:
    """Whether it is safe to start, in words (R21)."""

    is_safe: bool
    words: str


def safety(milestone: Milestone) -> Safety | None:
    """Computed from the decision and the ledger; None once the work is handed in.

    Source: seed, "only start work after the client has approved and funded the updated milestones".
    """
    state = milestone.State
    match milestone.state:
        case state.PROPOSED:
            return Safety(is_safe=False, words=_("Proposed – do not start"))
        case state.ACCEPTED:
            return Safety(is_safe=False, words=_("Approved, not funded – do not start"))
        case state.FUNDED if milestone.is_funded_in_full:
            return Safety(is_safe=True, words=_("Funded – safe to start"))
        case state.FUNDED:
            return Safety(is_safe=False, words=_("Not funded in full – do not start"))
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
    icon: str
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
    before_label: str
    after_label: str
    net: str
    letter: str
    is_mine: bool
    state: str
    state_label: str
    tag: str
    icon: str
    answer: str
    reason: str
    rounds: list[str]
    valid_until: str
    is_late: bool
    restore_url: str
    origin: str
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
    return PlanRow(
        number=number,
        pk=milestone.pk,
        title=milestone.title,
        description=render(milestone.description),
        is_long=len(milestone.description) > SHORT_DESCRIPTION,
        amount=format_money(milestone.amount, contract.currency),
        due=day(milestone.due_date) if milestone.due_date else "",
        is_overdue=milestone.is_overdue,
        state=milestone.state,
        state_label=milestone.get_state_display(),
        icon=ICONS[milestone.State(milestone.state)],
        safety=safety(milestone),
        suggestion=suggestion_row(change, viewer=viewer) if change else None,
        moves=moves,
        fund_url=reverse("milestones:fund", args=[contract.pk, milestone.pk]),
        chat_url=chat_about(contract, milestone.title, f"{contract.get_absolute_url()}#milestone-{milestone.pk}"),
    )


def suggestion_row(change: Change, *, viewer: User, rounds: Sequence[Change] = ()) -> SuggestionRow:
    """`rounds` are the suggestions that led to this one (`queries.rounds`)."""
    contract = change.amendment.contract
    url = reverse("milestones:amendment", args=[contract.pk, change.amendment.number])
    return SuggestionRow(
        pk=change.pk,
        kind=change.kind,
        kind_label=change.get_kind_display(),
        title=change.title,
        fields=diff(change, contract.currency),
        before_label=pgettext("terms", "Now") if change.state == change.State.PROPOSED else pgettext("terms", "Before"),
        after_label=pgettext("terms", "After") if _is_made_alone(change) else pgettext("terms", "Suggested"),
        net=format_delta(change.net, contract.currency),
        letter=change.amendment.letter,
        is_mine=change.amendment.author == viewer,
        state=change.state,
        state_label=_state_label(change),
        tag=TAGS[change.State(change.state)][0],
        icon=TAGS[change.State(change.state)][1],
        answer=_answered(change),
        reason=change.reason,
        rounds=[_round(earlier, contract.currency) for earlier in [*rounds, change]] if rounds else [],
        valid_until=day(change.valid_until) if change.valid_until else "",
        is_late=is_late(change),
        restore_url=_restore_url(change, viewer),
        origin=change.origin,
        chat_url=chat_about(contract, change.title, f"{url}#change-{change.pk}"),
    )


def _round(change: Change, currency: str) -> str:
    """One round of the thread in a line: who suggested what."""
    name = change.amendment.author.get_short_name()
    asked = change.asked
    if asked is None:
        return _("%(name)s: remove it") % {"name": name}
    amount, date = format_money(asked.amount, currency), asked.due_date
    if date is None:
        return _("%(name)s: %(amount)s, no due date") % {"name": name, "amount": amount}
    return _("%(name)s: %(amount)s, due %(date)s") % {"name": name, "amount": amount, "date": day(date)}


def _restore_url(change: Change, viewer: User) -> str:
    """Where to suggest the old terms, for whom did not agree to what the other party changed alone (R23)."""
    contract = change.amendment.contract
    if not _is_made_alone(change) or viewer != contract.freelancer or not contract.is_active:
        return ""
    return reverse("milestones:manage", args=[contract.pk]) + f"?do=restore:{change.pk}"


def _answered(change: Change) -> str:
    """Who answered and when; empty while it waits."""
    if not change.answered_by or not change.answered_at:
        return ""
    facts = {
        "name": change.answered_by.get_short_name(),
        "state": _state_label(change),
        "at": moment(change.answered_at),
    }
    return _("%(state)s by %(name)s, %(at)s") % facts


def _is_made_alone(change: Change) -> bool:
    """Whether it needed nobody's answer: the client changed what is not funded yet."""
    return change.state == change.State.ACCEPTED and change.answered_by == change.amendment.author


def _state_label(change: Change) -> str:
    return _("Applied at once") if _is_made_alone(change) else change.get_state_display()


def chat_about(contract: Contract, about: str, url: str) -> str:
    """The chat with a message begun that points at a milestone or a suggestion (R24)."""
    return reverse("messaging:chat", args=[contract.pk]) + "?" + urlencode({"about": about, "url": url})
