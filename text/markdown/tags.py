"""The few HTML tags that people write in descriptions, mostly tables. All others are text, and stay to be read.

A tag counts only where it is known, says nothing but sizes in its attributes, and is closed in its place: whatever a
browser would repair by moving or dropping words is shown as it was typed.
"""

import re
from html import escape

WORDS = {"b", "i", "strong", "em", "u", "s", "del", "ins", "sub", "sup", "code"}
_INSIDE = {  # what may stand directly in these; None: no words either
    "table": {"thead", "tbody", "tr"},
    "thead": {"tr"},
    "tbody": {"tr"},
    "tr": {"td", "th"},
    "ul": {"li"},
}
_VOID = {"br"}
_ANYWHERE = WORDS | _VOID | {"ul"}
_BEGINNINGS = {"table", "ul", "p", "blockquote"}
_KNOWN = _ANYWHERE | _BEGINNINGS | {"thead", "tbody", "tr", "td", "th", "li"}
_KEPT = {"td": ("colspan", "rowspan"), "th": ("colspan", "rowspan")}
_DEEPEST = 10

_SIZE = r"\d{1,4}(?:px|%)?|left|right|center|top|middle|bottom|justify"
_OF_A_TABLE = "colspan|rowspan|width|height|border|align|valign|cellpadding|cellspacing"
_ATTRIBUTE = rf"""\s+(?:{_OF_A_TABLE})=["']?(?:{_SIZE})["']?"""
_NAMES = "|".join(sorted(_KNOWN, key=len, reverse=True))
TAG = re.compile(rf"<(/?)({_NAMES})((?:{_ATTRIBUTE}){{0,6}})\s?/?>", re.IGNORECASE)
_BEGINNING = re.compile(rf"<(?:{'|'.join(sorted(_BEGINNINGS))})[\s>]", re.IGNORECASE)
_SPAN = re.compile(r"""(colspan|rowspan)=["']?(\d{1,2})\b""", re.IGNORECASE)


class Open:
    """The tags that are open."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def takes(self, tag: re.Match[str], *, anywhere: set[str]) -> bool:
        """Whether the tag is right here; if so it is open, or closed, from here on. `anywhere` needs no tag around."""
        name = tag[2].lower()
        if tag[1]:
            return bool(self.names) and self.names[-1] == name and self.names.pop() == name
        around = self.names[-1] if self.names else ""
        if name not in _INSIDE.get(around, anywhere) or len(self.names) >= _DEEPEST:
            return False
        if name not in _VOID:
            self.names.append(name)
        return True

    def holds_words(self) -> bool:
        return not self.names or self.names[-1] not in _INSIDE


def clean(tag: re.Match[str]) -> str:
    """The tag with no attribute but those that join cells."""
    name = tag[2].lower()
    spans = [f' {key.lower()}="{int(count)}"' for key, count in _SPAN.findall(tag[3])] if name in _KEPT else []
    reached = ' tabindex="0"' if name == "table" and not tag[1] else ""  # by the keyboard: a wide table scrolls
    return f"<{tag[1]}{name}{''.join(spans)}{reached}>"


def begins(source: str, at: int) -> bool:
    return _BEGINNING.match(source, at) is not None


def block(source: str, at: int, most: int) -> tuple[str, int] | None:
    """The HTML of the block that begins there and where it ends; None when it is not whole within `most` characters."""
    around, html = Open(), []
    limit = at + most
    while at < limit:
        tag = TAG.match(source, at)
        if not tag or not around.takes(tag, anywhere=_ANYWHERE if around.names else _BEGINNINGS):
            return None
        html.append(clean(tag))
        at = tag.end()
        if not around.names:
            return "".join(html), at
        following = source.find("<", at, limit)
        if following < 0:
            return None
        words, at = source[at:following], following
        if words.strip() and not around.holds_words():
            return None
        html.append(escape(words, quote=False).replace("\n", "<br>\n" if words.strip() else "\n"))
    return None


def among_words(tag: re.Match[str], around: Open) -> bool:
    """Whether the tag may stand in a line of text."""
    return around.takes(tag, anywhere=_ANYWHERE)
