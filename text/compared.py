"""What differs between texts, as a page shows it: compared once, and then read, all the pairs of a page in one query.

A page compares what is not there yet within its work; what goes beyond is shown whole, and compared by whoever looks
next. Pairs that cost nothing to compare are not kept.
"""

from collections.abc import Iterable
from functools import cached_property
from hashlib import sha256

from text.difference import ENOUGH_FOR_ONE, MOST_WORK, Piece, Work, whole, word_diff
from text.models import Difference

_CUT = "3"
"""Raise it with each change of how texts are compared."""

_SHORT = 600
"""Characters of both. The costliest such pair takes a millisecond or two."""

Pair = tuple[str, str]


class Compared:
    """The pairs of one page, all read when the first long one is asked for."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self._pairs = dict.fromkeys(pairs)
        self._work, self._work_for_short = Work(ENOUGH_FOR_ONE), Work(MOST_WORK)

    def pieces(self, before: str, after: str) -> list[Piece]:
        if _is_short((before, after)):
            return word_diff(before, after, self._work_for_short)
        return self._long.get((before, after)) or whole(before, after)

    @cached_property
    def _long(self) -> dict[Pair, list[Piece]]:
        digests = {pair: _digest(pair) for pair in self._pairs if not _is_short(pair)}
        rows = dict(Difference.objects.filter(digest__in=digests.values()).values_list("digest", "pieces"))
        found = {pair: [Piece(*piece) for piece in rows[key]] for pair, key in digests.items() if key in rows}
        made = self._made([pair for pair in digests if pair not in found])
        new = [Difference(digest=digests[pair], pieces=[*map(_kept, pieces)]) for pair, pieces in made.items()]
        if new:
            Difference.objects.bulk_create(new, ignore_conflicts=True)
        return found | made

    def _made(self, missing: list[Pair]) -> dict[Pair, list[Piece]]:
        """Those for which there is work enough; what did not get all of its work may come out better another time."""
        made: dict[Pair, list[Piece]] = {}
        for pair in missing:
            pieces = word_diff(*pair, self._work)
            if self._work.is_spent:
                break
            made[pair] = pieces
        return made


def _is_short(pair: Pair) -> bool:
    return sum(map(len, pair)) <= _SHORT


def _digest(pair: Pair) -> str:
    before, after = pair
    return sha256(f"{_CUT} {len(before)} {before}{after}".encode()).hexdigest()


def _kept(piece: Piece) -> list[str]:
    return [piece.sign, piece.text]
