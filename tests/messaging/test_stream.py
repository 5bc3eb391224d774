"""The stream of a chat: what was written and what happened, in one order, a page at a time."""

import uuid
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from django.utils import timezone

from contracts import events
from messaging import actions, queries
from messaging.queries import Position, Shown
from tests import factories as do
from tests.factories import ContractFactory, fresh
from tests.messaging.writing import later, post, post_at, post_file


def texts(entries) -> list[str]:
    return [str(entry.html).strip().removeprefix("<p>").removesuffix("</p>") for entry in entries]


def newest(contract, reader) -> list[queries.Entry]:
    return queries.newest(contract, reader=reader).entries


def happen(contract, by) -> None:
    """Something later acts may do: they record it, and nothing else."""
    events.record(contract, events.ContractEnded(reason=events.Quoted("Done")), by=by)


# --- What is in it ----------------------------------------------------------------------------------------------------
def test_stream_holds_messages_and_events_in_the_order_of_time(contract, ben, mara):
    post(contract, mara, "Before")
    do.propose(contract, "Pump")
    post(contract, ben, "After")

    entries = newest(contract, ben)

    assert texts(entries) == ["Before", "Mara made 1 suggestion, +$100.00.", "After"]
    assert [(entry.kind, entry.is_mine) for entry in entries] == [
        ("message", False),
        ("card", False),
        ("message", True),
    ]
    assert [entry.letter for entry in entries] == ["", "A", ""]


def test_card_leads_to_what_happened(contract, ben, mara):
    do.propose(contract)
    happen(contract, mara)

    suggested, ended = newest(contract, ben)

    assert suggested.url.endswith("/amendments/1/")
    assert (texts([ended]), ended.url) == (["Mara ended the contract: “Done”"], "")


def test_stream_of_another_contract_is_not_in_it(contract, ben, mara):
    post(contract, mara, "Here")
    do.propose(contract)

    assert newest(ContractFactory(client=ben), ben) == []


def test_message_is_sanitised_markdown(contract, ben, mara):
    post(contract, mara, "**Look** <script>alert(1)</script><img src=x onerror=alert(1)> [go](javascript:alert(1))")

    (entry,) = newest(contract, ben)

    shown = "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt; [go](javascript:alert(1))"
    assert entry.html.strip() == f"<p><strong>Look</strong> {shown}</p>"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            "https://example.com/a?b=1&c=2.",
            '<a href="https://example.com/a?b=1&amp;c=2" REL>https://example.com/a?b=1&amp;c=2</a>.',
        ),
        ("(http://example.com/a_(b))", '(<a href="http://example.com/a_(b)" REL>http://example.com/a_(b)</a>)'),
        ("ben@example.com", "ben@example.com"),
        ("see notes.md and part.step", "see notes.md and part.step"),
        ("`https://example.com`", "<code>https://example.com</code>"),
        ("javascript:alert(1) ftp://example.com //example.com", "javascript:alert(1) ftp://example.com //example.com"),
    ],
)
def test_bare_address_is_a_safe_link(contract, ben, mara, text, html):
    post(contract, mara, text)

    assert texts(newest(contract, ben)) == [html.replace("REL", 'rel="nofollow noopener noreferrer"')]


def test_card_is_plain_text(contract, ben):
    do.propose(contract, "<b>Pump</b>")
    do.approve(contract.milestones.get().changes.get())

    card = newest(contract, ben)[-1]

    assert card.html == "Ben approved “<b>Pump</b>”."
    assert not hasattr(card.html, "__html__")


def test_deleted_message_says_only_that_there_was_one(contract, ben, mara):
    pump = contract.get_absolute_url()
    message = post_file(contract, mara, text="Oh dear").message
    actions.delete(message, by=mara)
    post(contract, ben, "What was it?", reply_to=message, about="Pump", url=pump)

    for reader in (ben, mara):
        deleted, reply = newest(contract, reader)
        assert (deleted.is_deleted, str(deleted.html), deleted.can_change) == (True, "", False)
        assert (reply.quote.author, reply.quote.text) == ("Mara", "Message deleted")


def test_reply_quotes_one_line_of_what_it_answers(contract, ben, mara):
    question = post(contract, mara, "By how\nmuch? " + "x" * 200)
    post(contract, ben, "2 mm", reply_to=question)

    quote = newest(contract, mara)[-1].quote

    assert (quote.author, quote.text, quote.url) == (
        "Mara",
        "By how much? " + "x" * 126 + "…",
        f"{contract.get_absolute_url()}messages/{question.pk}/",
    )


