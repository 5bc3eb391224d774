import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from contracts import actions
from contracts.models import Contract, Event
from notifications.models import Notification
from tests.factories import UserFactory, end, fresh
from web.refusals import Invalid, NotYours

pytestmark = pytest.mark.django_db

CONTRACTS = "/admin/contracts/contract/"
ADD = "/admin/contracts/contract/add/"
PEOPLE = "/admin/autocomplete/"
NOBODY = "Nobody who can sign in has this name or address."
EVENTS = "/admin/contracts/event/"


@pytest.fixture
def contract(ben, mara, staff) -> Contract:
    return start(ben, mara, by=staff)


@pytest.fixture
def reader() -> User:
    """Staff who may look at contracts and no more."""
    person = UserFactory.create(is_staff=True)
    person.user_permissions.set(
        Permission.objects.filter(content_type__app_label="contracts", codename__startswith="view_")
    )
    return person


def start(client: User, freelancer: User, *, by: User, **terms: str) -> Contract:
    asked = {"title": "Pump housing", "currency": "EUR", "time_zone": "Europe/Berlin", **terms}
    return actions.start(client=client.party, freelancer=freelancer.party, by=by, **asked)


def form(client: User, freelancer: User, **changes: object) -> dict[str, object]:
    return {
        "title": "Pump housing",
        "client": client.email,
        "freelancer": freelancer.email,
        "currency": "EUR",
        "time_zone": "Europe/Berlin",
        "reason": "Signed on 12 May",
        **changes,
    }


def page(contract: Contract) -> str:
    return f"{CONTRACTS}{contract.pk}/change/"


def options(html: str, name: str) -> list[str]:
    (select,) = re.findall(rf'<select name="{name}".*?</select>', html, re.DOTALL)
    return re.findall(r"<option[^>]*>([^<]*)</option>", select)


def found(client, url: str, **query: object) -> list[object]:
    return list(client.get(url, query).context["cl"].result_list)


# --- Start ------------------------------------------------------------------------------------------------------------
def test_start_form_lists_nobody(ben, mara, staff, as_):
    """Twenty thousand people, twice, made it a page of three megabytes."""
    html = as_(staff).get(ADD).text

    assert "ben@example.com" not in html
    assert re.findall(r'<input type="text" name="(client|freelancer)"', html) == ["client", "freelancer"]
    assert "Euros (EUR)" in options(html, "currency")
    assert "related-widget-wrapper" not in html


@pytest.mark.parametrize(
    "typed", ["Ben Okafor <ben@example.com>", "ben@example.com", " BEN@Example.com ", "ben okafor"]
)
def test_start_takes_a_person_by_name_or_address(ben, mara, staff, as_, typed):
    as_(staff).post(ADD, {**form(ben, mara), "client": typed})

    assert Contract.objects.get().client == ben.party


def test_start_asks_which_of_two_people_of_one_name(ben, mara, staff, as_):
    UserFactory(display_name="Ben Okafor", email="other@example.com")

    reply = as_(staff).post(ADD, {**form(ben, mara), "client": "Ben Okafor"})

    assert "Several people have this name. Type the address: other@example.com, ben@example.com" in reply.text
    assert 'value="Ben Okafor"' in reply.text
    assert not Contract.objects.exists()


@pytest.mark.parametrize("side", ["client", "freelancer"])
def test_start_form_finds_people_who_can_sign_in(ben, mara, carol, staff, as_, side):
    User.objects.filter(pk=carol.pk).update(is_active=False)
    asked = {"app_label": "contracts", "model_name": "contract", "field_name": side}
    client = as_(staff)

    def people(words: str) -> list[str]:
        return [one["text"] for one in client.get(PEOPLE, {"term": words, **asked}).json()["results"]]

    assert people("okaf") == ["Ben Okafor <ben@example.com>"]
    assert people("mara@") == ["Mara Lindqvist <mara@example.com>"]
    assert people("carol") == []


def test_start_refuses_who_cannot_sign_in(ben, mara, staff, as_):
    User.objects.filter(pk=ben.pk).update(is_active=False)

    assert NOBODY in as_(staff).post(ADD, form(ben, mara)).text
    assert not Contract.objects.exists()


