import datetime

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from contracts.models import Contract, Event
from demo import data
from demo.data.clock import Calendar, standing_at
from demo.data.play import play

NOON = datetime.datetime(2030, 6, 1, 12, tzinfo=datetime.UTC)


def test_clock_shows_the_moment_and_runs_on():
    with standing_at(NOON):
        first, default = timezone.now(), Event._meta.get_field("at").get_default()

    assert NOON <= first <= default < NOON + datetime.timedelta(minutes=1)
    assert timezone.now() < NOON


def test_days_are_those_of_the_zone():
    when = Calendar(NOON, "Pacific/Auckland")  # there it is the second of June already

    assert when.day(-1) == datetime.date(2030, 6, 1)
    assert when.ago(1, "09:30").isoformat() == "2030-06-01T09:30:00+12:00"
    assert when.hours_ago(1.5) == datetime.datetime(2030, 6, 1, 10, 30, tzinfo=datetime.UTC)


def test_acts_of_all_stories_come_in_the_order_of_time():
    when, told = Calendar(NOON, "UTC"), []

    def story(name, *days):
        for day in days:
            yield when.ago(day, "08:00")
            told.append((name, day, timezone.now().date()))

    play([story("a", 9, 3), story("b", 7, 5)])

    assert told == [(name, day, when.day(-day)) for name, day in (("a", 9), ("b", 7), ("b", 5), ("a", 3))]


def test_a_story_cannot_go_back_in_time():
    when = Calendar(NOON, "UTC")

    with pytest.raises(ValueError, match="goes back"):
        play([iter([when.ago(3, "08:00"), when.ago(4, "08:00")])])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "now",
    [
        datetime.datetime(2030, 3, 10, 0, 1, tzinfo=datetime.UTC),  # clocks change in America that day
        datetime.datetime(2032, 2, 29, 12, tzinfo=datetime.UTC),
        datetime.datetime(2030, 12, 31, 23, 59, tzinfo=datetime.UTC),
    ],
)
def test_contracts_can_be_made_at_any_time(now):
    with standing_at(now):
        assert data.make()

    assert Contract.objects.latest("started_at").started_at < now


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["production", "development"])
def test_nothing_is_made_outside_the_demo(settings, mode):
    settings.MODE, settings.DEMO = mode, False

    with pytest.raises(ImproperlyConfigured, match="MODE=demo"):
        data.make()

    assert not Contract.objects.exists()
