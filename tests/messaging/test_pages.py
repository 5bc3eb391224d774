"""The pages of a chat, in the hands of a person without JavaScript, and the pieces that htmx asks for."""

import re
import uuid

import pytest
from django.urls import reverse

from messaging import actions, queries
from messaging.models import ReadMark
from tests import factories as do
from tests.factories import ContractFactory, fresh
from tests.messaging.writing import HTMX, later, post, post_at, post_file
from tests.milestones.snapshots import nothing_changes


@pytest.fixture
def chat(contract) -> str:
    return reverse("messaging:chat", args=[contract.pk])


def form(text="Hello", **fields):
    return {"client_id": str(uuid.uuid4()), "text": text, **fields}


def found_in(html: str, pattern: str) -> str:
    match = re.search(pattern, html)
    assert match, pattern
    return match[1]


def words(page) -> str:
    """All text of the page, in one line."""
    return " ".join(page.root.source.split())


# --- Reading ----------------------------------------------------------------------------------------------------------
def test_chat_shows_messages_and_cards(contract, chat, mara, ben_at):
    post(contract, mara, "The wall is **thicker**.")
    do.propose(contract)

    page = words(ben_at.open(chat))

    assert "The wall is thicker." in page
    assert "Mara made 1 suggestion, +$100.00." in page


def test_chat_without_messages_says_hello(contract, chat, ben_at):
    do.propose(contract)

    assert "No messages yet. Say hello to Mara." in words(ben_at.open(chat))
    post(contract, contract.client.person)
    assert "No messages yet" not in words(ben_at.open(chat))


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_chat_marks_what_it_shows_as_read(contract, chat, mara, ben, as_, headers):
    message = post(contract, mara)

    as_(ben).get(chat, headers=headers)

    assert ReadMark.objects.get().read_up_to == message


def test_old_messages_are_read_without_marking_new_ones(contract, chat, mara, ben, as_):
    messages = [post_at(number, contract, mara) for number in range(60)]
    client = as_(ben)

    client.get(chat, {"message": messages[0].pk})
    client.get(chat, {"before": str(queries.Position.of(messages[-1]))})

    assert not ReadMark.objects.exists()


def test_count_in_the_header_is_of_all_chats(contract, mara, ben, as_):
    other = ContractFactory(client=ben)
    for written in (contract, other, other):
        post(written, written.freelancer.person)

    def count() -> str:
        page = as_(ben).get(reverse("contracts:list")).text
        return found_in(page, r'id="unread-messages">([^<]*)<')

    assert count() == "3"
    as_(ben).get(reverse("messaging:chat", args=[other.pk]))
    assert count() == "1"


def test_older_messages_are_a_page_away(contract, chat, mara, ben_at):
    for number in range(60):
        post_at(number, contract, mara, f"Message {number:02}")

    page = ben_at.open(chat)
    assert "Message 09" not in words(page)
    older = ben_at.open(page.link("Show older").get("href"))

    assert "Message 09" in words(older)
    assert "Message 10" not in words(older)
    assert words(ben_at.open(older.link("Show newer messages").get("href"))).count("Message 59") == 1


def test_message_is_found_in_its_place(contract, chat, mara, ben_at):
    messages = [post_at(number, contract, mara, f"Message {number:02}") for number in range(60)]

    page = ben_at.open(messages[0].get_absolute_url())

    assert "Message 00" in words(page)
    assert "Message 59" not in words(page)


@pytest.mark.parametrize(
    "query",
    [
        {"message": "0"},
        {"message": "x"},
        {"message": "9" * 30},
        {"before": "x"},
        {"before": "9" * 5000},
        {"reply": "٣"},
    ],
)
def test_chat_with_a_strange_address_is_the_newest(contract, chat, mara, ben_at, query):
    post(contract, mara, "Here")

    assert "Here" in words(ben_at.open(chat, **query))
    assert ben_at.response.status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_chat_takes_the_same_queries_for_one_and_many(
    contract, chat, mara, ben, as_, django_assert_max_num_queries, count
):
    client = as_(ben)
    client.get(chat)
    for number in range(count):
        message = post_file(contract, mara, text=f"Message {number}").message
        actions.edit(message, by=mara, text="Changed")
        post(contract, ben, reply_to=message)

    with django_assert_max_num_queries(22) as taken:
        client.get(chat)
    with django_assert_max_num_queries(22):
        client.get(chat)
    assert len(taken) == 20  # two for texts: what is rendered already, and what is from now on


