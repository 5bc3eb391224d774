"""What a change asks for, before and after."""

from collections.abc import Iterable

from contracts.terms.diff import FieldDiff, pairs, rows
from milestones.models import Change
from text.compared import Compared, Pair
from text.shown import Shown

MOST_WHOLE = 50_000
"""Characters of changed descriptions that a page holds whole, too, as they would be; word by word each is there."""

MOST_SHOWN = 250_000
"""Characters of descriptions, before and after, on one page. One suggestion may have 40,000."""


class Descriptions:
    """Those of the suggestions on one page: as many as a page can show. Each of the others has a page of its own."""

    def __init__(self, changes: Iterable[Change]) -> None:
        left, left_whole, shown, whole = MOST_SHOWN, MOST_WHOLE, list[Pair](), list[str]()
        self._left_out: set[int] = set()
        for change in changes:
            texts = pairs(change.base, change.asked)
            length = sum(len(text) for pair in texts for text in pair)
            if length <= left:
                left -= length
                shown += texts
                for before, after in texts:
                    left_whole -= len(after) if before and after else 0
                    if left_whole >= 0 or not (before and after):
                        whole.append(after or before)
            else:
                self._left_out.add(change.pk)
        self.compared = Compared((before, after) for before, after in shown if before and after)
        self.shown = Shown(whole)
        """What is new or goes as a whole, and changed ones as they would be."""

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
