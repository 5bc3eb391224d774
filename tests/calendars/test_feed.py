"""The calendar feed: what is in it, and how its bytes are written."""

import datetime

import pgtrigger
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from calendars import actions
from calendars.feed import as_calendar
from calendars.queries import dated
from tests import factories as do
from tests.factories import State, milestone_at

DUE = datetime.date(2040, 1, 9)
SITE = "http://localhost:8000"
QUERIES = 3  # the feed, its dates, and the counter of readings


@pytest.fixture
def contract(ben, mara):
    return do.ContractFactory(title="Pump housing", client=ben, freelancer=mara)


@pytest.fixture
def work(contract):
    return milestone_at(State.FUNDED, contract, title="Model, whole; part 1", amount="1200.00", due_date=DUE)


def events(person):
    """As a calendar program reads them, that does not sign in."""
    reply = Client().get(f"/calendar/{actions.make_feed(person).token}.ics")
    assert reply.status_code == 200
    return list(Calendar.from_ical(reply.content).walk("VEVENT"))


def raw(person) -> bytes:
    return as_calendar(dated(person), viewer=person)


def summaries(person) -> list[str]:
    return [str(event["SUMMARY"]) for event in events(person)]


# --- Due dates --------------------------------------------------------------------------------------------------------
def test_event_says_what_is_due(work, contract, mara):
    (event,) = events(mara)

    url = f"{SITE}/contracts/{contract.pk}/#milestone-{work.pk}"
    assert (event["SUMMARY"], event.decoded("DTSTART"), event.decoded("DTEND")) == (
        "Deliver “Model, whole; part 1”",
        DUE,
        datetime.date(2040, 1, 10),
    )
    assert event["DESCRIPTION"].split("\n") == [
        "Pump housing",
        "$1,200.00 – In escrow",
        "Funded – safe to start",
        "The day ends at midnight in Berlin (Central European Time).",
        url,
    ]
    assert (event["UID"], event["URL"]) == (f"milestone-{work.pk}@localhost", url)
    assert (event["STATUS"], event["TRANSP"]) == ("CONFIRMED", "TRANSPARENT")


def test_day_is_a_date_without_a_zone(work, mara, ben):
    for person in (mara, ben):  # in Stockholm and in New York, of a contract in Berlin
        assert b"\r\nDTSTART;VALUE=DATE:20400109\r\n" in raw(person)


def test_client_reads_who_delivers(work, ben):
    assert summaries(ben) == ["Mara delivers “Model, whole; part 1”"]


def test_agreed_milestone_says_that_it_is_not_funded(contract, mara):
    milestone_at(State.ACCEPTED, contract, due_date=DUE)

    (event,) = events(mara)
    assert "\n$100.00 – Not funded yet\nApproved, not funded – do not start\n" in event["DESCRIPTION"]


def test_changed_date_moves_the_same_event(work, mara):
    (before,) = events(mara)
    do.approve(do.suggest(work, due_date=DUE + datetime.timedelta(days=7)))
    (after,) = events(mara)

    assert before["UID"] == after["UID"]
    assert after.decoded("DTSTART") == datetime.date(2040, 1, 16)
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    for stamp in ("LAST-MODIFIED", "DTSTAMP"):
        assert after.decoded(stamp) >= before.decoded(stamp)
        assert after.decoded(stamp) == work.history.latest("pgh_id").pgh_created_at.replace(microsecond=0)


def test_suggested_date_is_not_shown(work, mara):
    before = raw(mara)
    do.suggest(work, due_date=DUE + datetime.timedelta(days=7))
    do.propose(work.contract, due_date=DUE)

    assert raw(mara) == before


@pytest.mark.parametrize("state", sorted(set(State.values) - {State.ACCEPTED, State.FUNDED, State.SUBMITTED}))
def test_what_is_not_agreed_or_is_settled_is_not_shown(contract, mara, state):
    milestone_at(state, contract, due_date=DUE)

    assert events(mara) == []


