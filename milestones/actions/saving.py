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
from contracts.acting import acting
from contracts.events import Happened, record
from contracts.models import Contract, Event
from messaging import actions as messaging
from milestones import rules
from milestones.actions import suggestions
from milestones.actions.suggestions import InvalidLines
from milestones.events import PlanChanged, SuggestionsRevised, SuggestionsSaved, SuggestionsWithdrawn
from milestones.models import Amendment, Change, Milestone, Terms
from milestones.plan import Plan
from milestones.rules import Line, Problem, Verb
from text.shown import Shown
from web.refusals import Invalid


def save(contract: Contract, lines: Sequence[Line], *, by: User, seen: int, key: uuid.UUID, message: str = "") -> None:
    """Save the staged lines as one amendment and tell the other party once (R8).

    `seen` is the plan's revision on the page and `key` the page's own: a second call with the same key does nothing.
    A message, if there is one, goes to the contract's chat in the same transaction (R10).
    Errors: Stale, Invalid, InvalidLines, WrongMoment (the contract has ended, or a suggestion waits), NotYours.
    """
    with acting(contract, "save", by=by, seen=seen, key=key, content=(lines, message)) as locked:
        if locked is not None:
            _save(_Draft(locked, by), lines, key=key, message=message)


def _save(draft: "_Draft", lines: Sequence[Line], *, key: uuid.UUID, message: str) -> None:
    contract, by = draft.contract, draft.by
    alone = [line for line in lines if draft.applies_at_once(line)]
    if alone and (refusal := draft.plan.why_blocked(by=by)):
        raise refusal
    draft.require_valid(lines)
    parts = [part for part in (alone, [line for line in lines if line not in alone]) if part]
    told: list[Event] = []
    amendments = [draft.write(part, told=told, is_last=part is parts[-1]) for part in parts]
    transaction.on_commit(Shown(line.terms.description for line in lines if line.terms).keep, robust=True)
    if message.strip():
        amendment = amendments[-1]
        letter = _("Revision %(letter)s") % {"letter": amendment.letter}
        url = amendment.get_absolute_url()
        messaging.post(contract, by=by, text=message, client_id=key, quietly=True, about=letter, url=url)


def problems(contract: Contract, lines: Sequence[Line], *, by: User) -> list[Problem]:
    """Each thing that Save would refuse about these lines, read without a lock: to show all errors at once (R16)."""
    return _Draft(contract, by).problems(lines)


class _Draft:
    """The plan under lock, against which staged lines are checked and then written."""

    def __init__(self, contract: Contract, by: User) -> None:
        self.contract, self.by = contract, by
        self.alone = contract.is_client(by)
        self.plan = Plan.of(contract)
        self.pending = {change.milestone_id: change for change in self.plan.suggestions}
        self.milestones = {milestone.pk: milestone for milestone in self.plan.milestones}

    def require_valid(self, lines: Sequence[Line]) -> None:
        if not lines:
            raise Invalid(_("You have not changed anything yet."))
        if len(lines) > rules.MAXIMUM_LINES:
            sentence = _("One Save can hold %(most)d lines. Save some of them first.")
            raise Invalid(sentence % {"most": rules.MAXIMUM_LINES})
        self._require_room(lines)
        named = [line.milestone_id for line in lines if line.milestone_id]
        if len(set(named)) < len(named):
            raise Invalid(_("One Save can change each milestone once."))
        if problems := self.problems(lines):
            raise InvalidLines(problems)

    def _require_room(self, lines: Sequence[Line]) -> None:
        """Whoever must answer can read all of it: a plan that nobody can review would block the client for ever."""
        waiting = {*self.pending}
        for line in lines:
            if line.verb == Verb.REMOVE and line.milestone_id in waiting:
                waiting.discard(line.milestone_id)
            elif not self.applies_at_once(line):
                waiting.add(line.milestone_id or id(line))
        if len(waiting) > max(rules.MAXIMUM_WAITING, len(self.pending)):
            sentence = _("At most %(most)d suggestions can wait for an answer on one contract. Save fewer now.")
            raise Invalid(sentence % {"most": rules.MAXIMUM_WAITING})
        added = sum(1 for line in lines if line.verb == Verb.ADD)
        if added and len(self.milestones) + added > rules.MAXIMUM_MILESTONES:
            sentence = _("A plan can hold %(most)d milestones. Put several small ones into one.")
            raise Invalid(sentence % {"most": rules.MAXIMUM_MILESTONES})

    def problems(self, lines: Sequence[Line]) -> list[Problem]:
        return [problem for line in lines for problem in self._problems(line)]

    def _problems(self, line: Line) -> list[Problem]:
        if line.verb == Verb.ADD:
            return self._problems_of_terms(line, before=None)
        milestone = self.milestones.get(line.milestone_id or 0)
        if milestone is None:
            return [Problem(line.row, None, _("This milestone is not in the plan any more."))]
        if line.verb == Verb.REMOVE:
            why_not = self.plan.why_not_remove(milestone, by=self.by)
            return [Problem(line.row, None, why_not)] if why_not else []
        if why_not := self.plan.why_not_edit(milestone, by=self.by):
            return [Problem(line.row, None, why_not)]
        return self._problems_of_edit(line, milestone, milestone.suggestion)

    def _problems_of_edit(self, line: Line, milestone: Milestone, change: Change | None) -> list[Problem]:
        assert line.terms is not None
        before = change.asked if change and change.asked else milestone.terms
        problems = self._problems_of_terms(line, before=before)
        if change and change.valid_until != line.valid_until and line.terms == before:
            return problems
        problem = rules.problem_of_edit(
            line.row, milestone, line.terms, before=before, alone=self.applies_at_once(line)
        )
        return problems + ([problem] if problem else [])

    def _problems_of_terms(self, line: Line, *, before: Terms | None) -> list[Problem]:
        assert line.terms is not None
        today, currency = self.contract.today(), self.contract.currency
        problem = rules.problem_of_validity(line.row, line.valid_until, today=today)
        problems = rules.problems_of_terms(line.row, line.terms, before=before, currency=currency, today=today)
        return problems + ([problem] if problem else [])

    def applies_at_once(self, line: Line) -> bool:
        return self.plan.applies_at_once(self.pending.get(line.milestone_id or 0), by=self.by)

    def write(self, lines: Sequence[Line], *, told: list[Event], is_last: bool) -> Amendment:
        """All of them apply at once, or all wait. The last part of a Save tells of those before it, too."""
        if self.applies_at_once(lines[0]):
            amendment, is_new = suggestions.closed_amendment(self.contract, by=self.by), True
        else:
            amendment, is_new = suggestions.open_amendment(self.contract, by=self.by)
        written = [self._write(line, amendment) for line in lines]
        told.append(_record(amendment, written, by=self.by, is_new=is_new, after=told, quietly=not is_last))
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
        milestone = Milestone(
            contract=self.contract, position=last + 1, proposed_by=suggestions.side(self.contract, by=self.by)
        )
        milestone.set_terms(line.terms)
        milestone.save()
        return milestone


def _record(
    amendment: Amendment, written: Sequence[Change], *, by: User, is_new: bool, after: Sequence[Event], quietly: bool
) -> Event:
    """One event for the amendment. What the client changed alone is told as done, all else as suggested."""
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
    return record(amendment.contract, happened, by=by, after=after, quietly=quietly)
