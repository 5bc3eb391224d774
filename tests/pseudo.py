"""Two languages that nobody speaks, made from the English texts as the site asks for them.

`en-xa` has an accent on each letter and is longer; `ar-xb` is, besides, written from right to left. What comes out of a
page with plain letters has not gone through gettext, and what is cut off will be cut off in German.
"""

import re
from contextlib import AbstractContextManager, ExitStack
from gettext import NullTranslations
from unittest import mock

from django.utils.translation import trans_real

LONG, RTL = "en-xa", "ar-xb"
BEGIN, END = "⟦", "⟧"
_PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ACCENTED = "ÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽåƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýž"
_ACCENTS = str.maketrans(_PLAIN, _ACCENTED)
_MORE = ("öñé", "ţŵö", "ţĥŕéé", "ƒöûŕ", "ƒîṽé", "šîẋ", "šéṽéñ", "éîĝĥţ", "ñîñé", "ţéñ")
_LONGER = 0.4
_RIGHT_TO_LEFT, _AS_BEFORE = "\N{RIGHT-TO-LEFT OVERRIDE}", "\N{POP DIRECTIONAL FORMATTING}"
# What must come out as it went in: placeholders, tags, entities, addresses, and the letters of a format of dates.
_KEPT = re.compile(r"(%\(\w+\)[sd]|%[sd%]|\{\w*\}|<[^>]+>|&\w+;|https?://\S+)")
_FORMAT = re.compile(r"[a-zA-Z](?:[ ,.:/-]+[a-zA-Z])*")
FORMATS = {"j M Y", "j M Y, H:i", "j M Y, H:i e", "l j F", "l j F Y", "H:i"}


class Pseudo(NullTranslations):
    """Like Django's own catalogue of a language, but it has every text."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language

    def to_language(self) -> str:
        return self.language

    def gettext(self, message: str) -> str:
        if not message.strip() or message in FORMATS:
            return message
        pieces = _KEPT.split(message)
        text = "".join(piece if place % 2 else self._other(piece) for place, piece in enumerate(pieces))
        return f"{BEGIN}{text}{self._other(_padding(message))}{END}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return self.ngettext(msgid1, msgid2, n)

    def _other(self, text: str) -> str:
        accented = text.translate(_ACCENTS)
        if self.language != RTL:
            return accented
        return re.sub(r"[^\W\d_]+", rf"{_RIGHT_TO_LEFT}\g<0>{_AS_BEFORE}", accented)


def _padding(message: str) -> str:
    """Words that make the message longer by its share."""
    missing, words = int(len(_KEPT.sub("", message)) * _LONGER), list(_MORE)
    padding = ""
    while len(padding) < missing:
        padding += f" {words[0]}"
        words.append(words.pop(0))
    return padding


def install() -> AbstractContextManager[object]:
    """While it is entered, whoever asks for these languages gets them."""
    catalogues = {language: Pseudo(language) for language in (LONG, RTL)}
    known = trans_real.check_for_language
    stack = ExitStack()
    stack.enter_context(mock.patch.dict(trans_real._translations, catalogues))
    stack.enter_context(
        mock.patch.object(trans_real, "check_for_language", lambda code: code in catalogues or known(code))
    )
    trans_real.get_supported_language_variant.cache_clear()
    stack.callback(trans_real.get_supported_language_variant.cache_clear)
    return stack