# --- Writing ----------------------------------------------------------------------------------------------------------
def test_post_sends_and_shows_it(contract, chat, ben_at):
    page = ben_at.open(chat)
    page.field("Message").typed = "Hello\r\nMara"

    shown = ben_at.press(page, "Send")

    assert contract.messages.get().text == "Hello\nMara"
    assert "Hello Mara" in words(shown)


def test_same_page_sent_twice_is_one_message(contract, chat, ben_at):
    page = ben_at.open(chat)
    page.field("Message").typed = "Hello"

    for _ in range(2):
        ben_at.press(page, "Send")

    assert contract.messages.count() == 1


def test_page_sent_before_keeps_what_was_typed_and_then_sends_it(contract, chat, ben_at):
    """Back, another text, Send: without JavaScript the browser sends the old page's client id."""
    page = ben_at.open(chat)
    page.field("Message").typed = "First"
    ben_at.press(page, "Send")
    page.field("Message").typed = "Second"

    again = ben_at.press(page, "Send")
    assert ben_at.response.status_code == 409
    assert "The message on that page was sent already. Press Send again to send this one, too." in words(again)
    ben_at.press(again, "Send")

    assert [message.text for message in contract.messages.order_by("id")] == ["First", "Second"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("  \r\n", "Write a message first."), ("x" * 5001, "A message can have at most 5000 characters.")],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_post_that_is_refused_keeps_the_text(contract, mara, as_, text, sentence, headers):
    with nothing_changes():
        response = as_(mara).post(reverse("messaging:post", args=[contract.pk]), form(text), headers=headers)

    assert response.status_code == 422
    assert sentence in response.text
    assert f"{text.strip()}</textarea>" in response.text.replace("\r\n", "\n")
    assert headers or "<title>Error: Chat with Ben" in response.text


def test_post_too_fast_says_so_and_keeps_the_text(contract, mara, as_, settings):
    settings.MESSAGES_A_MINUTE = 1
    post(contract, mara)

    with nothing_changes():
        response = as_(mara).post(reverse("messaging:post", args=[contract.pk]), form("Again"), headers=HTMX)

    assert response.status_code == 429
    assert "Wait a minute" in response.text
    assert "Again</textarea>" in response.text


def test_post_by_htmx_gives_a_fresh_form_and_says_that_messages_changed(contract, mara, as_):
    sent = form()

    response = as_(mara).post(reverse("messaging:post", args=[contract.pk]), sent, headers=HTMX)

    assert response["HX-Trigger"] == '{"messages-changed": {}}'
    assert '<form class="composer"' in response.text
    assert "<html" not in response.text
    assert sent["client_id"] not in response.text


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "/\t/evil.example/",
        "javascript:alert(1)",
        "/contracts/0/",
        "/admin/",
    ],
)
def test_post_points_only_at_this_contract(contract, mara, as_, url):
    as_(mara).post(reverse("messaging:post", args=[contract.pk]), form(about="Pump", url=url))

    message = contract.messages.get()
    assert (message.about, message.url) == ("Pump", "")


def test_chat_shows_markup_as_text(contract, chat, mara, as_):
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    as_(mara).post(reverse("messaging:post", args=[contract.pk]), form(evil, about="<b>Pump</b>"))
    again = as_(mara).get(chat, {"reply": contract.messages.get().pk}).text

    assert "alert(1)</script>" not in again.replace("&lt;/script&gt;", "")
    assert "<img src=x" not in again
    assert "<b>Pump" not in again


# --- Pointing and answering -------------------------------------------------------------------------------------------
def test_discuss_of_each_row_opens_the_chat_with_it_quoted(contract, mara, ben_at):
    change = do.propose(contract, "Stress check")
    milestone = do.milestone_at(do.State.ACCEPTED, contract, title="Pump")
    do.propose(contract, "Casting")
    for page in (contract.get_absolute_url(), reverse("milestones:review", args=[contract.pk])):
        opened = ben_at.open(page)
        names = [opened.name(link) for link in opened.links if opened.name(link).startswith("Discuss")]
        assert names
        for name in names:
            chat = ben_at.open(opened.link(name).get("href"))
            assert f"About {name.removeprefix('Discuss ')}" in words(chat)

    chat.field("Message").typed = "Is it needed?"
    ben_at.press(chat, "Send")

    assert contract.messages.get().url.startswith(contract.get_absolute_url())
    assert fresh(change).state
    assert milestone.pk


