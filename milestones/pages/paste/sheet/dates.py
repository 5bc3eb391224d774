"""Days as people and their spreadsheets write them."""

import datetime
import re
from collections.abc import Iterable

DAY_FIRST, MONTH_FIRST = "dmy", "mdy"
_LONGEST = 60
_NONE = {"", "-", "–", "—"}
_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?")
_NUMERIC = re.compile(r"([0-9]{1,2})([./-])\s?([0-9]{1,2})\2\s?([0-9]{4}|[0-9]{2})")
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]?\s+", re.IGNORECASE)
_DAY_MONTH = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[.\s-]+([a-z]+)[.,\s-]+([0-9]{4}|[0-9]{2})", re.IGNORECASE)
_MONTH_DAY = re.compile(r"([a-z]+)\.?\s+([0-9]{1,2})(?:st|nd|rd|th)?[,\s]+([0-9]{4})", re.IGNORECASE)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


def order(texts: Iterable[str]) -> str:
    """Whether days or months come first in dates like 9/1/2027; empty when they do not tell, or contradict each other.

    Dots are for days first, so only slashes and hyphens are looked at.
    """
    numeric = [found for text in texts if (found := _NUMERIC.fullmatch(text.strip())) and found[2] != "."]
    pairs = [(int(found[1]), int(found[3])) for found in numeric]
    told = {DAY_FIRST for first, second in pairs if first > 12 >= second}
    told |= {MONTH_FIRST for first, second in pairs if second > 12 >= first}
    if told:
        return told.pop() if len(told) == 1 else ""
    return "" if any(first != second and max(first, second) <= 12 for first, second in pairs) else DAY_FIRST


def parse(text: str, *, order: str) -> datetime.date | None:
    """The day; None for an empty cell or a dash. Errors: ValueError for anything else that names no day."""
    text = _WEEKDAY.sub("", text.strip(), count=1) if len(text) <= _LONGEST else text[: _LONGEST + 1]
    if text in _NONE:
        return None
    year, month, day = _numbers(text, order)
    return datetime.date(year, month, day)


def _numbers(text: str, order: str) -> tuple[int, int, int]:
    if found := _ISO.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _NUMERIC.fullmatch(text):
        first, second, year = int(found[1]), int(found[3]), _year(found[4])
        return (year, first, second) if order == MONTH_FIRST and found[2] != "." else (year, second, first)
    if found := _DAY_MONTH.fullmatch(text):
        return _year(found[3]), _month(found[2]), int(found[1])
    if found := _MONTH_DAY.fullmatch(text):
        return int(found[3]), _month(found[1]), int(found[2])
    raise ValueError(text)


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _month(name: str) -> int:
    """By its English name or the first three letters of it, or more. Errors: ValueError."""
    begun = [number for number, month in enumerate(_MONTHS, 1) if len(name) >= 3 and month.startswith(name.casefold())]
    (number,) = begun if len(begun) == 1 else [0]
    return number
