"""Lines of cells, as text and from text.

A spreadsheet takes a cell that begins with one of these for a formula, and would run what somebody typed into a
milestone's name. Such a cell is written with an apostrophe before it, and one apostrophe is taken away when it is read.
Source: OWASP, "CSV Injection".
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice

from django.utils.translation import gettext as _

from milestones.pages.paste.files import Unreadable

MOST_ROWS, MOST_CELLS, MOST_COLUMNS = 500, 10_000, 50
HEAD_WITHIN = 20
"""Among so many lines the names of the columns are looked for."""

_SEPARATORS = "\t;,|"
_FORMULA = (
    "=+\\-@\t\r\n\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)
_DANGEROUS = re.compile(f"'*[{_FORMULA}]")
_ESCAPED = re.compile(f"'+[{_FORMULA}]")
_HINT = re.compile(r"sep=(.)[^\r\n]*", re.IGNORECASE)  # what Excel writes and reads above the names
_TABBED = re.compile(r'(?:"((?:[^"\t]|"")*)"(?=[\t\r\n]|\Z)|([^\t\r\n]*))(\t|\r\n|\r|\n|\Z)')
_RULER = re.compile(r"^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-*:?[ \t]*)+$", re.MULTILINE)
_EMPHASIS = re.compile(r"(\*\*|__|`)(.+?)\1")


@dataclass(frozen=True)
class Line:
    """`number` is that of the text's line on which it begins."""

    number: int
    cells: list[str]

    def at(self, column: int | None) -> str:
        return self.cells[column] if column is not None and column < len(self.cells) else ""


Reader = Callable[[str], Iterator[Line]]


def as_csv(rows: Iterable[Sequence[str]]) -> str:
    """RFC 4180: commas, quotation marks where needed, lines that end with CRLF; no cell is a formula."""
    written = io.StringIO(newline="")
    csv.writer(written).writerows([harmless(cell) for cell in row] for row in rows)
    return written.getvalue()


def harmless(cell: str) -> str:
    return f"'{cell}" if _DANGEROUS.match(cell) else cell


def bare(cell: str) -> str:
    """The cell as it was before `harmless`."""
    return cell[1:] if _ESCAPED.match(cell) else cell


def lines(text: str, *, worth: Callable[[list[Line]], int]) -> list[Line]:
    """Each line that is not empty. What separates cells is chosen by `worth`: how well the first lines are understood.

    Errors: Unreadable.
    """
    text = text.removeprefix("\ufeff")
    if hint := _HINT.match(text):
        # The hint is emptied, not taken away, so that line numbers stay.
        return _bounded(_separated(text[hint.end() :], hint[1] if hint[1] in _SEPARATORS else ","))
    readers: list[Reader] = [_of_markdown] if _begins_markdown(text) else []
    readers += [partial(_separated, separator=separator) for separator in _SEPARATORS]
    return _bounded(max(readers, key=lambda reader: _worth(reader, text, worth))(text))


def _begins_markdown(text: str) -> bool:
    first = text.lstrip().partition("\n")[0]
    return "|" in first and (first.startswith("|") or bool(_RULER.search(text)))


def _worth(reader: Reader, text: str, worth: Callable[[list[Line]], int]) -> tuple[int, bool, int]:
    first: list[Line] = []
    with suppress(Unreadable):  # which is said when it is read as a whole
        first.extend(islice(reader(text), HEAD_WITHIN))
    return worth(first), reader is _of_markdown, max((sum(map(bool, line.cells)) for line in first), default=0)


def _bounded(found: Iterator[Line]) -> list[Line]:
    read = list(islice(found, MOST_ROWS + HEAD_WITHIN + 1))
    if len(read) > MOST_ROWS + HEAD_WITHIN:
        raise Unreadable(too_many_rows())
    if (
        sum(len(line.cells) for line in read) > MOST_CELLS
        or max((len(line.cells) for line in read), default=0) > MOST_COLUMNS
    ):
        sentence = _("A plan can have %(columns)d columns and %(cells)d cells. Take out those that are not needed.")
        raise Unreadable(sentence % {"columns": MOST_COLUMNS, "cells": MOST_CELLS})
    return read


def too_many_rows() -> str:
    return _("This is more than %(most)d rows. Paste some of them first.") % {"most": MOST_ROWS}


def _separated(text: str, separator: str) -> Iterator[Line]:
    if separator == "\t":
        yield from _tabbed(text)
        return
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Line(begins, [bare(cell) for cell in cells])
            begins = reader.line_num + 1
    except csv.Error as error:
        if "limit" in str(error):
            raise Unreadable(_("Line %(line)d: one cell is too long.") % {"line": begins}) from error
        sentence = _("Line %(line)d: a quotation mark is not closed, or text follows a closed one.")
        raise Unreadable(sentence % {"line": begins}) from error


def _tabbed(text: str) -> Iterator[Line]:
    """As on the clipboard, where a cell that begins with a quotation mark need not be a quoted one."""
    cells: list[str] = []
    begins = line = 1
    for found in _TABBED.finditer(text):
        quoted, plain, end = found.groups()
        cells.append(bare(plain if quoted is None else quoted.replace('""', '"')))
        line += len(re.findall(r"\r\n|\r|\n", found[0]))
        if end != "\t":
            if any(cell.strip() for cell in cells):
                yield Line(begins, cells)
            cells, begins = [], line


def _of_markdown(text: str) -> Iterator[Line]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not _RULER.fullmatch(line):
            inside = re.sub(r"(?<!\\)\|\s*$", "", line.strip()).removeprefix("|")
            cells = [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", inside)]
            yield Line(number, [_EMPHASIS.sub(r"\2", cell) for cell in cells])