def test_reply_quotes_the_message_and_keeps_the_link(contract, chat, mara, ben_at):
    question = post(contract, mara, "By how much?")

    page = ben_at.open(ben_at.open(chat).link("Reply").get("href"))
    assert "Reply to Mara: By how much?" in words(page)
    page.field("Message").typed = "2 mm"
    ben_at.press(page, "Send")

    assert contract.messages.latest("id").reply_to == question


def test_subject_is_changed_without_the_rest_of_the_form(contract, mara, ben, as_):
    question = post(contract, mara, "By how much?")
    url = reverse("messaging:subject", args=[contract.pk])

    answer = as_(ben).get(url, {"reply": question.pk}, headers=HTMX).text
    nothing = as_(ben).get(url, headers=HTMX).text

    assert "Reply to Mara: By how much?" in answer
    assert "<textarea" not in answer + nothing
    assert "Reply to" not in nothing


def test_reply_to_a_message_of_another_chat_is_refused(contract, mara, as_):
    elsewhere = post(ContractFactory(freelancer=mara), mara, "Secret")

    with nothing_changes():
        response = as_(mara).post(reverse("messaging:post", args=[contract.pk]), form(reply_to=elsewhere.pk))

    assert response.status_code == 422
    assert "The message that you reply to is not in this chat." in response.text
    assert "Secret" not in response.text


# --- Second thoughts --------------------------------------------------------------------------------------------------
def test_edit_changes_the_message(contract, chat, mara, mara_at):
    post(contract, mara, "2 cm")

    page = mara_at.open(mara_at.open(chat).link("Edit").get("href"))
    assert page.field("Message").value == "2 cm"
    page.field("Message").typed = "2 mm"
    shown = mara_at.press(page, "Save")

    assert "2 mm" in words(shown)
    assert "edited" in words(shown)


def test_delete_asks_first(contract, chat, mara, mara_at):
    post(contract, mara, "Oh dear")

    page = mara_at.open(mara_at.open(chat).link("Delete").get("href"))
    assert "Delete this message? Ben sees that there was one. This cannot be undone." in words(page)
    assert contract.messages.get().text == "Oh dear"
    shown = mara_at.press(page, "Delete the message")

    assert "Message deleted" in words(shown)
    assert "Oh dear" not in words(shown)


def test_edit_too_late_keeps_the_text(contract, mara, as_):
    message = post_at(0, contract, mara)

    with later(11), nothing_changes():
        response = as_(mara).post(reverse("messaging:edit", args=[contract.pk, message.pk]), {"text": "New words"})

    assert response.status_code == 409
    assert "A message can be changed for 10 minutes after it was sent." in response.text
    assert "New words</textarea>" in response.text


def test_edit_to_nothing_is_refused(contract, mara, as_):
    message = post(contract, mara)

    with nothing_changes():
        response = as_(mara).post(reverse("messaging:edit", args=[contract.pk, message.pk]), {"text": " "})

    assert response.status_code == 422
    assert "Write a message first." in response.text


@pytest.mark.parametrize("verb", ["edit", "delete"])
def test_page_to_change_a_message_is_refused_when_it_is_too_late(contract, mara, as_, verb):
    message = post_at(0, contract, mara)

    with later(11):
        response = as_(mara).get(reverse(f"messaging:{verb}", args=[contract.pk, message.pk]))

    assert response.status_code == 409


@pytest.mark.parametrize(("verb", "words"), [("edit", "New words"), ("delete", "Message deleted")])
def test_change_by_htmx_gives_the_message_alone(contract, mara, as_, verb, words):
    message = post(contract, mara)

    url = reverse(f"messaging:{verb}", args=[contract.pk, message.pk])
    answer = as_(mara).post(url, {"text": "New words"}, headers=HTMX).text

    assert words in answer
    assert "<html" not in answer
    assert "<article" not in answer


# --- What htmx asks for -----------------------------------------------------------------------------------------------
def asked_next(page: str, what: str) -> str:
    """The address from which the page gets what is newer or older."""
    block = page[page.index(f'class="chat-{what}"') :]
    return found_in(block, r'hx-get="([^"]+)"').replace("&amp;", "&")


def test_nothing_new_is_204(contract, chat, mara, ben, as_):
    post(contract, mara)
    client = as_(ben)
    url = asked_next(client.get(chat).text, "newer")

    assert client.get(url, headers=HTMX).status_code == 204


