"""Before and after: term by term, in words that both parties read the same."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from contracts.terms.declared import Declared
from contracts.terms.kinds import Kind
from text.compared import Compared, Pair
from text.difference import Piece

_LONG = 300
"""Characters."""


@dataclass(frozen=True)
class FieldDiff:
    name: str
    label: str
    before: str
    after: str
    difference: str = ""
    pieces: list[Piece] = field(default_factory=list)
    is_prose: bool = False
    is_new: bool = False
    is_removed: bool = False
    is_left_out: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether it is all removed and all added, in texts so long that a reader asks why."""
        return [piece.sign for piece in self.pieces] == ["-", "+"] and len(self.before) > _LONG < len(self.after)


def pairs(base: Declared | None, asked: Declared | None) -> list[Pair]:
    """The long texts before and after, as far as they are shown: those that differ."""
    some = asked or base
    prose = [name for name, kind in some.kinds().items() if kind.is_prose] if some else []
    found = [tuple(getattr(terms, name) if terms else "" for terms in (base, asked)) for name in prose]
    return [(before, after) for before, after in found if before != after]


def rows(
    base: Declared | None,
    asked: Declared | None,
    currency: str,
    texts: Compared,
    *,
    with_prose: bool = True,
    left_out: bool = False,
) -> Iterator[FieldDiff]:
    """With both, only what differs; with one, each term that it gives, but for the name, which stands above.

    `left_out` is that the page has no room for the long texts.
    """
    some = asked or base
    assert some is not None
    for name, kind in some.kinds().items():
        if not _is_row(name, kind, base, asked) or (kind.is_prose and not with_prose):
            continue
        if kind.is_prose and left_out:
            yield FieldDiff(name, str(kind.label), "", "", is_prose=True, is_left_out=True)
        else:
            yield _row(name, kind, base, asked, currency, texts)


def _is_row(name: str, kind: Kind[Any], base: Declared | None, asked: Declared | None) -> bool:
    if base and asked:
        return bool(getattr(base, name) != getattr(asked, name))
    return not kind.is_name and kind.is_given(getattr(asked or base, name))


def _row(
    name: str, kind: Kind[Any], base: Declared | None, asked: Declared | None, currency: str, texts: Compared
) -> FieldDiff:
    old: Any = getattr(base, name) if base else None
    new: Any = getattr(asked, name) if asked else None
    return FieldDiff(
        name,
        str(kind.label),
        base.shown(name, currency) if base else _nothing(kind, _("Nothing yet")),
        asked.shown(name, currency) if asked else _nothing(kind, _("Removed")),
        kind.difference(old, new, currency),
        pieces=texts.pieces(old, new) if kind.is_text and base and asked else [],
        is_prose=kind.is_prose,
        is_new=base is None,
        is_removed=asked is None,
    )


def _nothing(kind: Kind[Any], words: str) -> str:
    """A long text is marked as new or removed itself."""
    return "" if kind.is_prose else words
