import pytest

from tests.e2e.reading import NotOnPage, Page


def only(html: str, what: str) -> str:
    """The name of the only link, button, field or group of a page."""
    page = Page(html)
    (element,) = getattr(page, what)
    return page.name(element)


@pytest.mark.parametrize(
    ("html", "what", "name"),
    [
        ("<button> Save\n <b>all</b></button>", "buttons", "Save all"),
        (
            '<button><svg aria-hidden="true"><title>x</title></svg>Edit<span class="v"> A</span></button>',
            "buttons",
            "Edit A",
        ),
        ('<button aria-label="Close">×</button>', "buttons", "Close"),
        ('<input type="submit" value="Save">', "buttons", "Save"),
        ('<h2 id="a">Pump</h2><b id="b">two</b><button aria-labelledby="a b">x</button>', "buttons", "Pump two"),
        ('<a href="/"><img alt="Home"></a>', "links", "Home"),
        ('<a href="/"><div>Open</div><div>12</div></a>', "links", "Open 12"),
        ('<label for="n">Name <i>(optional)</i></label><input id="n">', "fields", "Name (optional)"),
        ("<label>Currency <select><option>US dollars</select></label>", "fields", "Currency"),
        ('<textarea title="Note"></textarea>', "fields", "Note"),
        ('<input type="search" placeholder="Title or person">', "fields", "Title or person"),
        ("<fieldset><legend>Your answer</legend></fieldset>", "groups", "Your answer"),
        ('<section role="group" aria-labelledby="t"><h3 id="t">Pump</h3>more</section>', "groups", "Pump"),
    ],
)
def test_name_is_what_a_person_hears(html, what, name):
    assert only(html, what) == name


@pytest.mark.parametrize(
    "html",
    [
        "<button hidden>Save</button>",
        '<div aria-hidden="true"><button>Save</button></div>',
        "<button disabled>Save</button>",
        "<fieldset disabled><button>Save</button></fieldset>",
        "<dialog><button>Save</button></dialog>",
        '<button type="button">Save</button>',
    ],
)
def test_button_that_cannot_be_pressed_is_not_there(html):
    assert Page(html).buttons == []


def test_button_is_found_by_its_whole_name_or_else_by_how_it_begins():
    page = Page(
        "".join(f"<button>{name}</button>" for name in ("Edit A 1", "Edit A 10", "Edit A", "Edit A", "Fund B, $5"))
    )

    assert page.name(page.button("Edit A")) == "Edit A"
    assert page.button("Edit A", 1) is page.buttons[3]
    assert page.button("Edit A 1") is page.buttons[0]
    assert page.name(page.button("Fund B")) == "Fund B, $5"
    with pytest.raises(NotOnPage):
        page.button("Fun")
    with pytest.raises(NotOnPage):
        page.button("Edit A", 2)


def test_what_is_not_there_is_reported_with_what_is():
    page = Page(
        '<title>Manage</title><p role="alert">There is a problem</p><form><button>Save</button></form>',
        "http://x/1/",
        422,
    )

    with pytest.raises(NotOnPage) as error:
        page.button("Edit A")

    assert str(error.value) == (
        "no button “Edit A” on “Manage” (422, http://x/1/), which says: There is a problem; it has: “Save”"
    )


FORM = """
<form id="f" method="post" action="save/">
  <input type="hidden" name="seen" value="3"><input name="title" value="A &amp; B"><input name="" value="nameless">
  <input name="off" value="1" disabled><fieldset disabled><input name="off" value="2"></fieldset>
  <textarea name="text">
\nfirst &lt;b&gt;\r\nlast
</textarea>
  <input type="checkbox" name="fund"><input type="checkbox" name="keep" checked>
  <label><input type="radio" name="answer" value="approve">Approve</label>
  <label><input type="radio" name="answer" value="decline" checked>Decline</label>
  <select name="currency"><option value="USD">US dollars</option><option value="EUR">Euros</option></select>
  <button name="do" value="preview" aria-hidden="true">Totals</button>
  <button name="do" value="save">Save</button><button type="button" name="do" value="nothing">Show</button>
</form>
<input name="outside" value="in" form="f"><input name="stranger">
<button form="f" name="do" value="back" formaction="/back/" formmethod="get">Back</button>
"""
SENT = [
    ("seen", "3"),
    ("title", "A & B"),
    ("text", "\r\nfirst <b>\r\nlast\r\n"),
    ("keep", "on"),
    ("answer", "decline"),
    ("currency", "USD"),
]


def test_submission_is_what_a_browser_sends():
    page = Page(FORM, "http://x/1/")

    assert page.submission(page.button("Save")) == (
        "post",
        "http://x/1/save/",
        [*SENT, ("do", "save"), ("outside", "in")],
    )


def test_submission_goes_where_the_button_says():
    page = Page(FORM, "http://x/1/")

    assert page.submission(page.button("Back")) == ("get", "http://x/back/", [*SENT, ("outside", "in"), ("do", "back")])


def test_submission_holds_what_was_filled_in():
    page = Page(FORM, "http://x/1/")
    page.field("Approve").tick()
    select, text = page.root.all("select")[0], page.root.all("textarea")[0]
    select.choose("Euros")
    text.typed = "one\ntwo\r\nthree"

    sent = dict(page.submission(page.button("Save")).pairs)

    assert (sent["answer"], sent["currency"], sent["text"]) == ("approve", "EUR", "one\r\ntwo\r\nthree")


def test_choose_takes_the_whole_text_or_else_a_part_of_it():
    page = Page(
        "<select><option>Ben Harte</option><option>Ben Hart</option><option>Mara &lt;mara@x&gt;</option></select>"
    )
    (select,) = page.fields

    select.choose("Ben Hart")
    assert select.value == "Ben Hart"
    select.choose("mara@x")
    assert select.value == "Mara <mara@x>"
    with pytest.raises(NotOnPage):
        select.choose("Carol")


def test_target_is_what_a_link_on_the_page_leads_to():
    page = Page('<a href="#name">Enter a name.</a><a href="/#name">Elsewhere</a><input id="name">')

    assert [page.target(link) for link in page.links] == [page.fields[0], None]
