"""What people write is shown whole, in a short list of harmless tags."""

import pytest
from django.utils.safestring import SafeString

from text.markdown import plain, render


def shown(text: str) -> str:
    return render(text).strip()


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Plain words", "<p>Plain words</p>"),
        ("*em* **strong** ~~gone~~", "<p><em>em</em> <strong>strong</strong> <s>gone</s></p>"),
        ("这是**重点**内容", "<p>这是<strong>重点</strong>内容</p>"),
        ("* one\n* two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("- one\n- two", '<ul class="prose__dashes">\n<li>one</li>\n<li>two</li>\n</ul>'),
        ("3. three\n4. four", '<ol start="3">\n<li>three</li>\n<li>four</li>\n</ol>'),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("`code`", "<p><code>code</code></p>"),
        ("```rust\nlet a = 1\n```", "<p>rust</p>\n<pre><code>let a = 1\n</code></pre>"),
        ("one<br />two", "<p>one<br>two</p>"),
        ("one  \ntwo", "<p>one<br>\ntwo</p>"),
        ("---", "<hr>"),
        ("H<sub>2</sub>O x<sup>2</sup>", "<p>H<sub>2</sub>O x<sup>2</sup></p>"),
        ("5 < 6 & 7 > 2", "<p>5 &lt; 6 &amp; 7 &gt; 2</p>"),
    ],
)
def test_render_keeps_harmless_tags(text, html):
    assert shown(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "Outer size 30*40*50 mm, wall 2*2 mm, 2*3*4 = 24 pieces",
        "3*(4+5)*2, (2)*3*(4), 2 *3* 4 and 2 * 3 * 4",
        "snake_case_name and 5~~6",
        "Deliver <number of copies> letters, each with <logo> on top.",
        "a<b and c>d, x <i or y> z, Vec<_>",
        "<!-- The client pays all travel -->",
        "[//]: # (and hotels)",
        "[x]: and this",
        "+ 10% VAT comes on top",
        "# 5 is missing",
        "> 500 words cost more",
        ">= 5 pieces",
        "007. The file of the agent",
        r"C:\_work\*.txt, \\server\share, \*not bold\*",
        "AT&T &amp; R&D &euro;",
        "![a picture](of a part)",
        '[here](javascript:alert(1)), [there](data:text/html;base64,PHNjcmlwdD4=) and [x](y "title")',
        "<script>and food</script>",
        "</div></main>",
        "<b>open",
        "closed</b>",
        '<p title="and the client pays">hi</p>',
        '<a href="https-elsewhere">here</a>',
        "| a | b |\n|---|---|\n| 1 | 2 | and three |",
        "Title\n=====",
        "- one\n+ two",
    ],
)
def test_render_shows_what_is_no_markdown_as_it_was_typed(text):
    lines = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>\n")
    expected = f"<p>{lines}</p>"
    if text == "- one\n+ two":
        expected = '<ul class="prose__dashes">\n<li>one<br>\n+ two</li>\n</ul>'

    assert shown(text) == expected


def test_render_keeps_line_ends():
    assert shown("Box A: 20\nBox B: 30\n\nBox C") == "<p>Box A: 20<br>\nBox B: 30</p>\n<p>Box C</p>"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("2. fine\n5. not fine", '<ol start="2">\n<li>fine</li>\n<li value="5">not fine</li>\n</ol>'),
        ("1) one\n2) two", '<ol class="prose__brackets">\n<li>one</li>\n<li>two</li>\n</ol>'),
        ("2. a\n2. b\n3. c", '<ol start="2">\n<li>a</li>\n<li value="2">b</li>\n<li>c</li>\n</ol>'),
    ],
)
def test_render_keeps_the_numbers_of_a_list(text, html):
    assert shown(text) == html


def test_render_keeps_tables():
    html = shown("| a | b |\n|---|:-:|\n| 1<br/>2 | <ul><li>x</li></ul> |")

    assert html.replace("\n", "") == (
        '<table tabindex="0"><thead><tr><th>a</th><th>b</th></tr></thead>'
        "<tbody><tr><td>1<br>2</td><td><ul><li>x</li></ul></td></tr></tbody></table>"
    )