def test_only_the_author_can_change_a_message_and_only_for_a_while(contract, ben, mara):
    post_at(0, contract, mara)

    def offered(reader) -> bool:
        return newest(contract, reader)[0].can_change

    with later(9):
        assert (offered(mara), offered(ben)) == (True, False)
    with later(11):
        assert (offered(mara), offered(ben)) == (False, False)


# --- Days and times ---------------------------------------------------------------------------------------------------
def test_stream_names_each_day_once_in_the_zone_of_the_reader(contract, ben, mara):
    for minutes in (0, 5, 12 * 60 - 30, 24 * 60):
        post_at(minutes, contract, mara)

    with timezone.override(ZoneInfo("Europe/Stockholm")), later(24 * 60 + 1):
        entries = newest(contract, ben)

    assert [entry.day for entry in entries] == ["Friday 20 November", "", "Saturday 21 November", ""]
    assert [entry.time for entry in entries] == ["13:00", "13:05", "00:30", "13:00"]


def test_day_of_another_year_names_the_year(contract, ben, mara):
    post_at(0, contract, mara)

    with later(60 * 24 * 60):
        assert newest(contract, ben)[0].day == "Friday 20 November 2026"


def test_messages_that_follow_closely_stand_under_one_name(contract, ben, mara):
    for minutes, author in [(0, mara), (4, mara), (10, mara), (11, ben), (12, ben)]:
        post_at(minutes, contract, author)
    with later(13):
        happen(contract, ben)
    post_at(13.5, contract, ben)

    joined = [entry.is_joined for entry in newest(contract, ben)]

    assert joined == [False, True, False, False, True, False, False]


# --- Pages ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("count", "has_older"), [(50, False), (51, True)])
def test_newest_are_the_last_50(contract, ben, mara, count, has_older):
    for number in range(count):
        post_at(number, contract, mara, str(number))

    page = queries.newest(contract, reader=ben)

    assert texts(page.entries) == [str(number) for number in range(count - 50, count)]
    assert (page.older is not None, page.has_newer) == (has_older, False)


def fill(contract, mara) -> None:
    """70 messages and 10 events between them."""
    for number in range(70):
        with later(number / 4):
            post(contract, mara, str(number))
            if number % 7 == 0:
                happen(contract, mara)


def whole(contract, reader) -> list[queries.Entry]:
    """All that older pages bring, one after the other."""
    page = queries.newest(contract, reader=reader)
    found = page.entries
    while page.older:
        page = queries.older(contract, reader=reader, before=page.older)
        found = page.entries + found
    return found


def test_older_pages_hold_each_entry_once_and_in_order(contract, ben, mara):
    fill(contract, mara)

    found = whole(contract, ben)

    assert len(found) == 80
    assert [text for text in texts(found) if text.isdecimal()] == [str(number) for number in range(70)]
    assert [entry.position for entry in found] == sorted(entry.position for entry in found)


def test_entries_of_the_very_same_moment_are_on_one_page_or_the_next(contract, ben, mara):
    moment = fresh(contract).started_at
    for number in range(60):
        contract.messages.create(author=mara, text=str(number), client_id=uuid.uuid4(), sent_at=moment)

    assert texts(whole(contract, ben)) == [str(number) for number in range(60)]


def test_page_that_begins_within_a_day_says_which(contract, ben, mara):
    for number in range(51):
        post_at(number, contract, mara)

    with later(60):
        page = queries.newest(contract, reader=ben)
        older = queries.older(contract, reader=ben, before=page.older)

    assert (page.day, page.entries[0].day) == ("Friday 20 November", "")
    assert (older.day, older.entries[0].day) == ("", "Friday 20 November")


def test_around_has_the_message_in_its_middle(contract, ben, mara):
    messages = [post_at(number, contract, mara, str(number)) for number in range(80)]

    page = queries.around(contract, reader=ben, message=messages[40])

    assert texts(page.entries) == [str(number) for number in range(15, 65)]
    assert (page.older is not None, page.has_newer) == (True, True)


@pytest.mark.parametrize("text", ["", "x", "12", "m1", "1m", "1x1", "-1m1", "1m1 ", "9" * 18 + "m1", "1m" + "9" * 19])
def test_position_reads_only_what_it_wrote(text):
    assert Position.read(text) is None


def test_position_reads_what_it_wrote(contract, mara):
    message = post(contract, mara)

    assert Position.read(str(Position.of(message))) == Position.of(message)
    assert Position.read("9" * 17 + "m" + "9" * 18)


