"""How each line stands: answered, how, or not yet; as the index on top and the head of the line say it."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

from milestones.answers import Answer
from milestones.pages.review.answers import AnswerLine, Answers

_ANSWERED = {
    "approve": (_lazy("You approve"), "approved", "check"),
    "decline": (_lazy("You decline"), "declined", "x"),
    "counter": (_lazy("You suggest something else"), "suggested", "triangle"),
}
_OPEN = (_lazy("Needs your answer"), "waiting", "hourglass")
_BEGUN = (pgettext_lazy("answer", "Not finished yet"), "waiting", "hourglass")


@dataclass(frozen=True)
class Standing:
    """`label`, `state` and `icon` are those of its tag."""

    line: AnswerLine
    answer: Answer | None

    @property
    def pk(self) -> int:
        return self.line.change.pk

    @property
    def choice(self) -> str:
        return str(self.line.form["choice"].value() or "") if self.line.form.is_bound else ""

    @property
    def _tag(self) -> tuple[object, str, str]:
        if self.answer:
            return _ANSWERED[self.choice]
        return _BEGUN if self.choice else _OPEN

    @property
    def label(self) -> str:
        return str(self._tag[0])

    @property
    def state(self) -> str:
        return self._tag[1]

    @property
    def icon(self) -> str:
        return self._tag[2]

    @property
    def is_folded(self) -> bool:
        """An answered line is one row; where something is wrong with it, it is open."""
        return self.answer is not None and not self.line.errors()


class Progress:
    """How far the person is."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    @cached_property
    def chosen(self) -> dict[int, Answer]:
        return self._answers.chosen()

    @cached_property
    def lines(self) -> list[Standing]:
        return [Standing(line, self.chosen.get(line.change.pk)) for line in self._answers.lines]

    @property
    def total(self) -> int:
        return len(self._answers.lines)

    @property
    def answered(self) -> int:
        return len(self.chosen)

    @property
    def words(self) -> str:
        return _("%(answered)d of %(total)d answered") % {"answered": self.answered, "total": self.total}