def test_removed_milestone_vanishes(contract, mara):
    milestone = milestone_at(State.ACCEPTED, contract, due_date=DUE)
    assert len(events(mara)) == 1

    do.go_on(milestone, State.REMOVED)
    assert events(mara) == []


def test_milestone_without_a_date_is_not_shown(contract, mara):
    milestone_at(State.FUNDED, contract)

    assert events(mara) == []


def test_ended_contract_is_not_shown(contract, mara):
    milestone_at(State.ACCEPTED, contract, due_date=DUE)
    do.end(contract)

    assert events(mara) == []


def test_nobody_reads_of_other_peoples_contracts(work, contract, mara, carol, staff):
    milestone_at(State.ACCEPTED, do.ContractFactory(freelancer=carol), title="Hers", due_date=DUE)

    assert (summaries(carol), summaries(staff)) == (["Deliver “Hers”"], [])
    assert summaries(mara) == ["Deliver “Model, whole; part 1”"]


def test_the_last_day_of_all_has_no_day_after_it(contract, mara):
    milestone_at(State.ACCEPTED, contract, due_date=datetime.date.max)

    [event] = events(mara)

    assert (event.decoded("DTSTART"), "DTEND" in event) == (datetime.date.max, False)


# --- Reviews ----------------------------------------------------------------------------------------------------------
def test_submitted_work_shows_since_when_its_review_waits(work, contract, mara, ben):
    before = timezone.now().replace(microsecond=0)
    do.submit(work)

    for person, words, delivery in (
        (ben, "Review “Model, whole; part 1”", "Mara submitted “Model, whole; part 1”"),
        (mara, "Ben reviews “Model, whole; part 1”", "You submitted “Model, whole; part 1”"),
    ):
        due, review = events(person)
        assert (due["SUMMARY"], due["UID"]) == (delivery, f"milestone-{work.pk}@localhost")
        assert (review["SUMMARY"], review["UID"]) == (words, f"review-{work.pk}@localhost")
        assert review["DESCRIPTION"].split("\n")[:3] == [
            "Pump housing",
            "$1,200.00 – In escrow, in review",
            "The review has been waiting since then.",
        ]
        assert "DTEND" not in review
        assert before <= review.decoded("DTSTART") <= timezone.now()


def test_review_begins_when_its_own_work_was_handed_in(contract, mara):
    """Two of one name: the log tells them apart."""
    first, second = (milestone_at(State.SUBMITTED, contract, title="Part") for _ in range(2))
    handed_in = contract.events.filter(verb="milestone.submitted").order_by("pk").values_list("at", flat=True)

    found = {milestone.pk: milestone.submitted_at for milestone in dated(mara)}
    assert found == dict(zip([first.pk, second.pk], handed_in, strict=True))


def test_review_moves_when_the_work_is_handed_in_again(work, mara):
    do.submit(work)
    _due, before = events(mara)
    do.request_changes(work)
    (due,) = events(mara)
    do.submit(work)
    _due, after = events(mara)

    assert due["SUMMARY"] == "Deliver “Model, whole; part 1”"
    assert before["UID"] == after["UID"]
    assert after["SEQUENCE"] == before["SEQUENCE"] + 2
    handed_in = work.contract.events.filter(verb="milestone.submitted").latest("pk").at
    assert after.decoded("DTSTART") == handed_in.replace(microsecond=0)


def test_review_of_the_days_before_the_log_knew_milestones_begins_with_its_last_change(work, mara):
    do.submit(work)
    handed_in = work.history.latest("pgh_id").pgh_created_at
    with pgtrigger.ignore("contracts.Event:append_only"):
        work.contract.events.update(facts={})

    assert [milestone.submitted_at for milestone in dated(mara)] == [handed_in]


def test_paid_work_waits_no_more(work, mara):
    do.submit(work)
    do.release(work)

    assert events(mara) == []


# --- Bytes ------------------------------------------------------------------------------------------------------------
def assert_well_written(calendar: bytes) -> None:
    *lines, last = calendar.split(b"\r\n")
    assert last == b""
    assert max(map(len, lines)) <= 75
    assert not any(byte < 0x20 or byte == 0x7F for line in lines for byte in line)
    for line in lines:
        line.decode()  # folded between letters, never within one


