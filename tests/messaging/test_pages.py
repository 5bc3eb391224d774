"""The chat's page and its fragment: post once, keep what was typed, point only at this site."""

import uuid

import pytest
from django.urls import reverse

from messaging.models import Message
from tests.milestones.browsing import HTMX, Visitor, typed
from tests.milestones.snapshots import nothing_changes


@pytest.fixture
def chat(contract) -> str:
    return reverse("messaging:chat", args=[contract.pk])


@pytest.fixture
def mara_at(mara, as_) -> Visitor:
    return Visitor(as_(mara))


def test_post_and_read_it(chat, mara_at, mara):
    page = mara_at.open(chat)
    page.field("Message").typed = "The wall is **thicker**.\nSee the drawing."

    page = mara_at.press(page, "Send")

    assert (page.status, page.url) == (200, chat)
    assert Message.objects.get().text == "The wall is **thicker**.\nSee the drawing."
    assert "<strong>thicker</strong>" in mara_at.response.text


def test_post_pressed_twice_is_one_message(chat, mara_at, ben):
    form = typed(mara_at.open(chat), "Send") | {"text": ["Hello"]}

    answers = [mara_at.post(f"{chat}post/", form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert (Message.objects.count(), ben.notifications.count()) == (1, 1)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [(" ", "Write a message first."), ("x" * 5001, "A message can have at most 5000 characters.")],
)
def test_post_of_nothing_or_too_much_is_invalid_and_kept(chat, mara_at, text, sentence):
    page = mara_at.open(chat)
    page.field("Message").typed = text

    with nothing_changes():
        page = mara_at.press(page, "Send")

    assert (page.status, page.field("Message").value.strip()) == (422, text.strip())
    assert sentence in mara_at.response.text


def test_post_by_htmx_gets_the_pane(chat, mara_at):
    form = typed(mara_at.open(chat), "Send") | {"text": ["Hello"]}

    response = mara_at.post(f"{chat}post/", form, headers=HTMX)

    assert response.status_code == 200
    assert 'id="chat"' in response.text
    assert "<html" not in response.text
    assert "Hello" in response.text


def test_post_about_a_milestone_points_at_it(chat, contract, mara_at):
    url = f"/contracts/{contract.pk}/#milestone-1"
    page = mara_at.open(chat, about="Pump", url=url)
    page.field("Message").typed = "Thicker?"

    page = mara_at.press(page, "Send")

    assert page.link("About Pump").get("href") == url


@pytest.mark.parametrize(
    "url", ["//example.com", "/\\example.com", "/\t/example.com", "https://example.com", "javascript:alert(1)"]
)
def test_post_that_points_elsewhere_points_nowhere(chat, mara_at, url):
    form = {"client_id": uuid.uuid4(), "text": "Look", "about": "Pump", "url": url}

    mara_at.post(f"{chat}post/", form)

    assert Message.objects.get().url == ""


@pytest.mark.parametrize("before", ["x", "2026-13-40", "2026-01-01", "9" * 5000, "2026-01-01T00:00:00+99:99"])
def test_chat_before_a_made_up_moment_is_no_server_error(chat, mara_at, before):
    assert mara_at.open(chat, before=before).status == 200


def test_chat_shows_markup_as_text(chat, contract, mara_at):
    form = {"client_id": uuid.uuid4(), "text": "<script>alert(1)</script><img src=x onerror=alert(2)>"}
    mara_at.post(f"{chat}post/", form | {"about": "<b>Pump</b>", "url": "/x"})

    mara_at.open(chat)

    assert "alert(" not in mara_at.response.text
    assert "<b>Pump" not in mara_at.response.text
