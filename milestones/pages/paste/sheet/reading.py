"""From text to the milestones that it describes, each with whatever is wrong with it."""

import csv
import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice

from django.utils.translation import gettext as _

from escrow import money
from milestones import rules
from milestones.models import Terms
from milestones.pages.paste.sheet import amounts, columns, dates
from milestones.pages.paste.sheet.cells import records
from text import typed
from text.dates import day

MOST_ROWS = rules.MAXIMUM_LINES
_SUMS = {"total", "totals", "sum", "subtotal", "grand total"}


@dataclass(frozen=True)
class Row:
    """What one line says. `line` is its place in the text; `terms` is what can be staged, if nothing is wrong."""

    line: int
    title: str
    amount: str
    due_date: str
    terms: Terms | None
    problems: list[str]


@dataclass(frozen=True)
class Sheet:
    """`problems` are those of the whole. `asks_*`: the text can be read in two ways, so somebody must say how."""

    rows: list[Row] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    asks_decimals: bool = False
    asks_dates: bool = False

    @property
    def terms(self) -> list[Terms]:
        """What can be staged: all of it, or nothing."""
        stageable = [row.terms for row in self.rows if row.terms]
        doubtful = self.problems or self.asks_decimals or self.asks_dates
        return [] if doubtful or len(stageable) < len(self.rows) else stageable


def read(text: str, *, currency: str, today: datetime.date, decimals: str = "", order: str = "") -> Sheet:
    """`decimals` is the mark before decimals, `order` how dates are written (`dates`), where a person has said so."""
    text = text.removeprefix("\ufeff")
    delimiter = columns.delimiter_of(text)
    try:
        found = list(islice(records(columns.without_hint(text), delimiter), MOST_ROWS + 2))
    except csv.Error as error:
        return Sheet(problems=[_problem_of_csv(error)])
    if problems := _problems_of_table([cells for _line, cells in found]):
        return Sheet(problems=problems)
    (_line, header), rows = found[0], found[1:]
    if len(rows) > MOST_ROWS:
        return Sheet(problems=[_("One Save can hold %(most)d lines. Paste some of them first.") % {"most": MOST_ROWS}])
    where = columns.columns(header)
    cells = [{name: row[at] if at < len(row) else "" for name, at in where.items()} for _line, row in rows]
    mark = decimals or amounts.decimal_mark([cell["amount"] for cell in cells], currency=currency)
    order = order or dates.order(cell.get("due_date", "") for cell in cells)
    reader = _Reader(currency, today, mark or amounts.POINT, order or dates.DAY_FIRST)
    return Sheet(
        rows=[reader.row(line, cell, spare=_spare(row, header)) for (line, row), cell in zip(rows, cells, strict=True)],
        asks_decimals=not mark,
        asks_dates=not order,
    )


def _problem_of_csv(error: csv.Error) -> str:
    if "limit" in str(error):
        return _("One cell is too long.")
    return _("A quotation mark is not closed, or text follows a closed one. Correct it and read again.")


def _problems_of_table(table: Sequence[list[str]]) -> list[str]:
    if not table:
        return [_("Paste a plan, or choose a file.")]
    header = table[0]
    if not set(columns.columns(header)) >= columns.REQUIRED:
        return [_("The first line must name the columns: Name and Amount, and if you like Due date and Description.")]
    if twice := columns.repeated(header):
        return [_("Two columns are called “%(name)s”. Keep one.") % {"name": twice[0]}]
    return [] if len(table) > 1 else [_("There is nothing below the names of the columns.")]


def _spare(row: list[str], header: list[str]) -> bool:
    """Whether the line has more cells than there are columns."""
    return any(cell.strip() for cell in row[len(header) :])


@dataclass(frozen=True)
class _Reader:
    currency: str
    today: datetime.date
    mark: str
    order: str

    def row(self, line: int, cell: dict[str, str], *, spare: bool) -> Row:
        amount, amount_problems = self._amount(cell["amount"], cell.get("currency", ""))
        due_date, date_problems = self._due_date(cell.get("due_date", ""))
        terms = Terms(
            title=typed.line(cell["title"]),
            amount=amount or money.minimum(self.currency),
            due_date=due_date,
            description=typed.lines(cell.get("description", "")),
        )
        of_terms = rules.problems_of_terms("", terms, before=None, currency=self.currency, today=self.today)
        problems = [
            *_problems_of_line(terms.title, spare=spare),
            *(problem.sentence for problem in of_terms),
            *amount_problems,
            *date_problems,
        ]
        return Row(
            line=line,
            title=terms.title,
            amount=money.format_money(amount, self.currency) if amount else cell["amount"],
            due_date=cell.get("due_date", "") if date_problems else day(due_date),
            terms=None if problems else terms,
            problems=problems,
        )

    def _amount(self, text: str, currency: str) -> tuple[Decimal | None, list[str]]:
        if any(amounts.is_foreign(each, self.currency) for each in (text, currency)):
            name = money.currency_name(self.currency)
            return None, [_("This amount is in another currency. The contract is in %(name)s.") % {"name": name}]
        try:
            return money.parse(amounts.plain(text, mark=self.mark, currency=self.currency), self.currency), []
        except money.InvalidAmount as error:
            return None, [error.sentence]

    def _due_date(self, text: str) -> tuple[datetime.date | None, list[str]]:
        try:
            return dates.parse(text, order=self.order), []
        except ValueError:
            return None, [_("Enter the due date as year-month-day, like 2026-12-31.")]


def _problems_of_line(title: str, *, spare: bool) -> list[str]:
    problems = []
    if title.casefold() in _SUMS:
        problems.append(_("This line is a sum, not a milestone. Take it out."))
    if spare:
        problems.append(
            _("This line has more cells than there are columns. Put text that holds the separator in quotation marks.")
        )
    return problems
