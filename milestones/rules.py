"""What may be asked for, line by line: the rules of R4, R7, R11-R13 and R22, each written once.

Pure: from the milestone, the terms and the day to a list of problems. Forms show them, actions refuse because of them.
"""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django_fsm import can_proceed, has_transition_perm

from accounts.actors import Actor, Site
from milestones.models import Change, Milestone, Terms
from milestones.models.amendment import ChangeKind
from text.languages import isolated
from web.refusals import NotYours, Refused, WrongMoment

MAXIMUM_LINES = 100
"""How many lines one Save may hold."""

MAXIMUM_WAITING, MAXIMUM_MILESTONES = 100, 300
"""How many lines of a contract may wait for an answer, and how many milestones a plan may hold."""


Verb = ChangeKind
"""What a staged line does is what the change that it becomes is."""


@dataclass(frozen=True)
class Line:
    """One thing that a person staged on the manage page. `row` is its place there, to show problems beside it.

    `origin` is the address of the message that a new milestone came from.
    """

    row: str
    verb: Verb
    milestone_id: int | None = None
    terms: Terms | None = None
    valid_until: datetime.date | None = None
    origin: str = ""


@dataclass(frozen=True)
class Problem:
    row: str
    field: str | None
    sentence: str


def problems_of_terms(
    row: str, terms: Terms, *, before: Terms | None, currency: str, today: datetime.date
) -> list[Problem]:
    """Whatever is wrong with the terms themselves. A due date may lie in the past only if it did so before."""
    found = terms.problems(before=before, currency=currency, today=today)
    return [Problem(row, name, sentence) for name, sentence in found]


def why_not_editable(milestone: Milestone, *, alone: bool) -> str:
    """Why nobody can change this milestone's terms now; empty when they can.

    `alone` is an edit that needs nobody's consent, which a funded milestone does not allow (R22).
    """
    state = milestone.State
    match milestone.state:
        case state.FUNDED | state.SUBMITTED if alone:
            return _("This milestone is funded, so its terms change only when both of you agree. Ask in the chat.")
        case state.SUBMITTED:
            return _("This work is being reviewed. Its terms can change when the review is answered.")
        case state.PROPOSED | state.ACCEPTED | state.FUNDED:
            return ""
    return _("This milestone is settled, so its terms stay as they are.")


def why_not_removable(milestone: Milestone) -> str:
    """Why this milestone cannot be removed now; empty when it can be asked for.

    Source: seed, "you cannot remove a milestone in progress" (R4).
    """
    if milestone.is_in_progress:
        return _(
            "This milestone is in progress, so it cannot be removed. "
            "Its date can change and its amount can rise, if both sides agree."
        )
    return "" if milestone.is_upcoming else _("This milestone is settled, so it cannot be removed.")


def problem_of_edit(row: str, milestone: Milestone, terms: Terms, *, before: Terms, alone: bool) -> Problem | None:
    """Why this milestone cannot get these terms; `before` is what the person started from."""
    if sentence := why_not_editable(milestone, alone=alone):
        return Problem(row, None, sentence)
    if milestone.is_in_progress and terms.amount < milestone.amount:
        sentence = _("The amount of a milestone in progress can only go up. To lower it, talk about it in the chat.")
        return Problem(row, "amount", sentence)
    if not terms.differing(before):
        return Problem(row, None, _("This changes nothing. Change a field, or press Undo."))
    if milestone.state != milestone.State.PROPOSED and not terms.differing(milestone.terms):
        return Problem(row, None, _("These are the agreed terms again. Delete the suggestion instead."))
    return None


def problem_of_validity(row: str, valid_until: datetime.date | None, *, today: datetime.date) -> Problem | None:
    """A price that is no longer valid when it is suggested would only be asked for again."""
    if valid_until and valid_until < today:
        return Problem(row, "valid_until", _("The price must be valid until today or later."))
    return None


def problem_of_counter(row: str, milestone: Milestone, terms: Terms, *, asked: Terms | None) -> Problem | None:
    """Why these terms cannot answer a suggestion that asked for `asked` (None: for removal)."""
    if asked and not terms.differing(asked):
        return Problem(row, None, _("These are the suggested terms. Approve them instead."))
    if milestone.state == milestone.State.PROPOSED:
        return None
    if not terms.differing(milestone.terms):
        return Problem(row, None, _("These are the agreed terms. Decline the suggestion instead."))
    return problem_of_edit(row, milestone, terms, before=asked or milestone.terms, alone=False)


def why_not_move(row: Milestone | Change, verb: str, *, by: Actor) -> Refused | None:
    """Why this person, or this rule of the site, cannot make this move now; None when they can.

    WrongMoment when the state does not allow it, whoever asks; then NotYours when it is not this person's move.
    """
    transition = getattr(row, verb)
    if not can_proceed(transition):
        return WrongMoment(_why_not_now(row, verb) if isinstance(row, Milestone) else _too_late(row))
    may = by.may(verb) if isinstance(by, Site) else has_transition_perm(transition, by)
    return None if may else NotYours(_("This is for the other side to do."))


def _why_not_now(milestone: Milestone, verb: str) -> str:
    """What must happen first, or that it is too late."""
    contract, state = milestone.contract, milestone.State
    facts = {"title": isolated(milestone.title), "client": contract.name_of(contract.client)}
    match milestone.state, verb:
        case state.PROPOSED, _verb:
            answerer = contract.name_of(contract.other_side(milestone.proposed_by))
            sentence = _("“%(title)s” is not agreed yet. %(answerer)s answers the suggestion first.")
            return sentence % {**facts, "answerer": answerer}
        case state.ACCEPTED, "submit" | "request_changes" | "release" | "refund":
            return _("“%(title)s” is not funded yet. %(client)s funds it first.") % facts
        case state.FUNDED, "submit":
            return _("The escrow of “%(title)s” does not hold its full amount, so its work waits.") % facts
        case state.FUNDED, "request_changes" | "release":
            sentence = _("The work on “%(title)s” is not submitted yet. %(freelancer)s submits it first.")
            return sentence % {**facts, "freelancer": contract.name_of(contract.freelancer)}
        case state.SUBMITTED, "submit":
            return _("The work on “%(title)s” is submitted already. It waits for %(client)s’s review.") % facts
        case state.FUNDED | state.SUBMITTED, "fund":
            return _("“%(title)s” is funded already.") % facts
    return _too_late(milestone)


def _too_late(row: Milestone | Change) -> str:
    facts = {"title": isolated(row.title), "state": row.get_state_display().lower()}
    return _("“%(title)s” is %(state)s now, so this cannot be done any more.") % facts
