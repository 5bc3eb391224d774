"""What people write is Markdown with some HTML in it. What is shown is a short list of harmless tags."""

import re
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

_BLOCKS = {"p", "br", "hr", "pre", "blockquote", "ul", "ol", "li"}
_WORDS = {"strong", "em", "b", "i", "u", "s", "del", "ins", "sub", "sup", "code", "a"}
_TABLES = {"table", "thead", "tbody", "tr", "th", "td"}
_HEADING = re.compile(r"h[1-6]")
_parser = MarkdownIt("commonmark", {"html": True, "linkify": True}).enable(["table", "strikethrough", "linkify"])
assert _parser.linkify
# A bare address is a link when it says so itself; `notes.md` and `part.step` are files.
_parser.linkify.set({"fuzzy_link": False}).add("//", None).add("ftp:", None)


@lru_cache(maxsize=1024)
def render(text: str) -> SafeString:
    """Sanitised HTML. Headings become bold paragraphs, so that they cannot break the page's outline."""
    tokens = _parser.parse(text)
    for token in tokens:
        _soften_heading(token)
        if token.type == "table_open":
            token.attrSet("tabindex", "0")  # a wide table scrolls in its box, which the keyboard must reach
    html = nh3.clean(
        _parser.renderer.render(tokens, _parser.options, {}),
        tags=_BLOCKS | _WORDS | _TABLES,
        attributes={"a": {"href", "title"}, "ol": {"start"}, "table": {"tabindex"}},
        allowed_classes={"p": {"prose__heading"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )
    return mark_safe(html)  # noqa: S308  cleaned in the line above


def _soften_heading(token: Token) -> None:
    if _HEADING.fullmatch(token.tag):
        token.tag = "p"
        token.attrSet("class", "prose__heading")
