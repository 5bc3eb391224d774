"""Counting who asks how often, and what a person sees who asks too often."""

import datetime

import pytest
from django.db.models.functions import Now
from django.test import RequestFactory, override_settings
from django.urls import reverse
from django.utils import timezone

from tests.factories import ContractFactory
from tests.milestones.browsing import HTMX, Visitor, proposes, typed
from web.addresses import network_of
from web.limits import is_within, seconds_to_wait
from web.models import Counter

pytestmark = pytest.mark.django_db


def asking(address: str = "192.0.2.1", **headers: str):
    return RequestFactory().get("/", REMOTE_ADDR=address, headers=headers)


# --- Counting ---------------------------------------------------------------------------------------------------------
def test_the_limit_holds_for_one_and_not_for_another():
    assert [is_within(asking(), "x", "3/m/ip") for _ in range(5)] == [True] * 3 + [False] * 2
    assert is_within(asking("192.0.2.2"), "x", "3/m/ip")
    assert is_within(asking(), "y", "3/m/ip")
    assert is_within(asking(), "x", "3/m/key", key="a calendar")


def test_each_of_several_rates_counts():
    assert [is_within(asking(), "x", "3/m/ip,2/d/ip") for _ in range(3)] == [True, True, False]


def test_the_wait_is_what_is_left_of_the_window():
    assert seconds_to_wait(asking(), "x", "1/10m/ip") == 0
    Counter.objects.update(until=Now() + datetime.timedelta(seconds=90))

    assert 1 <= seconds_to_wait(asking(), "x", "1/10m/ip") <= 90


def test_a_new_window_counts_anew():
    assert [is_within(asking(), "x", "1/h/ip") for _ in range(2)] == [True, False]
    Counter.objects.update(until=timezone.now() - datetime.timedelta(seconds=1))

    assert is_within(asking(), "x", "1/h/ip")


def test_any_number_of_others_drop_no_counter():
    assert [is_within(asking(), "x", "1/h/ip") for _ in range(2)] == [True, False]
    until = timezone.now() + datetime.timedelta(hours=1)
    Counter.objects.bulk_create(Counter(key=f"00{number}", count=1, until=until) for number in range(20_000))

    for number in range(512):  # some of these sweep
        is_within(asking(), "others", "1/h/key", key=str(number))

    assert not is_within(asking(), "x", "1/h/ip")


def test_counters_whose_time_is_over_go():
    past = timezone.now() - datetime.timedelta(seconds=1)
    Counter.objects.bulk_create(Counter(key=f"old {number}", count=1, until=past) for number in range(50))

    for number in range(2048):
        is_within(asking(), "others", "1/h/key", key=str(number))

    assert not Counter.objects.filter(key__startswith="old").exists()


@pytest.mark.parametrize("rate", ["", "5", "5/m", "5/m/planet", "m/5/ip"])
def test_no_other_rate_is_taken_for_one(rate):
    with pytest.raises(ValueError, match=f"^{rate}$"):
        is_within(asking(), "x", rate)


@pytest.mark.parametrize(
    ("peer", "forwarded", "behind_proxy", "found"),
    [
        ("192.0.2.1", None, False, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", False, "192.0.2.1"),
        ("127.0.0.1", "198.51.100.7", True, "198.51.100.7"),
        ("127.0.0.1", "203.0.113.9, 198.51.100.7", True, "198.51.100.7"),
        ("127.0.0.1", None, True, "127.0.0.1"),
        ("127.0.0.1", "nonsense", True, "127.0.0.1"),
        ("2001:db8:1:2345::1", None, False, "2001:db8:1:2300::/56"),
        ("2001:db8:1:23ff:ffff::1", None, False, "2001:db8:1:2300::/56"),
        ("::ffff:192.0.2.1", None, False, "192.0.2.1"),
        ("", None, False, ""),
    ],
)
def test_an_address_counts_as_one(peer, forwarded, behind_proxy, found):
    with override_settings(BEHIND_PROXY=behind_proxy):
        assert network_of(peer, forwarded) == found


# --- What a person sees -----------------------------------------------------------------------------------------------
@pytest.fixture
def contract(ben, mara):
    return ContractFactory(client=ben, freelancer=mara)


@pytest.fixture
def url(contract) -> str:
    return f"{contract.get_absolute_url()}milestones/"


def test_what_was_typed_is_kept_and_can_be_sent_again(as_, mara, contract, url, settings):
    visitor = Visitor(as_(mara))
    page = proposes(visitor, url, "Stress check", "650")
    page.field("Description").typed = "first line\r\nsecond & <third>"
    entries = typed(page, "Save")
    settings.ASKED_A_MINUTE = {"POST milestones:manage": 0}

    refused = visitor.client.post(url, entries, follow=True)
    assert (refused.status_code, contract.amendments.count()) == (429, 0)
    assert 1 <= int(refused["Retry-After"]) <= 60
    settings.ASKED_A_MINUTE = {}
    visitor.press(visitor._read(refused, url), "Send it again")

    change = contract.amendments.get().changes.get()
    assert (change.milestone.title, change.milestone.description) == ("Stress check", "first line\nsecond & <third>")


def test_htmx_leaves_the_form_as_it_is_and_says_so(as_, mara, contract, url, settings):
    settings.ASKED_A_MINUTE = {"POST milestones:manage": 0}

    refused = as_(mara).post(url, {"do": "preview"}, headers=HTMX)

    assert refused.status_code == 429
    assert (refused["HX-Retarget"], refused["HX-Reswap"], refused["HX-Reselect"]) == ("#toasts", "beforeend", ".toast")
    assert "a great deal in a short time" in refused.text
    assert "<form" not in refused.text


def test_all_acts_of_a_person_count_together_and_nobody_elses(as_, ben, mara, contract, settings):
    settings.ACTS_A_MINUTE = 3
    typing = f"{contract.get_absolute_url()}messages/typing/"
    read = f"{contract.get_absolute_url()}messages/read/"

    client = as_(ben)
    assert [client.post(path).status_code for path in (typing, read, typing, typing, read)] == [204, 422, 204, 429, 429]
    assert as_(mara).post(typing).status_code == 204
    assert client.get(contract.get_absolute_url()).status_code == 200  # a page that only shows is not counted


def test_each_page_that_is_counted_is_there(settings):
    for page in settings.ASKED_A_MINUTE:
        assert reverse(page.partition(" ")[2], args=[1])
