"""Days are days; moments are told in the zone of whoever reads them."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from text.dates import day, days_between, moment

DECEMBER = datetime.date(2026, 12, 12)
NEARLY_MIDNIGHT = datetime.datetime(2026, 12, 31, 23, 30, tzinfo=datetime.UTC)


def test_day_is_short_and_has_its_year():
    assert day(DECEMBER) == "12 Dec 2026"


def test_day_without_a_date():
    assert day(None) == "No date"


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("UTC", "31 Dec 2026, 23:30"),
        ("Europe/Berlin", "1 Jan 2027, 00:30"),
        ("America/New_York", "31 Dec 2026, 18:30"),
        ("Asia/Kathmandu", "1 Jan 2027, 05:15"),
    ],
)
def test_moment_is_told_in_the_zone_of_the_reader(zone, words):
    with timezone.override(ZoneInfo(zone)):
        assert moment(NEARLY_MIDNIGHT) == words


@pytest.mark.parametrize(("days", "words"), [(7, "+7 days"), (1, "+1 day"), (-1, "−1 day"), (-30, "−30 days")])
def test_days_between_has_a_sign(days, words):
    assert days_between(DECEMBER, DECEMBER + datetime.timedelta(days=days)) == words
