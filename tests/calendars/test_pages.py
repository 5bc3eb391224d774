"""The private address: who opens it, how it is made and stopped, and where it must never be found."""

import datetime
import logging
import re
import uuid

import pytest
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.password_reset import reset_password
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils.module_loading import import_string

from accounts.actions import readdress
from accounts.models import User
from calendars import actions
from calendars.models import CalendarFeed
from config.logs import WithoutSecrets
from tests import factories as do
from tests.factories import State, milestone_at
from web.refusals import NotYours, WrongMoment

SETTINGS = "/settings/calendar/"
NUMBER = {"X-Request-ID": "of its own"}
PBKDF2 = "django.contrib.auth.hashers.PBKDF2PasswordHasher"


@pytest.fixture
def work(ben, mara):
    contract = do.ContractFactory(title="Pump housing", client=ben, freelancer=mara)
    return milestone_at(State.FUNDED, contract, title="Model", due_date=datetime.date(2040, 1, 9))


def address(feed: CalendarFeed) -> str:
    return f"/calendar/{feed.token}.ics"


def shown(page) -> str:
    """The path of the address in the page's field."""
    (found,) = re.findall(r'<input[^>]* value="http://testserver(/calendar/[^"]+)" readonly', page.text)
    return found


# --- Who opens it -----------------------------------------------------------------------------------------------------
def test_feed_opens_without_a_sign_in_and_sets_no_cookie(work, mara):
    reply = Client().get(address(actions.make_feed(mara)))

    assert reply.status_code == 200
    assert reply["Content-Type"] == "text/calendar; charset=utf-8"
    assert {part.strip() for part in reply["Cache-Control"].split(",")} == {"private", "no-cache"}
    assert reply["X-Robots-Tag"] == "noindex"
    assert reply["Referrer-Policy"] == "same-origin"
    assert reply.cookies == {}


@pytest.mark.parametrize("how", ["change", "reset", "readdress"])
def test_feed_ends_with_the_password(work, mara, how):
    url = address(actions.make_feed(mara))
    match how:
        case "change":
            get_adapter().set_password(mara, "a long walk by the river")
        case "reset":
            reset_password(mara, "a long walk by the river")
        case "readdress":
            readdress(mara, former=mara.email)

    assert Client().get(url).status_code == 404
    assert Client().get(address(actions.make_feed(mara))).status_code == 200


def test_feed_outlives_a_new_hash_of_the_same_password(work, mara):
    """Django renews it at a sign-in when its way of hashing has changed: nobody chose another password."""
    with override_settings(PASSWORD_HASHERS=[PBKDF2]):
        mara.password = make_password("a long walk by the river")
    mara.save()
    url = address(actions.make_feed(mara))

    with override_settings(PASSWORD_HASHERS=[*settings.PASSWORD_HASHERS, PBKDF2]):
        assert mara.check_password("a long walk by the river")

    assert not User.objects.get(pk=mara.pk).password.startswith("pbkdf2")
    assert Client().get(url).status_code == 200


def test_feed_is_its_persons_whoever_asks(work, mara, carol, as_):
    url = address(actions.make_feed(mara))

    assert as_(carol).get(url).content == Client().get(url).content


