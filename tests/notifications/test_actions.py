import pytest
from django.db import IntegrityError

from notifications.actions import notify
from notifications.kinds import Kind


def test_notify_puts_one_unread_line_into_the_inbox(ben, mara):
    notify(ben, text="Mara suggests a change", url="/contracts/2/", kind=Kind.ANSWER)

    [line] = ben.notifications.all()
    assert (line.text, line.url, line.read_at) == ("Mara suggests a change", "/contracts/2/", None)
    assert list(mara.notifications.all()) == []


def test_notify_cuts_a_text_that_is_too_long(ben):
    assert notify(ben, text="x" * 600, url="/", kind=Kind.PLAN).text == "x" * 499 + "…"


def test_notify_counts_accents_too(ben):
    line = notify(ben, text="a" + "\u0301" * 600, turn="a" + "\u0301" * 600, url="/", kind=Kind.PLAN)

    assert (len(line.text), len(line.subject), len(line.turn)) == (500, 200, 200)


@pytest.mark.parametrize("url", ["", "https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_notify_leads_nowhere_else(ben, url):
    with pytest.raises(IntegrityError, match="url_of_this_site"):
        notify(ben, text="Look", url=url, kind=Kind.PLAN)
