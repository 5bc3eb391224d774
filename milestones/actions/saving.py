"""Save: what one party staged becomes one amendment, all of it or nothing.

The freelancer's lines wait for the client (R2-R17); the client's lines apply as they are saved (R22), unless a
suggestion waits for the client's answer (R19). What the client changes in a counter-offer waits, as the freelancer's
lines do: it stays with the amendment that is open, apart from what applies at once.
"""

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from contracts import actions as contracts
from contracts.events import Happened, record
from contracts.models import Contract
from messaging import actions as messaging
from milestones import rules
from milestones.actions import suggestions
from milestones.actions.suggestions import InvalidLines
from milestones.events import (
    PlanChanged,
    SuggestionsRevised,
    SuggestionsSaved,
    SuggestionsWithdrawn,
)
from milestones.models import Amendment, Change, Milestone, Terms
from milestones.rules import Line, Problem, Verb
from text.shown import Shown
from web.refusals import Invalid, NotYours


@transaction.atomic
def save(contract: Contract, lines: Sequence[Line], *, by: User, seen: int, key: uuid.UUID, message: str = "") -> None:
    """Save the staged lines as one amendment and tell the other party once (R8).

    `seen` is the plan's revision on the page and `key` the page's own: a second call with the same key does nothing.
    A message, if there is one, goes to the contract's chat in the same transaction (R10).
    Errors: Stale, Invalid, InvalidLines, WrongMoment (the contract has ended, or a suggestion waits), NotYours.
    """
    contract = contracts.lock(contract, by=by)
    if contracts.is_repeated(contract, "save", by=by, key=key, content=(lines, message)):
        return
    contracts.require_current(contract, seen=seen)
    if not contract.is_party(by):
        raise NotYours(_("Only the two parties of this contract can change its plan."))
    draft = _Draft(contract, by)
    alone = [line for line in lines if draft.applies_at_once(line)]
    if alone:
        suggestions.require_none_of_freelancer(contract)
    draft.require_valid(lines)

    contracts.touch_plan(contract)
    parts = [alone, [line for line in lines if line not in alone]]
    amendments = [draft.write(part) for part in parts if part]
    transaction.on_commit(Shown(line.terms.description for line in lines if line.terms).keep, robust=True)
    if message.strip():
        amendment = amendments[-1]
        letter = _("Revision %(letter)s") % {"letter": amendment.letter}
        messaging.post(
            contract, by=by, text=message, client_id=key, quietly=True, about=letter, url=amendment.get_absolute_url()
        )


def problems(contract: Contract, lines: Sequence[Line], *, by: User) -> list[Problem]:
    """Each thing that Save would refuse about these lines, read without a lock: to show all errors at once (R16)."""
    return _Draft(contract, by).problems(lines)


