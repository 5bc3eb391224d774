"""Whether a page says what was typed.

A renderer that drops a word of agreed terms is the worst that a text can meet, so each result is read again: in order,
all that was typed must be there but for the marks of Markdown and the tags that had their effect. Nothing may be there
that was not typed, and words that stood apart stand apart.
"""

import re
import unicodedata
from html import unescape

from text.markdown.tags import TAG, WORDS

_HTML = re.compile(r"<(/?)(\w+)([^>]*)>")
_MARKS = set("*_~`[]|#>-:")
_VALUE, _START, _BRACKETS = re.compile(r'\bvalue="(\d+)"'), re.compile(r'\bstart="(\d+)"'), "prose__brackets"


def is_faithful(source: str, html: str) -> bool:
    shown, stands_apart = _characters(visible(html))
    at, here, was_apart, was_marked = 0, 0, True, False
    while at < len(source):
        typed = source[at]
        tag = TAG.match(source, at) if typed == "<" else None
        if tag and not shown.startswith("".join(tag[0].split()), here):
            was_apart = was_apart or tag[2].lower() not in WORDS
            at = tag.end() - 1
        elif typed.isspace():
            was_apart = True
        elif shown.startswith(typed, here):
            if not stands_apart[here] and (was_apart or (was_marked and are_words(shown[here - 1 : here + 1]))):
                return False
            here, was_apart, was_marked = here + 1, False, False
        elif typed == "|":
            was_apart = True
        elif typed not in _MARKS and not source.startswith("\\|", at):
            return False
        else:
            was_marked = True
        at += 1
    return here == len(shown)


def _characters(text: str) -> tuple[str, list[bool]]:
    """Those that are not spaces, and of each whether it stands apart from the one before it."""
    words = text.split()
    return "".join(words), [number == 0 for word in words for number in range(len(word))]


def are_words(signs: str) -> bool:
    """Whether they would be read as one word. Some scripts, like Chinese, put nothing between words."""
    return all(sign.isalnum() and unicodedata.category(sign) != "Lo" for sign in signs)


def visible(html: str) -> str:
    """What a browser shows of our own HTML, the marks of lists included."""
    said, lists, end = [], [_List("")], 0
    for tag in _HTML.finditer(html):
        said.append(unescape(html[end : tag.start()]))
        end = tag.end()
        closes, name, attributes = tag.groups()
        if name in {"ol", "ul"}:
            lists = lists[:-1] if closes else [*lists, _List(name, attributes)]
        if name not in WORDS | {"a"}:
            said.append("\n")
        if name == "li" and not closes:
            said.append(lists[-1].mark(attributes))
    return "".join([*said, unescape(html[end:])])


class _List:
    def __init__(self, name: str, attributes: str = "") -> None:
        self.is_numbered, self.is_dashed = name == "ol", "prose__dashes" in attributes
        self.end = ") " if _BRACKETS in attributes else ". "
        start = _START.search(attributes)
        self.next = int(start[1]) if start else 1

    def mark(self, attributes: str) -> str:
        if self.is_dashed:
            return "- "
        if not self.is_numbered:
            return ""
        value = _VALUE.search(attributes)
        number = int(value[1]) if value else self.next
        self.next = number + 1
        return f"{number}{self.end}"
