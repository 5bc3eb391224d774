"""Days on a line of time: in order, inside, and lettered where there is room."""

import datetime
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from milestones.pages.charts.scale import GAP, Scale, anchor

DATES = st.dates()
FIRST, LAST = datetime.date.min, datetime.date.max


def day(year: int, month: int, day: int) -> int:
    return datetime.date(year, month, day).toordinal()


def over(first: int, last: int) -> Scale:
    return Scale.over([first, last], shortest=6)


@given(st.lists(DATES, min_size=1), st.sampled_from([6, 1 / 1440]))
@example([FIRST, LAST], 6)
@example([LAST], 6)
@example([FIRST], 6)
def test_all_days_are_inside_and_in_order(dates, shortest):
    days = sorted(date.toordinal() for date in dates)
    scale = Scale.over(days, shortest=shortest)

    places = [scale.at(day) for day in days]

    assert all(0 <= place <= 100 for place in places)
    assert places == sorted(places)
    assert len({*places}) == len({*days})


@given(DATES, DATES)
@example(FIRST, LAST)
@example(LAST, LAST)
@example(FIRST, FIRST)
def test_lettering_is_inside_with_room_between(first, last):
    places = [float(tick.x[:-1]) for tick in over(first.toordinal(), last.toordinal()).ticks()]

    assert all(0 <= place <= 100 for place in places)
    assert all(after - before > GAP * 0.9 for before, after in pairwise(places))
    assert len(places) <= 4


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        (day(2026, 11, 20), day(2026, 11, 20), ["17 Nov", "19 Nov", "21 Nov", "23 Nov"]),
        (day(2026, 11, 20), day(2026, 12, 14), ["23 Nov", "30 Nov", "7 Dec", "14 Dec"]),
        (day(2026, 10, 30), day(2027, 1, 23), ["Nov 2026", "Dec 2026", "Jan 2027"]),
        (day(2025, 12, 1), day(2027, 1, 1), ["Jan 2026", "Jul 2026", "Jan 2027"]),
        (day(2004, 5, 9), day(2061, 1, 1), ["2020", "2040", "2060"]),
        (day(1, 1, 1), day(9999, 12, 31), ["5000"]),
    ],
)
def test_lettering_names_what_begins(first, last, labels):
    assert [tick.label for tick in over(first, last).ticks()] == labels


def test_one_day_stands_in_the_middle():
    assert over(day(2026, 11, 20), day(2026, 11, 20)).at(day(2026, 11, 20)) == 50


def test_lettering_near_an_end_stays_inside():
    assert [anchor(x, 9) for x in (0, 8.9, 9, 91, 91.1, 100)] == ["start", "start", "middle", "middle", "end", "end"]
