"""The review page between two presses of a button: the choices as they were posted, or as they were kept.

What a page sends back grows with the answers that were given, not with what waits: the fields of "Suggest something
else" come with the line where that was chosen, and one answer to all of it names no line.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from accounts.models import User
from contracts.models import Contract
from escrow.money import format_money
from milestones import queries
from milestones.answers import Answer
from milestones.forms import AnswerForm, ReasonForm, TermsForm, form_errors
from milestones.models import Amendment, Change, KeptAnswers, KeptLine, Terms
from milestones.models.terms import DESCRIPTION_LENGTH
from milestones.pages.diff import Descriptions
from milestones.pages.suggestions import SuggestionRow
from milestones.rules import Problem
from web.http import key_of

_REVISION = re.compile(r"[0-9]{1,18}:[0-9]{1,9}")
_MOST_NAMED = 5000
_MOST_KEPT = 2 * DESCRIPTION_LENGTH
"""Characters of one field: more than any may have, so that what is too long is still there to be made shorter."""


@dataclass
class AnswerLine:
    change: Change
    row: SuggestionRow
    form: AnswerForm
    offer: TermsForm | None
    """The fields of "Suggest something else", where that was chosen; filled with what was suggested."""
    fund_amount: str
    """What "Fund it now" would cost; empty where approving leaves nothing to fund."""
    is_stale: bool = False
    """Whether it has changed since this person answered it."""

    @property
    def revision(self) -> str:
        return f"{self.change.pk}:{self.change.revised_in}"

    @property
    def offer_url(self) -> str:
        return reverse("milestones:offer", args=[self.change.amendment.contract_id, self.change.pk])

    @property
    def offer_in_words(self) -> str:
        """All that an offer, which has been read without errors, has of its own: no term is agreed to unread."""
        assert self.offer
        before = self.change.asked or self.change.milestone.terms
        changes = list(before.changes(self.offer.terms(), self.offer.currency))
        return "; ".join(changes) + "." if changes else ""

    @property
    def is_countered(self) -> bool:
        return self.form.is_bound and self.form["choice"].value() == "counter"

    @property
    def forms(self) -> list[forms.Form]:
        """The forms that count: the offer's only when something else is suggested."""
        return [self.form, self.offer] if self.is_countered and self.offer else [self.form]

    def errors(self) -> list[tuple[str, str]]:
        forms_bound = [form for form in self.forms if form.is_bound]
        of_line = [
            (f"change-{self.change.pk}", str(error)) for form in forms_bound for error in form.non_field_errors()
        ]
        return of_line + [error for form in forms_bound for error in form_errors(form)]

    @property
    def typed(self) -> dict[str, str]:
        """What was chosen and typed here, right or wrong; nothing where nothing was."""
        own = {name: text for name, text in typed_in(self.form).items() if text}
        offer = typed_in(self.offer) if own and self.offer else {}
        return own | {f"offer-{name}": text for name, text in offer.items()}

    def answer(self) -> Answer | None:
        """As it was posted; None where nothing was chosen or a field is wrong."""
        return _answer(self.form, self.offer)


def _answer(form: AnswerForm, offer: TermsForm | None) -> Answer | None:
    if not form.is_valid() or not form.cleaned_data["choice"]:
        return None
    match form.cleaned_data["choice"]:
        case "approve":
            return Answer(approve=True, fund=form.cleaned_data["fund"])
        case "counter":
            return Answer(approve=False, counter=offer.terms()) if offer and offer.is_valid() else None
    return Answer(approve=False, reason=form.cleaned_data["reason"])


