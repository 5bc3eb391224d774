"""Which column is what, by the names in the first line, and what stands between the columns."""

import csv
import re
from collections.abc import Sequence

from milestones.pages.paste.sheet.amounts import names_currency
from milestones.pages.paste.sheet.cells import records

DELIMITERS = ("\t", ";", ",", "|")
# The first name that a sheet has wins: of "Milestone" and "Name", the name is the title.
NAMES = {
    "title": ("name", "title", "milestone name", "milestone title", "milestone", "task", "deliverable", "item", "work"),
    "amount": ("amount", "price", "cost", "fee", "budget"),
    "due_date": ("due date", "due", "due by", "deadline", "delivery date", "delivery", "date", "end date"),
    "description": ("description", "notes", "note", "details", "scope", "comment", "comments"),
    "currency": ("currency",),
}
REQUIRED = {"title", "amount"}
LONGEST_NAME = 60
_HINT = re.compile(r"sep=(.)", re.IGNORECASE)  # what Excel writes and reads above the names


def delimiter_of(text: str) -> str:
    """The one that makes columns with a name and an amount of the first line; else the one that makes most columns."""
    if hint := _HINT.match(text):
        return hint[1] if hint[1] in DELIMITERS else ","
    headers = {delimiter: _header(text, delimiter) for delimiter in DELIMITERS}
    for delimiter, header in headers.items():
        if set(columns(header)) >= REQUIRED:
            return delimiter
    return max(DELIMITERS, key=lambda delimiter: len(headers[delimiter]))


def without_hint(text: str) -> str:
    """The line is emptied, not taken away, so that line numbers stay."""
    return re.sub(r"\Asep=.[^\r\n]*", "", text, flags=re.IGNORECASE)


def columns(header: Sequence[str]) -> dict[str, int]:
    """Field by field, the number of its column."""
    names = [normal(name) for name in header]
    found = {}
    for field, synonyms in NAMES.items():
        present = [synonym for synonym in synonyms if synonym in names]
        if present:
            found[field] = names.index(present[0])
    return found


def repeated(header: Sequence[str]) -> list[str]:
    """The columns that are there twice, of which nobody can say which counts."""
    names = [normal(name) for name in header]
    return [header[number] for number in columns(header).values() if names.count(names[number]) > 1]


def normal(name: str) -> str:
    """ "Amount in US dollars", "amount (USD)" and "AMOUNT_$:" are one name."""
    name = name[:LONGEST_NAME].casefold().replace("_", " ")
    words = re.sub(r"\(.*?\)|\[.*?\]|\bin\b.*", "", name).strip("\ufeff*:# \t").split()
    return " ".join(words[:-1] if len(words) > 1 and names_currency(words[-1]) else words)


def _header(text: str, delimiter: str) -> list[str]:
    try:
        return next(records(text, delimiter), (0, []))[1]
    except csv.Error:
        return []
