"""What people write is Markdown with some HTML in it. What is shown is all that they typed, in a short list of harmless
tags: only marks that have their effect are not shown themselves (docs/adr/0010).

Rendering costs milliseconds for a long text, so pages do not call `render`: see `text.shown`.
"""

import re
from html import escape
from importlib.metadata import version

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from text.markdown import blocks, words
from text.markdown.faithful import is_faithful

RENDERER = f"1/{version('markdown-it-py')}/{version('nh3')}"
"""Which renderer this is: what another one made is made again. Raise the first number with each change of the rules."""

_BLOCKS = {"p", "br", "hr", "pre", "blockquote", "ul", "ol", "li"}
_WORDS = {"strong", "em", "b", "i", "u", "s", "del", "ins", "sub", "sup", "code", "a"}
_TABLES = {"table", "thead", "tbody", "tr", "th", "td"}
_GROWTH, _SHORT = 8, 2000
"""So many times its source may a text become; one that becomes no longer than a few lines may do as it likes."""

_parser = MarkdownIt("commonmark", {"html": True, "breaks": True}).enable(["table", "strikethrough"])
_parser.disable(["reference", "lheading", "escape", "entity", "autolink", "image"])
blocks.use(_parser)
words.use(_parser)


def _fence(self: RendererHTML, tokens: list[Token], at: int, options: OptionsDict, env: EnvType) -> str:
    """Code between three backticks, with what was written beside them, mostly the name of a language."""
    token = tokens[at]
    said = f"<p>{escape(token.info.strip(), quote=False)}</p>\n" if token.info.strip() else ""
    return f"{said}<pre><code>{escape(token.content, quote=False)}</code></pre>\n"


_parser.add_render_rule("fence", _fence)


def render(text: str) -> SafeString:
    """Sanitised HTML. What would lose a word, or grow too long, is shown as it was typed."""
    html = _rendered(text)
    if len(html) > max(_GROWTH * len(text), _SHORT) or not is_faithful(text, html):
        return plain(text)
    return mark_safe(html)  # noqa: S308  cleaned by nh3


def plain(text: str) -> SafeString:
    """The text with its line ends, and nothing else."""
    paragraphs = re.split(r"\n{2,}", text.strip("\n"))
    said = ["<br>\n".join(escape(paragraph, quote=False).split("\n")) for paragraph in paragraphs]
    return mark_safe("".join(f"<p>{paragraph}</p>\n" for paragraph in said))  # noqa: S308  escaped above


def _rendered(text: str) -> str:
    tokens = _parser.parse(text)
    for token in tokens:
        if token.type == "table_open":
            token.attrSet("tabindex", "0")  # a wide table scrolls in its box, which the keyboard must reach
        if token.type in {"th_open", "td_open"}:
            token.attrs = {}
    return nh3.clean(
        _parser.renderer.render(tokens, _parser.options, {}),
        tags=_BLOCKS | _WORDS | _TABLES,
        attributes={
            "a": {"href"},
            "ol": {"start"},
            "li": {"value"},
            "table": {"tabindex"},
            "td": {"colspan", "rowspan"},
            "th": {"colspan", "rowspan"},
        },
        allowed_classes={"p": {"prose__heading"}, "ul": {"prose__dashes"}, "ol": {"prose__brackets"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )
