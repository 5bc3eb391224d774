"""The manage page between two presses of a button: what is staged lives in the form itself, never in the database.

Each milestone is a row named `m<id>`, each new one a row named `n<number>`. A row's mode says what is staged for it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from accounts.models import User
from contracts.models import Contract
from escrow import money
from messaging.models import Message
from milestones.forms import TermsForm, form_errors
from milestones.models import Change, Milestone, Terms
from milestones.plan import Plan
from milestones.rules import MAXIMUM_LINES, Line, Problem, Verb
from web.http import key_of

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
    origin: Message | None = None

    @property
    def milestone_id(self) -> int | None:
        """Of the milestone that the row is about, also if there is none with that number in this contract."""
        return int(self.name[1:]) if self.name.startswith("m") else None

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
        pk = self.milestone_id
        if self.mode == Mode.REMOVE:
            return Line(self.name, Verb.REMOVE, pk)
        if self.mode == Mode.EDIT and self.form and self.form.is_valid():
            verb = Verb.EDIT if pk else Verb.ADD
            origin = self.origin.get_absolute_url() if self.origin else ""
            return Line(self.name, verb, pk, self.form.terms(), self.form.valid_until_date(), origin)
        return None

    def draft(self, currency: str) -> Line | None:
        """As `line`, with each field that cannot be read left as it was: to see what else is wrong with the row."""
        if self.line() or self.mode != Mode.EDIT or not self.form or not self.form.is_bound:
            return self.line()
        terms = replace(self.before or Terms("-", money.minimum(currency)), **self.form.given())
        pk = self.milestone_id
        return Line(self.name, Verb.EDIT if pk else Verb.ADD, pk, terms, self.form.valid_until_date())


class Stage:
    """All rows of the page, read from what was posted over the plan as it is now."""

    def __init__(self, contract: Contract, posted: MultiValueDict[str, str] | None = None, *, by: User) -> None:
        self.contract, self.by = contract, by
        self.agreed = Plan.of(contract)
        self.plan = self.agreed.milestones
        self.dropped_row = self.is_cut = False
        self.rows = [Row(f"m{m.pk}", number, m) for number, m in enumerate(self.plan, 1)]
        if posted is not None:
            self._read(posted)

    def _read(self, posted: MultiValueDict[str, str]) -> None:
        in_plan = {row.name for row in self.rows}
        named = filter(_NAME.fullmatch, dict.fromkeys(posted.getlist("row")))
        beside = [name for name in named if name not in in_plan and posted.get(f"{name}-mode") == Mode.EDIT]
        gone = self._gone(beside[:MAXIMUM_LINES])
        self.rows += [Row(name, len(self.plan) + n, gone.get(name)) for n, name in enumerate(beside[:MAXIMUM_LINES], 1)]
        staged = [row for row in self.rows if _mode(posted.get(f"{row.name}-mode", ""))]
        self.is_cut = len(beside) > MAXIMUM_LINES or len(staged) > MAXIMUM_LINES
        for row in staged[:MAXIMUM_LINES]:
            row.mode = _mode(posted.get(f"{row.name}-mode", ""))
            if row.mode == Mode.EDIT and f"{row.name}-title" in posted:
                row.form = self._form(row, posted)
            elif row.mode == Mode.EDIT:
                self._open(row)
        self._read_origins(posted)

    def _read_origins(self, posted: MultiValueDict[str, str]) -> None:
        """The messages that new rows came from, as far as they are of this contract's chat."""
        named = {row.name: posted.get(f"{row.name}-origin", "") for row in self.rows if not row.milestone}
        keys = {name: key for name, text in named.items() if (key := key_of(text))}
        found = self.contract.messages.standing().in_bulk(keys.values()) if keys else {}
        for row in self.rows:
            row.origin = found.get(keys.get(row.name, 0))

    def _gone(self, names: list[str]) -> dict[str, Milestone]:
        """Milestones that left the plan while they were being edited: the rows stay, with what the person typed."""
        found = self.contract.milestones.in_bulk([int(name[1:]) for name in names if name.startswith("m")])
        for milestone in found.values():
            milestone.suggestion = None  # whatever waits is in the plan
        return {f"m{pk}": milestone for pk, milestone in found.items()}

    def _form(self, row: Row, posted: Mapping[str, str] | None = None) -> TermsForm:
        initial = row.before.typed(self.contract.currency) if row.before else {}
        if row.suggestion:
            initial["valid_until"] = row.suggestion.valid_until
        return self._terms_form(row, posted, initial)

    def _terms_form(self, row: Row, posted: Mapping[str, Any] | None, initial: dict[str, Any]) -> TermsForm:
        """The client's own changes need no answer, so their price needs no date."""
        asks_validity = self.contract.is_freelancer(self.by)
        currency = self.contract.currency
        return TermsForm(posted, prefix=row.name, currency=currency, initial=initial, asks_validity=asks_validity)

    def _open(self, row: Row, form: TermsForm | None = None) -> None:
        row.mode, row.form, row.has_focus = Mode.EDIT, form or self._form(row), True
        row.form.fields["title"].widget.attrs["autofocus"] = True

    def press(self, button: str) -> None:
        """Do what a staging button says: `add`, or `edit:m1`, `remove:m1`, `undo:m1`, `show:n1`. Others do nothing."""
        self._excuse_untouched()
        verb, _separator, name = button.partition(":")
        if not self.can_add and not self._is_own(name):
            return
        if verb == "add":
            self.propose()
        if verb in ("restore", "again"):
            self._stage_answered(verb, name)
        for row in [row for row in self.rows if row.name == name]:
            self._press_of_row(row, verb)

    def _press_of_row(self, row: Row, verb: str) -> None:
        match verb:
            case "edit":
                self._open(row)
            case "show" if row.form:
                self._open(row, row.form)
            case "remove" if row.milestone:
                row.mode, row.has_focus = Mode.REMOVE, True
            case "undo" if row.milestone:
                row.mode, row.form, row.has_focus = Mode.PLAIN, None, True
            case "remove" | "undo":
                self.rows.remove(row)
                self.dropped_row = True

    @property
    def can_add(self) -> bool:
        """Whether anything can be staged here: not on an ended contract, nor by the client while a suggestion waits."""
        return self.contract.is_active and self.agreed.why_blocked(by=self.by) is None

    def _is_own(self, name: str) -> bool:
        """Whether the row is a suggestion of this person, or one that is staged already: those can be taken back."""
        own = next((row for row in self.rows if row.name == name), None)
        return own is not None and (
            own.is_staged or (own.suggestion is not None and own.suggestion.amendment.is_of(self.by))
        )

    def _excuse_untouched(self) -> None:
        """A new row that nobody has filled in yet is not complained about before Save."""
        for row in self.rows:
            if row.form and not row.milestone and not row.form.has_changed():
                row.form = self._form(row)

    def propose(self) -> Row:
        taken = [int(row.name[1:]) for row in self.rows if not row.milestone_id]
        row = Row(f"n{max(taken, default=0) + 1}", len(self.rows) + 1)
        self._open(row)
        self.rows.append(row)
        return row

    def propose_from(self, key: str) -> None:
        """A new row that quotes a message of the chat; its suggestion leads back there. Unknown ones quote nothing."""
        if not self.can_add:
            return
        row = self.propose()
        if number := key_of(key):
            row.origin = self.contract.messages.standing().filter(pk=number).first()
        if row.origin:
            row.form = self._terms_form(row, None, {"description": row.origin.quoted()})
            row.form.fields["title"].widget.attrs["autofocus"] = True

    def _stage_answered(self, verb: str, key: str) -> None:
        """`restore`: the terms from before what the other party changed alone (R23). `again`: what was declined."""
        state = Change.State.ACCEPTED if verb == "restore" else Change.State.DECLINED
        changes = Change.objects.filter(amendment__contract=self.contract, state=state).select_related("amendment")
        number = key_of(key)
        change = changes.filter(pk=number).first() if number else None
        if change and verb == "restore":
            self._stage_terms(change.milestone_id, change.base)
        elif change and change.amendment.is_of(self.by):
            self._stage_terms(change.milestone_id, change.asked)

    def _stage_terms(self, milestone_pk: int, terms: Terms | None) -> None:
        """Open the milestone, or a new one where it is not in the plan, with these terms; without any, remove it."""
        if terms is None:
            self.press(f"remove:m{milestone_pk}")
            return
        row = next((row for row in self.rows if row.milestone and row.milestone.pk == milestone_pk), None)
        row = row or self.propose()
        as_typed = {f"{row.name}-{name}": value for name, value in terms.typed(self.contract.currency).items()}
        self._open(row, self._terms_form(row, as_typed, {}))

    def lines(self) -> list[Line]:
        """What would be saved. A row that was opened and left as it was asks for nothing."""
        lines = [(row, row.line()) for row in self.rows]
        return [line for row, line in lines if line and not _is_unchanged(row, line)]

    def drafts(self) -> list[Line]:
        """As `lines`, and what can be read of the rows with errors: to show all errors at once (R16)."""
        drafts = [(row, row.draft(self.contract.currency)) for row in self.rows]
        return [line for row, line in drafts if line and not _is_unchanged(row, line)]

    def show(self, problems: Iterable[Problem]) -> None:
        """Put each problem beside the field or the row that it is about, unless the field cannot be read anyway."""
        rows = {row.name: row for row in self.rows}
        unread = {row.name: set(row.form.errors) for row in self.rows if row.form}
        for problem in problems:
            row = rows[problem.row]
            if not (problem.field and row.form):
                row.problems.append(problem.sentence)
            elif problem.field not in unread[row.name]:
                row.form.add_error(problem.field, problem.sentence)

    @property
    def is_valid(self) -> bool:
        if self.is_cut:
            return False
        forms = [row.form for row in self.rows if row.form]
        return all(list(map(TermsForm.is_valid, forms))) and not any(row.problems for row in self.rows)

    @property
    def is_dirty(self) -> bool:
        return any(row.is_staged for row in self.rows)

    def errors(self) -> list[tuple[str, str]]:
        """For the summary on top: the id of the place and the sentence."""
        most = _("One Save can hold %(most)d lines. The others were left out.") % {"most": MAXIMUM_LINES}
        cut = [("", most)] if self.is_cut else []
        found = cut + [(f"row-{row.name}", problem) for row in self.rows for problem in row.problems]
        return found + [error for row in self.rows if row.form for error in form_errors(row.form)]


def _is_unchanged(row: Row, line: Line) -> bool:
    valid_until = row.suggestion.valid_until if row.suggestion else None
    return bool(line.terms) and line.terms == row.before and line.valid_until == valid_until


def _mode(text: str) -> Mode:
    return Mode(text) if text in list(Mode) else Mode.PLAIN
