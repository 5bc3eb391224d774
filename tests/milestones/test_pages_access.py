"""Who may open which page, and who is told to sign in, that it is not there, or that it is not theirs (R1)."""

import uuid
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from contracts.models import Contract
from milestones import urls as milestones_urls
from milestones.models import Milestone
from tests import factories as do
from tests.factories import State, fresh, milestone_at
from tests.milestones.snapshots import nothing_changes

HTMX = {"HX-Request": "true"}
PAGES = {
    "contracts:list": ["get"],
    "contracts:detail": ["get"],
    "milestones:manage": ["get", "post"],
    "milestones:paste": ["get", "post"],
    "milestones:paper": ["get"],
    "milestones:plan_csv": ["get"],
    "milestones:plan_text": ["get"],
    "milestones:amendment": ["get"],
    "milestones:news": ["get"],
    "milestones:review": ["get"],
    "milestones:keep": ["post"],
    "milestones:start_again": ["post"],
    "milestones:check": ["get", "post"],
    "milestones:offer": ["get"],
    "milestones:decide": ["post"],
    "milestones:remind": ["post"],
    "milestones:fund_several": ["get", "post"],
    "milestones:fund": ["get", "post"],
    "milestones:submit": ["get", "post"],
    "milestones:request_changes": ["get", "post"],
    "milestones:release": ["get", "post"],
}
EACH = [(name, method) for name, methods in PAGES.items() for method in methods]
OF_A_CONTRACT = [(name, method) for name, method in EACH if name != "contracts:list"]
OTHERS = [(n, m) for n, methods in PAGES.items() for m in ("get", "post", "put", "delete") if m not in methods]
STATE = {"submit": State.FUNDED, "request_changes": State.SUBMITTED, "release": State.SUBMITTED}
ACTOR = {"submit": "mara", "request_changes": "ben", "release": "ben", "fund": "ben"}


@pytest.fixture
def milestone(contract) -> Milestone:
    milestone_at(State.PROPOSED, contract)
    return milestone_at(State.ACCEPTED, contract)


def address(name: str, milestone: Milestone) -> str:
    contract = milestone.contract
    if name == "contracts:list":
        return reverse(name)
    if name in ("milestones:amendment", "milestones:offer"):
        return reverse(name, args=[contract.pk, 1])
    of_a_milestone = name.removeprefix("milestones:") in ACTOR
    return reverse(name, args=[contract.pk, milestone.pk] if of_a_milestone else [contract.pk])


def test_table_names_every_page():
    contract_pages, _namespace = milestones_urls.contract_pages
    named = {f"contracts:{page.name}" for page in contract_pages}
    named |= {f"milestones:{page.name}" for page in milestones_urls.urlpatterns}

    assert set(PAGES) == named


def answers(
    client: Client, milestone: Milestone, asked: list[tuple[str, str]], **options: Any
) -> dict[tuple[str, str], object]:
    """The status of each page, or where it sends the person."""
    found = {}
    for name, method in asked:
        response = getattr(client, method)(address(name, milestone), **options)
        found[name, method] = response.get("HX-Redirect", response.get("Location", response.status_code))
    return found


@pytest.mark.parametrize("who", ["ben", "mara"])
def test_pages_open_for_both_parties(milestone, as_, request, who):
    asked = [(name, method) for name, method in EACH if method == "get"]
    expected = dict.fromkeys(asked, 200) | {
        ("milestones:news", "get"): 204,  # nobody has seen an older plan
        ("milestones:check", "get"): address("milestones:review", milestone),  # nothing has been chosen
        ("milestones:offer", "get"): address("milestones:review", milestone) + "#change-1",
    }

    if who == "ben":  # he is asked for his answer
        expected["milestones:amendment", "get"] = address("milestones:review", milestone)

    assert answers(as_(request.getfixturevalue(who)), milestone, asked) == expected


@pytest.mark.parametrize("who", ["carol", "staff"])
def test_pages_are_not_there_for_anybody_else(milestone, as_, request, who):
    with nothing_changes():
        found = answers(as_(request.getfixturevalue(who)), milestone, OF_A_CONTRACT)

    assert found == dict.fromkeys(OF_A_CONTRACT, 404)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_pages_ask_a_stranger_to_sign_in(milestone, client, headers):
    sent_from = {"Referer": "http://testserver/money/"}
    with nothing_changes():
        found = answers(client, milestone, EACH, headers=headers | sent_from)

    sign_in, page_before = reverse("account_login"), quote(sent_from["Referer"])
    assert found == {
        (name, method): f"{sign_in}?next={address(name, milestone) if method == 'get' else page_before}"
        for name, method in EACH
    }


def test_pages_know_only_their_methods(milestone, ben, as_):
    with nothing_changes():
        assert answers(as_(ben), milestone, OTHERS) == dict.fromkeys(OTHERS, 405)


def test_pages_of_a_contract_that_does_not_exist_are_not_there(ben, as_):
    nowhere = Milestone(pk=1, contract=Contract(pk=999_999_999_999_999_999_999))

    assert answers(as_(ben), nowhere, OF_A_CONTRACT) == dict.fromkeys(OF_A_CONTRACT, 404)


def test_pages_and_their_fragments_are_told_apart_by_caches(milestone, ben, as_):
    response = as_(ben).get(address("milestones:manage", milestone))

    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize("name", ["fund", "submit", "request_changes", "release"])
def test_page_of_a_milestone_under_another_contract_is_not_there(milestone, ben, mara, as_, name):
    other = do.ContractFactory(client=ben, freelancer=mara)

    response = as_(ben).get(reverse(f"milestones:{name}", args=[other.pk, milestone.pk]))

    assert response.status_code == 404


# --- A party, but not this one ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ACTOR)
def test_act_of_the_other_party_is_refused_on_its_page(contract, as_, request, name):
    milestone = milestone_at(STATE.get(name, State.ACCEPTED), contract)
    do.deposit(contract.client.person)
    other = request.getfixturevalue("mara" if ACTOR[name] == "ben" else "ben")
    form = {"key": str(uuid.uuid4()), "seen": fresh(contract).plan_revision, "note": "Mine"}

    with nothing_changes():
        response = as_(other).post(reverse(f"milestones:{name}", args=[contract.pk, milestone.pk]), form)

    assert response.status_code == 403
    assert "This is for the other side to do." in response.text


@pytest.mark.parametrize("name", ["check", "decide"])
def test_answer_to_an_own_suggestion_is_refused_on_its_page(contract, mara, as_, name):
    change = do.propose(contract)
    form = {
        "key": str(uuid.uuid4()),
        "seen": fresh(contract).plan_revision,
        "line": change.pk,
        f"line{change.pk}-choice": "approve",
    }

    with nothing_changes():
        response = as_(mara).post(reverse(f"milestones:{name}", args=[contract.pk]), form)

    assert response.status_code == 403
    assert "You cannot answer your own suggestion; the other side does." in response.text
