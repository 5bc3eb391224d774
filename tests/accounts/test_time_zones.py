from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from accounts import time_zones
from accounts.models import validate_time_zone


def names(choices):
    groups = (label if isinstance(label, list) else [(value, label)] for value, label in choices)
    return [name for cities in groups for name, _city in cities]


def test_choices_are_zones_that_the_model_takes():
    for name in names(time_zones.choices()):
        validate_time_zone(name)
        ZoneInfo(name)


def test_choices_begin_with_utc_and_name_each_zone_once():
    found = names(time_zones.choices())

    assert found[0] == "UTC"
    assert len(found) == len(set(found)) > 400


def test_choices_have_names_that_people_know():
    regions = dict(time_zones.choices())

    assert ("Europe/Berlin", "Berlin (Central European Time)") in regions["Europe"]
    assert ("America/Argentina/Buenos_Aires", "Buenos Aires (Argentina Time)") in regions["America"]
    assert ("Asia/Kolkata", "Kolkata (India Time)") in regions["Asia"]


def test_choices_with_an_alias_hold_it_too():
    assert time_zones.choices_with("Europe/Berlin") == time_zones.choices()
    assert time_zones.choices_with("UTC") == time_zones.choices()
    assert time_zones.choices_with("US/Eastern") == [("US/Eastern", "US/Eastern"), *time_zones.choices()]


@pytest.mark.parametrize("name", ["", "Europe", "europe/berlin", "CEST", "../../etc/passwd"])
def test_validate_time_zone_refuses(name):
    with pytest.raises(ValidationError):
        validate_time_zone(name)