def test_news_are_appended_and_lead_on(contract, chat, mara, ben, as_):
    edited = post(contract, mara, "Helo")
    client = as_(ben)
    url = asked_next(client.get(chat).text, "newer")
    actions.edit(edited, by=mara, text="Hello")
    post(contract, mara, "New")

    answer = client.get(url, headers=HTMX).text

    assert "New" in answer
    assert f'<div id="message-{edited.pk}-content" hx-swap-oob="innerHTML">' in answer
    assert client.get(asked_next(answer, "newer"), headers=HTMX).status_code == 204


def test_news_are_not_marked_as_read_until_the_page_says_so(contract, chat, mara, ben, as_):
    """They may have come into a window that nobody looks at."""
    client = as_(ben)
    url = asked_next(client.get(chat).text, "newer")
    message = post(contract, mara)

    answer = client.get(url, headers=HTMX).text
    assert queries.unread_count(contract, ben) == 1
    up_to = found_in(answer, r'data-up-to="(\d+)"')
    read = client.post(reverse("messaging:read", args=[contract.pk]), {"up_to": up_to}, headers=HTMX)

    assert ReadMark.objects.get().read_up_to == message
    assert '<span class="count" id="unread-messages" hx-swap-oob="true"></span>' in read.text


@pytest.mark.parametrize("up_to", ["", "0", "-1", "x", "9" * 30])
def test_read_of_nonsense_is_refused(contract, ben, as_, up_to):
    with nothing_changes():
        response = as_(ben).post(reverse("messaging:read", args=[contract.pk]), {"up_to": up_to})

    assert response.status_code == 422


def test_seen_comes_to_the_open_page(contract, chat, ben, mara, as_):
    message = post(contract, mara)
    client = as_(mara)
    url = asked_next(client.get(chat).text, "newer")
    actions.read(contract, by=ben)

    answer = client.get(url, headers=HTMX).text

    assert re.search(rf'id="message-{message.pk}-seen" hx-swap-oob="true">Seen \d\d:\d\d<', answer)
    assert "No messages yet" not in answer


def test_older_messages_come_without_the_page(contract, chat, mara, ben, as_):
    for number in range(60):
        post_at(number, contract, mara, f"Message {number:02}")
    client = as_(ben)

    answer = client.get(asked_next(client.get(chat).text, "older"), headers=HTMX).text

    assert "Message 09" in answer
    assert "Message 10" not in answer
    assert "<html" not in answer
    assert "<form" not in answer


def test_pane_is_the_chat_without_the_page(contract, chat, mara, ben, as_):
    post(contract, mara, "Hello")

    pane = as_(ben).get(chat, headers=HTMX).text

    assert pane.lstrip().startswith('<div class="chat" id="chat">')
    assert "<h1" not in pane
    assert 'id="unread-messages" hx-swap-oob="true"' in pane


# --- Lists ------------------------------------------------------------------------------------------------------------
def test_search_leads_to_the_message_in_its_place(contract, chat, mara, ben_at):
    post(contract, mara, "The second inlet")
    page = ben_at.open(reverse("messaging:search", args=[contract.pk]))
    page.field("Search this chat").typed = "inlet"

    found = ben_at.press(page, "Search")
    assert "1 message with “inlet”" in words(found)

    hit = next(link for link in found.links if found.name(link).startswith("Mara, "))
    assert "The second inlet" in words(ben_at.open(hit.get("href")))


def test_search_without_hits_says_so(contract, ben_at):
    page = ben_at.open(reverse("messaging:search", args=[contract.pk]), q="<b>")

    assert "No message with “<b>”." in words(page)


def test_messages_lists_the_chats(contract, chat, mara, ben_at):
    post(contract, mara, "The wall is thicker.")

    page = ben_at.open(reverse("messaging:list"))

    assert "Mara Lindqvist, Pump housing" in words(page)
    assert "The wall is thicker." in words(page)
    assert page.link("Mara Lindqvist, Pump housing").get("href") == chat


def test_messages_of_nobody_says_what_it_is_for(carol, as_):
    assert "No chats yet. Each contract has its own." in as_(carol).get(reverse("messaging:list")).text


@pytest.mark.parametrize("count", [1, 3])
def test_messages_takes_the_same_queries_for_one_and_many(ben, as_, django_assert_num_queries, count):
    client = as_(ben)
    client.get(reverse("messaging:list"))
    for _ in range(count):
        chat = ContractFactory(client=ben)
        post(chat, chat.freelancer.person)

    with django_assert_num_queries(8):
        client.get(reverse("messaging:list"))
