"""Decide: the other party answers suggestions, line by line or all at once, on exactly what they saw (R9, R18)."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.refusals import Invalid, NotYours, WrongMoment
from contracts import actions as contracts
from contracts import events
from contracts.models import Contract
from escrow import actions as escrow
from milestones.actions import suggestions
from milestones.actions.funding import pay_in
from milestones.models import Change

REASON_LENGTH = 1000


@dataclass(frozen=True)
class Answer:
    """`approve` or decline; with `fund`, an approved milestone that is not funded yet is funded in the same step."""

    approve: bool
    reason: str = ""
    fund: bool = False


@transaction.atomic
def decide(contract: Contract, answers: Mapping[int, Answer], *, by: User, seen: int, key: uuid.UUID) -> None:
    """Apply the answers (by change) in one transaction and tell the author once.

    `seen` is the plan's revision that the person decided on; a second call with the same key does nothing.
    Errors: Stale, NotYours, WrongMoment (answered already, or work is being reviewed), Invalid, InsufficientFunds with
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
    for change, answer in chosen:
        if answer.approve:
            suggestions.accept(change, by=by)
        else:
            suggestions.decline(change, by=by, reason=answer.reason)
        if is_funded_with(change, answer):
            pay_in(change.milestone, by=by, key=f"decision-{change.pk}", quietly=True)
    suggestions.close_if_answered({change.amendment for change, _answer in chosen})
    _record(contract, chosen, by=by, paid=needed)


def money_needed(chosen: list[tuple[Change, Answer]]) -> Decimal:
    """What these answers move into escrow at once, in the contract's currency."""
    approved = [(change, answer) for change, answer in chosen if answer.approve]
    top_ups = sum((suggestions.top_up(change) for change, _answer in approved), Decimal())
    fundings = sum((change.asked_amount or Decimal() for change, a in approved if is_funded_with(change, a)), Decimal())
    return top_ups + fundings


def is_fundable_with(change: Change) -> bool:
    """Whether approving this leaves a milestone that is agreed and not funded."""
    return change.kind != Change.Kind.REMOVE and not change.milestone.is_in_progress


def is_funded_with(change: Change, answer: Answer) -> bool:
    return answer.approve and answer.fund and is_fundable_with(change)


def _chosen(contract: Contract, answers: Mapping[int, Answer], *, by: User) -> list[tuple[Change, Answer]]:
    if not answers:
        raise Invalid(_("Choose Approve or Decline for at least one suggestion."))
    if any(len(answer.reason) > REASON_LENGTH for answer in answers.values()):
        raise Invalid(_("A reason can have at most %(most)d characters.") % {"most": REASON_LENGTH})
    pending = {change.pk: change for change in suggestions.pending(contract)}
    if not set(answers) <= set(pending):
        raise WrongMoment(_("One of these suggestions has been answered or withdrawn. Nothing was applied."))
    if any(pending[pk].amendment.author == by for pk in answers):
        raise NotYours(_("Your own suggestion is answered by the other party."))
    return [(change, answers[pk]) for pk, change in pending.items() if pk in answers]


def _record(contract: Contract, chosen: list[tuple[Change, Answer]], *, by: User, paid: Decimal) -> None:
    lines = [
        {"kind": change.kind, "title": change.title, "approved": answer.approve, "reason": change.reason}
        for change, answer in chosen
    ]
    approved = [change for change, answer in chosen if answer.approve]
    facts: dict[str, Any] = {
        "approved": len(approved),
        "declined": len(chosen) - len(approved),
        "amount": paid,
        "net": sum((change.net for change in approved), Decimal()),
        "lines": lines,
        "letter": chosen[0][0].amendment.letter,
    }
    url = reverse("milestones:amendment", args=[contract.pk, chosen[0][0].amendment.number])
    events.record(contract, "suggestions.decided", by=by, url=url, **facts)
