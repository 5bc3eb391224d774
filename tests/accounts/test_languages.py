"""What a person reads is in their language, also when somebody else wrote it down for them."""

import datetime
from decimal import Decimal

import pytest
from django.template import engines
from django.template.loader import render_to_string
from django.utils import translation

from escrow.money import format_delta, format_money
from tests import pseudo
from tests.factories import ContractFactory, fresh, propose
from tests.messaging.writing import post
from text.dates import day, days_between, moment
from text.languages import isolated

NOON = datetime.datetime(2026, 12, 4, 12, tzinfo=datetime.UTC)
HEBREW, GREEK = "\u05e0\u05d5\u05e2\u05d4", "Νίκος"


@pytest.fixture
def spoken():
    with pseudo.spoken():
        yield


@pytest.mark.parametrize(
    ("language", "amount", "more", "less"),
    [
        ("en", "$1,200.50", "+$1,200.50", "−$1,200.50"),
        ("en-xa", "$1,200.50", "+$1,200.50", "−$1,200.50"),
        ("de", "1.200,50\xa0$", "+1.200,50\xa0$", "−1.200,50\xa0$"),
        ("ar-xb", *(f"\u2066{sign}1,200.50\xa0US$\u2069" for sign in ("", "+", "−"))),
    ],
)
def test_amounts_follow_the_reader(spoken, language, amount, more, less):
    with translation.override(language):
        price = Decimal("1200.50")

        assert (format_money(price, "USD"), format_delta(price, "USD"), format_delta(-price, "USD")) == (
            amount,
            more,
            less,
        )


@pytest.mark.parametrize(
    ("language", "date", "at"),
    [
        ("en", "4 Dec 2026", "4 Dec 2026, 12:00"),
        ("de", "4. Dezember 2026", "4. Dezember 2026 12:00"),
        ("fr", "4 décembre 2026", "4 décembre 2026 12:00"),
    ],
)
def test_days_and_moments_follow_the_reader(language, date, at):
    with translation.override(language):
        assert (day(NOON.date()), moment(NOON)) == (date, at)


def test_a_number_of_days_has_its_sign_in_the_same_piece(spoken):
    with translation.override(pseudo.RTL):
        assert "\u2066+7\u2069" in days_between(NOON.date(), NOON.date() + datetime.timedelta(days=7))


@pytest.mark.parametrize(
    ("language", "written", "in_sentence"),
    [
        ("en", "Ben", "Ben"),
        ("en", HEBREW, f"\u2068{HEBREW}\u2069"),
        ("en", GREEK, GREEK),
        ("he", HEBREW, HEBREW),
        ("he", "Ben 2", "\u2068Ben 2\u2069"),
        ("he", "\u2068Ben\u2069", "\u2068Ben\u2069"),
        ("he", "", ""),
    ],
)
def test_what_people_wrote_the_other_way_is_kept_apart(language, written, in_sentence):
    with translation.override(language):
        assert isolated(written) == in_sentence


def test_templates_keep_it_apart_and_escape_it():
    with translation.override("he"):
        template = engines["django"].from_string("{{ name|isolate }}")

        assert template.render({"name": "<b>"}) == "\u2068&lt;b&gt;\u2069"


@pytest.mark.parametrize("page", ["400.html", "404.html", "500.html"])
def test_pages_of_errors_say_their_language(spoken, page):
    with translation.override(pseudo.RTL):
        assert f'<html lang="{pseudo.RTL}" dir="rtl">' in render_to_string(page)


def test_language_is_that_of_the_browser(spoken, as_, ben):
    english, other = as_(ben).get("/settings/"), as_(ben).get("/settings/", headers={"Accept-Language": "en-XA"})

    assert (english["Content-Language"], other["Content-Language"]) == ("en", "en-xa")
    assert "Accept-Language" in other["Vary"]


def test_language_of_the_last_visit_is_remembered(spoken, as_, ben):
    as_(ben).get("/settings/", headers={"Accept-Language": "ar-XB"})
    assert fresh(ben).language == "ar-xb"

    as_(ben).get("/settings/", headers={"Accept-Language": "fi"})
    assert fresh(ben).language == "en"


def test_people_are_told_in_their_own_language(spoken, ben, mara):
    ben.language = pseudo.LONG
    ben.save()
    contract = ContractFactory(client=ben, freelancer=mara)

    propose(contract)
    post(contract, mara, "Hello")
    post(contract, ben, "Hello")

    of_ben = list(ben.notifications.values_list("text", flat=True))
    assert len(of_ben) == 2
    assert [text for text in of_ben if not text.startswith(pseudo.BEGIN)] == []
    assert list(mara.notifications.values_list("text", flat=True)) == ["Ben wrote: Hello"]
