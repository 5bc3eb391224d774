"""Before and after: what a change asks for, field by field, in words that both parties read the same."""

import difflib
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from difflib import Match

from django.utils.translation import gettext as _

from escrow.money import format_delta, format_money
from milestones.models import Change, Terms
from text.dates import day, days_between

_WORDS = re.compile(r"\s*\d+(?:[.,'’\u202f\xa0]\d+)+|\s*\w+|\s*[^\w\s]|\s+")  # "6,200" is one word
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_MOST_COMPARISONS = 1_000_000
"""About 0.1 s. Without a limit, two quite different texts of 1,000 words cost half a minute: the cost is cubic."""

_CONTEXT = 160


Run = tuple[str, str, bool]
"""Some of the old text, some of the new, and whether they are the same."""


class _TooDifferent(Exception):
    pass


class _Matcher(difflib.SequenceMatcher[str]):
    """Gives up at the limit."""

    def __init__(self, old: list[str], new: list[str]) -> None:
        super().__init__(None, old, new, autojunk=False)
        self.old, self.count, self.left = old, Counter(new), _MOST_COMPARISONS

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        self.left -= sum(self.count[word] for word in self.old[alo:ahi])
        if self.left < 0:
            raise _TooDifferent
        return super().find_longest_match(alo, ahi, blo, bhi)


@dataclass(frozen=True)
class Piece:
    """A run of words: kept ("="), added ("+"), removed ("-") or left out because nothing changed there ("…")."""

    sign: str
    text: str


@dataclass(frozen=True)
class FieldDiff:
    name: str
    label: str
    before: str
    after: str
    difference: str = ""
    pieces: list[Piece] = field(default_factory=list)
    is_new: bool = False
    is_removed: bool = False


def diff(change: Change, currency: str, *, described: bool = True) -> list[FieldDiff]:
    """The rows of the before-and-after table: for an edit, only what differs.

    Not `described` is without the description, which is dear to compare.
    """
    base, asked = change.base, change.asked
    if not described:
        base, asked = (terms and replace(terms, description="") for terms in (base, asked))
    return list(_rows(base, asked, currency))


def _rows(base: Terms | None, asked: Terms | None, currency: str) -> Iterator[FieldDiff]:
    fields = base.differing(asked) if base and asked else {"amount", "due_date", "description"}
    some = asked or base
    assert some is not None
    flags = {"is_new": base is None, "is_removed": asked is None}
    if "title" in fields and base and asked:
        yield FieldDiff("title", _("Name"), base.title, asked.title, pieces=word_diff(base.title, asked.title))
    if "amount" in fields:
        yield FieldDiff("amount", _("Amount"), *_amounts(base, asked, currency), **flags)  # type: ignore[arg-type]
    if "due_date" in fields and ((base and asked) or some.due_date):
        yield FieldDiff("due_date", _("Due date"), *_dates(base, asked), **flags)  # type: ignore[arg-type]
    if "description" in fields and (some.description or (base and asked)):
        before, after = base.description if base else "", asked.description if asked else ""
        pieces = word_diff(before, after) if base and asked else []
        yield FieldDiff("description", _("Description"), before, after, pieces=pieces, **flags)  # type: ignore[arg-type]


def _amounts(base: Terms | None, asked: Terms | None, currency: str) -> tuple[str, str, str]:
    before = format_money(base.amount, currency) if base else _("Nothing yet")
    after = format_money(asked.amount, currency) if asked else _("Removed")
    net = (asked.amount if asked else 0) - (base.amount if base else 0)
    return before, after, format_delta(net, currency)  # type: ignore[arg-type]


def _dates(base: Terms | None, asked: Terms | None) -> tuple[str, str, str]:
    before = day(base.due_date) if base else _("Nothing yet")
    after = day(asked.due_date) if asked else _("Removed")
    both = base and asked and base.due_date and asked.due_date
    return before, after, days_between(base.due_date, asked.due_date) if both else ""  # type: ignore[union-attr,arg-type]


def word_diff(before: str, after: str) -> list[Piece]:
    """What was added and removed, word by word; long unchanged stretches are left out.

    Long texts with little in common are compared line by line, or else shown as one removed and one added.
    """
    pieces = []
    for old, new, is_same in _compare(before, after):
        if is_same:
            pieces += _kept(old)
        else:
            pieces += [Piece("-", old)] if old else []
            pieces += [Piece("+", new)] if new else []
    return pieces


def _compare(before: str, after: str) -> list[Run]:
    """The two texts cut into runs that are the same in both or not, as finely as the limit allows."""
    for cut in (_WORDS, _LINES):
        old, new = cut.findall(f" {before}"), cut.findall(f" {after}")  # so that the first word is cut like the others
        with suppress(_TooDifferent):
            codes = _Matcher(old, new).get_opcodes()
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
    head, _cut, _rest = text[:_CONTEXT].rpartition(" ")
    _rest, _cut, tail = text[-_CONTEXT:].partition(" ")
    return [Piece("=", head or text[:_CONTEXT]), Piece("…", ""), Piece("=", tail or text[-_CONTEXT:])]