class _Draft:
    """The plan under lock, against which staged lines are checked and then written."""

    def __init__(self, contract: Contract, by: User) -> None:
        self.contract, self.by = contract, by
        self.alone = by == contract.client
        self.pending = {change.milestone_id: change for change in suggestions.pending(contract)}
        plan = contract.milestones.in_plan().select_related("escrow", "proposed_by")
        self.milestones = {milestone.pk: milestone for milestone in plan}
        for milestone in plan:
            milestone.contract = contract

    def require_valid(self, lines: Sequence[Line]) -> None:
        if not lines:
            raise Invalid(_("You have not changed anything yet."))
        if len(lines) > rules.MAXIMUM_LINES:
            sentence = _("One Save can hold %(most)d lines. Save some of them first.")
            raise Invalid(sentence % {"most": rules.MAXIMUM_LINES})
        named = [line.milestone_id for line in lines if line.milestone_id]
        if len(set(named)) < len(named):
            raise Invalid(_("One Save can change each milestone once."))
        if problems := self.problems(lines):
            raise InvalidLines(problems)

    def problems(self, lines: Sequence[Line]) -> list[Problem]:
        return [problem for line in lines for problem in self._problems(line)]

    def _problems(self, line: Line) -> list[Problem]:
        if line.verb == Verb.ADD:
            return self._problems_of_terms(line, before=None)
        milestone = self.milestones.get(line.milestone_id or 0)
        if milestone is None:
            return [Problem(line.row, None, _("This milestone is not in the plan any more."))]
        change = self.pending.get(milestone.pk)
        if change and change.amendment.author != self.by:
            return [Problem(line.row, None, _("This suggestion is not yours. Answer it on the review page."))]
        if line.verb == Verb.REMOVE:
            why_not = "" if change else rules.why_not_removable(milestone)
            return [Problem(line.row, None, why_not)] if why_not else []
        return self._problems_of_edit(line, milestone, change)

    def _problems_of_edit(self, line: Line, milestone: Milestone, change: Change | None) -> list[Problem]:
        assert line.terms is not None
        if change and not change.asked:
            sentence = _("You asked to remove this milestone. Delete that suggestion first.")
            return [Problem(line.row, None, sentence)]
        before = change.asked if change and change.asked else milestone.terms
        problems = self._problems_of_terms(line, before=before)
        if change and change.valid_until != line.valid_until and line.terms == before:
            return problems
        alone = self.applies_at_once(line)
        problem = rules.problem_of_edit(line.row, milestone, line.terms, before=before, alone=alone)
        return problems + ([problem] if problem else [])

    def _problems_of_terms(self, line: Line, *, before: Terms | None) -> list[Problem]:
        assert line.terms is not None
        today, currency = self.contract.today(), self.contract.currency
        problem = rules.problem_of_validity(line.row, line.valid_until, today=today)
        problems = rules.problems_of_terms(line.row, line.terms, before=before, currency=currency, today=today)
        return problems + ([problem] if problem else [])

    def applies_at_once(self, line: Line) -> bool:
        """Whether it needs nobody's consent (R22): a line of the client's that is not about their counter-offer."""
        change = self.pending.get(line.milestone_id or 0)
        return self.alone and not (change and change.amendment.author == self.by)

    def write(self, lines: Sequence[Line]) -> Amendment:
        """All of them apply at once, or all wait."""
        if self.applies_at_once(lines[0]):
            amendment, is_new = suggestions.closed_amendment(self.contract, by=self.by), True
        else:
            amendment, is_new = suggestions.open_amendment(self.contract, by=self.by)
        written = [self._write(line, amendment) for line in lines]
        _record(amendment, written, by=self.by, is_new=is_new)
        return amendment

    def _write(self, line: Line, amendment: Amendment) -> Change:
        change = self.pending.get(line.milestone_id or 0)
        if change and line.verb == Verb.REMOVE:
            suggestions.withdraw(change, by=self.by)
        elif change:
            self._revise(change, line, amendment)
        else:
            change = self._suggest(line, amendment)
        return change

    def _revise(self, change: Change, line: Line, amendment: Amendment) -> None:
        assert line.terms is not None
        change.set_asked(line.terms)
        change.valid_until = line.valid_until
        change.revised_in = amendment.revision
        change.save()
        if change.kind == Change.Kind.ADD:
            change.milestone.set_terms(line.terms)
            change.milestone.save()

    def _suggest(self, line: Line, amendment: Amendment) -> Change:
        change = Change(amendment=amendment, kind=Change.Kind(line.verb), revised_in=amendment.revision)
        change.valid_until = None if self.alone else line.valid_until
        if line.verb == Verb.ADD:
            change.milestone, change.origin = self._proposed(line), line.origin
        else:
            change.milestone = self.milestones[line.milestone_id or 0]
            change.set_base(change.milestone.terms)
        if line.terms:
            change.set_asked(line.terms)
        change.save()
        if self.alone:
            suggestions.accept(change, by=self.by)
        return change

    def _proposed(self, line: Line) -> Milestone:
        assert line.terms is not None
        last = self.contract.milestones.aggregate(last=Max("position"))["last"] or 0
        milestone = Milestone(contract=self.contract, position=last + 1, proposed_by=self.by)
        milestone.set_terms(line.terms)
        milestone.save()
        return milestone


def _record(amendment: Amendment, written: Sequence[Change], *, by: User, is_new: bool) -> None:
    """One event for the whole Save. What the client changed alone is told as done, all else as suggested."""
    if not amendment.closed_at:
        suggestions.close_if_answered([amendment])
    applied = [change for change in written if change.state == Change.State.ACCEPTED]
    waiting = list(amendment.changes.filter(state=Change.State.PROPOSED))
    happened: Happened
    if applied:
        happened = PlanChanged.of(amendment, applied)
    elif not waiting:
        happened = SuggestionsWithdrawn.of(amendment, written)
    else:
        happened = (SuggestionsSaved if is_new else SuggestionsRevised).of(amendment, waiting)
    record(amendment.contract, happened, by=by)
