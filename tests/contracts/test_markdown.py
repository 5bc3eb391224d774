"""What people write is shown as a short list of harmless tags."""

import pytest
from django.utils.safestring import SafeString

from text.markdown import render


def shown(text: str) -> str:
    return render(text).strip()


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Plain words", "<p>Plain words</p>"),
        ("*em* **strong** ~~gone~~", "<p><em>em</em> <strong>strong</strong> <s>gone</s></p>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("3. three", '<ol start="3">\n<li>three</li>\n</ol>'),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("`code`", "<p><code>code</code></p>"),
        ("one<br>two", "<p>one<br>two</p>"),
        ("one  \ntwo", "<p>one<br>\ntwo</p>"),
        ("---", "<hr>"),
        ("H<sub>2</sub>O x<sup>2</sup>", "<p>H<sub>2</sub>O x<sup>2</sup></p>"),
        ("5 < 6 & 7 > 2", "<p>5 &lt; 6 &amp; 7 &gt; 2</p>"),
    ],
)
def test_render_keeps_harmless_tags(text, html):
    assert shown(text) == html


def test_render_keeps_tables():
    html = shown("| a | b |\n|---|---|\n| 1 | 2 |")

    assert html.replace("\n", "") == (
        '<table tabindex="0"><thead><tr><th>a</th><th>b</th></tr></thead>'
        "<tbody><tr><td>1</td><td>2</td></tr></tbody></table>"
    )


def test_render_keeps_a_table_as_long_as_its_text():
    assert shown("| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 1500).count("<td>") == 3000


@pytest.mark.parametrize(("columns", "rows", "tables"), [(2500, 5000, 1), (256, 256, 13), (20, 10, 100)])
def test_render_fills_up_no_crafted_table(columns, rows, tables):
    text = ("|a" * columns + "\n" + "|-" * columns + "\n" + "|\n" * rows + "\n") * tables

    assert shown(text[:20_000]).count("<td>") <= 10_000


@pytest.mark.parametrize("text", ["# Title", "###### Title", "Title\n=====", "Title\n---"])
def test_render_makes_headings_bold_paragraphs(text):
    assert shown(text) == '<p class="prose__heading">Title</p>'


def test_render_takes_no_heading_from_html():
    assert shown("<h1>Title</h1>") == "Title"


@pytest.mark.parametrize("url", ["https://example.com/a?b=c", "http://example.com", "mailto:mara@example.com"])
def test_render_keeps_links_and_marks_them(url):
    assert shown(f"[here]({url})") == f'<p><a href="{url}" rel="nofollow noopener noreferrer">here</a></p>'


@pytest.mark.parametrize(
    "text",
    [
        "[here](javascript:alert(1))",
        "[here](data:text/html;base64,PHNjcmlwdD4=)",
        "[here](vbscript:x)",
        '<a href="javascript:alert(1)">here</a>',
        '<a href="JaVaScRiPt:alert(1)">here</a>',
        '<a href="java\tscript:alert(1)">here</a>',
        '<a href="&#106;avascript:alert(1)">here</a>',
        '<a href="data:text/html,x">here</a>',
    ],
)
def test_render_drops_addresses_that_run_code(text):
    assert "href" not in shown(text).replace("[here](", "")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<script>alert(1)</script>", ""),
        ("<style>p { color: red }</style>", ""),
        ('<img src="https://example.com/x.png" onerror="alert(1)">', ""),
        ("![alt](https://example.com/x.png)", "<p></p>"),
        ('<p onclick="alert(1)">hi</p>', "<p>hi</p>"),
        ('<p style="color: red" id="top" class="button">hi</p>', '<p class="">hi</p>'),
        ('<iframe src="https://example.com"></iframe>', ""),
        ("<svg><script>alert(1)</script></svg>", "<p></p>"),
        ('<form action="/x"><input name="a"><button>b</button></form>', "b"),
        ("<!-- hidden -->", ""),
        ("<details open ontoggle=alert(1)>x</details>", "x"),
    ],
)
def test_render_drops_what_is_not_harmless(text, left):
    assert shown(text) == left


def test_render_drops_every_class_but_its_own():
    assert shown('<p class="prose__heading danger">hi</p>') == '<p class="prose__heading">hi</p>'


@pytest.mark.parametrize("text", ["</div></main>", "<b>open", "</p></p><table><tr>", "[" * 500, "> " * 200 + "deep"])
def test_render_closes_what_it_opens(text):
    html = shown(text)

    for tag in ("p", "b", "table", "tr", "blockquote"):
        assert html.count(f"<{tag}>") == html.count(f"</{tag}>")
    assert "div" not in html
    assert "main" not in html


def test_render_is_safe_to_put_into_a_page():
    assert isinstance(render("hi"), SafeString)
