"""What each column becomes: by its name where that is certain, by what a person says, or else it is asked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from milestones.pages.paste import amounts, dates, heads
from milestones.pages.paste.cells import HEAD_WITHIN, Line
from milestones.pages.paste.heads import ASKED, REFERENCE, ROLES, UNUSED, Column


def head_of(lines: Sequence[Line]) -> int | None:
    """Which of the lines names the columns; None when none does."""
    first = lines[:HEAD_WITHIN]
    understood = [_understood(line.cells) for line in first]
    if any(understood):
        return understood.index(max(understood))
    if first and not any(amounts.is_number(cell) or dates.is_date(cell) for cell in first[0].cells):
        names = [cell for cell in first[0].cells if cell.strip()]
        below = [cell for line in first[1:] for cell in line.cells]
        return 0 if len(names) > 1 and any(map(amounts.is_number, below)) else None
    return None


def worth(lines: list[Line]) -> int:
    """How many columns of these lines have names that are known."""
    return max((_understood(line.cells) for line in lines), default=0)


def _understood(cells: Sequence[str]) -> int:
    names = {heads.base(cell) for cell in cells}
    known = sum(not names.isdisjoint(synonyms) for synonyms in heads.SYNONYMS.values())
    return 0 if any(amounts.is_number(cell) or dates.is_date(cell) for cell in cells) else known


def columns_of(lines: Sequence[Line], head: int | None, *, currency: str) -> list[Column]:
    """Each column with what it certainly becomes, or ASKED."""
    names = lines[head].cells if head is not None else []
    below = lines[head + 1 :] if head is not None else lines
    width = max([len(names), *([len(line.cells) for line in below] if not names else [])], default=0)
    found = [
        Column(number, names[number] if number < len(names) else "", cells=[line.at(number) for line in below])
        for number in range(width)
    ]
    guess = _Guess(found, currency, has_names=head is not None)
    return [replace(column, role=guess.role(column), may_be=guess.may_be(column)) for column in found]


GUESSED = {"title", "amount", "due_date", "description"}
"""The terms that are found by more than the name of their column."""


class _Guess:
    """Which columns are certain, and which are candidates among several, role by role."""

    def __init__(self, columns: list[Column], currency: str, *, has_names: bool) -> None:
        self.certain: dict[str, int] = {}
        self.asked: dict[str, list[int]] = {}
        self._settle("reference", [c for c in columns if c.base == "reference" and c.are(_is_reference)])
        self._settle("currency", [c for c in columns if c.base in ("currency", "währung", "devise")])
        for name in heads.SYNONYMS.keys() - GUESSED:
            self._settle(name, [c for c in columns if c.base in heads.SYNONYMS[name]])
        self._settle_amount(columns, currency)
        due = _first(columns, heads.DUE_DATES)
        self._settle("due_date", due)
        dated = [c for c in self._free(columns) if c.are(dates.is_date)]
        if not due and dated:
            self.asked["due_date"] = [c.number for c in dated]
        if has_names:
            self._settle_words(self._free(columns))
        else:
            self._settle_by_kind(columns)

    def role(self, column: Column) -> str:
        if any(column.number in numbers for numbers in self.asked.values()):
            return ASKED
        return next((role for role, number in self.certain.items() if number == column.number), UNUSED)

    def may_be(self, column: Column) -> frozenset[str]:
        return frozenset(role for role, numbers in self.asked.items() if column.number in numbers)

    def _settle(self, role: str, found: list[Column]) -> None:
        if len(found) == 1:
            self.certain[role] = found[0].number
        elif found:
            self.asked[role] = [column.number for column in found]

    def _free(self, columns: list[Column]) -> list[Column]:
        taken = {*self.certain.values(), *(number for numbers in self.asked.values() for number in numbers)}
        return [column for column in columns if column.number not in taken]

    def _settle_amount(self, columns: list[Column], currency: str) -> None:
        """A price of one piece is no amount, nor is one in another currency: whoever knows must say so."""
        found = [column for column in columns if column.base in heads.AMOUNTS]
        ours = [column for column in found if not column.is_foreign(currency)]
        stated = [column for column in ours if currency in column.signs]
        pieces = any(column.base in heads.QUANTITIES for column in columns)
        doubtful = [c for c in ours if heads.OF_ONE.search(c.head) or (pieces and c.base not in heads.TOTALS)]
        if len(stated) == 1 and not doubtful:
            ours = stated
        self._settle("amount", ours)
        if doubtful or (found and not ours):
            self.certain.pop("amount", None)
            self.asked["amount"] = [column.number for column in found]

    def _settle_words(self, free: list[Column]) -> None:
        """The first known name that holds words; what else has such a name tells more of it."""
        named = sorted(
            (c for c in free if c.base in heads.TITLES and not c.are(_is_counted)),
            key=lambda c: heads.TITLES.index(c.base),
        )
        described = _first(free, heads.DESCRIPTIONS)
        if not named:
            named, described = described, []
        self._settle("title", [column for column in named if column.base == named[0].base])
        self._settle("description", described or [c for c in named if c.base != named[0].base][:1])

    def _settle_by_kind(self, columns: list[Column]) -> None:
        """Without names: one column of numbers, one of dates, and words from the left."""
        numbers = [c for c in columns if c.are(amounts.is_number)]
        words = [c for c in self._free(columns) if c.filled and c not in numbers]
        dated = self.asked.pop("due_date", [])
        self._settle("due_date", [c for c in columns if c.number in dated])
        self._settle("amount", numbers)
        self._settle("title", words[:1])
        self._settle("description", words[1:2])


def _first(columns: list[Column], synonyms: Sequence[str]) -> list[Column]:
    """Those with the first of these names that a column has."""
    known = [column for column in columns if column.base in synonyms]
    best = min(known, key=lambda column: synonyms.index(column.base), default=None)
    return [column for column in known if best and column.base == best.base]


def _is_reference(cell: str) -> bool:
    return bool(REFERENCE.fullmatch(cell.strip()))


def _is_counted(cell: str) -> bool:
    """A number, or a time like "8 hrs": no name."""
    return bool(re.fullmatch(r"[#0-9.,]+\s*(?:hrs?|h|days?|d|%)?", cell.strip()))


def said(columns: Sequence[Column], answers: Mapping[str, str]) -> list[Column]:
    """The columns as a person says, where they said anything that is possible."""
    roles = {**ROLES, ASKED: ""}
    given = {column.number: answers.get(f"column-{column.number}") for column in columns}
    return [
        replace(column, role=role) if (role := given[column.number]) in roles and role is not None else column
        for column in columns
    ]


def placed(columns: Sequence[Column]) -> dict[str, int]:
    """Role by role, the number of its column."""
    return {column.role: column.number for column in columns if column.role not in (UNUSED, ASKED)}


def problems(columns: Sequence[Column], *, currency: str) -> list[tuple[str, str]]:
    """What must be said about columns before a line can be read: the id of the place and the sentence."""
    return [
        *_missing(columns, currency),
        *(problem for column in columns for problem in _wrong(column, columns, currency)),
    ]


def _missing(columns: Sequence[Column], currency: str) -> Iterator[tuple[str, str]]:
    for role, sentence in (
        ("title", _("Say which column is the name.")),
        ("amount", _("Say which column is the amount.")),
    ):
        among = [column for column in columns if role in column.may_be]
        if role not in [column.role for column in columns]:
            yield _id(among[0] if among else columns[0]), " ".join(filter(None, [sentence, _reason(among, currency)]))


def _reason(among: Sequence[Column], currency: str) -> str:
    names = {"names": ", ".join(f"“{column.name}”" for column in among)}
    if len(among) > 1:
        return _("It can be one of these: %(names)s.") % names
    if among and among[0].is_foreign(currency):
        return _("%(names)s speaks of another currency than the contract’s.") % names
    return _("%(names)s may be the price of one piece.") % names if among else ""


def _wrong(column: Column, columns: Sequence[Column], currency: str) -> Iterator[tuple[str, str]]:
    roles, name = [each.role for each in columns], {"name": column.name}
    if column.role == ASKED and "due_date" in column.may_be and "due_date" not in roles:
        yield _id(column), _("“%(name)s” holds dates. Say whether they are the due dates.") % name
    if column.role in roles[: column.number] and column.role not in (UNUSED, ASKED):
        yield _id(column), _("Two columns are “%(role)s”. Choose one.") % {"role": ROLES[column.role]}
    if column.role == "amount" and column.is_foreign(currency):
        sentence = _("“%(name)s” speaks of another currency than the contract’s. Choose another column, or correct it.")
        yield _id(column), sentence % name


def _id(column: Column) -> str:
    return f"column-{column.number}"
