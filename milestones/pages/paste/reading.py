"""From cells to the terms that they name, in the manner in which the sheet writes dates and amounts."""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from contracts.terms import Unreadable
from escrow import money
from milestones.models import Terms
from milestones.pages.paste import amounts, dates
from milestones.pages.paste.cells import Line
from milestones.pages.paste.heads import REFERENCE

_SUMS = {
    *(
        "total",
        "totals",
        "subtotal",
        "subtotals",
        "sum",
        "grand",
        "balance",
        "summe",
        "gesamt",
        "gesamtsumme",
        "zwischensumme",
    ),
    *(
        "endsumme",
        "insgesamt",
        "soustotal",
        "somme",
        "suma",
        "totale",
        "subtotale",
        "somma",
        "totaal",
        "subtotaal",
        "summa",
    ),
    *("合計", "小計", "总计", "合计"),
}
_ERRORS = re.compile(r"#(?:NAME|REF|VALUE|N/A|DIV/0|NUM|NULL|#+)[?!]?")
_TAXES = {"tax", "taxes", "vat", "mwst", "ust", "tva", "iva", "gst", "discount", "rabatt", "remise", "shipping"}


@dataclass(frozen=True)
class Manner:
    """`mark` stands before decimals, `order` is that of dates, and `scale` what a 1 of the sheet stands for.

    `beside` is what else the line says of its currency.
    """

    currency: str
    mark: str = amounts.POINT
    order: str = "dmy"
    scale: int = 1
    beside: str = ""

    def amount(self, cell: str) -> Decimal:
        """Errors: Unreadable."""
        if any(amounts.is_foreign(each, self.currency) for each in (cell, self.beside)):
            name = money.currency_name(self.currency)
            sentence = _("This amount is in another currency. The contract is in %(name)s.")
            raise Unreadable(sentence % {"name": name})
        plain = amounts.plain(cell, mark=self.mark, currency=self.currency)
        if self.scale > 1 and re.fullmatch(r"[0-9]{1,12}(?:\.[0-9]{1,12})?", plain):
            plain = f"{(Decimal(plain) * self.scale).normalize():f}"
        try:
            return money.parse(plain, self.currency)
        except money.InvalidAmount as error:
            raise Unreadable(error.sentence) from error

    def date(self, cell: str) -> datetime.date | None:
        """Errors: Unreadable."""
        return dates.parse(cell, order=self.order)

    def in_words(self, role: str, cell: str) -> str:
        """What a cell is read as; empty where it is taken as it stands."""
        kind = Terms.kinds().get(role)
        try:
            return kind.read_as(kind.read(cell, self), self.currency) if kind else ""
        except Unreadable:
            return _("cannot be read")


@dataclass
class Row:
    """What one line says. `given` holds the terms that could be read, of those that the sheet has a column for."""

    line: int
    typed: Mapping[str, str]
    given: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    label: str = ""
    reference: int | None = None

    @property
    def is_empty(self) -> bool:
        return not any(text.strip() for role, text in self.typed.items() if role != "reference")

    @property
    def is_sum(self) -> bool:
        words = re.findall(r"\w+", self.label.casefold().replace("-", "").replace("sous total", "soustotal"))
        return bool(words) and (words[0] in _SUMS or (words[0] in _TAXES and all(map(_is_rate, words[1:]))))


def _is_rate(word: str) -> bool:
    return word.isdigit() or word in _TAXES


def rows_of(lines: Sequence[Line], where: Mapping[str, int], width: int, manner: Manner) -> list[Row]:
    return [_row(line, where, width, manner) for line in lines]


def _row(line: Line, where: Mapping[str, int], width: int, manner: Manner) -> Row:
    row = Row(line.number, {role: line.at(at) for role, at in where.items()})
    row.given, unread = Terms.read(row.typed, replace(manner, beside=row.typed.get("currency", "")))
    row.label = row.given["title"] or next((cell for cell in line.cells if cell.strip()), "")
    if found := REFERENCE.fullmatch(row.typed.get("reference", "").strip()):
        row.reference = int(found[1])
    if _ERRORS.fullmatch(row.given["title"]):
        row.problems.append(_("The name is an error of the spreadsheet."))
    if any(cell.strip() for cell in line.cells[width:]):
        row.problems.append(
            _("This line has more cells than there are columns. Put text that holds the separator in quotation marks.")
        )
    row.problems += unread
    return row
