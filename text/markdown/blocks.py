"""Blocks of Markdown. Those that would eat what a person meant to be read are no blocks: "+ 10% VAT", "# 5 is missing".

The names of the arguments are the parser's.
"""
# ruff: noqa: FBT001  called by the parser

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, list_block, table
from markdown_it.rules_block.table import escapedSplit

from text.markdown import tags

_FEW_CELLS = 1000
_HEADING = re.compile(r"#{1,6}[ \t]+(?=[^\W\d_]|[*_\"'“„«(\[])(.*)")
_QUOTE = re.compile(r">(?:[ \t>][^\w\n]*)?(?:[^\W\d]|$)", re.MULTILINE)
_ZEROS = re.compile(r"0\d")


def use(parser: MarkdownIt) -> None:
    ruler = parser.block.ruler
    ruler.at("table", _table, {"alt": ["paragraph"]})
    ruler.at("blockquote", _blockquote, {"alt": ["paragraph", "blockquote", "list"]})
    ruler.at("list", _list, {"alt": ["paragraph", "blockquote"]})
    ruler.at("html_block", _html, {"alt": ["paragraph", "blockquote"]})
    ruler.at("heading", _heading, {"alt": ["paragraph", "blockquote"]})


def line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A table, unless a row has more cells than its head, which would be left out, or all tables together would have
    far more cells than were written: short rows are filled up, so 20,000 characters could become 850,000 cells."""
    most, cells = max(_FEW_CELLS, len(state.src) // 2), state.env.get("cells", 0)
    if cells > most or not table(state, start, end, silent=True):
        return False
    if silent:
        return True
    rows = next((number for number in range(start + 2, end) if state.isEmpty(number)), end) - start - 1
    columns = _cells(line(state, start))
    state.env["cells"] = cells + rows * columns
    if state.env["cells"] > most:
        return False
    if any(_cells(line(state, number)) > columns for number in range(start + 2, start + rows + 1)):
        return False
    return table(state, start, end, silent=False)


def _cells(row: str) -> int:
    cells = escapedSplit(row.strip())
    return len(cells) - (cells[0] == "") - (len(cells) > 1 and cells[-1] == "")


def _blockquote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """ "> 500 words cost more" compares; only words are quoted."""
    return _QUOTE.match(line(state, start)) is not None and blockquote(state, start, end, silent)


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    first = line(state, start)
    if first.startswith("+") or _ZEROS.match(first):
        return False
    opened = len(state.tokens)
    if not list_block(state, start, end, silent):
        return False
    if not silent:
        _show_marks(state, opened)
    return True


def _show_marks(state: StateBlock, opened: int) -> None:
    """Each number as it was typed: the parser counts from the first. A dash is a dash, for "- 500" may be a minus."""
    outer = state.tokens[opened]
    if outer.markup == "-":
        outer.attrSet("class", "prose__dashes")
    elif outer.markup == ")":
        outer.attrSet("class", "prose__brackets")
    follows = None
    for token in state.tokens[opened + 1 :]:
        if token.type == "list_item_open" and token.level == outer.level + 1 and token.info:
            if follows is not None and int(token.info) != follows:
                token.attrSet("value", str(int(token.info)))
            follows = int(token.info) + 1


def _html(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Whole tables and lists in HTML; whatever else begins with a tag is a paragraph."""
    at = state.bMarks[start] + state.tShift[start]
    if state.level or state.blkIndent or state.is_code_block(start) or not tags.begins(state.src, at):
        return False
    left = state.env.setdefault("html", 4 * len(state.src))  # so that many beginnings without an end cost no square
    found = tags.block(state.src, at, left)
    if found is None:
        state.env["html"] = left // 2
        return False
    html, stop = found
    last = next(number for number in range(start, end) if stop <= state.eMarks[number])
    if state.src[stop : state.eMarks[last]].strip():
        return False
    if not silent:
        token = state.push("html_block", "", 0)
        token.content = html + "\n"
        state.line = last + 1
    return True


def _heading(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A bold paragraph, so that it cannot break the page's outline."""
    found = None if state.is_code_block(start) else _HEADING.fullmatch(line(state, start))
    if not found:
        return False
    if not silent:
        state.push("heading_open", "p", 1).attrSet("class", "prose__heading")
        inline = state.push("inline", "", 0)
        inline.content, inline.children = found[1].strip(), []
        state.push("heading_close", "p", -1)
        state.line = start + 1
    return True
