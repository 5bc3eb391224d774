"""The page on which a plan is pasted: the columns with what they become, and the lines with their fates."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from milestones.models import Terms
from milestones.pages.paste.fates import LABELS, Fate, Kind, written
from milestones.pages.paste.heads import ASKED, ROLES, Column
from milestones.pages.paste.pasting import PasteForm

ICONS = {
    Kind.NEW: "plus",
    Kind.CHANGED: "pencil",
    Kind.SAME: "check",
    Kind.LEFT: "minus",
    Kind.LATER: "clock",
    Kind.REFUSED: "octagon-alert",
}
STATES = {Kind.NEW: "approved", Kind.CHANGED: "suggested", Kind.REFUSED: "problem", Kind.LATER: "waiting"}


@dataclass(frozen=True)
class ColumnHead:
    id: str
    name: str
    options: list[tuple[str, str, bool]]
    is_wrong: bool


@dataclass(frozen=True)
class FateRow:
    """`fields` are hidden, `box` is the name of the box that puts the line on the manage page."""

    line: int
    label: str
    icon: str
    state: str
    says: list[str]
    title: str
    amount: str
    due_date: str
    description: str
    box: str
    is_ticked: bool
    fields: list[tuple[str, str]] = field(default_factory=list)


class PastePage:
    def __init__(self, form: PasteForm, fates: Sequence[Fate]) -> None:
        wrong = {place for place, _sentence in form.problems}
        self.columns = [_head(column, is_wrong=f"column-{column.number}" in wrong) for column in form.columns]
        self.samples = form.samples()
        self.not_used = form.not_used()
        self.not_read = ", ".join(map(str, form.not_read()))
        self.is_asking = form.is_bound and "which" in form.errors
        self.is_first = not (self.columns or self.is_asking)
        self.fates = [_fate(fate, form.currency) for fate in fates]
        counted = Counter(fate.kind for fate in fates)
        self.counts = [(str(LABELS[kind]), counted[kind]) for kind in Kind if counted[kind]]
        self.ticked = sum(fate.is_ticked for fate in fates)
        self.has_boxes = any(fate.name for fate in fates)
        self.first = next((fate.name for fate in fates if fate.is_ticked), "")

    @property
    def plan_title(self) -> str:
        return _("Your plan") if self.is_first else _("Correct the text, or choose another file")

    @property
    def plan_button(self) -> tuple[str, str]:
        """What it sends and what it says. What has been read, or asked about, is replaced."""
        return ("read", _("Read the plan")) if self.is_first else ("instead", _("Read this instead"))

    @property
    def columns_button(self) -> str:
        return _("Read again") if self.fates else _("Continue")


def _head(column: Column, *, is_wrong: bool) -> ColumnHead:
    offered = [role for role in ROLES if role != "reference" or column.role == role]
    options = [(role, str(ROLES[role]), role == column.role) for role in offered]
    choose = [("", _("Choose"), True)] if column.role == ASKED else []
    return ColumnHead(f"column-{column.number}", column.name, [*choose, *options], is_wrong or column.role == ASKED)


def _fate(fate: Fate, currency: str) -> FateRow:
    row, terms = fate.row, fate.terms or Terms("", Decimal())
    return FateRow(
        line=row.line,
        label=str(LABELS[fate.kind]),
        icon=ICONS[fate.kind],
        state=STATES.get(fate.kind, ""),
        says=fate.says,
        title=row.given["title"] or (row.label if fate.kind == Kind.LEFT else _("No name")),
        amount=written("amount", terms, currency) if "amount" in row.given else row.typed["amount"],
        due_date=written("due_date", terms, currency) if "due_date" in row.given else row.typed.get("due_date", ""),
        description=row.given.get("description", ""),
        box=f"{fate.name}-mode" if fate.name else "",
        is_ticked=fate.is_ticked,
        fields=fate.fields,
    )
