"""Decide: the other party answers suggestions, line by line or all at once, on exactly what they saw (R9, R18)."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from contracts import actions as contracts
from contracts.events import Money, record
from contracts.models import Contract
from escrow import actions as escrow
from milestones import rules
from milestones.actions import suggestions
from milestones.actions.funding import pay_in
from milestones.events import AnsweredLine, SuggestionsDecided, net
from milestones.models import Amendment, Change, Terms
from milestones.rules import Problem
from web.refusals import Invalid, NotYours, WrongMoment

REASON_LENGTH = 1000


@dataclass(frozen=True)
class Answer:
    """Approve, decline, or answer with the terms of `counter`.

    With `fund`, an approved milestone that is not funded yet is funded in the same step.
    """

    approve: bool
    reason: str = ""
    fund: bool = False
    counter: Terms | None = None


@transaction.atomic
def decide(contract: Contract, answers: Mapping[int, Answer], *, by: User, seen: int, key: uuid.UUID) -> None:
    """Apply the answers (by change) in one transaction and tell the author once.

    `seen` is the plan's revision that the person decided on; a second call with the same key does nothing.
    Errors: Stale, NotYours, WrongMoment (answered already, or work is being reviewed), Invalid, InvalidLines (a
    problem's row is the change's key), InsufficientFunds with
    what is missing for all of it. Nothing is applied then, and every suggestion stays as it was.
    """
    contract = contracts.lock(contract, by=by)
    if contracts.is_repeated(contract, "decide", by=by, key=key, content=sorted(answers.items(), key=str)):
        return
    contracts.require_current(contract, seen=seen)
    chosen = _chosen(contract, answers, by=by)
    needed = money_needed(chosen)
    if needed:
        escrow.require(contract.client, needed, currency=contract.currency, by=by)

    contracts.touch_plan(contract)
    offers = {change: terms for change, answer in chosen if (terms := counter_terms(change, answer))}
    for change, answer in chosen:
        if change not in offers:
            _apply(change, answer, by=by)
    counter = _counter(contract, offers, by=by)
    suggestions.close_if_answered({change.amendment for change, _answer in chosen})
    _record(contract, chosen, by=by, paid=needed, told_with=counter or chosen[0][0].amendment)


def _apply(change: Change, answer: Answer, *, by: User) -> None:
    if answer.approve:
        suggestions.accept(change, by=by)
    else:
        suggestions.decline(change, by=by, reason=answer.reason)
    if is_funded_with(change, answer):
        pay_in(change.milestone, by=by, key=f"decision-{change.pk}", quietly=True)


def _counter(contract: Contract, offers: Mapping[Change, Terms], *, by: User) -> Amendment | None:
    """All of one decision's counter-offers are one amendment."""
    if not offers:
        return None
    amendment, _is_new = suggestions.open_amendment(contract, by=by)
    for change, terms in offers.items():
        suggestions.counter(change, terms, within=amendment, by=by)
    return amendment


def counter_terms(change: Change, answer: Answer) -> Terms | None:
    """The terms that wait for the author once more: other ones, or the same when their price is not valid any more."""
    return change.asked if answer.approve and is_late(change) else answer.counter


def is_late(change: Change) -> bool:
    """Whether the price was valid until a day that has passed in the contract's zone."""
    return change.valid_until is not None and change.valid_until < change.milestone.contract.today()


def counter_problems(changes: Iterable[Change], answers: Mapping[int, Answer]) -> list[Problem]:
    """What is wrong with the terms that answers suggest instead; a problem's row is the change's key."""
    found: list[Problem | None] = []
    for change in changes:
        terms = answers[change.pk].counter if change.pk in answers else None
        if terms:
            row, contract, before = str(change.pk), change.milestone.contract, change.asked or change.milestone.terms
            currency, today = contract.currency, contract.today()
            found += rules.problems_of_terms(row, terms, before=before, currency=currency, today=today)
            found.append(rules.problem_of_counter(row, change.milestone, terms, asked=change.asked))
    return [problem for problem in found if problem]


def money_needed(chosen: list[tuple[Change, Answer]]) -> Decimal:
    """What these answers move into escrow at once, in the contract's currency."""
    approved = [(change, answer) for change, answer in chosen if answer.approve and not is_late(change)]
    top_ups = sum((suggestions.top_up(change) for change, _answer in approved), Decimal())
    fundings = sum((change.asked_amount or Decimal() for change, a in approved if is_funded_with(change, a)), Decimal())
    return top_ups + fundings


def is_fundable_with(change: Change) -> bool:
    """Whether approving this leaves a milestone that is agreed and not funded."""
    return change.kind != Change.Kind.REMOVE and not change.milestone.is_in_progress


def is_funded_with(change: Change, answer: Answer) -> bool:
    return answer.approve and answer.fund and is_fundable_with(change) and not is_late(change)


def _chosen(contract: Contract, answers: Mapping[int, Answer], *, by: User) -> list[tuple[Change, Answer]]:
    if not answers:
        raise Invalid(_("Choose Approve or Decline for at least one suggestion."))
    if any(len(answer.reason) > REASON_LENGTH for answer in answers.values()):
        raise Invalid(_("A reason can have at most %(most)d characters.") % {"most": REASON_LENGTH})
    pending = {change.pk: change for change in suggestions.pending(contract)}
    if not set(answers) <= set(pending):
        raise WrongMoment(_("One of these suggestions has been answered or withdrawn. Nothing was applied."))
    if any(pending[pk].amendment.author == by for pk in answers):
        raise NotYours(_("You cannot answer your own suggestion; the other party does."))
    if by != contract.client and any(answer.fund for answer in answers.values()):
        raise NotYours(_("Only the client can fund a milestone."))
    if problems := counter_problems(pending.values(), answers):
        raise suggestions.InvalidLines(problems)
    return [(change, answers[pk]) for pk, change in pending.items() if pk in answers]


def _record(
    contract: Contract, chosen: list[tuple[Change, Answer]], *, by: User, paid: Decimal, told_with: Amendment
) -> None:
    approved = [change for change, _answer in chosen if change.state == Change.State.ACCEPTED]
    countered = [change for change, _answer in chosen if change.state == Change.State.COUNTERED]
    decided = SuggestionsDecided(
        letter=told_with.letter,
        number=told_with.number,
        amendment_pk=told_with.pk,
        approved=len(approved),
        declined=len(chosen) - len(approved) - len(countered),
        countered=len(countered),
        late=sum(1 for change, answer in chosen if answer.approve and change.state == Change.State.COUNTERED),
        amount=Money(paid, contract.currency),
        net=net(approved, contract.currency),
        lines=tuple(AnsweredLine.of(change) for change, _answer in chosen),
    )
    record(contract, decided, by=by)
