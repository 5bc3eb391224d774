"""Before and after: what a change asks for, field by field, in words that both parties read the same."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from escrow.money import format_delta, format_money
from milestones.models import Change, Terms
from text.compared import Compared
from text.dates import day, days_between
from text.difference import Piece
from text.shown import Shown

_LONG = 300
"""Characters."""

MOST_WHOLE = 50_000
"""Characters of changed descriptions that a page holds whole, too, as they would be; word by word each is there."""

MOST_SHOWN = 250_000
"""Characters of descriptions, before and after, on one page. One suggestion may have 40,000."""


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
    is_left_out: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether it is all removed and all added, in texts so long that a reader asks why."""
        return [piece.sign for piece in self.pieces] == ["-", "+"] and len(self.before) > _LONG < len(self.after)


class Descriptions:
    """Those of the suggestions on one page: as many as a page can show. Each of the others has a page of its own."""

    def __init__(self, changes: Iterable[Change]) -> None:
        left, left_whole, shown, whole = MOST_SHOWN, MOST_WHOLE, [], []
        self._left_out: set[int] = set()
        for change in changes:
            texts = _texts(change)
            if sum(map(len, texts)) <= left:
                left -= sum(map(len, texts))
                shown.append(texts)
                if all(texts):
                    left_whole -= len(texts[1])
                if left_whole >= 0 or not all(texts):
                    whole.append(texts[1] or texts[0])
            else:
                self._left_out.add(change.pk)
        self.compared = Compared((before, after) for before, after in shown if before and after)
        self.shown = Shown(whole)
        """What is new or goes as a whole, and changed ones as they would be."""

    def leave_out(self, change: Change) -> bool:
        return change.pk in self._left_out


def _texts(change: Change) -> tuple[str, str]:
    """The description before and after, as far as they are shown."""
    before, after = (terms.description if terms else "" for terms in (change.base, change.asked))
    return ("", "") if before == after else (before, after)


def diff(
    change: Change, currency: str, texts: Descriptions | None = None, *, described: bool = True
) -> list[FieldDiff]:
    """The rows of the before-and-after table: for an edit, only what differs.

    `texts` are those of all the page. Not `described` is without the description, which is dear to compare.
    """
    base, asked, texts = change.base, change.asked, texts or Descriptions([change])
    if not described:
        base, asked = (terms and replace(terms, description="") for terms in (base, asked))
    is_left_out = described and texts.leave_out(change)
    return list(_rows(base, asked, currency, texts.compared, is_left_out=is_left_out))


def _rows(
    base: Terms | None, asked: Terms | None, currency: str, texts: Compared, *, is_left_out: bool
) -> Iterator[FieldDiff]:
    fields = base.differing(asked) if base and asked else {"amount", "due_date", "description"}
    some = asked or base
    assert some is not None
    flags = {"is_new": base is None, "is_removed": asked is None}
    if "title" in fields and base and asked:
        yield FieldDiff("title", _("Name"), base.title, asked.title, pieces=texts.pieces(base.title, asked.title))
    if "amount" in fields:
        yield FieldDiff("amount", _("Amount"), *_amounts(base, asked, currency), **flags)  # type: ignore[arg-type]
    if "due_date" in fields and ((base and asked) or some.due_date):
        yield FieldDiff("due_date", _("Due date"), *_dates(base, asked), **flags)  # type: ignore[arg-type]
    if "description" in fields and is_left_out:
        yield FieldDiff("description", _("Description"), "", "", is_left_out=True)
    elif "description" in fields and (some.description or (base and asked)):
        before, after = base.description if base else "", asked.description if asked else ""
        pieces = texts.pieces(before, after) if base and asked else []
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
