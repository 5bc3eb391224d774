"""Before and after: what a change asks for, field by field, in words that both parties read the same."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from contracts.dates import day, days_between
from escrow.money import format_delta, format_money
from milestones.models import Change, Terms

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_MOST_COMPARISONS = 4_000_000
_CONTEXT = 160


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


def diff(change: Change, currency: str) -> list[FieldDiff]:
    """The rows of the before-and-after table: for an edit, only what differs."""
    return list(_rows(change.base, change.asked, currency))


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

    Two long texts with little in common are shown as one removed and one added: comparing them costs seconds.
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) * len(new) > _MOST_COMPARISONS:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    pieces = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces += _kept("".join(old[i1:i2]))
        else:
            pieces += [Piece("-", "".join(old[i1:i2]))] if i2 > i1 else []
            pieces += [Piece("+", "".join(new[j1:j2]))] if j2 > j1 else []
    return pieces


def _kept(text: str) -> list[Piece]:
    if len(text) <= 2 * _CONTEXT:
        return [Piece("=", text)]
    head, _cut, _rest = text[:_CONTEXT].rpartition(" ")
    _rest, _cut, tail = text[-_CONTEXT:].partition(" ")
    return [Piece("=", head or text[:_CONTEXT]), Piece("…", ""), Piece("=", tail or text[-_CONTEXT:])]
