"""The review page between two presses of a button: the choices live in the form, never in the database."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from accounts.models import User
from contracts.models import Contract
from escrow.money import format_money
from milestones import queries
from milestones.actions import Answer
from milestones.actions.deciding import is_fundable_with
from milestones.forms import AnswerForm, TermsForm, form_errors, typed
from milestones.models import Amendment, Change, Terms
from milestones.pages.rows import SuggestionRow, suggestion_row
from milestones.rules import Problem
from text.dates import day

_KEY = re.compile(r"[0-9]{1,18}")


@dataclass
class AnswerLine:
    change: Change
    row: SuggestionRow
    form: AnswerForm
    offer: TermsForm
    """The fields of "Suggest something else", filled with what was suggested."""
    fund_amount: str
    """What "Fund it now" would cost; empty where approving leaves nothing to fund."""

    @property
    def revision(self) -> str:
        return f"{self.change.pk}:{self.change.revised_in}"

    @property
    def offer_in_words(self) -> str:
        """The terms of an offer that has been read without errors."""
        terms = self.offer.terms()
        facts = {
            "title": terms.title,
            "amount": format_money(terms.amount, self.offer.currency),
            "date": day(terms.due_date),
        }
        if terms.due_date is None:
            return _("“%(title)s”, %(amount)s, no due date.") % facts
        return _("“%(title)s”, %(amount)s, due %(date)s.") % facts

    @property
    def forms(self) -> list[forms.Form]:
        """The forms that count: the offer's only when something else is suggested."""
        counts = self.form.is_bound and self.form["choice"].value() == "counter"
        return [self.form, self.offer] if counts else [self.form]

    def errors(self) -> list[tuple[str, str]]:
        forms_bound = [form for form in self.forms if form.is_bound]
        of_line = [
            (f"change-{self.change.pk}", str(error)) for form in forms_bound for error in form.non_field_errors()
        ]
        return of_line + [error for form in forms_bound for error in form_errors(form)]


class Answers:
    """Each suggestion that waits: those to answer with the choice made so far, and the reader's own."""

    def __init__(self, contract: Contract, *, by: User, posted: MultiValueDict[str, str] | None = None) -> None:
        self.contract, self.by, self._posted = contract, by, posted
        self.plan = queries.plan(contract)
        self.waiting = queries.waiting(contract)
        changes = [m.suggestion for m in self.plan if m.suggestion]
        self._rounds = queries.rounds(changes)
        self.lines = [self._line(change) for change in changes if change.amendment.author != by]
        self.own = [self._row(change) for change in changes if change.amendment.author == by]

    @property
    def amendment(self) -> Amendment | None:
        """The one whose lines are to be answered, or else the reader's own."""
        to_answer = [waiting.amendment for waiting in self.waiting if waiting.answerer == self.by]
        return next(iter(to_answer or [waiting.amendment for waiting in self.waiting]), None)

    def _row(self, change: Change) -> SuggestionRow:
        return suggestion_row(change, viewer=self.by, rounds=self._rounds[change.pk])

    def _line(self, change: Change) -> AnswerLine:
        price = change.asked_amount if is_fundable_with(change) and self.by == self.contract.client else None
        return AnswerLine(
            change=change,
            row=self._row(change),
            form=AnswerForm(self._posted, prefix=_prefix(change.pk)),
            offer=self._offer(change.pk, initial=change.asked or change.milestone.terms),
            fund_amount=format_money(price, self.contract.currency) if price else "",
        )

    def _offer(self, key: int, *, initial: Terms | None = None) -> TermsForm:
        currency, prefix = self.contract.currency, f"{_prefix(key)}-offer"
        posted = self._posted if self._posted and f"{prefix}-title" in self._posted else None
        return TermsForm(posted, prefix=prefix, currency=currency, initial=typed(initial, currency) if initial else {})

    def approve_all(self) -> None:
        """As if the person had chosen Approve on each line; what they ticked to fund stays ticked."""
        assert self._posted is not None
        self._posted = self._posted.copy()
        for line in self.lines:
            self._posted[f"{_prefix(line.change.pk)}-choice"] = "approve"
        self.lines = [self._line(line.change) for line in self.lines]

    def forget_revised(self, seen: list[str]) -> None:
        """Drop the choice on each line whose revision is not among those seen (as "line:revision")."""
        for line in self.lines:
            if line.revision not in seen:
                line.form = AnswerForm(prefix=_prefix(line.change.pk))

    def show(self, problems: Iterable[Problem]) -> None:
        """Put each problem beside the field of the offer that it is about."""
        lines = {str(line.change.pk): line for line in self.lines}
        for problem in problems:
            lines[problem.row].offer.add_error(problem.field, problem.sentence)

    def as_query(self) -> str:
        """The choices as the query of the review page's address, to come back to them from elsewhere."""
        named = [(name, value) for line in self.lines for name, value in _values(line).items() if value]
        return urlencode(named)

    @property
    def is_valid(self) -> bool:
        forms_that_count = [form for line in self.lines for form in line.forms]
        return all(list(map(forms.Form.is_valid, forms_that_count)))

    def errors(self) -> list[tuple[str, str]]:
        """For the summary on top: the id of the place and the sentence."""
        return [error for line in self.lines for error in line.errors()]

    def posted(self) -> dict[int, Answer]:
        """Every choice that was posted, also for a line that is answered by now: deciding twice must say so."""
        assert self._posted is not None
        keys = [int(key) for key in self._posted.getlist("line") if _KEY.fullmatch(key)]
        answers = {key: self._answer(key) for key in keys}
        return {key: answer for key, answer in answers.items() if answer}

    def _answer(self, key: int) -> Answer | None:
        form, offer = AnswerForm(self._posted, prefix=_prefix(key)), self._offer(key)
        if not form.is_valid() or not form.cleaned_data["choice"]:
            return None
        match form.cleaned_data["choice"]:
            case "approve":
                return Answer(approve=True, fund=form.cleaned_data["fund"])
            case "counter":
                return Answer(approve=False, counter=offer.terms()) if offer.is_valid() else None
        return Answer(approve=False, reason=form.cleaned_data["reason"])

    def chosen(self) -> dict[int, Answer]:
        """The choices on what waits now."""
        waiting = {line.change.pk for line in self.lines}
        return {key: answer for key, answer in self.posted().items() if key in waiting}


def _values(line: AnswerLine) -> dict[str, str]:
    if not (line.form.is_bound and line.form.is_valid() and line.form.cleaned_data["choice"]):
        return {}
    values = {"line": str(line.change.pk)}
    for form in line.forms:
        values |= {form.add_prefix(name): str(form[name].value() or "") for name in form.fields}
    return values


def _prefix(key: int) -> str:
    return f"line{key}"
