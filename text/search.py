"""Words are found without their accents and in any case: "Muller" finds "Müller", and the other way round."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from django.db.models import Func, Q, TextField
from django.db.models.lookups import IContains

ACCENTS = re.compile("[\u0300-\u036f]+")
LETTERS = ("øØłŁđĐı", "oOlLdDi")
"""Those that are no letter with an accent, but which people who lack their key type as one without."""


class Plain(Func):
    """A column's text as `plain` makes it, worked out by the database."""

    template = (
        "translate(replace(normalize(regexp_replace(normalize(%(expressions)s, NFKD),"
        f" '[\\u0300-\\u036f]+', '', 'g'), NFKC), 'ß', 'ss'), '{LETTERS[0]}', '{LETTERS[1]}')"
    )
    output_field = TextField()


def plain(text: str) -> str:
    if text.isascii():
        return text
    bare = ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFKC", bare).replace("ß", "ss").translate(str.maketrans(*LETTERS))


def holds(column: str, words: str) -> Q:
    """The rows of which this column holds the words."""
    return Q(IContains(Plain(column), plain(words)))


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Where one of these, of which none is empty, stands in a plain text."""
    return re.compile("|".join(re.escape(plain(word)) for word in words), re.IGNORECASE)


def hits(text: str, words: re.Pattern[str]) -> list[tuple[int, int]]:
    """From where to where each of `any_of` the words stands in the text as it was written."""
    bare, places = [], []
    for place, letter in enumerate(text):
        for part in _plain_letter(letter):
            bare.append(part)
            places.append(place)
    found: list[tuple[int, int]] = []
    for hit in words.finditer("".join(bare)):
        if not hit[0]:  # of a word that is all accents
            continue
        start, end = places[hit.start()], places[hit.end() - 1] + 1
        if not found or start >= found[-1][1]:  # two hits may lie in one letter, like ß
            found.append((start, end))
    return found


@lru_cache(maxsize=4096)
def _plain_letter(letter: str) -> str:
    return plain(letter)
