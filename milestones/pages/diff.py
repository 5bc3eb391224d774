"""What a change asks for, before and after."""

from collections.abc import Iterable

from contracts.terms.diff import FieldDiff, pairs, rows
from milestones.models import Change
from text.compared import Compared, Pair

MOST_SHOWN = 250_000
"""Characters of descriptions, before and after, on one page. One suggestion may have 40,000."""


class Descriptions:
    """Those of the suggestions on one page: as many as a page can show. Each of the others has a page of its own."""

    def __init__(self, changes: Iterable[Change]) -> None:
        left, shown = MOST_SHOWN, list[Pair]()
        self._left_out: set[int] = set()
        for change in changes:
            texts = pairs(change.base, change.asked)
            length = sum(len(text) for pair in texts for text in pair)
            if length <= left:
                left -= length
                shown += texts
            else:
                self._left_out.add(change.pk)
        self.compared = Compared((before, after) for before, after in shown if before and after)

    def leave_out(self, change: Change) -> bool:
        return change.pk in self._left_out


def diff(
    change: Change, currency: str, texts: Descriptions | None = None, *, with_prose: bool = True
) -> list[FieldDiff]:
    """The rows of the before-and-after table.

    `texts` are those of all the page. Without prose, which is dear to compare, it costs nothing.
    """
    texts = texts or Descriptions([change])
    left_out = texts.leave_out(change)
    return [*rows(change.base, change.asked, currency, texts.compared, with_prose=with_prose, left_out=left_out)]