@pytest.mark.parametrize("side", ["client", "freelancer"])
def test_start_refuses_staff_who_are_a_party(ben, staff, as_, side):
    reply = as_(staff).post(ADD, {**form(ben, ben), side: staff.email})

    assert "Only staff can start a contract, and never one of their own." in reply.text
    assert not Contract.objects.exists()


def test_start_makes_the_contract_and_tells_both(ben, mara, staff, as_):
    reply = as_(staff).post(ADD, form(ben, mara))

    contract = Contract.objects.get()
    assert (reply.status_code, reply.url) == (302, page(contract))
    assert (contract.title, contract.client, contract.freelancer) == (
        "Pump housing",
        ben.party,
        mara.party,
    )
    assert (contract.currency, contract.time_zone, contract.state) == ("EUR", "Europe/Berlin", "active")
    event = Event.objects.get()
    assert (event.contract, event.verb, event.by) == (contract, "contract.started", staff)
    assert set(Notification.objects.values_list("recipient__email", "text", "url")) == {
        (person.email, "Tranche staff (Sam) started the contract.", contract.get_absolute_url())
        for person in (ben, mara)
    }


def test_start_is_logged_with_its_reason(ben, mara, staff, as_):
    client = as_(staff)
    client.post(ADD, form(ben, mara))

    contract = Contract.objects.get()
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (staff, str(contract.pk))
    assert entry.get_change_message() == "Added. Reason: Signed on 12 May"
    assert "Signed on 12 May" in client.get(page(contract)).text


def test_start_says_what_happened(ben, mara, staff, as_):
    reply = as_(staff).post(ADD, form(ben, mara), follow=True)

    assert [str(message) for message in reply.context["messages"]] == [
        "“Pump housing” has started. Ben and Mara have been told."
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": " "}, "Enter a title."),
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"client": ""}, "Choose a person."),
        ({"client": "Nobody"}, NOBODY),
        ({"currency": ""}, "Choose a currency."),
        ({"currency": "XXX"}, "XXX is not one of the available choices."),
        ({"time_zone": "Mars/Olympus"}, "Mars/Olympus is not one of the available choices."),
        ({"reason": " "}, "Say why, in a few words."),
    ],
)
def test_start_refuses_what_is_missing_or_wrong(ben, mara, staff, as_, changes, sentence):
    reply = as_(staff).post(ADD, {**form(ben, mara), **changes})

    assert sentence in reply.text
    assert not Contract.objects.exists()
    assert not Notification.objects.exists()
    assert not LogEntry.objects.exists()


def test_start_refuses_one_person_on_both_sides(ben, staff, as_):
    reply = as_(staff).post(ADD, form(ben, ben))

    assert "Client and freelancer must be two different people or organisations." in reply.text
    assert not Contract.objects.exists()


def test_start_is_for_staff(ben, mara, carol, as_):
    for person in (ben, mara, carol):
        client = as_(person)
        assert client.post(ADD, form(ben, mara)).status_code in (302, 403)
        assert client.get(ADD).status_code in (302, 403)
    assert not Contract.objects.exists()


def test_start_needs_the_right_to_add(ben, mara, reader, as_):
    assert as_(reader).post(ADD, form(ben, mara)).status_code == 403


def test_start_itself_refuses_who_is_not_staff(ben, mara):
    with pytest.raises(NotYours):
        start(ben, mara, by=ben)

    assert not Contract.objects.exists()


@pytest.mark.parametrize(
    "terms", [{"title": " "}, {"title": "x" * 201}, {"currency": "XXX"}, {"time_zone": "Mars/Olympus"}]
)
def test_start_itself_refuses_bad_terms(ben, mara, staff, terms):
    with pytest.raises(Invalid):
        start(ben, mara, by=staff, **terms)

    assert not Contract.objects.exists()


def test_start_itself_refuses_one_person_on_both_sides(ben, staff):
    with pytest.raises(Invalid, match="two different"):
        start(ben, ben, by=staff)


# --- Read -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("words", ["pump", "Okafor", "ben@example", "Lindqvist", "MARA@"])
def test_list_finds_by_title_and_people(contract, staff, as_, words):
    start(UserFactory.create(), UserFactory.create(), by=staff, title="Bracket")

    assert found(as_(staff), CONTRACTS, q=words) == [contract]


