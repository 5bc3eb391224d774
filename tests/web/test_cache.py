"""The counters of the limits: none that still counts is ever dropped, however many there are."""

import datetime

import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.utils import timezone

from web.cache import NeverCulled

pytestmark = pytest.mark.django_db


def fill(rows: int, *, expires: datetime.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cache SELECT 'filler-' || n, '', %s FROM generate_series(1, %s) n ON CONFLICT DO NOTHING",
            [expires, rows],
        )


def count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache")
        return cursor.fetchone()[0]


def test_site_counts_in_such_a_cache():
    assert isinstance(caches["default"], NeverCulled)


def test_live_counter_survives_however_many_there_are():
    cache.set("victim", [1.0, 2.0], 300)
    fill(10_500, expires=timezone.now() + datetime.timedelta(minutes=5))

    cache.set("another", [3.0], 300)
    cache.set("one-more", [3.0], 300)

    assert cache.get("victim") == [1.0, 2.0]
    assert count() == 10_503


def test_counters_that_have_run_out_leave():
    fill(10_500, expires=timezone.now() - datetime.timedelta(minutes=5))

    cache.set("another", [3.0], 300)

    assert count() == 1


def test_one_customer_of_a_provider_is_counted_as_one(settings):
    assert settings.ALLAUTH_RATE_LIMIT_IPV6_PREFIX == 56
