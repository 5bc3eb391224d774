"""The picture of the due dates: what is drawn, where, and that nothing is made up."""

import datetime
from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from milestones import queries
from milestones.models import Milestone
from milestones.pages.charts import dated, due_dates
from milestones.pages.charts.dated import Dated
from milestones.pages.charts.due_dates import FOOT, HEAD, ROW, DueDates
from tests import factories as do
from tests.factories import fresh, milestone_at

State = Milestone.State
TODAY = datetime.date(2026, 11, 23)
OLD, SOON, LATER = (TODAY + datetime.timedelta(days) for days in (-12, 18, 47))
DAY = datetime.timedelta(1)
HOSTILE = st.text(max_size=200)


def one(number: int = 1, due: datetime.date | None = SOON, **facts) -> Dated:
    given = {"title": f"Part {number}", "state": State.ACCEPTED, "state_label": "Not funded yet", **facts}
    return Dated(number=number, due=due, **given)


def picture(*milestones: Dated, is_active: bool = True) -> DueDates:
    drawn = due_dates(milestones, today=TODAY, is_active=is_active)
    assert drawn
    return drawn


def place(x: str) -> float:
    assert x.endswith("%")
    return float(x[:-1])


@st.composite
def plans(draw) -> list[Dated]:
    def milestone(number: int) -> Dated:
        due = draw(st.none() | st.dates() | st.dates(OLD, LATER))
        asks = draw(st.booleans())
        return one(
            number,
            due,
            title=draw(HOSTILE),
            state=draw(st.sampled_from([State.ACCEPTED, State.FUNDED, State.SUBMITTED, State.PAID])),
            is_overdue=bool(due and due < TODAY and draw(st.booleans())),
            asks_date=asks,
            asked=draw(st.none() | st.dates()) if asks else None,
        )

    return [milestone(number + 1) for number in range(draw(st.integers(1, 50)))]