def test_list_filters_by_state_and_currency(contract, staff, as_):
    dollars = start(UserFactory.create(), UserFactory.create(), by=staff, currency="USD")
    end(dollars, by=staff, reason="Agreed")
    client = as_(staff)

    assert found(client, CONTRACTS, currency__exact="EUR") == [contract]
    assert found(client, CONTRACTS, state__exact="ended") == [dollars]


def queries(client, url: str) -> int:
    client.get(url)  # the first look also fills caches
    with CaptureQueriesContext(connection) as taken:
        client.get(url)
    return len(taken)


@pytest.mark.parametrize("url", [CONTRACTS, EVENTS])
def test_list_takes_the_same_queries_for_one_and_many(contract, staff, as_, url):
    client = as_(staff)
    with_one = queries(client, url)
    for _ in range(3):
        start(UserFactory.create(), UserFactory.create(), by=staff)

    assert queries(client, url) == with_one <= 8


def test_page_takes_the_same_queries_for_few_and_many_versions(contract, staff, as_):
    client = as_(staff)
    with_one = queries(client, page(contract))
    for number in range(1, 4):
        Contract.objects.filter(pk=contract.pk).update(plan_revision=number)

    assert queries(client, page(contract)) == with_one <= 14
    assert len(client.get(page(contract)).context["history"].versions) == 4


def test_page_is_read_only(contract, ben, carol, staff, as_):
    client = as_(staff)

    assert client.post(page(contract), form(carol, ben, title="Mine", state="ended")).status_code == 403
    now = fresh(contract)
    assert (now.title, now.client, now.state) == ("Pump housing", ben.party, "active")
    assert '<input type="submit"' not in client.get(page(contract)).text


def test_page_shows_no_link_to_the_site_that_staff_cannot_open(contract, staff, as_):
    assert f'href="{contract.get_absolute_url()}"' not in as_(staff).get(page(contract)).text


def test_events_are_told_in_words(contract, staff, as_):
    client = as_(staff)

    assert "Tranche staff (Sam) started the contract." in client.get(EVENTS).text
    assert "Tranche staff (Sam) started the contract." in client.get(f"{EVENTS}{Event.objects.get().pk}/change/").text


def test_events_are_found_by_contract_and_by_what_happened(contract, staff, as_):
    other = start(UserFactory.create(), UserFactory.create(), by=staff, title="Bracket")
    end(other, by=staff, reason="Agreed")
    started, ended = Event.objects.filter(contract=other).order_by("id")
    client = as_(staff)

    assert found(client, EVENTS, contract=other.pk) == [ended, started]
    assert found(client, EVENTS, verb="contract.ended") == [ended]
    assert found(client, EVENTS, q="bracket", verb="contract.started") == [started]
    assert found(client, EVENTS, contract="x") == []
    assert found(client, EVENTS, contract="9" * 5000) == []


# --- What nobody may --------------------------------------------------------------------------------------------------
def test_pages_are_for_staff(contract, ben, mara, carol, as_):
    for person in (ben, mara, carol):
        for url in (CONTRACTS, page(contract), EVENTS):
            reply = as_(person).get(url)
            assert reply.status_code in (302, 403)
            assert "Pump housing" not in reply.text


def test_nothing_is_deleted_or_written(contract, staff, as_):
    client = as_(staff)
    event = Event.objects.get()

    replies = [
        client.post(f"{CONTRACTS}{contract.pk}/delete/", {"post": "yes"}),
        client.post(f"{EVENTS}{event.pk}/delete/", {"post": "yes"}),
        client.post(f"{EVENTS}{event.pk}/change/", {"verb": "contract.ended"}),
        client.post(f"{EVENTS}add/", {}),
    ]
    for url in (CONTRACTS, EVENTS):
        client.post(url, {"action": "delete_selected", "_selected_action": [contract.pk, event.pk], "post": "yes"})
        assert "delete_selected" not in client.get(url).text

    assert [reply.status_code for reply in replies] == [403] * 4
    assert (Contract.objects.get(), Event.objects.get()) == (contract, event)


def test_history_from_no_such_version_is_the_newest(contract, staff, as_):
    assert len(as_(staff).get(page(contract), {"before": "9" * 5000}).context["history"].versions) == 1
