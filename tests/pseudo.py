"""Two languages that nobody speaks, made from the English texts as the site asks for them.

`en-xa` has an accent on each letter and is longer; `ar-xb` is, besides, written from right to left. What comes out of a
page with plain letters has not gone through gettext, and what is cut off will be cut off in German.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations
from unittest import mock

from django.utils.translation import trans_real

LONG, RTL = "en-xa", "ar-xb"
BEGIN, END = "⟦", "⟧"
_PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ACCENTED = "ÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽåƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýž"
_ACCENTS = str.maketrans(_PLAIN, _ACCENTED)
_TURNED = str.maketrans("→", "←")
_MORE = ("öñé", "ţŵö", "ţĥŕéé", "ƒöûŕ", "ƒîṽé", "šîẋ", "šéṽéñ", "éîĝĥţ", "ñîñé", "ţéñ")
_LONGER = 0.4
_RIGHT_TO_LEFT, _AS_BEFORE = "\N{RIGHT-TO-LEFT OVERRIDE}", "\N{POP DIRECTIONAL FORMATTING}"
# What must come out as it went in: placeholders, tags, entities, addresses.
_KEPT = re.compile(r"(%\(\w+\)[sd]|%[sd%]|\{\w*\}|<[^>]+>|&\w+;|https?://\S+)")
_FORMAT_OF_DATES = "date format"


class Pseudo(NullTranslations):
    """Like Django's own catalogue of a language, but it has every text."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language

    def to_language(self) -> str:
        return self.language

    def gettext(self, message: str) -> str:
        context, _separator, message = message.rpartition(trans_real.CONTEXT_SEPARATOR)
        if not message.strip() or context == _FORMAT_OF_DATES:
            return message
        pieces = _KEPT.split(message)
        text = "".join(piece if place % 2 else self._other(piece) for place, piece in enumerate(pieces))
        return f"{BEGIN}{text}{self._other(_padding(message))}{END}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def _other(self, text: str) -> str:
        accented = text.translate(_ACCENTS)
        if self.language != RTL:
            return accented
        accented = accented.translate(_TURNED)
        return re.sub(r"[^\W\d_]+", rf"{_RIGHT_TO_LEFT}\g<0>{_AS_BEFORE}", accented)


def _padding(message: str) -> str:
    """Words that make the message longer by its share."""
    missing, words = int(len(_KEPT.sub("", message)) * _LONGER), list(_MORE)
    padding = ""
    while len(padding) < missing:
        padding += f" {words[0]}"
        words.append(words.pop(0))
    return padding


@contextmanager
def spoken() -> Iterator[None]:
    """Meanwhile the site has these languages for whoever asks for them."""
    catalogues = {language: Pseudo(language) for language in (LONG, RTL)}
    known = trans_real.check_for_language
    with (
        mock.patch.dict(trans_real._translations, catalogues),
        mock.patch.object(trans_real, "check_for_language", lambda code: code in catalogues or known(code)),
    ):
        yield
