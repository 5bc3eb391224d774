"""What the pages show of the plan: templates neither format nor decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import actor_of
from accounts.models import User
from contracts.events import Happened
from contracts.models import Contract, Event
from escrow.money import format_money
from milestones.events import MilestoneReturned
from milestones.models import Milestone, Terms
from milestones.pages.chat import chat_about
from milestones.pages.diff import Descriptions
from milestones.pages.parts import Part
from milestones.pages.suggestions import SuggestionRow
from milestones.plan import Plan
from text.dates import day, moment
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


@dataclass(frozen=True)
class Returned:
    """What the client asked to change of the work, and who and when in words."""

    note: str
    by: str


def returned_words(event: Event, contract: Contract) -> Returned:
    happened = Happened.kept(event)
    note = happened.note.text if isinstance(happened, MilestoneReturned) else ""
    actor = actor_of(event)
    assert actor
    facts = {"name": contract.name_of(actor, once=event.by_name), "at": moment(event.at)}
    return Returned(note, _("%(name)s, %(at)s") % facts)


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
        returned: Event | None = None,
        asked: Terms | None = None,
    ) -> None:
        """`shown` and `texts` are those of all the page, `part` the part of the plan that it shows.

        `returned` says what the client asked to change. With `asked`, it is shown as if these terms were agreed.
        """
        self.number, self.milestone, self.viewer = number, milestone, viewer
        self._shown, self._texts, self._part = shown, texts, part
        self._returned, self._asked, self.terms = returned, asked, asked or milestone.terms
        self.contract, self.pk, self.title = milestone.contract, milestone.pk, self.terms.title
        self.state, self.icon = milestone.state, ICONS[milestone.State(milestone.state)]

    @cached_property
    def description(self) -> str:
        return self._shown[self.terms.description]

    @property
    def is_long(self) -> bool:
        return len(self.terms.description) > SHORT_DESCRIPTION

    @property
    def amount(self) -> str:
        return format_money(self.terms.amount, self.contract.currency)

    @cached_property
    def due(self) -> str:
        return day(self.terms.due_date) if self.terms.due_date else ""

    @property
    def is_pending(self) -> bool:
        """Whether what is shown is not agreed."""
        return self._asked is not None or bool(self.state == Milestone.State.PROPOSED)

    @property
    def is_settled(self) -> bool:
        return bool(self.state == Milestone.State.PAID)

    @cached_property
    def returned(self) -> Returned | None:
        return returned_words(self._returned, self.contract) if self._returned else None

    @property
    def other_terms(self) -> list[tuple[str, str]]:
        """Label and words of the terms that have no place of their own in the row."""
        return [*self.terms.besides(*PLACED, currency=self.contract.currency)]

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
        if self._asked:
            return set()
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


def plan_rows(
    part: Part,
    *,
    viewer: User,
    numbers: Mapping[int, int],
    returned: Mapping[int, Event],
    asked: Mapping[int, Terms],
) -> list[PlanRow]:
    """`numbers`, `returned` and `asked` by milestone, the last two only where there is something."""
    shown = Shown((asked.get(each.pk) or each.terms).description for each in part.milestones)
    return [
        PlanRow(
            numbers[each.pk],
            each,
            viewer=viewer,
            shown=shown,
            part=part.number,
            returned=returned.get(each.pk),
            asked=asked.get(each.pk),
        )
        for each in part.milestones
    ]
