"""What people write is Markdown with some HTML in it. What is shown is a short list of harmless tags."""

import re
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table
from markdown_it.token import Token

_BLOCKS = {"p", "br", "hr", "pre", "blockquote", "ul", "ol", "li"}
_WORDS = {"strong", "em", "b", "i", "u", "s", "del", "ins", "sub", "sup", "code", "a"}
_TABLES = {"table", "thead", "tbody", "tr", "th", "td"}
_FEW_CELLS = 1000
_HEADING = re.compile(r"h[1-6]")


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 (called by the parser)
    """A table, unless all of them would have far more cells than were written: short rows are filled up, so 20,000
    characters could become a page of 850,000 cells. What is refused stays text."""
    most, cells = max(_FEW_CELLS, len(state.src) // 2), state.env.get("cells", 0)
    if cells > most or not table(state, start, end, silent=True):
        return False
    if silent:
        return True
    rows = next((line for line in range(start + 2, end) if state.isEmpty(line)), end) - start - 1
    columns = state.src[state.bMarks[start + 1] : state.eMarks[start + 1]].count("|") + 1
    state.env["cells"] = cells + rows * columns
    return state.env["cells"] <= most and table(state, start, end, silent=False)


_parser = MarkdownIt("commonmark", {"html": True, "linkify": True}).enable(["table", "strikethrough", "linkify"])
_parser.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
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
