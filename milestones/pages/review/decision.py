"""The check page in words: each line with its answer, and the one button that says what it does."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import npgettext, pgettext

from milestones.answers import Answer
from milestones.pages.review.answers import AnswerLine, Answers
from milestones.pages.review.summary import Summary


@dataclass(frozen=True)
class Decision:
    approved: list[AnswerLine]
    declined: list[AnswerLine]
    countered: list[AnswerLine]
    open: list[AnswerLine]
    button: str

    @classmethod
    def of(cls, answers: Answers, chosen: Mapping[int, Answer], summary: Summary) -> "Decision":
        by_answer: dict[str, list[AnswerLine]] = {"approve": [], "decline": [], "counter": [], "open": []}
        for line in answers.lines:
            by_answer[_kind(line, chosen.get(line.change.pk))].append(line)
        counts = {kind: len(lines) for kind, lines in by_answer.items()}
        button = _button(counts["approve"], counts["decline"], counts["counter"], summary)
        return cls(by_answer["approve"], by_answer["decline"], by_answer["counter"], by_answer["open"], button)


def _kind(line: AnswerLine, answer: Answer | None) -> str:
    if answer is None:
        return "open"
    if answer.asks_again(line.change):
        return "counter"
    return "approve" if answer.approve else "decline"


def _button(approved: int, declined: int, countered: int, summary: Summary) -> str:
    """As "Approve 2, decline 1, pay $300.00"."""
    parts = []
    if approved:
        parts.append(pgettext("button", "approve %(count)d") % {"count": approved})
    if declined:
        parts.append(pgettext("button", "decline %(count)d") % {"count": declined})
    if countered:
        text = npgettext("button", "suggest %(count)d change", "suggest %(count)d changes", countered)
        parts.append(text % {"count": countered})
    if summary.moves_money and summary.balance:
        parts.append(pgettext("button", "pay %(amount)s") % {"amount": summary.pays_now})
    return capfirst(", ".join(parts))
