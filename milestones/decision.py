"""The check page in words: each line with its answer, and the one button that says what it does."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import pgettext

from milestones.actions import Answer
from milestones.answers import AnswerLine, Answers
from milestones.summary import Summary


@dataclass(frozen=True)
class Decision:
    approved: list[AnswerLine]
    declined: list[AnswerLine]
    open: list[AnswerLine]
    button: str

    @classmethod
    def of(cls, answers: Answers, chosen: Mapping[int, Answer], summary: Summary) -> "Decision":
        approved = [line for line in answers.lines if line.change.pk in chosen and chosen[line.change.pk].approve]
        declined = [line for line in answers.lines if line.change.pk in chosen and not chosen[line.change.pk].approve]
        undecided = [line for line in answers.lines if line.change.pk not in chosen]
        return cls(approved, declined, undecided, _button(len(approved), len(declined), summary))


def _button(approved: int, declined: int, summary: Summary) -> str:
    """As "Approve 2, decline 1, pay $300.00"."""
    parts = []
    if approved:
        parts.append(pgettext("button", "approve %(count)d") % {"count": approved})
    if declined:
        parts.append(pgettext("button", "decline %(count)d") % {"count": declined})
    if summary.moves_money:
        parts.append(pgettext("button", "pay %(amount)s") % {"amount": summary.pays_now})
    return capfirst(", ".join(parts))
