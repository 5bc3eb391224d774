"""The stream of a chat: what was written and what happened, in one order."""

import datetime
import uuid
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from messaging import actions, queries
from messaging.models import Message
from tests import factories as do
from tests.factories import ContractFactory

NOON = datetime.datetime(2026, 11, 20, 12, 0, tzinfo=datetime.UTC)


def write(contract, author, text: str, *, minutes: int = 0, **options) -> Message:
    message = actions.post(contract, by=author, text=text, client_id=uuid.uuid4(), **options)
    Message.objects.filter(pk=message.pk).update(sent_at=NOON + datetime.timedelta(minutes=minutes))
    return message


def texts(entries) -> list[str]:
    return [str(entry.html).strip().removeprefix("<p>").removesuffix("</p>") for entry in entries]


def test_stream_holds_messages_and_events_in_the_order_of_time(contract, ben, mara):
    actions.post(contract, by=mara, text="Before", client_id=uuid.uuid4())
    do.propose(contract, "Pump")
    actions.post(contract, by=ben, text="After", client_id=uuid.uuid4())

    entries, has_older = queries.stream(contract, reader=ben)

    assert texts(entries) == ["Before", "Mara suggests 1 change, +$100.00.", "After"]
    assert [(entry.kind, entry.is_mine) for entry in entries] == [
        ("message", False),
        ("card", False),
        ("message", True),
    ]
    assert [entry.letter for entry in entries] == ["", "A", ""]
    assert not has_older


def test_stream_of_another_contract_is_not_in_it(contract, ben, mara):
    write(contract, mara, "Here")
    do.propose(contract)

    assert queries.stream(ContractFactory(client=ben), reader=ben) == ([], False)


def test_stream_of_a_message_is_sanitised_markdown(contract, ben, mara):
    write(contract, mara, "**Look** <script>alert(1)</script>", about="Pump", url="/contracts/1/")

    (entry,), _has_older = queries.stream(contract, reader=ben)

    assert entry.html.strip() == "<p><strong>Look</strong> </p>"
    assert (entry.about, entry.url) == ("Pump", "/contracts/1/")


def test_stream_of_a_card_is_plain_text(contract, ben):
    do.propose(contract, "<b>Pump</b>")
    do.approve(contract.milestones.get().changes.get())

    entries, _has_older = queries.stream(contract, reader=ben)

    assert entries[-1].html == "Ben approved “<b>Pump</b>”."
    assert not hasattr(entries[-1].html, "__html__")


def test_stream_names_each_day_once_in_the_zone_of_the_reader(contract, ben, mara):
    for minutes in (0, 5, 12 * 60 - 30, 24 * 60):
        write(contract, mara, "x", minutes=minutes)

    with timezone.override(ZoneInfo("Europe/Stockholm")):
        entries, _has_older = queries.stream(contract, reader=ben)

    assert [entry.day for entry in entries] == ["20 Nov 2026", "", "21 Nov 2026", ""]
    assert [entry.time for entry in entries] == ["13:00", "13:05", "00:30", "13:00"]


@pytest.mark.parametrize(("count", "has_older"), [(50, False), (51, True)])
def test_stream_shows_the_last_50(contract, ben, mara, count, has_older):
    for number in range(count):
        write(contract, mara, str(number), minutes=number)

    entries, found = queries.stream(contract, reader=ben)

    assert texts(entries) == [str(number) for number in range(count - 50, count)]
    assert found == has_older


def test_stream_pages_hold_each_entry_once(contract, ben, mara):
    for number in range(70):
        write(contract, mara, str(number), minutes=number)
        do.propose(contract, f"Part {number}") if number % 7 == 0 else None
    pages, before = [], None
    while True:
        entries, has_older = queries.stream(contract, reader=ben, before=before)
        pages.append(entries)
        if not has_older:
            break
        before = entries[0].at

    assert [len(page) for page in pages] == [50, 30]
    whole = [entry for page in reversed(pages) for entry in page]
    assert [text for text in texts(whole) if text.isdecimal()] == [str(number) for number in range(70)]
    assert sum(entry.kind == "card" for entry in whole) == 10


@pytest.mark.parametrize("count", [1, 3])
def test_stream_is_two_queries(contract, ben, mara, django_assert_num_queries, count):
    for _ in range(count):
        write(contract, mara, "x")
        do.propose(contract)

    with django_assert_num_queries(2):
        queries.stream(contract, reader=ben)
