"""The review page between two presses of a button: the choices live in the form, never in the database."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.datastructures import MultiValueDict

from accounts.models import User
from contracts.models import Contract
from escrow.money import format_money
from milestones import queries
from milestones.actions import Answer
from milestones.actions.deciding import is_fundable_with
from milestones.forms import AnswerForm, form_errors
from milestones.models import Change
from milestones.rows import SuggestionRow, suggestion_row

_KEY = re.compile(r"[0-9]{1,18}")


@dataclass
class AnswerLine:
    change: Change
    row: SuggestionRow
    form: AnswerForm
    fund_amount: str
    """What "Fund it now" would cost; empty where approving leaves nothing to fund."""

    @property
    def revision(self) -> str:
        return f"{self.change.pk}:{self.change.revised_in}"


class Answers:
    """Each suggestion that waits, with the choice made for it so far."""

    def __init__(self, contract: Contract, *, by: User, posted: MultiValueDict[str, str] | None = None) -> None:
        self.contract, self.by, self._posted = contract, by, posted
        self.plan = queries.plan(contract)
        self.waiting = queries.waiting(contract)
        self.lines = [self._line(m.suggestion) for m in self.plan if m.suggestion]

    @property
    def is_author(self) -> bool:
        return self.waiting is not None and self.waiting.amendment.author == self.by

    def _line(self, change: Change) -> AnswerLine:
        price = change.asked_amount if is_fundable_with(change) else None
        return AnswerLine(
            change=change,
            row=suggestion_row(change, viewer=self.by),
            form=AnswerForm(self._posted, prefix=_prefix(change.pk)),
            fund_amount=format_money(price, self.contract.currency) if price else "",
        )

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

    def as_query(self) -> str:
        """The choices as the query of the review page's address, to come back to them from elsewhere."""
        named = [(name, value) for line in self.lines for name, value in _values(line).items() if value]
        return urlencode(named)

    @property
    def is_valid(self) -> bool:
        forms = [line.form for line in self.lines]
        return all(list(map(AnswerForm.is_valid, forms)))

    def errors(self) -> list[tuple[str, str]]:
        return [error for line in self.lines if line.form.is_bound for error in form_errors(line.form)]

    def posted(self) -> dict[int, Answer]:
        """Every choice that was posted, also for a line that is answered by now: deciding twice must say so."""
        assert self._posted is not None
        keys = [int(key) for key in self._posted.getlist("line") if _KEY.fullmatch(key)]
        forms = {key: AnswerForm(self._posted, prefix=_prefix(key)) for key in keys}
        return {key: _answer(form) for key, form in forms.items() if form.is_valid() and form.cleaned_data["choice"]}

    def chosen(self) -> dict[int, Answer]:
        """The choices on what waits now."""
        waiting = {line.change.pk for line in self.lines}
        return {key: answer for key, answer in self.posted().items() if key in waiting}


def _values(line: AnswerLine) -> dict[str, str]:
    form = line.form
    if not (form.is_bound and form.is_valid() and form.cleaned_data["choice"]):
        return {}
    answer = {form.add_prefix(name): str(value) if value else "" for name, value in form.cleaned_data.items()}
    return {"line": str(line.change.pk)} | answer


def _prefix(key: int) -> str:
    return f"line{key}"


def _answer(form: AnswerForm) -> Answer:
    approve = form.cleaned_data["choice"] == "approve"
    return Answer(
        approve=approve,
        reason="" if approve else form.cleaned_data["reason"],
        fund=approve and form.cleaned_data["fund"],
    )
