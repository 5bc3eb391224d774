"""Two texts compared word by word, within a limit of work that is counted as it is done."""

import difflib
import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from difflib import Match

_WORDS = re.compile(r"\s*\d+(?:[.,'’\u202f\xa0]\d+)+|\s*\w+|\s*[^\w\s]|\s+")  # "6,200" is one word
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
MOST_WORK = 700_000
"""About 0.1 s. Without a limit, two quite different texts of 1,000 words cost half a minute: the cost is cubic."""

_OF_A_WORD = 8
"""What it costs to cut a text into words, for each."""

ENOUGH_FOR_ONE = 2 * MOST_WORK + 600_000
"""As words and as lines, for the longest texts."""

_CONTEXT = 160

_DENSEST, _ALWAYS_FINE = 25, 200
"""Characters for each run, and how many runs any text may have: what is cut into more helps nobody to read it."""

Run = tuple[str, str, bool]
"""Some of the old text, some of the new, and whether they are the same."""


class _TooDifferent(Exception):
    pass


class Work:
    """What may still be done: words looked at and pairs of words compared, for one text or for all of a page."""

    def __init__(self, left: int) -> None:
        self.left, self.is_spent = left, False

    def take(self, cost: int) -> None:
        """Errors: _TooDifferent when there is not so much left."""
        if cost > self.left:
            self.is_spent = True
            raise _TooDifferent
        self.left -= cost


@dataclass(frozen=True)
class Piece:
    """A run of words: kept ("="), added ("+"), removed ("-"), or folded because nothing changed for long ("…")."""

    sign: str
    text: str

    @property
    def words(self) -> int:
        return len(self.text.split())


class _Matcher(difflib.SequenceMatcher[str]):
    def __init__(self, old: list[str], new: list[str], work: Work) -> None:
        work.take(_OF_A_WORD * (len(old) + len(new)))
        super().__init__(None, old, new, autojunk=False)
        self.old, self.count, self.work, self.mine = old, Counter(new), work, Work(MOST_WORK)

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        words = self.old[alo:ahi]
        cost = len(words) + sum(self.count[word] for word in words)
        self.mine.take(cost)
        self.work.take(cost)
        return super().find_longest_match(alo, ahi, blo, bhi)


def word_diff(before: str, after: str, work: Work | None = None) -> list[Piece]:
    """What was added and removed, word by word; long unchanged stretches are pieces of their own.

    Long texts with little in common are compared line by line, or else shown as one removed and one added (`whole`).
    """
    pieces = []
    for old, new, is_same in _compare(before, after, work or Work(ENOUGH_FOR_ONE)):
        if is_same:
            pieces += _kept(old)
        else:
            pieces += [Piece("-", old)] if old else []
            pieces += [Piece("+", new)] if new else []
    return pieces


def whole(before: str, after: str) -> list[Piece]:
    return [Piece(sign, text) for sign, text in (("-", before), ("+", after)) if text]


def _compare(before: str, after: str, work: Work) -> list[Run]:
    """The two texts cut into runs that are the same in both or not, as finely as the limit allows."""
    for cut in (_WORDS, _LINES):
        old, new = cut.findall(f" {before}"), cut.findall(f" {after}")  # so that the first word is cut like the others
        with suppress(_TooDifferent):
            codes = _Matcher(old, new, work).get_opcodes()
            if len(codes) > max(_ALWAYS_FINE, (len(before) + len(after)) / _DENSEST):
                continue
            return _unpadded([("".join(old[i1:i2]), "".join(new[j1:j2]), t == "equal") for t, i1, i2, j1, j2 in codes])
    return [(before, after, False)]


def _unpadded(runs: list[Run]) -> list[Run]:
    """Without the blank before both texts."""
    (old, new, is_same), *rest = runs
    if old and new:
        return [(old[1:], new[1:], is_same), *rest]
    (next_old, next_new, _is_same), *rest = rest
    return [(old and f"{old[1:]} ", new and f"{new[1:]} ", False), (next_old[1:], next_new[1:], True), *rest]


def _kept(text: str) -> list[Piece]:
    if len(text) <= 2 * _CONTEXT:
        return [Piece("=", text)]
    head, tail = text[:_CONTEXT].rpartition(" ")[0] or text[:_CONTEXT], text[-_CONTEXT:].partition(" ")[2]
    tail = tail or text[-_CONTEXT:]
    return [Piece("=", head), Piece("…", text[len(head) : -len(tail)]), Piece("=", tail)]
