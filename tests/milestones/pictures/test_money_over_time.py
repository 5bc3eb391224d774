"""The lines of the money: inside the sheet, in the order of time, ending where the money stands."""

import datetime
import re
from decimal import Decimal
from itertools import pairwise

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from milestones.pages.charts import money_over_time
from milestones.pages.charts.money_over_time import HEAD, HEIGHT, LINES, WIDTH, levels
from milestones.queries import Standing

START = datetime.datetime(2026, 10, 12, 9, 0, tzinfo=datetime.UTC)
END = datetime.datetime(2026, 11, 23, 10, 24, tzinfo=datetime.UTC)
MOST = Decimal("999999999.99")
AMOUNTS = st.sampled_from([Decimal(0), Decimal("0.01"), MOST, 50 * MOST]) | st.decimals(0, MOST, places=2)
DAYS = st.integers(-20_000, 60_000) | st.floats(-1, 1)
MOMENTS = DAYS.map(lambda days: START + datetime.timedelta(days))


def standing(days: float, agreed: int, in_escrow: int = 0, paid: int = 0) -> Standing:
    return Standing(START + datetime.timedelta(days), Decimal(agreed), Decimal(in_escrow), Decimal(paid))


HISTORY = [standing(0, 0), standing(1, 2500), standing(1.1, 2500, 400), standing(20, 2500, 0, 400), standing(30, 2750)]


def points(path: str) -> list[tuple[float, float]]:
    """The corners of a path of M, H and V."""
    whole = re.fullmatch(r"M0 ([\d.]+)((?:H[\d.]+V[\d.]+)*H[\d.]+)", path)
    assert whole
    found = [(0.0, float(whole[1]))]
    for verb, number in re.findall(r"([HV])([\d.]+)", whole[2]):
        x, y = found[-1]
        found.append((float(number), y) if verb == "H" else (x, float(number)))
    return found


@given(st.lists(st.tuples(MOMENTS, AMOUNTS, AMOUNTS, AMOUNTS), min_size=1), MOMENTS, st.sampled_from(["USD", "JPY"]))
def test_lines_are_inside_and_in_the_order_of_time(rows, until, currency):
    history = [Standing(*row) for row in sorted(rows)]

    found = money_over_time(history, until=until, currency=currency)

    for line in found.lines:
        corners = points(line.path)
        assert [x for x, _ in corners] == sorted(x for x, _ in corners)
        assert all(0 <= x <= WIDTH and HEAD <= y <= HEAD + HEIGHT for x, y in corners)
        assert corners[-1] == (WIDTH, float(line.y))
    assert all(HEAD <= float(level.y) <= found.base for level in found.levels)
    assert all(0 <= float(tick.x[:-1]) <= 100 for tick in found.ticks)
    assert len(found.ticks) > 1


@given(AMOUNTS.filter(bool), st.sampled_from(["USD", "JPY", "KWD"]))
def test_levels_are_few_round_and_below_the_most(most, currency):
    found = levels(most, currency)

    assert len(found) <= LINES
    assert found == sorted({*found})
    assert all(0 < level <= most for level in found)
    assert all(str(level.normalize().as_tuple().digits[0]) in "123456789" for level in found)


@pytest.mark.parametrize(
    ("most", "currency", "expected"),
    [
        ("2750", "USD", [1000, 2000]),
        ("4000", "USD", [1000, 2000, 3000, 4000]),
        ("0.01", "USD", ["0.01"]),
        ("0.03", "USD", ["0.01", "0.02", "0.03"]),
        ("3", "JPY", [1, 2, 3]),
        ("999999999.99", "USD", [500000000]),
    ],
)
def test_levels_are_ones_twos_and_fives(most, currency, expected):
    assert levels(Decimal(most), currency) == [Decimal(level) for level in expected]


def test_nothing_is_drawn_while_nothing_was_agreed():
    assert money_over_time([], until=END, currency="USD") is None


def test_lines_end_where_the_money_stands():
    found = money_over_time(HISTORY[:4], until=END, currency="USD")

    assert [(line.kind, line.now, line.is_nothing) for line in found.lines] == [
        ("agreed", "$2,500.00", False),
        ("escrow", "$0.00", True),
        ("paid", "$400.00", False),
    ]


def test_rows_of_the_table_are_the_steps_of_the_lines():
    found = money_over_time(HISTORY, until=END, currency="JPY")

    assert [(row.agreed, row.in_escrow, row.paid) for row in found.rows] == [
        ("¥0", "¥0", "¥0"),
        ("¥2,500", "¥0", "¥0"),
        ("¥2,500", "¥400", "¥0"),
        ("¥2,500", "¥0", "¥400"),
        ("¥2,750", "¥0", "¥0"),
    ]
    for line, column in zip(found.lines, ("agreed", "in_escrow", "paid"), strict=True):
        texts = [getattr(row, column) for row in found.rows]
        changes = sum(1 for before, after in pairwise(texts) if before != after)
        assert line.path.count("V") == changes


def test_what_happens_in_one_minute_is_one_step():
    second = 1 / 86400
    found = money_over_time(
        [standing(0, 0), standing(1, 100), standing(1 + second, 100, 100)], until=END, currency="USD"
    )

    assert [(row.agreed, row.in_escrow) for row in found.rows] == [("$0.00", "$0.00"), ("$100.00", "$100.00")]


def test_life_of_an_hour_is_lettered_at_its_ends():
    found = money_over_time(
        [standing(0, 0), standing(0.01, 5)], until=START + datetime.timedelta(hours=1), currency="USD"
    )

    assert [(tick.x, tick.label, tick.anchor) for tick in found.ticks] == [
        ("0.00%", "12 Oct, 09:00", "start"),
        ("100.00%", "12 Oct, 10:00", "end"),
    ]


def test_moments_are_those_of_the_reader():
    with timezone.override("America/New_York"):
        found = money_over_time([HISTORY[0], standing(0.7, 5)], until=END, currency="USD")

    assert [row.at for row in found.rows] == ["12 Oct 2026, 05:00", "12 Oct 2026, 21:48"]
    assert found.period == "12 Oct 2026 – 23 Nov 2026"


def test_words_tell_the_lines():
    assert money_over_time(HISTORY[:4], until=END, currency="USD").words == (
        "From 12 Oct 2026 to 23 Nov 2026. At the end $2,500.00 agreed, $0.00 in escrow, $400.00 paid."
    )
    fallen = [*HISTORY[:4], standing(35, 400, 0, 400)]
    assert money_over_time(fallen, until=END, currency="USD").words.endswith("At most $2,500.00 agreed.")
