"""A workbook, from standard input, as JSON: each sheet's name and its rows, every cell as text.

It runs as a process of its own, with little memory and little time. A workbook of a few hundred bytes can ask for
gigabytes (one cell in the last corner of a sheet is enough), and the library then ends the process that it is in.
"""

import datetime
import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from itertools import islice

import python_calamine

MOST_UNPACKED = 20 * 2**20
MOST_MEMORY = 768 * 2**20
MOST_SECONDS = 10
MOST_ROWS, MOST_COLUMNS = 2_000, 60
"""What lies beyond is not passed on; there is enough for the reader to see that it is too much."""


def limit_this_process() -> None:
    with suppress(ValueError):  # macOS does not know this limit
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def unpacked(raw: bytes) -> io.BytesIO:
    """The same archive without compression, so that it can grow no more. Errors: ValueError when it is too large."""
    bare = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as packed, zipfile.ZipFile(bare, "w") as plain:
        if sum(entry.file_size for entry in packed.infolist()) > MOST_UNPACKED:
            raise ValueError
        for entry in packed.infolist():
            plain.writestr(entry.filename, packed.read(entry))
    bare.seek(0)
    return bare


def sheets(raw: bytes) -> Iterator[tuple[str, list[list[str]]]]:
    """Those that a person sees and that hold anything."""
    with python_calamine.load_workbook(unpacked(raw)) as book:
        for about in book.sheets_metadata:
            if about.visible == python_calamine.SheetVisibleEnum.Visible:
                sheet = book.get_sheet_by_name(about.name)
                rows = [[text(cell) for cell in row[:MOST_COLUMNS]] for row in islice(sheet.iter_rows(), MOST_ROWS)]
                if any(map(any, rows)):
                    yield about.name, rows


def text(cell: object) -> str:
    match cell:
        case bool():
            return str(cell).upper()
        case int() | float():
            return number(cell)
        case datetime.datetime() if cell.time() == datetime.time():
            return cell.date().isoformat()
        case datetime.datetime():
            return cell.isoformat(" ", "seconds")
    return str(cell)


def number(value: float) -> str:
    """As a spreadsheet shows it, to fifteen digits, with a point. Three decimals get a nought: no group has four."""
    digits = f"{Decimal(f'{value:.15g}'):f}"
    return f"{digits}0" if len(digits.partition(".")[2]) == 3 else digits


if __name__ == "__main__":
    limit_this_process()
    json.dump(list(sheets(sys.stdin.buffer.read())), sys.stdout)
