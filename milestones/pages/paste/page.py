"""The page on which a plan is pasted: the columns with what they become, and the lines with their fates."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from contracts.terms import Amount
from contracts.terms import Kind as KindOfTerm
from milestones.models import Terms
from milestones.pages.paste.fates import LABELS, Fate, Kind
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

BESIDE_NAME = {name: kind for name, kind in Terms.kinds().items() if not kind.is_name}
"""The terms that have a cell of their own beside the name of a line."""


@dataclass(frozen=True)
class ColumnHead:
    id: str
    name: str
    options: list[tuple[str, str, bool]]
    is_wrong: bool


@dataclass(frozen=True)
class TermCell:
    label: str
    text: str
    is_number: bool
    longest: int


@dataclass(frozen=True)
class FateRow:
    """`fields` are hidden, `box` is the name of the box that puts the line on the manage page."""

    line: int
    label: str
    icon: str
    state: str
    says: list[str]
    title: str
    terms: list[TermCell]
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
        self.term_heads = [_head_of(kind) for kind in BESIDE_NAME.values()]
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
    row = fate.row
    return FateRow(
        line=row.line,
        label=str(LABELS[fate.kind]),
        icon=ICONS[fate.kind],
        state=STATES.get(fate.kind, ""),
        says=fate.says,
        title=row.given["title"] or (row.label if fate.kind == Kind.LEFT else _("No name")),
        terms=[_cell(name, kind, fate, currency) for name, kind in BESIDE_NAME.items()],
        box=f"{fate.name}-mode" if fate.name else "",
        is_ticked=fate.is_ticked,
        fields=fate.fields,
    )


def _head_of(kind: KindOfTerm[Any]) -> tuple[str, bool]:
    return str(kind.label), isinstance(kind, Amount)


def _cell(name: str, kind: KindOfTerm[Any], fate: Fate, currency: str) -> TermCell:
    """What the line says of this term: as it was read, or else as it was typed."""
    given, text = fate.row.given, fate.row.typed.get(name, "")
    if name in given:
        text = kind.shown(getattr(fate.terms, name, given[name]), currency)
    return TermCell(str(kind.label), text, isinstance(kind, Amount), 160 if kind.is_prose else 40)
