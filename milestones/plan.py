"""The plan of a contract, read once: what is there now, and why something may not be done to it.

Buttons, refusals and totals ask it, so that no rule is worked out a second time. Acts read it under the contract's
lock.
"""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actors import Actor
from accounts.models import User
from contracts.models import Contract
from milestones import rules
from milestones.models import Change, Milestone, Terms
from milestones.models.amendment import ASKED, BASE
from milestones.models.milestone import AGREED
from web.refusals import Refused, WrongMoment

ANSWER_FIRST = {"fund": "why-fund", "submit": "why-submit"}
"""The moves that wait while a suggestion for the milestone does."""


@dataclass(frozen=True)
class Money:
    """Where the contract's money stands, in its currency. The first three add up to the total."""

    paid: Decimal
    in_escrow: Decimal
    not_funded: Decimal
    suggested: Decimal

    @property
    def total(self) -> Decimal:
        return self.paid + self.in_escrow + self.not_funded


@dataclass(frozen=True)
class Plan:
    contract: Contract
    milestones: list[Milestone]
    """Agreed and proposed ones in the order that both parties see, each with its `suggestion`."""

    @classmethod
    def of(cls, contract: Contract, *, only: int | Collection[int] | None = None) -> "Plan":
        """With `only`, no more than the milestones with such a key, in whatever state they are. Two queries."""
        keys = {only} if isinstance(only, int) else only
        wanted = contract.milestones.in_plan() if keys is None else contract.milestones.filter(pk__in=keys).in_order()
        milestones = list(wanted.select_related("escrow", "proposed_by__person"))
        waiting = Change.objects.pending().filter(amendment__contract=contract)
        waiting = waiting.select_related("amendment__author", "amendment__party__person")
        if keys is not None:
            waiting = waiting.filter(milestone__in=keys)
        by_milestone = {change.milestone_id: change for change in waiting}
        for milestone in milestones:
            milestone.contract = contract
            milestone.suggestion = by_milestone.get(milestone.pk)
            if milestone.suggestion:
                milestone.suggestion.milestone = milestone
                _hold_once(milestone, milestone.suggestion)
                milestone.suggestion.amendment.contract = contract
        return cls(contract, milestones)

    @property
    def suggestions(self) -> list[Change]:
        """What waits for an answer, in the order of the plan."""
        return [milestone.suggestion for milestone in self.milestones if milestone.suggestion]

    @property
    def money(self) -> Money:
        """What is in escrow is read from the ledger, not from the amounts."""
        rows, zero = self.milestones, Decimal()
        return Money(
            paid=sum((row.amount for row in rows if row.state == row.State.PAID), zero),
            in_escrow=sum((row.held for row in rows if row.is_in_progress), zero),
            not_funded=sum((row.amount for row in rows if row.is_upcoming), zero),
            suggested=sum((change.net for change in self.suggestions), zero),
        )

    def last_due_date(self, *, approving: Collection[Change] = ()) -> datetime.date | None:
        """The last due date of what is agreed; with `approving`, as it would be with these changes approved."""
        asked = {change.milestone_id: change.asked for change in approving}
        agreed: dict[int, Terms | None] = {each.pk: each.terms for each in self.milestones if each.state in AGREED}
        return max((terms.due_date for terms in (agreed | asked).values() if terms and terms.due_date), default=None)

    def why_not(self, milestone: Milestone, verb: str, *, by: Actor) -> Refused | None:
        """Why this person cannot make this move now; None when they can.

        What a suggestion touches is neither funded (R19) nor handed in before the suggestion is answered.
        """
        if refusal := rules.why_not_move(milestone, verb, by=by):
            return refusal
        if milestone.suggestion and verb in ANSWER_FIRST:
            return WrongMoment(_answer_first(milestone.suggestion, verb, by=by), topic=ANSWER_FIRST[verb])
        return None

    def moves_for(self, milestone: Milestone, *, by: User) -> set[str]:
        """The moves that this person can make now: `why_not` has nothing against them."""
        if not self.contract.is_active:
            return set()
        moves = milestone.moves_for(by)
        return moves - set(ANSWER_FIRST) if milestone.suggestion else moves

    def why_not_edit(self, milestone: Milestone, *, by: User) -> str:
        """Why this person cannot ask for other terms of this milestone; empty when they can."""
        change = milestone.suggestion
        if change and not change.amendment.is_of(by):
            return _("Something is suggested here. Answer it on the review page.")
        if change and not change.asked:
            return _("You asked to remove this milestone. Delete that suggestion first.")
        return rules.why_not_editable(milestone, alone=self.applies_at_once(change, by=by))

    def why_not_remove(self, milestone: Milestone, *, by: User) -> str:
        """Why this person can neither ask to remove it nor take their suggestion back; empty when they can."""
        change = milestone.suggestion
        if change and not change.amendment.is_of(by):
            return _("Something is suggested here. Answer it on the review page.")
        return "" if change else rules.why_not_removable(milestone)

    def applies_at_once(self, change: Change | None, *, by: User) -> bool:
        """Whether a line of this person's needs nobody's consent (R22): the client's, unless about their counter-offer.

        `change` is what waits for the milestone that the line is about.
        """
        return self.contract.is_client(by) and not (change and change.amendment.is_of(by))

    def why_blocked(self, *, by: User) -> WrongMoment | None:
        """Why this person can neither add nor change upcoming milestones alone; None when they can.

        Source: seed, "before clients can add or modify future milestones, your client must approve or reject" (R19).
        """
        if not self.contract.is_client(by) or all(change.amendment.is_of(by) for change in self.suggestions):
            return None
        sentence = _(
            "%(name)s is waiting for your answer. Until you answer, you cannot add or change upcoming milestones."
        )
        return WrongMoment(sentence % {"name": self.contract.name_of(self.contract.freelancer)}, topic="why-wait")

    def what_closes(self) -> str:
        """What an act closes that settles all of this plan, in a sentence; empty when nothing waits."""
        count = len(self.suggestions)
        if not count:
            return ""
        text = ngettext(
            "%(count)d suggestion that waits for an answer is closed with it.",
            "%(count)d suggestions that wait for an answer are closed with it.",
            count,
        )
        return text % {"count": count}


def _hold_once(milestone: Milestone, change: Change) -> None:
    """Mostly the same text: a plan may have six million characters, and as many suggested."""
    for name in (name for name, kind in Terms.kinds().items() if kind.is_prose):
        text = getattr(milestone, name)
        for column in (f"{BASE}{name}", f"{ASKED}{name}"):
            if getattr(change, column) == text:
                setattr(change, column, text)


def _answer_first(change: Change, verb: str, *, by: Actor) -> str:
    if verb == "fund":
        return _("A suggestion for this milestone waits for an answer. Answer it first, then fund.")
    if change.amendment.is_of(by):
        return _("Your suggestion for this milestone waits for an answer. Withdraw it, or wait, before you submit.")
    return _("A suggestion for this milestone waits for your answer. Answer it first, then submit.")