@given(plans(), st.booleans())
def test_everything_is_inside_and_in_order(plan, is_active):
    found = picture(*plan, is_active=is_active)

    for row in found.drawn:
        marks = [place(x) for x in (row.due_x, row.asked_x) if x]
        assert marks
        assert all(0 <= mark <= 100 for mark in marks)
        assert HEAD + 8 < row.y < found.height - 8
        start, width = place(row.room.x), place(row.room.width)
        assert 0 <= start <= start + width <= 100.01
        assert width >= 24.9
        assert row.late is None or place(row.late.x) <= place(row.late.end) <= 100
    firsts = [place(row.due_x or row.asked_x) for row in found.drawn]
    assert firsts == sorted(firsts)
    assert [row.y for row in found.drawn] == [HEAD + ROW * at + ROW // 2 for at in range(len(found.drawn))]
    assert found.height == HEAD + ROW * len(found.drawn) + FOOT


@given(plans())
def test_each_milestone_is_drawn_or_stands_beside_and_all_are_in_the_table(plan):
    found = picture(*plan)

    beside = {row.number for row in found.undated}
    assert {row.number for row in found.drawn} | beside == {row.number for row in found.rows}
    assert beside == {row.number for row in plan if not (row.due or row.asked)}
    assert [row.number for row in found.rows] == [row.number for row in plan]


@given(plans())
@example([one(1, OLD, is_overdue=True, asks_date=True, asked=OLD + DAY)])
def test_name_stands_clear_of_the_marks(plan):
    for row in picture(*plan).drawn:
        marks = [place(x) for x in (row.due_x, row.asked_x) if x]
        start, end = place(row.room.x), place(row.room.end)
        assert not any(start + 0.01 < mark < end - 0.01 for mark in marks)


def test_nothing_is_drawn_of_nothing():
    assert due_dates([], today=TODAY, is_active=True) is None


def test_milestone_without_a_date_gets_none():
    found = picture(one(1, None), one(2, SOON))

    assert [row.number for row in found.drawn] == [2]
    assert [(row.number, row.due) for row in found.undated] == [(1, "")]


def test_all_on_one_day_stand_under_each_other():
    found = picture(*(one(number, TODAY) for number in range(1, 51)))

    assert {row.due_x for row in found.drawn} == {found.today.x} == {"50.00%"}
    assert len({row.y for row in found.drawn}) == 50


def test_order_is_that_of_the_dates_and_the_table_that_of_the_plan():
    found = picture(one(1, LATER), one(2, SOON), one(3, None), one(4, SOON))

    assert [row.number for row in found.drawn] == [2, 4, 1]
    assert [row.number for row in found.rows] == [1, 2, 3, 4]


def test_overdue_reaches_from_its_date_to_today():
    [row] = (found := picture(one(1, OLD, is_overdue=True))).drawn

    assert (row.late.x, row.late.end) == (row.due_x, found.today.x)
    assert row.due == "Overdue since 11 Nov 2026"
    assert found.legend == [("accepted", "Not funded yet"), ("late", "Overdue")]


def test_suggested_date_is_apart_from_the_agreed_one():
    [row] = (found := picture(one(1, SOON, asks_date=True, asked=LATER))).drawn

    assert (row.due, row.suggested) == ("11 Dec 2026", "9 Jan 2027")
    assert (row.shift.x, row.shift.end) == (row.due_x, row.asked_x)
    assert place(row.asked_x) > place(row.due_x)
    assert found.legend == [("accepted", "Not funded yet"), ("suggested", "Suggested, not agreed")]


def test_suggestion_to_have_no_date_is_no_mark():
    [row] = picture(one(1, SOON, asks_date=True, asked=None)).drawn

    assert (row.asked_x, row.shift, row.suggested) == ("", None, "No date")


def test_ended_contract_has_no_today():
    ended = picture(one(1, OLD), is_active=False)

    assert ended.today is None
    assert "Today" not in ended.words


def test_words_tell_the_picture():
    plan = [one(1, OLD, is_overdue=True), one(2, SOON, asks_date=True, asked=LATER), one(3, None), one(4, None)]

    assert picture(*plan).words == (
        "Today is 23 Nov 2026. 2 milestones are due, from 11 Nov 2026 to 11 Dec 2026. 1 is overdue. "
        "1 date is suggested, not agreed. 2 milestones have no date."
    )
    assert picture(one(1, None)).words == "Today is 23 Nov 2026. 0 milestones are due. 1 milestone has no date."
    assert [row.words for row in picture(*plan[:2]).drawn] == [
        "1 Part 1: Not funded yet, Overdue since 11 Nov 2026",
        "2 Part 2: Not funded yet, 11 Dec 2026, suggested: 9 Jan 2027",
    ]


# --- Read from the plan -----------------------------------------------------------------------------------------------
def test_dated_is_what_is_agreed_beside_what_is_suggested(contract):
    today = contract.today()
    soon, later = today + datetime.timedelta(5), today + datetime.timedelta(9)
    edited = milestone_at(State.FUNDED, contract, title="edited", due_date=soon)
    renamed = milestone_at(State.ACCEPTED, contract, title="renamed", due_date=soon)
    removed = milestone_at(State.ACCEPTED, contract, title="removed", due_date=soon)
    lines = [do.edit(edited, due_date=later), do.edit(renamed, title="Other"), do.remove(removed)]
    do.save(contract, *lines, do.add("new", due_date=later))

    found = dated(queries.plan(fresh(contract)))

    facts = [(one.title, one.due, one.asks_date, one.asked, one.asks_removal) for one in found]
    assert facts == [
        ("edited", soon, True, later, False),
        ("renamed", soon, False, None, False),
        ("removed", soon, False, None, True),
        ("new", None, True, later, False),
    ]


def test_overdue_is_decided_in_the_zone_of_the_contract(contract, monkeypatch):
    """At 23:30 UTC on 22 November it is the 23rd in Berlin, where the contract's days end, but not in New York."""
    now = datetime.datetime(2026, 11, 22, 23, 30, tzinfo=datetime.UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    states = [State.ACCEPTED, State.FUNDED, State.SUBMITTED, State.PAID]
    plan = [
        Milestone(contract=contract, due_date=datetime.date(2026, 11, date), state=state)
        for date in (22, 23)
        for state in states
    ]

    assert [milestone.is_overdue for milestone in plan] == [True, True, False, False, *[False] * 4]
    contract.time_zone = "America/New_York"
    assert not any(milestone.is_overdue for milestone in plan)


def test_facts_of_a_row_are_those_of_its_milestone():
    row, other = one(3, SOON, title="<b>"), one(4, SOON, title="x")

    assert [drawn.title for drawn in picture(row, other).drawn] == ["<b>", "x"]
    assert picture(replace(row, asks_removal=True)).drawn[0].suggested == "Removal suggested"