def test_unchanged_feed_is_not_sent_again(work, mara):
    url = address(actions.make_feed(mara))
    tag = Client().get(url)["ETag"]

    same = Client().get(url, headers={"If-None-Match": tag})
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", tag)
    assert "private" in same["Cache-Control"]
    assert same.cookies == {}

    do.submit(work)
    changed = Client().get(url, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed["ETag"] != tag


def test_feed_is_only_read(mara):
    url = address(actions.make_feed(mara))

    head = Client().head(url)
    assert (head.status_code, head.content) == (200, b"")
    assert [getattr(Client(), method)(url).status_code for method in ("post", "put", "delete")] == [405] * 3


def test_stopped_address_is_like_one_that_never_was(mara):
    feed = actions.make_feed(mara)
    actions.stop_feed(feed, by=mara)

    stopped, unknown = Client().get(address(feed)), Client().get(f"/calendar/{'x' * 43}.ics")
    assert stopped.status_code == unknown.status_code == 404
    assert stopped.content == unknown.content == b"There is no calendar at this address."
    assert {**stopped.headers, **NUMBER} == {**unknown.headers, **NUMBER}
    assert stopped.cookies == unknown.cookies == {}


def test_unknown_and_stopped_addresses_cost_the_same(mara, django_assert_num_queries):
    feed = actions.make_feed(mara)
    actions.stop_feed(feed, by=mara)
    for url in (address(feed), f"/calendar/{'x' * 43}.ics"):
        with django_assert_num_queries(2):
            Client().get(url)


def test_address_closes_with_its_person(mara):
    feed = actions.make_feed(mara)
    mara.is_active = False
    mara.save()

    assert Client().get(address(feed)).status_code == 404


@pytest.mark.parametrize("token", ["", "a", "../x", "%00", "é", "%ff", "%ed%a0%80", "a" * 5000])
def test_odd_address_opens_nothing(mara, token):
    actions.make_feed(mara)

    assert Client().get(f"/calendar/{token}.ics").status_code == 404


def test_hash_and_seed_open_nothing(mara):
    feed = actions.make_feed(mara)

    for token in (feed.seed, feed.token_hash, str(feed.pk)):
        assert Client().get(f"/calendar/{token}.ics").status_code == 404


def test_sixty_readings_an_hour_are_enough(mara, ben):
    url, other = address(actions.make_feed(mara)), address(actions.make_feed(ben))
    statuses = [Client().get(url).status_code for _ in range(61)]

    assert statuses == [200] * 60 + [429]
    assert Client().get(url)["Retry-After"] == "3600"
    assert Client().get(other).status_code == 200


def test_thirty_guesses_a_minute_are_enough_and_hurt_nobody(mara):
    url = address(actions.make_feed(mara))
    statuses = [Client().get(f"/calendar/guess{number}.ics").status_code for number in range(31)]

    assert statuses == [404] * 30 + [429]
    assert Client().get(url).status_code == 200


# --- Where it is kept -------------------------------------------------------------------------------------------------
def test_token_is_not_stored(mara):
    feed = actions.make_feed(mara)

    assert re.fullmatch(r"[\w-]{43}", feed.token)
    stored = CalendarFeed.objects.values_list().get()
    assert not any(feed.token in str(value) for value in stored)
    assert re.fullmatch(r"[0-9a-f]{64}", feed.token_hash)


def test_tokens_differ_though_the_person_is_the_same(mara):
    assert len({actions.make_feed(mara).token for _ in range(3)}) == 3


def test_address_opens_under_a_new_key_and_is_shown_while_the_old_key_is_known(mara, as_, settings):
    url, old = address(actions.make_feed(mara)), settings.SECRET_KEY

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, [old]
    assert shown(as_(mara).get(SETTINGS)) == url

    settings.SECRET_KEY_FALLBACKS = []
    assert Client().get(url).status_code == 200
    page = as_(mara).get(SETTINGS)
    assert "we cannot show it any more" in page.text
    assert "webcal:" not in page.text


@pytest.fixture
def log(caplog, monkeypatch):
    """What the site's own handler would write."""
    monkeypatch.setattr(caplog.handler, "formatter", WithoutSecrets())
    return caplog


def test_log_hides_the_token(mara, log):
    feed = actions.make_feed(mara)
    actions.stop_feed(feed, by=mara)
    for url in (address(feed), address(feed) + "/", f"/calendar/{feed.token}"):
        Client().get(url)
    Client().post(address(feed))
    Client(enforce_csrf_checks=True).post(address(feed))

    assert len(log.records) == 5
    assert feed.token not in log.text
    assert log.text.splitlines()[0].endswith(": Not Found: /calendar/…")


def test_log_hides_the_token_of_an_error_that_nobody_foresaw(log):
    try:
        raise RuntimeError("/calendar/abc-DEF_1.ics")
    except RuntimeError:
        logging.getLogger("tests").exception("At %s", "https://tranche.example/calendar/abc-DEF_1.ics")

    assert "abc-DEF_1" not in log.text
    assert "RuntimeError: /calendar/…" in log.text


@pytest.mark.parametrize(
    ("name", "token"),
    [
        ("account_confirm_email", "MQ:1vMxyz:abc-DEF_1"),
        ("account_reset_password_from_key", ""),
        ("notifications:unsubscribe", "WzEsImRhaWx5Il0:abc-DEF_1"),
    ],
)
def test_log_hides_the_tokens_of_links_in_mails(log, name, token):
    url = reverse(name, args=[token]) if token else reverse(name, kwargs={"uidb36": "1", "key": "abc-DEF_1"})

    logging.getLogger("tests").warning("Not Found: %s", url)

    assert "abc-DEF_1" not in log.text
    assert "/…" in log.text


def test_log_keeps_what_is_no_secret(log):
    logging.getLogger("tests").warning("%s at %s", "Gone", "/settings/calendar/make/")

    assert log.text.endswith(": Gone at /settings/calendar/make/\n")


def test_every_handler_hides_tokens(settings):
    handlers, formatters = settings.LOGGING["handlers"].values(), settings.LOGGING["formatters"]

    assert handlers
    assert all(issubclass(import_string(formatter["()"]), WithoutSecrets) for formatter in formatters.values())
    assert all(handler["formatter"] in formatters for handler in handlers)


# --- The settings -----------------------------------------------------------------------------------------------------
def test_pages_ask_a_stranger_to_sign_in(client, db):
    for url in (SETTINGS, f"{SETTINGS}make/", f"{SETTINGS}stop/"):
        assert client.get(url).url == f"/accounts/login/?next={url}"
        assert client.post(url).status_code == 302
    assert not CalendarFeed.objects.exists()


def test_make_shows_the_address_to_its_person_alone(mara, ben, work, as_):
    client = as_(mara)
    assert client.post(f"{SETTINGS}make/").url == SETTINGS

    page = client.get(SETTINGS)
    url = shown(page)
    assert b"Model" in Client().get(url).content
    assert f'href="webcal://testserver{url}"' in page.text
    assert "no-store" in page["Cache-Control"]
    assert url not in as_(ben).get(SETTINGS).text


def test_make_again_closes_the_old_address(mara, as_):
    client = as_(mara)
    urls = []
    for _ in range(2):
        client.post(f"{SETTINGS}make/")
        urls.append(shown(client.get(SETTINGS)))

    assert [Client().get(url).status_code for url in urls] == [404, 200]


def test_make_and_stop_need_a_press(mara, as_):
    client = as_(mara)

    assert client.get(f"{SETTINGS}make/").url == SETTINGS
    assert not CalendarFeed.objects.exists()
    feed = actions.make_feed(mara)
    assert client.get(f"{SETTINGS}stop/").url == SETTINGS
    assert Client().get(address(feed)).status_code == 200


def test_stop_closes_the_address_of_the_person_alone(mara, ben, as_):
    mine, theirs = actions.make_feed(mara), actions.make_feed(ben)
    client = as_(mara)

    assert client.post(f"{SETTINGS}stop/").url == SETTINGS

    assert [Client().get(address(feed)).status_code for feed in (mine, theirs)] == [404, 200]
    assert "Close this address" not in client.get(SETTINGS).text


def test_stop_of_nothing_changes_nothing(mara, as_):
    assert as_(mara).post(f"{SETTINGS}stop/").url == SETTINGS


def test_settings_hold_the_section(mara, as_):
    page = as_(mara).get("/settings/")

    assert f'<a href="{SETTINGS}">' in page.text
    assert f'id="calendar" hx-get="{SETTINGS}" hx-trigger="load"' in page.text


def test_section_comes_alone_to_the_settings(mara, as_):
    actions.make_feed(mara)
    section = as_(mara).get(SETTINGS, headers={"HX-Request": "true"})

    assert section.text.strip().startswith('<section class="section" id="calendar">')
    assert section.text.strip().endswith("</section>")
    assert "csrfmiddlewaretoken" in section.text
    assert "no-store" in section["Cache-Control"]


def test_page_takes_the_same_queries_with_and_without_an_address(mara, as_, django_assert_num_queries):
    client = as_(mara)
    for _ in range(2):
        with django_assert_num_queries(5):
            client.get(SETTINGS)
        actions.make_feed(mara)


# --- Staff, and the database ------------------------------------------------------------------------------------------
def test_staff_stop_with_a_reason_and_see_no_address(mara, staff, as_):
    feed, client = actions.make_feed(mara), as_(staff)
    url = f"/admin/calendars/calendarfeed/{feed.pk}"

    page = client.get(f"{url}/change/").text
    assert not any(secret in page for secret in (feed.token, feed.token_hash, feed.seed))
    client.post(f"{url}/stop/", {"reason": "Asked by phone", "key": uuid.uuid4()})

    assert Client().get(address(feed)).status_code == 404
    assert client.get("/admin/calendars/calendarfeed/", {"q": "lindqvist"}).context["cl"].result_count == 1


def test_stop_itself_is_for_its_person_and_staff(mara, ben):
    feed = actions.make_feed(mara)

    with pytest.raises(NotYours):
        actions.stop_feed(feed, by=ben)
    actions.stop_feed(feed, by=mara)
    with pytest.raises(WrongMoment):
        actions.stop_feed(feed, by=mara)


def test_database_keeps_one_open_address(mara):
    actions.make_feed(mara)

    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarFeed.objects.create(person=mara, seed="x", token_hash="x")


@pytest.mark.parametrize(
    "changes",
    [{"token_hash": "x"}, {"seed": "x"}, {"created_at": datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)}],
)
def test_database_keeps_an_address_as_it_was_made(mara, changes):
    actions.make_feed(mara)

    with pytest.raises(ProgrammingError), transaction.atomic():
        CalendarFeed.objects.update(**changes)


def test_database_keeps_a_stopped_address_closed(mara):
    actions.stop_feed(actions.make_feed(mara), by=mara)

    for write in (lambda: CalendarFeed.objects.update(stopped_at=None), lambda: CalendarFeed.objects.all().delete()):
        with pytest.raises(ProgrammingError), transaction.atomic():
            write()
