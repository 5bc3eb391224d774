"""What the reader's language means for texts that are put together: its locale, and its direction."""

import unicodedata
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.utils.translation import get_language, get_language_bidi

from text.typed import TURNING

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
LEFT_TO_RIGHT_ISOLATE = "\N{LEFT-TO-RIGHT ISOLATE}"
_FROM_THE_RIGHT = {"R", "AL"}
_MARKS = dict.fromkeys(map(ord, "\N{LEFT-TO-RIGHT MARK}\N{RIGHT-TO-LEFT MARK}"))


def locale() -> Locale:
    """CLDR's locale of the language, or else of what it is a variant of, or else English."""
    return _locale(get_language() or settings.LANGUAGE_CODE)


def isolated(text: str) -> str:
    """What a person wrote, as it may stand in a sentence: written the other way, it does not turn its neighbours round.

    Text that is written in the sentence's own direction stays as it is, without signs that would turn it round.
    """
    others = {"L"} if get_language_bidi() else _FROM_THE_RIGHT
    text = TURNING.sub("", text)
    if others.isdisjoint(map(unicodedata.bidirectional, text)):
        return text
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"


def in_one_piece(number: str) -> str:
    """A number with its sign and unit, which keep their places also where the reader starts from the right."""
    return f"{LEFT_TO_RIGHT_ISOLATE}{number.translate(_MARKS)}{POP_ISOLATE}" if get_language_bidi() else number


@lru_cache
def _locale(language: str) -> Locale:
    for name in (language, language.partition("-")[0], "en"):
        try:
            return Locale.parse(name, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    raise UnknownLocaleError(language)
