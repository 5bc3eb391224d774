"""The parts that an open page fetches again, and the note on forms, which are never swapped."""

import re

import pytest
from django.urls import reverse

from milestones.models import Milestone
from tests import factories as do
from tests.factories import State, fresh, milestone_at
from tests.milestones.browsing import HTMX, Visitor

pytestmark = pytest.mark.django_db


def address(contract, name, *args):
    return reverse(f"milestones:{name}", args=[contract.pk, *args])


@pytest.fixture
def parts(contract):
    """Every address from which a part of a page is fetched."""
    amendment = do.propose(contract).amendment
    return [contract.get_absolute_url(), address(contract, "news"), address(contract, "amendment", amendment.number)]


def test_parts_are_for_the_parties_alone(parts, ben, carol, staff, as_):
    for person, status in ((carol, 404), (staff, 404), (ben, 200)):
        answers = [as_(person).get(url, {"seen": 0}, headers=HTMX).status_code for url in parts]
        assert answers == [status] * len(parts)


def test_the_contract_comes_again_without_the_chat_and_the_bar(contract, ben, as_):
    milestone_at(State.ACCEPTED, contract, title="Model")
    do.propose(contract, "Stress check")

    part = as_(ben).get(contract.get_absolute_url(), headers=HTMX).text

    for here in (
        'hx-swap-oob="innerHTML:#standing"',
        "is waiting for your answer",
        "Model",
        "Stress check",
        "timeline",
    ):
        assert here in part
    for elsewhere in ("<html", 'id="chat"', "topbar", "live-stream"):
        assert elsewhere not in part


def test_the_list_comes_again_without_the_search_that_is_typed(contract, ben, as_):
    do.propose(contract)

    part = as_(ben).get(reverse("contracts:list"), headers=HTMX).text

    assert 'hx-swap-oob="innerHTML:#turns"' in part
    assert "1 waits for your answer" in part
    assert contract.title in part
    assert 'type="search"' not in part


def test_news_tells_what_came_after_the_revision_seen(contract, ben, as_):
    do.propose(contract, "Stress check")
    seen = fresh(contract).plan_revision
    do.save(contract, do.add("Drop test", "90.00"))

    answer = as_(ben).get(address(contract, "news"), {"seen": seen}, headers=HTMX)

    assert answer.text.count("<li>") == 1
    assert "Mara changed" in answer.text


@pytest.mark.parametrize("seen", ["", "x", "-1", "²", "9" * 10, "9" * 5000])
def test_news_of_a_revision_that_is_none_is_nothing(contract, ben, as_, seen):
    do.propose(contract)

    assert as_(ben).get(address(contract, "news"), {"seen": seen}, headers=HTMX).status_code == 204


def test_news_is_nothing_while_the_plan_stands(contract, ben, as_):
    do.propose(contract)
    seen = fresh(contract).plan_revision

    assert as_(ben).get(address(contract, "news"), {"seen": seen}, headers=HTMX).status_code == 204


@pytest.mark.parametrize("name", ["manage", "review"])
def test_a_form_listens_from_the_revision_that_it_was_made_from(contract, ben, as_, name):
    do.propose(contract)

    page = as_(ben).get(address(contract, name)).text

    assert f'hx-get="{address(contract, "news")}?seen={fresh(contract).plan_revision}"' in page


def test_a_press_of_a_button_tells_the_news_without_a_stream(contract, mara, as_):
    milestone = milestone_at(State.ACCEPTED, contract)
    visitor = Visitor(as_(mara))
    page = visitor.open(address(contract, "manage"))
    do.deposit(contract.client.person)
    do.fund(milestone)

    visitor.press(page, "Propose a milestone")

    assert "This changed while you were reading" in visitor.response.text


def test_enter_in_a_field_does_not_ask_for_the_news(contract, mara, as_):
    page = as_(mara).get(address(contract, "manage")).text

    assert re.findall(r'name="do" value="(\w+)"', page)[:2] == ["preview", "news"]


def test_show_what_is_new_keeps_what_is_staged_and_saves_nothing(contract, mara, as_):
    milestone = milestone_at(State.ACCEPTED, contract, title="Model")
    visitor = Visitor(as_(mara))
    page = visitor.press(visitor.open(address(contract, "manage")), "Propose a milestone")
    page.field("Name").typed = "Stress check"
    page.field("Amount").typed = "a lot"
    do.deposit(contract.client.person)
    do.fund(milestone)

    page = visitor.press(page, "Show what is new")

    assert visitor.response.status_code == 409
    assert "This changed while you were reading" in visitor.response.text
    assert "In escrow" in visitor.response.text
    assert page.field("Name").value == "Stress check"
    assert page.field("Amount").value == "a lot"
    assert Milestone.objects.count() == 1