# --- What is new ------------------------------------------------------------------------------------------------------
def shown_to(contract, reader) -> Shown:
    """What a page that was just opened shows, as it comes back with its next request."""
    return Shown.from_query(QueryDict(queries.newest(contract, reader=reader).shown.as_query()))


def test_nothing_is_new_at_once(contract, ben, mara):
    assert not queries.newer(contract, reader=ben, shown=shown_to(contract, ben))
    do.propose(contract)
    actions.edit(post(contract, mara), by=mara, text="Hallo")
    post(contract, ben)

    for reader in (ben, mara):
        assert not queries.newer(contract, reader=reader, shown=shown_to(contract, reader))


def test_news_are_what_came_after(contract, ben, mara):
    post(contract, mara, "Old")
    shown = shown_to(contract, ben)
    do.propose(contract)
    post(contract, mara, "New")

    news = queries.newer(contract, reader=ben, shown=shown)

    assert texts(news.page.entries) == ["Mara made 1 suggestion, +$100.00.", "New"]
    assert (news.changed, news.seen) == ([], {})
    assert not queries.newer(contract, reader=ben, shown=news.page.shown)


def test_news_of_an_empty_chat(contract, ben, mara):
    shown = shown_to(contract, ben)
    post(contract, mara, "First")

    assert texts(queries.newer(contract, reader=ben, shown=shown).page.entries) == ["First"]


def test_news_go_on_from_what_is_shown(contract, ben, mara):
    """No day twice, and no name that stands there already."""
    post_at(0, contract, mara)
    with later(1):
        shown = shown_to(contract, ben)
    post_at(2, contract, mara)

    (entry,) = queries.newer(contract, reader=ben, shown=shown).page.entries

    assert (entry.day, entry.is_joined) == ("", True)


def test_news_say_which_messages_changed(contract, ben, mara):
    edited, deleted = (post(contract, mara, text) for text in ("Helo", "Oh dear"))
    shown = shown_to(contract, ben)
    actions.edit(edited, by=mara, text="Hello")
    actions.delete(deleted, by=mara)

    news = queries.newer(contract, reader=ben, shown=shown)

    assert news.page.entries == []
    assert [(entry.pk, entry.is_edited, entry.is_deleted) for entry in news.changed] == [
        (edited.pk, True, False),
        (deleted.pk, False, True),
    ]
    assert not queries.newer(contract, reader=ben, shown=news.page.shown)


def test_news_say_that_a_message_was_seen(contract, ben, mara):
    message = post_at(0, contract, mara)
    with later(1):
        shown = shown_to(contract, mara)
        actions.read(contract, by=ben)
        news = queries.newer(contract, reader=mara, shown=shown)

        assert news.seen == {message.pk: "Seen 12:01"}
        assert not queries.newer(contract, reader=mara, shown=news.page.shown)


def test_news_move_seen_to_the_newest_own_message(contract, ben, mara):
    first = post_at(0, contract, mara)
    with later(1):
        actions.read(contract, by=ben)
        shown = shown_to(contract, mara)
    post_at(2, contract, mara)

    news = queries.newer(contract, reader=mara, shown=shown)

    assert news.seen == {first.pk: ""}
    assert [entry.seen for entry in news.page.entries] == [""]


def test_news_of_many_come_in_pages(contract, ben, mara):
    shown = shown_to(contract, ben)
    fill(contract, mara)

    first = queries.newer(contract, reader=ben, shown=shown)
    second = queries.newer(contract, reader=ben, shown=first.page.shown)

    assert (first.page.has_newer, second.page.has_newer) == (True, False)
    assert [len(news.page.entries) for news in (first, second)] == [50, 30]
    found = [text for text in texts(first.page.entries + second.page.entries) if text.isdecimal()]
    assert found == [str(number) for number in range(70)]


@pytest.mark.parametrize("count", [1, 3])
def test_each_read_takes_the_same_queries_for_one_and_many(contract, ben, mara, django_assert_num_queries, count):
    empty, _first = Shown(), post(contract, mara)
    for number in range(count):
        message = post_file(contract, mara, text=f"Message {number}").message
        post(contract, ben, reply_to=message)
        happen(contract, mara)
    last = queries.newest(contract, reader=ben).entries[-1].position

    with django_assert_num_queries(5):
        queries.newest(contract, reader=ben)
    with django_assert_num_queries(5):
        queries.older(contract, reader=ben, before=last)
    with django_assert_num_queries(5):
        queries.newer(contract, reader=ben, shown=empty)
    with django_assert_num_queries(8):
        queries.around(contract, reader=ben, message=message)
