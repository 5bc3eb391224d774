"""Days as people and their spreadsheets write them."""

import datetime
import re
from collections.abc import Iterable
from contextlib import suppress
from functools import cache

from babel import Locale
from django.utils.translation import gettext as _

from contracts.terms import Unreadable
from text.dates import day_in_words

ORDERS = ("dmy", "mdy", "ymd")
_LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "nl", "da", "sv", "nb", "fi", "pl")
_LONGEST = 60
_NONE = {"", "-", "–", "—"}
_TIME = re.compile(
    r"(?:T|,?\s+)(?:00:00(?::00(?:\.0+)?)?Z|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:\s*[ap]m)?)\Z", re.I
)
_ISO = re.compile(r"([12][0-9]{3})\s?[-/.年]\s?([0-9]{1,2})\s?[-/.月]\s?([0-9]{1,2})日?")
_NUMERIC = re.compile(r"([0-9]{1,2})([./-])\s?([0-9]{1,2})\2\s?([12][0-9]{3}|[0-9]{2})")
_WEEKDAY = re.compile(r"([^\W\d_]+)[.,]{0,2}\s+(?=\S+)")
_DAY_MONTH = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th|er|º)?[.\s/-]+(?:de\s+)?([^\W\d_]+)[.,\s/-]+(?:de\s+)?([12][0-9]{3}|[0-9]{2})", re.I
)
_MONTH_DAY = re.compile(r"([^\W\d_]+)\.?\s+([0-9]{1,2})(?:st|nd|rd|th)?[,\s]+([12][0-9]{3})", re.I)


def orders(texts: Iterable[str]) -> list[str]:
    """The orders of day, month and year in which all of these can be read; one when it makes no difference.

    A weekday decides. When no order fits all of them, each that fits some is named.
    """
    readings = [found for text in texts if (found := _readings(text))]
    fitting = [order for order in ORDERS if all(order in found for found in readings)]
    some = fitting or [order for order in ORDERS if any(order in found for found in readings)]
    meanings = {tuple(found.get(order) for found in readings): order for order in reversed(some)}
    return sorted(meanings.values(), key=ORDERS.index)


def parse(text: str, *, order: str) -> datetime.date | None:
    """The day; None for an empty cell or a dash. Errors: Unreadable for what names no day in this order."""
    if text.strip() in _NONE:
        return None
    if found := _readings(text).get(order):
        return found
    _weekday, bare = _parted(text)
    if meant := _days(bare).get(order):
        sentence = _("The weekday does not match the date, which is %(day)s.")
        raise Unreadable(sentence % {"day": day_in_words(meant)})
    raise Unreadable(_("Enter the due date as year-month-day, like 2026-12-31."))


def is_date(text: str) -> bool:
    return bool(_readings(text))


def _readings(text: str) -> dict[str, datetime.date]:
    """Order by order, the day that the text names. The weekday, if there is one, must fit."""
    weekday, bare = _parted(text)
    return {order: day for order, day in _days(bare).items() if weekday in (None, day.weekday())}


def _parted(text: str) -> tuple[int | None, str]:
    """The weekday that it begins with, and the rest without the time of the day."""
    text = text.strip()
    if len(text) > _LONGEST:
        return None, ""
    text = _TIME.sub("", text)
    found = _WEEKDAY.match(text)
    weekday = _names("days").get(found[1].casefold()) if found else None
    return (weekday, text[found.end() :]) if found and weekday is not None else (None, text)


def _days(text: str) -> dict[str, datetime.date]:
    days = {}
    for order, numbers in _numbers(text).items():
        with suppress(ValueError):
            days[order] = datetime.date(*numbers)
    return days


def _numbers(text: str) -> dict[str, tuple[int, int, int]]:
    if found := _NUMERIC.fullmatch(text):
        return _numeric(int(found[1]), found[2], int(found[3]), found[4])
    numbers = (0, 0, 0)
    if found := _ISO.fullmatch(text):
        numbers = int(found[1]), int(found[2]), int(found[3])
    elif found := _DAY_MONTH.fullmatch(text):
        numbers = _year(found[3]), _month(found[2]), int(found[1])
    elif found := _MONTH_DAY.fullmatch(text):
        numbers = int(found[3]), _month(found[1]), int(found[2])
    return dict.fromkeys(ORDERS, numbers)


def _numeric(first: int, separator: str, second: int, last: str) -> dict[str, tuple[int, int, int]]:
    """Dots are for days first. With hyphens, two digits at both ends can each be the year."""
    day_first = (_year(last), second, first)
    if separator == ".":
        return dict.fromkeys(ORDERS, day_first)
    found = {"dmy": day_first, "mdy": (_year(last), first, second)}
    return found | {"ymd": (2000 + first, second, int(last))} if separator == "-" and len(last) == 2 else found


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _month(name: str) -> int:
    return _names("months").get(name.casefold(), 0)


@cache
def _names(what: str) -> dict[str, int]:
    """Months or weekdays by their names and short names. A name that means two of them in two languages means none."""
    numbers: dict[str, set[int]] = {}
    for language in _LANGUAGES:
        for context in getattr(Locale(language), what).values():
            for names in (context["wide"], context["abbreviated"]):
                for number, name in names.items():
                    numbers.setdefault(name.casefold().strip("."), set()).add(number)
    for number, name in getattr(Locale("en"), what)["format"]["wide"].items():
        for end in range(3, len(name)):
            numbers.setdefault(name[:end].casefold(), set()).add(number)
    taken = _names("months") if what == "days" else {}  # "mar." is a Tuesday in French, and March elsewhere
    return {name: found.pop() for name, found in numbers.items() if len(found) == 1 and name not in taken}
