"""Markdown within a line: emphasis, code, links, and the tags of `tags`. No escapes, no entities, no images."""
# ruff: noqa: FBT001  called by the parser

import re
import unicodedata

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, backtick
from markdown_it.rules_inline.state_inline import Delimiter

from text.markdown import tags
from text.markdown.faithful import are_words

LONGEST_ADDRESS, MOST_LINKS = 2000, 200
_ADDRESS = r"[^\s<>\"()]"
_LINK = re.compile(
    rf"\[([^\[\]]+)\]\(((?:https?://|mailto:){_ADDRESS}{{1,{LONGEST_ADDRESS}}}(?:\({_ADDRESS}{{0,200}}\){_ADDRESS}{{0,200}}){{0,5}})\)"
)
_BARE = re.compile(r"https?://[^\s<>\"|]+", re.IGNORECASE)
_SCHEME = ("http", "https")
_END = ".,;:!?'*_~`]”’»"
_BEFORE = set("([{\"'“„‘‚«‹–—*_~¿¡|/")
_AFTER = set(")]}\"'”’»›–—*_~.,;:!?…|/-")


def use(parser: MarkdownIt) -> None:
    ruler = parser.inline.ruler
    ruler.at("emphasis", _marks)
    ruler.at("backticks", _code)
    ruler.disable("strikethrough")
    ruler.at("link", _link)
    ruler.at("html_inline", _tag)
    ruler.before("newline", "address", _address)
    parser.inline.ruler2.before("balance_pairs", "tags", _settle_tags)


def _marks(state: StateInline, silent: bool) -> bool:
    """Emphasis stands around words: an asterisk inside a word or between numbers (2*3*4, 2 *3* 4) is one of its own."""
    mark = state.src[state.pos]
    if silent or mark not in "*_~":
        return False
    start = stop = state.pos
    while stop < state.posMax and state.src[stop] == mark:
        stop += 1
    length = stop - start
    if mark == "~" and length != 2:
        state.push("text", "", 0).content = mark * length
    else:
        before, after = state.src[start - 1 : start], state.src[stop : stop + 1]
        is_between = _is_digit(_last(state.src, start)) and _is_digit(_next(state.src, stop))
        opens = bool(after) and not after.isspace() and not is_between and _is_edge(before, _BEFORE)
        closes = bool(before) and not before.isspace() and not is_between and _is_edge(after, _AFTER)
        for part in [mark * 2] if mark == "~" else [mark] * length:
            state.push("text", "", 0).content = part
            at = len(state.tokens) - 1
            count = 0 if mark == "~" else length
            state.delimiters.append(Delimiter(ord(mark), count, at, end=-1, open=opens, close=closes))
    state.pos = stop
    return True


def _is_edge(character: str, marks: set[str]) -> bool:
    """Whether a word can begin or end there. Some scripts, like Chinese, put nothing between words."""
    return not character or character.isspace() or character in marks or unicodedata.category(character) == "Lo"


def _is_digit(character: str) -> bool:
    return character.isdigit()


def _last(source: str, before: int) -> str:
    while before > 0 and source[before - 1] in " \t":
        before -= 1
    return source[before - 1 : before]


def _next(source: str, at: int) -> str:
    while at < len(source) and source[at] in " \t":
        at += 1
    return source[at : at + 1]


def _code(state: StateInline, silent: bool) -> bool:
    """Code stands apart from words, which else would run together with it."""
    start, before = state.pos, state.src[state.pos - 1 : state.pos] if state.pos else ""
    if state.src[start] != "`":
        return False
    if not backtick(state, silent=True) or not (_is_word(before) or _is_word(state.src[state.pos : state.pos + 1])):
        state.pos = start
        return backtick(state, silent)
    if not silent:
        state.append_pending(state.src[start : state.pos])
    return True


def _is_word(sign: str) -> bool:
    return bool(sign) and are_words(sign)


def _link(state: StateInline, silent: bool) -> bool:
    """[words](address): the words lead there, and the address is there to be read."""
    found = None if state.linkLevel or _has_enough(state) else _LINK.match(state.src, state.pos, state.posMax)
    is_in_word = bool(state.pos) and _is_word(state.src[state.pos - 1])
    if not found or is_in_word or len(found[2]) > LONGEST_ADDRESS:
        return False
    if not silent:
        _count(state)
        end = state.posMax
        state.pos, state.posMax = found.start(1), found.end(1)
        state.push("link_open", "a", 1).attrSet("href", found[2])
        state.linkLevel += 1
        state.md.inline.tokenize(state)
        state.linkLevel -= 1
        state.push("link_close", "a", -1)
        state.push("text", "", 0).content = f" ({found[2]})"
        state.posMax = end
    state.pos = found.end()
    return True


def _address(state: StateInline, silent: bool) -> bool:
    """A bare address is a link when it says so itself; `notes.md` and `part.step` are files."""
    if state.linkLevel or not state.src.startswith("://", state.pos) or _has_enough(state):
        return False
    scheme = next((name for name in _SCHEME if _says(state, name)), "")
    found = _BARE.match(state.src, state.pos - len(scheme), state.posMax) if scheme else None
    address = _without_end(found[0]) if found else ""
    if not len(scheme) + 3 < len(address) <= LONGEST_ADDRESS:
        return False
    if not silent:
        _count(state)
        state.pending = state.pending[: -len(scheme)]
        state.push("link_open", "a", 1).attrSet("href", address)
        state.push("text", "", 0).content = address
        state.push("link_close", "a", -1)
    state.pos += len(address) - len(scheme)
    return True


def _says(state: StateInline, scheme: str) -> bool:
    start = state.pos - len(scheme)
    is_there = start >= 0 and state.src[start : state.pos].lower() == scheme
    is_in_word = state.src[max(start - 1, 0) : start].isalnum()
    return is_there and not is_in_word and state.pending[-len(scheme) :].lower() == scheme


def _without_end(address: str) -> str:
    """Without what belongs to the sentence around it."""
    address = address.rstrip(_END)
    while address.endswith(")") and address.count(")") > address.count("("):
        address = address[:-1].rstrip(_END)
    return address


def _has_enough(state: StateInline) -> bool:
    return bool(state.env.get("links", 0) >= MOST_LINKS)


def _count(state: StateInline) -> None:
    state.env["links"] = state.env.get("links", 0) + 1


def _tag(state: StateInline, silent: bool) -> bool:
    found = tags.TAG.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        token = state.push("html_inline", "", 0)
        token.markup, token.content = found[0], tags.clean(found)
    state.pos = found.end()
    return True


def _settle_tags(state: StateInline) -> None:
    """Whether each tag has its place is known at the end; one that has none is text."""
    around, opened = tags.Open(), []
    for token in state.tokens:
        if token.type != "html_inline":
            continue
        found = tags.TAG.fullmatch(token.markup)
        assert found
        depth = len(around.names)
        if not tags.among_words(found, around):
            token.type, token.content = "text", token.markup
        elif len(around.names) > depth:
            opened.append(token)
        elif len(around.names) < depth:
            opened.pop()
    for token in opened:
        token.type, token.content = "text", token.markup