def test_calendar_says_what_it_is(mara):
    assert raw(mara).decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Tranche//Due dates//EN",
        "NAME:Tranche",
        "X-WR-CALNAME:Tranche",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
        "END:VCALENDAR",
        "",
    ]


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("Größe, Maß; Form: “a\\nb” \\, \\;", "Größe, Maß; Form: “a\\nb” \\, \\;"),
        ("One\r\nEND:VEVENT\nBEGIN:VALARM\rTwo", "One END:VEVENT BEGIN:VALARM Two"),
        ("Bell\x07 tab\tescape\x1b[1m line\u2028end\x85", "Bell tab escape [1m line end"),
        ("👩‍👩‍👧‍👦 🏳️‍🌈 " * 15, ("👩‍👩‍👧‍👦 🏳️‍🌈 " * 15).strip()),
        ("😀" * 200, "😀" * 200),
        ("Ü" * 200, "Ü" * 200),
        ("دفعة 第一 " * 20, ("دفعة 第一 " * 20).strip()),
        ("%(name)s {0} %s", "%(name)s {0} %s"),
    ],
)
def test_odd_titles_are_read_as_they_were_written(ben, mara, title, read):
    contract = do.ContractFactory(client=ben, freelancer=mara, title=title)
    milestone = milestone_at(State.SUBMITTED, contract, title="Plain", due_date=DUE)
    found = list(dated(mara))
    found[0].title = title

    calendar = as_calendar(found, viewer=mara)
    assert_well_written(calendar)
    due, review = Calendar.from_ical(calendar).walk("VEVENT")
    assert (due["SUMMARY"], review["SUMMARY"]) == (f"You submitted “{read}”", f"Ben reviews “{read}”")
    assert due["DESCRIPTION"].split("\n")[0] == read
    assert due["UID"] == f"milestone-{milestone.pk}@localhost"


@pytest.mark.parametrize("length", range(295, 306))
def test_long_titles_are_folded_and_read_whole(work, mara, length):
    (found,) = dated(mara)
    for letter in ("x", "é", "語", "😀", ",", "\\"):
        found.title = letter * length
        calendar = as_calendar([found], viewer=mara)

        assert_well_written(calendar)
        (event,) = Calendar.from_ical(calendar).walk("VEVENT")
        assert event["SUMMARY"] == f"Deliver “{letter * length}”"


def test_odd_names_stay_in_their_line(ben, mara):
    contract = do.ContractFactory(client=ben, freelancer=do.UserFactory(display_name="A;b,\\n\x01: Ü"))
    milestone_at(State.FUNDED, contract, title="Part", due_date=DUE)

    assert_well_written(raw(ben))
    assert summaries(ben) == ["A;b,\\n : Ü delivers “Part”"]


def test_bytes_stay_the_same_until_the_plan_changes(work, mara, ben):
    do.submit(work)
    first, second = raw(mara), raw(mara)
    do.request_changes(work)

    assert first == second
    assert raw(mara) != first
    assert raw(ben) != raw(mara)


# --- Queries ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 3, 30])
def test_feed_takes_two_queries_and_what_its_limit_counts(contract, mara, count):
    token = actions.make_feed(mara).token
    do.deposit(contract.client.person, 100 * count)
    do.save(contract, *(do.add(f"Part {n}", "100.00", DUE, row=f"n{n}") for n in range(count)))
    do.approve(*contract.milestones.first().changes.get().amendment.changes.all(), fund=True)
    for milestone in contract.milestones.all()[::2]:
        do.submit(milestone)

    with CaptureQueriesContext(connection) as taken:
        reply = Client().get(f"/calendar/{token}.ics")

    assert reply.content.count(b"BEGIN:VEVENT") == count + (count + 1) // 2
    assert [query["sql"] for query in taken if "milestones_" in query["sql"] or "calendars_" in query["sql"]] == [
        taken[0]["sql"],
        taken[-1]["sql"],
    ]
    assert len(taken) == QUERIES
