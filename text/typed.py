"""What a person typed or pasted, as it is kept: composed letters, plain line ends, nothing that nobody can see.

Signs that turn text round could make "$500" read as "$005", so they are kept nowhere: names and titles that have them
are refused in words, from longer texts they are taken out. Joiners and variation selectors stay: letters of several
scripts, and pictures, are made with them.
"""

import re
import unicodedata

TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Embeddings, overrides, isolates, and what ends them."""

_LINE_END = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_CONTROL = re.compile("[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_UNSEEN = re.compile(
    "(\N{WAVING BLACK FLAG}[\U000e0020-\U000e007e]+\U000e007f)"  # the flags of England, Scotland and Wales
    "|[\xad\u180e\u200b\u2060-\u2064\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_EMPTY = set("\u034f\u115f\u1160\u2800\u3164\uffa0")
"""Letters without a shape."""


def line(text: str) -> str:
    """As the one line of a name or title. What it must not have (`is_hiding`) stays in it, to be refused."""
    return unicodedata.normalize("NFC", " ".join(_UNSEEN.sub(r"\1", text).split()))


def lines(text: str) -> str:
    """As a text of any number of lines."""
    plain = _CONTROL.sub("", _LINE_END.sub("\n", text))
    return unicodedata.normalize("NFC", _UNSEEN.sub(r"\1", TURNING.sub("", plain)))


def is_blank(text: str) -> bool:
    """Whether there is nothing to be seen."""
    return all(sign in _EMPTY or unicodedata.category(sign)[0] in "CZ" for sign in text)


def is_hiding(text: str) -> bool:
    """Whether there are signs in it that nobody sees and that turn it round or do something else."""
    return bool(TURNING.search(text) or _CONTROL.search(text))
