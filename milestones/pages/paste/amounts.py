"""Amounts as people and their spreadsheets write them, put as `escrow.money` reads them: "1.200,50 €" is "1200.50"."""

import re
from collections.abc import Iterable
from functools import cache

from babel import Locale
from babel.numbers import get_currency_name

from escrow.money import decimals

POINT, COMMA = ".", ","
_LONGEST = 60
"""No amount is longer; what is longer is not looked at, so that no text can make the patterns below slow."""
_PARTS = re.compile(r"(?P<before>(?:[^0-9.,'’+\-−]|(?<=[A-Za-z])\.)*)(?P<number>[+\-−]?[0-9.,'’\s]*)(?P<after>[^0-9]*)")
_SHARE = re.compile(r"\(\s*[0-9]{1,3}(?:[.,][0-9]+)?\s*%\s*\)\s*\Z")  # "$3,000 (30%)"
_DASH_FOR_ZEROS = re.compile(r"(?<=[0-9])[.,][-–—]+(?=[^0-9]*$)")  # "650.–"
_GROUPS = re.compile(r"[\s'’]")
_OWN_SIGNS = {"CHF": {"fr", "sfr"}, "KWD": {"kd"}}


def decimal_mark(texts: Iterable[str], *, currency: str) -> str:
    """Which mark these amounts put before their decimals; empty when they do not tell, or contradict each other.

    "1,200" has no comma before decimals, unless the currency has three of them.
    """
    numbers = [_GROUPS.sub("", _number(text)) for text in texts]
    told = {mark for number in numbers if (mark := _told_by(number))}
    if len(told) > 1:
        return ""
    unclear = {mark for number in numbers for mark in (POINT, COMMA) if mark in number and not _told_by(number)}
    if told or not unclear or (unclear == {COMMA} and decimals(currency) != 3):
        return "".join(told) or POINT
    return ""


def plain(text: str, *, mark: str, currency: str) -> str:
    """Digits and a point, when that is what the text means; else the text, which `escrow.money` then refuses."""
    parts = _parts(text)
    if parts is None or not all(_is_sign_of(parts[name], currency) for name in ("before", "after")):
        return text.strip()
    other = COMMA if mark == POINT else POINT
    number = _GROUPS.sub("_", parts["number"].strip()).replace(other, "_")
    digits = r"[-−]?(?:[0-9]{1,3}(?:_[0-9]{3})+|[0-9]{1,2}(?:_[0-9]{2})+_[0-9]{3}|[0-9]+)"  # or in lakhs
    if not re.fullmatch(rf"{digits}(?:{re.escape(mark)}[0-9]+)?", number):
        return text.strip()
    whole, _separator, part = number.replace("_", "").partition(mark)
    while len(part) > decimals(currency) and part.endswith("0"):
        part = part[:-1]  # a database writes "650.000"
    return f"{whole}.{part}" if part else whole


def is_foreign(text: str, currency: str) -> bool:
    """Whether the text is, or has beside its number, the sign of another currency."""
    parts = _parts(text)
    tokens = [parts["before"], parts["after"]] if parts else []
    return any(not _is_sign_of(token, currency) and _token(token) in _signs() for token in tokens)


def currencies(words: str) -> set[str]:
    """The currencies that these words can stand for, if they are a currency's code, sign or name."""
    return _signs().get(_token(words), set())


def is_number(text: str) -> bool:
    parts = _parts(text)
    return bool(
        parts and re.search("[0-9]", parts["number"]) and all(_is_unit(parts[name]) for name in ("before", "after"))
    )


def _is_unit(token: str) -> bool:
    return not _token(token) or _token(token) in _signs()


def _parts(text: str) -> re.Match[str] | None:
    if len(text.strip()) > _LONGEST:
        return None
    return _PARTS.fullmatch(_DASH_FOR_ZEROS.sub("", _SHARE.sub("", text.strip())))


def _number(text: str) -> str:
    parts = _parts(text)
    return parts["number"].strip() if parts else ""


def _told_by(number: str) -> str:
    """The decimal mark that this number cannot do without; empty when it can be read both ways or has no mark."""
    marks = [character for character in number if character in (POINT, COMMA)]
    if not marks:
        return ""
    last, other = marks[-1], POINT if marks[-1] == COMMA else COMMA
    if len(set(marks)) == 2:
        return last
    if len(marks) > 1:
        return other
    whole, _separator, part = number.lstrip("+-−").partition(last)
    is_group = len(part) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
    return "" if is_group or not part else last


def _token(text: str) -> str:
    return text.strip().strip(".").casefold()


def _is_sign_of(token: str, currency: str) -> bool:
    token = _token(token)
    return not token or currency in _signs().get(token, ())


@cache
def _signs() -> dict[str, set[str]]:
    """Each code, sign and name of a currency with the currencies that it can stand for: "$" is that of many."""
    signs: dict[str, set[str]] = {}
    for code, sign in Locale("en").currency_symbols.items():
        own = {code, sign, sign.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), *_OWN_SIGNS.get(code, ())}
        if sign.endswith("$"):
            own |= {f"{code[:2]}$", "dollar", "dollars"}
        own |= {get_currency_name(code, count=count, locale="en") for count in (1, 2)}
        for one in {_token(name) for name in own} - {""}:
            signs.setdefault(one, set()).add(code)
    return signs