class Answers:
    """Each suggestion that waits: those to answer with the choice made so far, and the reader's own."""

    def __init__(
        self,
        contract: Contract,
        *,
        by: User,
        posted: MultiValueDict[str, str] | None = None,
        kept: KeptAnswers | None = None,
    ) -> None:
        """From `posted`, or else as they were `kept`."""
        self.contract, self.by, self.kept = contract, by, kept
        self.plan = queries.plan(contract)
        self.waiting = queries.waiting(contract, self.plan, viewer=by)
        changes = [m.suggestion for m in self.plan if m.suggestion]
        to_answer = [change for change in changes if not change.amendment.is_of(by)]
        self.every, self.funds_every, self.reason_form = "", False, ReasonForm()
        self._posted = self._for_every(posted, to_answer) if posted and "every" in posted else posted
        self.is_kept = bool(kept) and posted is None
        """Whether this is what was chosen before, and not what was sent just now."""
        if kept and posted is None:
            self._posted = _as_posted(kept, to_answer)
        self._rounds, self._texts = queries.rounds(changes), Descriptions(changes)
        self.lines = [self._line(change) for change in to_answer]
        self.own = [self._row(change) for change in changes if change.amendment.is_of(by)]

    @property
    def amendment(self) -> Amendment | None:
        """The one whose lines are to be answered, or else the reader's own."""
        to_answer = [waiting.amendment for waiting in self.waiting if waiting.is_mine]
        return next(iter(to_answer or [waiting.amendment for waiting in self.waiting]), None)

    def _for_every(self, posted: MultiValueDict[str, str], waiting: list[Change]) -> MultiValueDict[str, str]:
        """The same answer to each line: as if it had been chosen there. Which lines those are, the check page says."""
        self.every = "decline" if posted.get("every") == "decline" else "approve"
        self.funds_every = "fund" in posted and self.every == "approve" and self.contract.is_client(self.by)
        self.reason_form = ReasonForm(posted)
        reason = self.reason_form.cleaned_data["reason"] if self.reason_form.is_valid() else ""
        named = (
            posted.get("lines", "").split(",")[:_MOST_NAMED]
            if "lines" in posted
            else [str(each.pk) for each in waiting]
        )
        same: MultiValueDict[str, str] = MultiValueDict({"line": named})
        for key in named:
            same[f"line{key}-choice"], same[f"line{key}-reason"] = self.every, reason
            if self.funds_every:
                same[f"line{key}-fund"] = "on"
        return same

    @property
    def cost_of_funding_every(self) -> str:
        """What it would take to fund all that is approved at once; empty where nothing can be, or it is chosen."""
        may = self.every == "approve" and not self.funds_every and self.contract.is_client(self.by)
        prices = [each.change.asked_amount or Decimal() for each in self.lines if each.change.leaves_to_fund]
        return format_money(sum(prices, Decimal()), self.contract.currency) if may and prices else ""

    @property
    def keys(self) -> str:
        """The lines to answer, as one field of the check page names them."""
        return ",".join(str(line.change.pk) for line in self.lines)

    def _row(self, change: Change) -> SuggestionRow:
        return SuggestionRow(change, viewer=self.by, rounds=self._rounds[change.pk], texts=self._texts)

    def _line(self, change: Change) -> AnswerLine:
        price = change.asked_amount if change.leaves_to_fund and self.contract.is_client(self.by) else None
        form = AnswerForm(self._posted, prefix=_prefix(change.pk))
        return AnswerLine(
            change=change,
            row=self._row(change),
            form=form,
            offer=self._offer(change.pk, initial=change.asked or change.milestone.terms, form=form),
            fund_amount=format_money(price, self.contract.currency) if price else "",
            is_stale=bool(self.kept and self.kept.is_stale(change)) and not self._is_answered_now(change.pk),
        )

    def _is_answered_now(self, key: int) -> bool:
        return self._posted is not None and f"{_prefix(key)}-choice" in self._posted

    def _offer(self, key: int, *, form: AnswerForm, initial: Terms | None = None) -> TermsForm | None:
        currency, prefix = self.contract.currency, f"{_prefix(key)}-offer"
        posted = self._posted if self._posted and f"{prefix}-title" in self._posted else None
        if not posted and not (form.is_bound and form["choice"].value() == "counter"):
            return None
        return TermsForm(posted, prefix=prefix, currency=currency, initial=initial.typed(currency) if initial else {})

    def forget_revised(self, seen: list[str]) -> None:
        """Drop the choice on each line whose revision is not among those seen (as "line:revision")."""
        for line in self.lines:
            if line.revision not in seen:
                line.form, line.offer = AnswerForm(prefix=_prefix(line.change.pk)), None

    def show(self, problems: Iterable[Problem]) -> None:
        """Put each problem beside the field of the offer that it is about."""
        lines = {str(line.change.pk): line for line in self.lines}
        for problem in problems:
            if offer := lines[problem.row].offer:
                offer.add_error(problem.field, problem.sentence)

    def to_keep(self, seen: Iterable[str] = ()) -> dict[int, KeptLine]:
        """What was chosen and typed on each line that was seen (as "line:revision").

        One answer to all of it leaves what was typed on a line before; so does a page on which nothing was: it may be
        of before that. A choice can be changed there, and taken back only by beginning again.
        """
        if self.every:
            lines = [(line, {**self._kept_on(line), "fund": "", **line.typed}) for line in self.lines]
            return {line.change.pk: KeptLine(revision=line.change.revised_in, typed=typed) for line, typed in lines}
        revisions = dict(each.split(":") for each in seen if _REVISION.fullmatch(each))
        return {
            line.change.pk: KeptLine(revision=int(revisions[str(line.change.pk)]), typed=line.typed)
            for line in self.lines
            if str(line.change.pk) in revisions and line.typed
        }

    def _kept_on(self, line: AnswerLine) -> dict[str, str]:
        return self.kept.typed(line.change) if self.kept else {}

    @property
    def asks_for_offers(self) -> bool:
        """Whether something else is to be suggested for a line whose fields for it the person has not seen yet."""
        return any(line.is_countered and line.offer and not line.offer.is_bound for line in self.lines)

    def focus_offer(self) -> None:
        for line in self.lines:
            if line.is_countered and line.offer and not line.offer.is_bound:
                line.offer.fields["title"].widget.attrs["autofocus"] = True
                return

    @property
    def is_valid(self) -> bool:
        forms_that_count = [form for line in self.lines for form in line.forms]
        forms_that_count += [self.reason_form] if self.every else []
        return all(list(map(forms.Form.is_valid, forms_that_count)))

    def errors(self) -> list[tuple[str, str]]:
        """For the summary on top: the id of the place and the sentence."""
        return [error for line in self.lines for error in line.errors()]

    def posted(self) -> dict[int, Answer]:
        """Every choice that was posted, also for a line that is answered by now: deciding twice must say so."""
        if self._posted is None:
            return {}
        keys = [key for key in map(key_of, self._posted.getlist("line")) if key]
        waiting = {line.change.pk: line for line in self.lines}
        answers = {key: waiting[key].answer() if key in waiting else self._answer_of_settled(key) for key in keys}
        return {key: answer for key, answer in answers.items() if answer}

    def _answer_of_settled(self, key: int) -> Answer | None:
        form = AnswerForm(self._posted, prefix=_prefix(key))
        return _answer(form, self._offer(key, form=form))

    def chosen(self) -> dict[int, Answer]:
        """The choices on what waits now."""
        waiting = {line.change.pk for line in self.lines}
        return {key: answer for key, answer in self.posted().items() if key in waiting}


def typed_in(form: forms.Form) -> dict[str, str]:
    """The fields of a form that was sent, by name, as they were typed."""
    return {name: _as_text(form[name].value()) for name in form.fields} if form.is_bound else {}


def _as_text(value: object) -> str:
    """Of a field. The database keeps no zero character."""
    return "on" if value is True else str(value or "").replace("\0", "")[:_MOST_KEPT]


def _as_posted(kept: KeptAnswers, changes: Iterable[Change]) -> MultiValueDict[str, str] | None:
    """What was kept, as if it came from the form; None where that is nothing."""
    typed = {change.pk: kept.typed(change) for change in changes if kept.typed(change)}
    posted: MultiValueDict[str, str] = MultiValueDict({"line": [str(pk) for pk in typed]})
    for pk, texts in typed.items():
        for name, text in texts.items():
            posted[f"{_prefix(pk)}-{name}"] = text
    return posted if typed else None


def _prefix(key: int) -> str:
    return f"line{key}"