def test_render_keeps_tables_written_in_html():
    html = shown(
        '<table border="1" width=100%>\n<tr><th align="left">Part</th><th>Price</th></tr>\n\n'
        '<tr><td colspan="2">a & <b>b</b></td></tr>\n</table>\nand more'
    )

    assert html.replace("\n", "") == (
        '<table tabindex="0"><tbody><tr><th>Part</th><th>Price</th></tr>'
        '<tr><td colspan="2">a &amp; <b>b</b></td></tr></tbody></table><p>and more</p>'
    )


@pytest.mark.parametrize(
    "text",
    [
        "<table>words<tr><td>a</td></tr></table>",
        "<table><tr><td>a</td></tr>",
        "<table><tr>b<td>a</td></tr></table>",
        "<table><td>a</td></table>",
        "<table onclick='x'><tr><td>a</td></tr></table>",
    ],
)
def test_render_shows_broken_html_as_text(text):
    assert "<table" not in shown(text)
    assert "&lt;table" in shown(text)


def test_render_keeps_a_table_as_long_as_its_text():
    assert shown("| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 1500).count("<td>") == 3000


@pytest.mark.parametrize(("columns", "rows", "tables"), [(2500, 5000, 1), (256, 256, 13), (20, 10, 100)])
def test_render_fills_up_no_crafted_table(columns, rows, tables):
    text = ("|a" * columns + "\n" + "|-" * columns + "\n" + "|\n" * rows + "\n") * tables

    assert shown(text[:20_000]).count("<td>") <= 10_000


@pytest.mark.parametrize("text", ["# Title", "###### Title"])
def test_render_makes_headings_bold_paragraphs(text):
    assert shown(text) == '<p class="prose__heading">Title</p>'


REL = 'rel="nofollow noopener noreferrer"'


@pytest.mark.parametrize("url", ["https://example.com/a?b=c", "http://example.com/a_(b)", "mailto:mara@example.com"])
def test_render_says_where_a_link_leads(url):
    assert shown(f"[here]({url})") == f'<p><a href="{url}" {REL}>here</a> ({url})</p>'


@pytest.mark.parametrize(
    ("text", "address", "rest"),
    [
        ("https://example.com/a_b_c.", "https://example.com/a_b_c", "."),
        ("HTTP://example.com", "HTTP://example.com", ""),
        ("https://e.com/a_(b), c", "https://e.com/a_(b)", ", c"),
        ("https://e.com/x).", "https://e.com/x", ")."),
    ],
)
def test_render_links_bare_addresses(text, address, rest):
    assert shown(text) == f'<p><a href="{address}" {REL}>{address}</a>{rest}</p>'


@pytest.mark.parametrize(
    "text", ["notes.md, part.step and www.example.com", "ftp://example.com", "//x", "http://", "xhttp://a"]
)
def test_render_links_nothing_else(text):
    assert shown(text) == f"<p>{text}</p>"


def test_render_links_no_more_than_two_hundred_addresses():
    assert shown("https://e.com [a](https://e.com)\n" * 300).count("<a ") == 200


def test_render_links_no_endless_address():
    assert "<a " not in shown("https://e.com/" + "a" * 2000)
    assert "<a " not in shown(f"[a](https://e.com/{'a' * 2000})")


def test_render_closes_what_it_opens():
    for text in ("</p></p><table><tr>", "[" * 500, "> " * 200 + "deep", "**a _b** c_", "<b>*a</b>*"):
        html = shown(text)
        for tag in ("p", "b", "table", "tr", "blockquote", "em", "strong"):
            assert html.count(f"<{tag}>") == html.count(f"</{tag}>")


EMOJI = "\N{GRINNING FACE}"


@pytest.mark.parametrize(
    "text",
    [
        f"[x]: {EMOJI * 9992}\n\n" + "[x] " * 2499,
        f"[a](https://e.com/{EMOJI * 1900}) " * 10,
        "> " * 10_000,
        "> a\n\n" * 4000,
        "|a|\n|-|\n|b|\n\n" * 1400,
        "# a\n" * 5000,
        "- a\n" * 5000,
        "&" * 20_000,
        "http://a " * 2222,
        '"' * 20_000,
        "*a*\n" * 5000,
    ],
)
def test_render_makes_no_text_larger_than_eight_times_its_source(text):
    assert len(render(text)) <= 8 * len(text)


def test_plain_shows_the_text_and_its_lines():
    assert plain("a <b>\nc\n\n\nd\n") == "<p>a &lt;b&gt;<br>\nc</p>\n<p>d</p>\n"


def test_render_is_safe_to_put_into_a_page():
    assert isinstance(render("hi"), SafeString)
