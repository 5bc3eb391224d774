"""Single cells, and lines of them.

A spreadsheet takes a cell that begins with one of these for a formula, and would run what somebody typed into a
milestone's name. Such a cell is written with an apostrophe before it, and one apostrophe is taken away when it is read.
Source: OWASP, "CSV Injection".
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

_FORMULA = (
    "=+\\-@\t\r\n\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)
_DANGEROUS = re.compile(f"'*[{_FORMULA}]")
_ESCAPED = re.compile(f"'+[{_FORMULA}]")


def harmless(cell: str) -> str:
    return f"'{cell}" if _DANGEROUS.match(cell) else cell


def bare(cell: str) -> str:
    """The cell as it was before `harmless`."""
    return cell[1:] if _ESCAPED.match(cell) else cell


def as_csv(rows: Iterable[Sequence[str]]) -> str:
    """RFC 4180: commas, quotation marks where needed, lines that end with CRLF; no cell is a formula."""
    written = io.StringIO(newline="")
    csv.writer(written).writerows([harmless(cell) for cell in row] for row in rows)
    return written.getvalue()


def records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each line that is not empty, with the number of the line on which it begins. Errors: csv.Error."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield begins, [bare(cell) for cell in cells]
        begins = reader.line_num + 1
