"""The manage page between two presses of a button: what is staged lives in the form itself, never in the database.

Each milestone is a row named `m<id>`, each new one a row named `n<number>`. A row's mode says what is staged for it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.datastructures import MultiValueDict

from contracts.models import Contract
from escrow import money
from milestones import queries
from milestones.forms import TermsForm, form_errors
from milestones.models import Change, Milestone, Terms
from milestones.rules import Line, Problem, Verb

_NAME = re.compile(r"[mn][0-9]{1,18}")


class Mode(StrEnum):
    PLAIN = ""
    EDIT = "edit"
    REMOVE = "remove"


@dataclass
class Row:
    name: str
    number: int
    milestone: Milestone | None = None
    mode: Mode = Mode.PLAIN
    form: TermsForm | None = None
    problems: list[str] = field(default_factory=list)
    has_focus: bool = False

    @property
    def suggestion(self) -> Change | None:
        return self.milestone.suggestion if self.milestone else None

    @property
    def before(self) -> Terms | None:
        """What an edit of this row starts from: the suggestion that waits, or else the milestone's terms."""
        if self.milestone is None:
            return None
        return (self.suggestion.asked if self.suggestion else None) or self.milestone.terms

    @property
    def title(self) -> str:
        """The agreed name, by which both parties know the milestone."""
        return self.milestone.title if self.milestone else ""

    @property
    def is_staged(self) -> bool:
        """Whether leaving the page would lose something of this row."""
        return self.mode != Mode.PLAIN

    def line(self) -> Line | None:
        """What this row asks for; None when it asks for nothing or its fields cannot be read."""
        pk = self.milestone.pk if self.milestone else None
        if self.mode == Mode.REMOVE:
            return Line(self.name, Verb.REMOVE, pk)
        if self.mode == Mode.EDIT and self.form and self.form.is_valid():
            return Line(self.name, Verb.EDIT if pk else Verb.ADD, pk, self.form.terms())
        return None


class Stage:
    """All rows of the page, read from what was posted over the plan as it is now."""

    def __init__(self, contract: Contract, posted: MultiValueDict[str, str] | None = None) -> None:
        self.contract = contract
        self.plan = queries.plan(contract)
        self.rows = [Row(f"m{m.pk}", number, m) for number, m in enumerate(self.plan, 1)]
        if posted is not None:
            self._read(posted)

    def _read(self, posted: MultiValueDict[str, str]) -> None:
        in_plan = {row.name for row in self.rows}
        for name in filter(_NAME.fullmatch, dict.fromkeys(posted.getlist("row"))):
            if name not in in_plan and posted.get(f"{name}-mode") == Mode.EDIT:
                self.rows.append(Row(name, len(self.rows) + 1, self._gone(name)))
        for row in self.rows:
            row.mode = _mode(posted.get(f"{row.name}-mode", ""))
            if row.mode == Mode.EDIT and f"{row.name}-title" in posted:
                row.form = self._form(row, posted)
            elif row.mode == Mode.EDIT:
                self._open(row)

    def _gone(self, name: str) -> Milestone | None:
        """A milestone that left the plan while it was being edited: the row stays, with what the person typed."""
        return self.contract.milestones.filter(pk=int(name[1:])).first() if name.startswith("m") else None

    def _form(self, row: Row, posted: Mapping[str, str] | None = None) -> TermsForm:
        initial = vars(row.before).copy() if row.before else {}
        if row.before:
            initial["amount"] = _plain(row.before, self.contract.currency)
        return TermsForm(posted, prefix=row.name, currency=self.contract.currency, initial=initial)

    def _open(self, row: Row) -> None:
        row.mode, row.form, row.has_focus = Mode.EDIT, self._form(row), True
        row.form.fields["title"].widget.attrs["autofocus"] = True

    def press(self, button: str) -> None:
        """Do what a staging button says: `add`, or `edit:m1`, `remove:m1`, `undo:m1`. Unknown buttons do nothing."""
        verb, _separator, name = button.partition(":")
        if verb == "add":
            self.propose()
        for row in [row for row in self.rows if row.name == name]:
            match verb:
                case "edit":
                    self._open(row)
                case "remove" if row.milestone:
                    row.mode, row.has_focus = Mode.REMOVE, True
                case "undo" if row.milestone:
                    row.mode, row.form, row.has_focus = Mode.PLAIN, None, True
                case "remove" | "undo":
                    self.rows.remove(row)

    def propose(self) -> Row:
        taken = [int(row.name[1:]) for row in self.rows if not row.milestone]
        row = Row(f"n{max(taken, default=0) + 1}", len(self.rows) + 1)
        self._open(row)
        self.rows.append(row)
        return row

    def lines(self) -> list[Line]:
        """What would be saved. A row that was opened and left as it was asks for nothing."""
        lines = [(row, row.line()) for row in self.rows]
        return [line for row, line in lines if line and not (line.terms and line.terms == row.before)]

    def show(self, problems: Iterable[Problem]) -> None:
        """Put each problem beside the field or the row that it is about."""
        rows = {row.name: row for row in self.rows}
        for problem in problems:
            row = rows[problem.row]
            if problem.field and row.form:
                row.form.add_error(problem.field, problem.sentence)
            else:
                row.problems.append(problem.sentence)

    @property
    def is_valid(self) -> bool:
        forms = [row.form for row in self.rows if row.form]
        return all(list(map(TermsForm.is_valid, forms))) and not any(row.problems for row in self.rows)

    @property
    def is_dirty(self) -> bool:
        return any(row.is_staged for row in self.rows)

    def errors(self) -> list[tuple[str, str]]:
        """For the summary on top: the id of the place and the sentence."""
        found = [(f"row-{row.name}", problem) for row in self.rows for problem in row.problems]
        return found + [error for row in self.rows if row.form for error in form_errors(row.form)]


def _mode(text: str) -> Mode:
    return Mode(text) if text in list(Mode) else Mode.PLAIN


def _plain(terms: Terms, currency: str) -> str:
    """The amount as a person types it: no sign, no thousands, the currency's decimals."""
    return f"{terms.amount:.{money.decimals(currency)}f}"
