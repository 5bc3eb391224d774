"""Nothing that was typed is lost on a page, nothing is added, nothing runs together."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from text.markdown import render
from text.markdown.faithful import is_faithful, visible

MARKS = ["*", "**", "_", "~~", "`", "```", "# ", "> ", ">", "- ", "+ ", "* ", "1. ", "2) ", "007. ", "|", "|---|---|\n"]
HTML = ["<b>", "</b>", "<br>", "<ul>", "<li>", "</ul>", "<table><tr><td>", "</td></tr></table>", "<x y>", "<!--", "-->"]
LINKS = ["[", "](", "](http://a.b)", "[c](https://d.e/f_g)", "http://x.de/a_b", "&amp;", "\\", "\\|"]
WORDS = ["a", "b1", "25", "3.5", "−7", "€", "$5", "é", "x=y", "!", ".", ":", "(", ")", "%", "Ω"]
SPACES = [" ", " ", " ", "\n", "\n\n", "    ", "\t"]
TEXTS = st.lists(st.sampled_from(MARKS + HTML + LINKS + WORDS + SPACES), max_size=40).map("".join)
KNOWN = re.compile(r"</?(?:b|br|ul|li|table|tr|td)>")
SIGNS = re.compile(r"[^\W_]+|[$€%=!.,&()<+]")
"""Words, numbers, and the signs that are no marks of Markdown. A known tag is none, shown or not."""


class Reader(HTMLParser):
    """What a page says, read by another program than ours."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said = ""
        self.lists: list[list[int | str | None]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag in {"ol", "ul"}:
            self.lists.append([int(given.get("start", 1)) if tag == "ol" else None, ")" if "class" in given else "."])
        if tag == "li" and self.lists and self.lists[-1][0] is not None:
            number = int(given.get("value", self.lists[-1][0]))
            self.said += f" {number}{self.lists[-1][1]} "
            self.lists[-1][0] = number + 1
        self.said += "" if tag in {"b", "em", "strong", "s", "code", "a"} else " "

    def handle_endtag(self, tag):
        if tag in {"ol", "ul"}:
            self.lists.pop()
        self.said += "" if tag in {"b", "em", "strong", "s", "code", "a"} else " "

    def handle_data(self, data):
        self.said += data


def signs(text: str) -> list[str]:
    return SIGNS.findall(KNOWN.sub("", text))


@given(TEXTS)
@settings(derandomize=True, max_examples=300)
@example("2*3*4 = <number of copies>\n3) a\n4) b")
@example("* *<x y> a")
@example("<ul>\n<ul>007. a</ul>")
@example("- 5\n007. `a\n| b")
@example("~~~a b\nc\n~~~")
@example("1. a\n02. b")
def test_a_page_says_every_word_number_and_sign_in_order(text):
    said = Reader(render(text)).said

    assert "".join(signs(said)) == "".join(signs(text))
    assert [word for word in signs(said) if word.isalnum()] == [word for word in signs(text) if word.isalnum()]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a **b** c", "<p>a <strong>b</strong> c</p>"),
        ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
        ("5) a", '<ol start="5" class="prose__brackets"><li>a</li></ol>'),
        ("| a | b |", "<tr><td>a</td><td>b</td></tr>"),
        ("one<br>two", "<p>one<br>two</p>"),
        ("<i> or", "<p>&lt;i&gt; or</p>"),
    ],
)
def test_a_result_that_says_all_is_faithful(text, html):
    assert is_faithful(text, html)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<number> letters", "<p> letters</p>"),
        ("1. a\n5. b", "<ol><li>a</li><li>b</li></ol>"),
        ("one two", "<p>onetwo</p>"),
        ("| a | b |", "<p>ab</p>"),
        ("one two", "<p>two one</p>"),
        ("one", "<p>one more</p>"),
        ("2*3*4", "<p>2<em>3</em>4</p>"),
        ("a`b`", "<p>a<code>b</code></p>"),
        ("+ 10%", "<ul><li>10%</li></ul>"),
        ("a = b", "<p>a b</p>"),
        ("one<br>two", "<p>onetwo</p>"),
    ],
)
def test_a_result_that_loses_adds_or_joins_is_not(text, html):
    assert not is_faithful(text, html)


def test_visible_reads_lists_with_their_marks():
    html = (
        '<ol start="3"><li>a</li><li value="7">b</li></ol><ul class="prose__dashes"><li>c</li></ul><ul><li>d</li></ul>'
    )

    assert visible(html).split() == ["3.", "a", "7.", "b", "-", "c", "d"]
