"""Decide: the other party answers suggestions, line by line or all at once, on exactly what they saw (R9, R18)."""

import uuid
from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import User
from contracts.acting import acting
from contracts.events import Money, record
from contracts.models import Contract
from escrow import actions as escrow
from milestones.actions import suggestions
from milestones.actions.funding import pay_in
from milestones.actions.keeping import drop_kept
from milestones.answers import Answer, counter_problems, money_needed
from milestones.events import AnsweredLine, SuggestionsDecided, net
from milestones.models import Amendment, Change, Terms
from milestones.models.terms import REASON_LENGTH
from milestones.plan import Plan
from web.refusals import Invalid, NotYours, WrongMoment


def decide(contract: Contract, answers: Mapping[int, Answer], *, by: User, seen: int, key: uuid.UUID) -> None:
    """Apply the answers (by change) in one transaction and tell the author once.

    `seen` is the plan's revision that the person decided on; a second call with the same key does nothing.
    Errors: Stale, NotYours, WrongMoment (answered already, or work is being reviewed), Invalid, InvalidLines (a
    problem's row is the change's key), InsufficientFunds with
    what is missing for all of it. Nothing is applied then, and every suggestion stays as it was.
    """
    content = sorted(answers.items(), key=str)
    with acting(contract, "decide", by=by, seen=seen, key=key, content=content) as locked:
        if locked is not None:
            _decide(locked, _chosen(locked, answers, by=by), by=by)


def _decide(contract: Contract, chosen: list[tuple[Change, Answer]], *, by: User) -> None:
    needed = money_needed(chosen)
    if needed:
        escrow.require(contract.client, needed, currency=contract.currency, by=by)
    offers = {change: terms for change, answer in chosen if (terms := answer.asks_again(change))}
    for change, answer in chosen:
        if change not in offers:
            _apply(change, answer, by=by)
    counter = _counter(contract, offers, by=by)
    suggestions.close_if_answered({change.amendment for change, _answer in chosen})
    drop_kept(contract, by=by)
    _record(contract, chosen, by=by, paid=needed, told_with=counter or chosen[0][0].amendment)


def _apply(change: Change, answer: Answer, *, by: User) -> None:
    if answer.approve:
        suggestions.accept(change, by=by)
    else:
        suggestions.decline(change, by=by, reason=answer.reason)
    if answer.funds(change):
        pay_in(change.milestone, by=by, key=f"decision-{change.pk}", quietly=True)


def _counter(contract: Contract, offers: Mapping[Change, Terms], *, by: User) -> Amendment | None:
    """All of one decision's counter-offers are one amendment."""
    if not offers:
        return None
    amendment, _is_new = suggestions.open_amendment(contract, by=by)
    for change, terms in offers.items():
        suggestions.counter(change, terms, within=amendment, by=by)
    return amendment


def _chosen(contract: Contract, answers: Mapping[int, Answer], *, by: User) -> list[tuple[Change, Answer]]:
    if not answers:
        raise Invalid(_("Choose Approve or Decline for at least one suggestion."))
    if any(len(answer.reason) > REASON_LENGTH for answer in answers.values()):
        raise Invalid(_("A reason can have at most %(most)d characters.") % {"most": REASON_LENGTH})
    pending = {change.pk: change for change in Plan.of(contract).suggestions}
    if not set(answers) <= set(pending):
        raise WrongMoment(_("One of these suggestions has been answered or withdrawn. Nothing was applied."))
    if any(pending[pk].amendment.is_of(by) for pk in answers):
        raise NotYours(_("You cannot answer your own suggestion; the other side does."))
    if not contract.is_client(by) and any(answer.fund for answer in answers.values()):
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
