"""One suggestion, and the five ways in which it ends. The caller holds the contract's lock."""

import datetime
from collections.abc import Iterable, Sequence

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import User
from contracts import events
from contracts.models import Contract, Event
from escrow import actions as escrow
from milestones.actions.moves import move
from milestones.events import SuggestionsClosed
from milestones.models import Amendment, Change, Terms
from milestones.plan import Plan
from milestones.rules import Problem
from notifications import actions as notifications
from parties.models import Party
from text.languages import isolated
from web.refusals import Invalid, WrongMoment


class InvalidLines(Invalid):
    """Some lines break a rule, and nothing was saved. `problems` says which and why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems[0].sentence)
        self.problems = problems


def accept(change: Change, *, by: Actor) -> None:
    """Make the terms asked for the agreed ones. On a funded milestone the difference goes into its escrow (R18).

    Errors: InsufficientFunds; WrongMoment while the milestone's work is being reviewed.
    """
    milestone = change.milestone
    match change.kind:
        case Change.Kind.ADD:
            move(milestone, "accept", by=by)
        case Change.Kind.REMOVE:
            move(milestone, "remove", by=by)
        case Change.Kind.EDIT:
            _require_editable(change)
            more = change.top_up
            assert change.asked is not None
            milestone.set_terms(change.asked)
            milestone.save()
            if more and milestone.escrow:
                escrow.top_up(milestone.escrow, more, by=by, key=f"change-{change.pk}")
    _answer(change, "accept", by=by)


def decline(change: Change, *, by: Actor, reason: str = "") -> None:
    """Leave the agreed terms as they are; a proposed milestone goes."""
    if change.kind == Change.Kind.ADD:
        move(change.milestone, "decline", by=by)
    _answer(change, "decline", by=by, reason=reason.strip())


def counter(change: Change, terms: Terms, *, within: Amendment, by: User) -> Change:
    """Answer with other terms: the line is answered, and a new one of `within` waits for its author in turn.

    Errors: Invalid when the terms break a rule (`rules`), WrongMoment while the milestone's work is being reviewed.
    """
    milestone = change.milestone
    offer = Change(amendment=within, milestone=milestone, kind=_kind_of_counter(change), counters=change)
    offer.revised_in = within.revision
    if offer.kind == Change.Kind.EDIT:
        _require_editable(change)
        offer.set_base(milestone.terms)
    offer.set_asked(terms)
    _answer(change, "counter", by=by)
    offer.save()
    if offer.kind == Change.Kind.ADD:
        milestone.set_terms(terms)
        milestone.proposed_by = within.party
        milestone.save()
    return offer


def _kind_of_counter(change: Change) -> str:
    """Instead of a removal, other terms."""
    return Change.Kind.ADD if change.kind == Change.Kind.ADD else Change.Kind.EDIT


def withdraw(change: Change, *, by: Actor) -> None:
    if change.kind == Change.Kind.ADD:
        move(change.milestone, "withdraw", by=by)
    _answer(change, "withdraw", by=by)


def close_waiting(plan: Plan, *, by: Actor) -> list[Event]:
    """What is settled cannot change any more: each suggestion that waits ends without an answer, by whoever settled it.

    The event is told together with what settled it.
    """
    changes = plan.suggestions
    for change in changes:
        if change.kind == Change.Kind.ADD:
            move(change.milestone, "drop", by=by)
        _answer(change, "drop", by=by)
    amendments = {change.amendment_id: change.amendment for change in changes}
    close_if_answered(amendments.values())
    return [
        events.record(plan.contract, SuggestionsClosed.of(amendment, closed), by=by, quietly=True)
        for amendment in amendments.values()
        if (closed := [change for change in changes if change.amendment_id == amendment.pk])
    ]


def open_amendment(contract: Contract, *, by: User) -> tuple[Amendment, bool]:
    """The party's open amendment, revised, or a new one with the contract's next number; and whether it is new."""
    now = timezone.now()
    party = side(contract, by=by)
    amendment = contract.amendments.open().filter(party=party).first()
    if amendment:
        amendment.contract, amendment.party = contract, party
        amendment.revision += 1
        amendment.author_name, amendment.saved_at = str(by), now
        amendment.seen_at = amendment.reminded_at = None
        amendment.save()
        return amendment, False
    return _new_amendment(contract, by=by, saved_at=now), True


def side(contract: Contract, *, by: User) -> Party:
    """For whom the person acts here."""
    party = contract.side_of(by)
    assert party, "the act protocol has let them in"
    return party


def closed_amendment(contract: Contract, *, by: User) -> Amendment:
    """A new amendment for lines that apply as they are saved: beside the party's open one, if there is one."""
    now = timezone.now()
    return _new_amendment(contract, by=by, saved_at=now, closed_at=now)


def _new_amendment(contract: Contract, *, by: User, **times: datetime.datetime) -> Amendment:
    last: int = contract.amendments.aggregate(last=Max("number"))["last"] or 0
    party = side(contract, by=by)
    return contract.amendments.create(number=last + 1, party=party, author=by, author_name=str(by), **times)


def close_if_answered(amendments: Iterable[Amendment]) -> None:
    for amendment in amendments:
        if not amendment.changes.filter(state=Change.State.PROPOSED).exists():
            amendment.closed_at = timezone.now()
            amendment.save(update_fields=["closed_at"])
            amendment.kept_answers.all().delete()
            notifications.settle(amendment.matter)


def _answer(change: Change, verb: str, *, by: Actor, **facts: str) -> None:
    move(change, verb, by=by, answered_by=by, at=timezone.now(), **facts)


def _require_editable(change: Change) -> None:
    milestone = change.milestone
    if milestone.state not in (milestone.State.ACCEPTED, milestone.State.FUNDED):
        raise WrongMoment(
            _("The work on “%(title)s” is being reviewed. Answer it first, then its terms can change.")
            % {"title": isolated(milestone.title)},
            topic="why-edit",
        )
