"""What the pages show of the plan: templates neither format nor decide."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from escrow.money import format_money
from milestones.models import Milestone
from milestones.pages.chat import chat_about
from milestones.pages.diff import Descriptions
from milestones.pages.parts import Part
from milestones.pages.suggestions import SuggestionRow
from milestones.plan import Plan
from text.dates import day
from text.shown import Shown

SHORT_DESCRIPTION = 280
"""Longer descriptions are folded."""

PLACED = ("title", "amount", "due_date", "description")

ICONS = {
    Milestone.State.PROPOSED: "triangle",
    Milestone.State.ACCEPTED: "circle-dashed",
    Milestone.State.DECLINED: "x",
    Milestone.State.WITHDRAWN: "undo-2",
    Milestone.State.CLOSED: "x",
    Milestone.State.FUNDED: "lock",
    Milestone.State.SUBMITTED: "package-check",
    Milestone.State.PAID: "check",
    Milestone.State.REMOVED: "trash-2",
    Milestone.State.REFUNDED: "rotate-ccw",
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


class PlanRow:
    """A milestone of the plan. Each value is worked out when a page asks for it: Manage shows no description."""

    def __init__(
        self,
        number: int,
        milestone: Milestone,
        *,
        viewer: User,
        shown: Shown,
        texts: Descriptions | None = None,
        part: int = 1,
    ) -> None:
        """`shown` and `texts` are those of all the page, `part` the part of the plan that it shows."""
        self.number, self.milestone, self.viewer = number, milestone, viewer
        self._shown, self._texts, self._part = shown, texts, part
        self.contract, self.pk, self.title = milestone.contract, milestone.pk, milestone.title
        self.state, self.icon = milestone.state, ICONS[milestone.State(milestone.state)]

    @cached_property
    def description(self) -> str:
        return self._shown[self.milestone.description]

    @property
    def is_long(self) -> bool:
        return len(self.milestone.description) > SHORT_DESCRIPTION

    @property
    def amount(self) -> str:
        return format_money(self.milestone.amount, self.contract.currency)

    @cached_property
    def due(self) -> str:
        return day(self.milestone.due_date) if self.milestone.due_date else ""

    @property
    def other_terms(self) -> list[tuple[str, str]]:
        """Label and words of the terms that have no place of their own in the row."""
        return [*self.milestone.terms.besides(*PLACED, currency=self.contract.currency)]

    @cached_property
    def is_overdue(self) -> bool:
        return self.milestone.is_overdue

    @property
    def state_label(self) -> str:
        return str(Milestone.State(self.state).label)  # Django's own way compares all choices each time

    @cached_property
    def safety(self) -> Safety | None:
        return safety(self.milestone)

    @cached_property
    def suggestion(self) -> SuggestionRow | None:
        change = self.milestone.suggestion
        return SuggestionRow(change, viewer=self.viewer, texts=self._texts) if change else None

    @cached_property
    def moves(self) -> set[str]:
        plan = Plan(self.contract, [self.milestone])
        return plan.moves_for(self.milestone, by=self.viewer) & {"fund", "submit", "request_changes", "release"}

    @property
    def fund_url(self) -> str:
        return reverse("milestones:fund", args=[self.contract.pk, self.pk])

    @property
    def chat_url(self) -> str:
        query = f"?rows={self._part}" if self._part > 1 else ""
        url = f"{self.contract.get_absolute_url()}{query}#milestone-{self.pk}"
        return chat_about(self.contract, self.title, url)


def plan_rows(part: Part, *, viewer: User) -> list[PlanRow]:
    shown = Shown(milestone.description for milestone in part.milestones)
    return [
        PlanRow(number, milestone, viewer=viewer, shown=shown, part=part.number)
        for number, milestone in enumerate(part.milestones, part.first)
    ]
