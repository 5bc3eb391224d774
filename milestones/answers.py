"""Answers to suggestions, and what they would do: asked before anybody decides, and again when it is decided."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from milestones import rules
from milestones.models import Change, Terms
from milestones.rules import Problem


@dataclass(frozen=True)
class Answer:
    """Approve, decline, or answer with the terms of `counter`.

    With `fund`, an approved milestone that is not funded yet is funded in the same step.
    """

    approve: bool
    reason: str = ""
    fund: bool = False
    counter: Terms | None = None

    def applies(self, change: Change) -> bool:
        """Whether the terms asked for become the agreed ones: a price that is not valid any more is asked for again."""
        return self.approve and not change.is_late

    def asks_again(self, change: Change) -> Terms | None:
        """The terms that wait for the author once more: other ones, or the same when their price is no longer valid."""
        return change.asked if self.approve and change.is_late else self.counter

    def funds(self, change: Change) -> bool:
        return self.fund and self.applies(change) and change.leaves_to_fund

    def moves(self, change: Change) -> Decimal:
        """What goes into escrow at once, in the contract's currency."""
        if not self.applies(change):
            return Decimal()
        return change.top_up + ((change.asked_amount or Decimal()) if self.funds(change) else Decimal())


def money_needed(chosen: Iterable[tuple[Change, Answer]]) -> Decimal:
    """What these answers move into escrow at once, in the contract's currency."""
    return sum((answer.moves(change) for change, answer in chosen), Decimal())


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
