"""How much mail people get: the page in the settings, and the one click in each mail."""

import datetime
import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from notifications import actions, queries
from notifications.kinds import Frequency, Kind
from notifications.mail import unsubscribe_url
from notifications.models import Preference, QuietHours
from notifications.models.email import DAILY
from web.refusals import Invalid

PAGE = "/settings/notifications/"
ALL_AT_ONCE = dict.fromkeys(Kind, Frequency.AT_ONCE)


def answers(**changes):
    """The form as a browser sends it."""
    return {**{kind.value: "at_once" for kind in Kind}, "quiet_begin": "", "quiet_end": "", **changes}


def path(person, kind):
    return unsubscribe_url(person, kind).removeprefix("http://localhost:8000")


# --- The page ---------------------------------------------------------------------------------------------------------
def test_page_needs_a_sign_in(client):
    assert client.get(PAGE).url == f"{reverse('account_login')}?next={PAGE}"


def test_settings_lead_to_the_page(ben, as_):
    assert f'href="{PAGE}"' in as_(ben).get("/settings/").text


def test_without_a_choice_all_is_mailed_at_once_and_no_hour_is_quiet(ben, as_):
    page = as_(ben).get(PAGE).text

    assert queries.frequencies(ben) == ALL_AT_ONCE
    assert len(re.findall(r'value="at_once"[^>]* checked', page)) == len(Kind)
    assert re.findall(r'name="quiet_\w+"[^>]* value=', page) == []


def test_what_waits_for_an_answer_has_no_never(ben, as_):
    page = as_(ben).get(PAGE).text

    assert re.findall(r'name="answer" value="(\w+)"', page) == ["at_once", "daily"]
    assert re.findall(r'name="money" value="(\w+)"', page) == ["at_once", "daily", "never"]


def test_saving_keeps_each_choice_and_shows_it_again(ben, mara, as_):
    client = as_(ben)

    response = client.post(PAGE, answers(money="never", answer="daily", quiet_begin="22:00", quiet_end="07:00"))

    assert response.url == PAGE
    assert queries.frequencies(ben) == ALL_AT_ONCE | {Kind.MONEY: Frequency.NEVER, Kind.ANSWER: Frequency.DAILY}
    assert queries.frequencies(mara) == ALL_AT_ONCE
    assert str(QuietHours.objects.get(person=ben)) == "22:00–07:00"
    page = client.get(PAGE).text
    assert re.search(r'name="money" value="never"[^>]* checked', page)
    assert re.findall(r'name="quiet_\w+" value="([^"]*)"', page) == ["22:00", "07:00"]


def test_saving_without_hours_ends_the_quiet(ben, as_):
    client = as_(ben)
    client.post(PAGE, answers(quiet_begin="22:00", quiet_end="07:00"))

    client.post(PAGE, answers())

    assert QuietHours.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"answer": "never"}, "answer", "Select a valid choice"),
        ({"money": ""}, "money", "required"),
        ({"quiet_begin": "22:00"}, "quiet_end", "Enter both times"),
        ({"quiet_end": "07:00"}, "quiet_begin", "Enter both times"),
        ({"quiet_begin": "22:00", "quiet_end": "22:00"}, "quiet_end", "another time"),
        ({"quiet_begin": "25:00", "quiet_end": "07:00"}, "quiet_begin", "Enter a valid time"),
    ],
)
def test_saving_nonsense_changes_nothing_and_says_why(ben, as_, wrong, field, words):
    response = as_(ben).post(PAGE, answers(**wrong))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert words in response.context["form"].errors[field][0]
    assert (Preference.objects.count(), QuietHours.objects.count()) == (0, 0)


def test_choose_refuses_to_keep_a_decision_from_a_person(ben):
    with pytest.raises(Invalid, match="cannot be turned off"):
        actions.choose(ben, chosen={Kind.ANSWER: Frequency.NEVER}, quiet=None)


def test_choose_refuses_a_quiet_day(ben, wants):
    with pytest.raises(Invalid, match="another time"):
        wants(ben, quiet=("08:00", "08:00"))


# --- One click --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.ANSWER])
def test_one_click_stops_mails_of_a_kind(ben, kind):
    """As a mail program does it: without cookies, and with CSRF checked if it were."""
    response = Client(enforce_csrf_checks=True).post(path(ben, kind), {"List-Unsubscribe": "One-Click"})

    assert response.status_code == 200
    assert queries.frequencies(ben) == ALL_AT_ONCE | {kind: Frequency.NEVER}


def test_one_click_makes_what_waits_for_an_answer_daily(ben, client):
    client.post(path(ben, Kind.ANSWER))
    client.post(path(ben, Kind.ANSWER))

    assert queries.frequencies(ben)[Kind.ANSWER] == Frequency.DAILY


def test_one_click_in_the_daily_mail_stops_all_that_is_in_it(ben, wants, client):
    wants(ben, answer="daily", money="daily", plan="never")

    client.post(path(ben, DAILY))

    assert queries.frequencies(ben) == ALL_AT_ONCE | {
        Kind.ANSWER: Frequency.DAILY,
        Kind.MONEY: Frequency.NEVER,
        Kind.PLAN: Frequency.NEVER,
    }


@pytest.mark.parametrize("kind", [*Kind, DAILY])
def test_looking_changes_nothing_and_offers_a_button(ben, client, kind):
    page = client.get(path(ben, kind))

    assert page.status_code == 200
    assert page.text.count("<button") == 1
    assert queries.frequencies(ben) == ALL_AT_ONCE


@pytest.mark.parametrize("kind", [*Kind, DAILY])
def test_the_page_afterwards_says_what_is_so_now(ben, client, kind):
    words = {Kind.ANSWER: "once a day, in one mail", DAILY: "only what waits for your answer"}

    assert words.get(kind, "You get no more mail about") in client.post(path(ben, kind)).text


@pytest.mark.parametrize("token", ["nonsense", "WzEsIm1vbmV5Il0:1xVIXM:AAAA"])
def test_a_forged_link_is_not_found(ben, client, token):
    assert client.post(reverse("notifications:unsubscribe", args=[token])).status_code == 404
    assert queries.frequencies(ben) == ALL_AT_ONCE


def test_the_link_in_the_mail_is_that_link(ben, tell, work, client):
    tell(ben, kind=Kind.MONEY)
    work()
    [address] = re.findall(r"<http://localhost:8000(.*)>", mail.outbox[0].extra_headers["List-Unsubscribe"])

    client.post(address)

    assert queries.frequencies(ben)[Kind.MONEY] == Frequency.NEVER


def test_quiet_hours_read_as_people_write_them():
    assert str(QuietHours(begin=datetime.time(22), end=datetime.time(7, 30))) == "22:00–07:30"
