"""The fields of "Suggest something else": one line's alone, when they are asked for."""

import pytest
from django.urls import reverse

from tests import factories as do
from tests.factories import State, milestone_at
from tests.milestones.browsing import HTMX


def address(change) -> str:
    return reverse("milestones:offer", args=[change.amendment.contract_id, change.pk])


@pytest.fixture
def change(contract):
    do.propose(contract, "Casting review", "80.00")
    return do.suggest(milestone_at(State.FUNDED, contract, title="3D model"), amount="150.00")


def offer_fields(page) -> list[str]:
    return [field.get("name") for field in page.fields if "-offer-" in field.get("name")]


def names_of(change) -> list[str]:
    return [f"line{change.pk}-offer-{name}" for name in ("title", "amount", "due_date", "description")]


def test_review_has_no_field_of_an_offer_before_one_is_chosen(contract, change, ben_at):
    page = ben_at.open(reverse("milestones:review", args=[contract.pk]))

    assert offer_fields(page) == []
    assert len(page.named("Suggest something else", page.fields)) == 2


def test_fragment_holds_the_fields_of_this_line_alone(change, ben_at):
    page = ben_at._read(ben_at.client.get(address(change), headers=HTMX, follow=True), "")

    assert [field.get("name") for field in page.fields] == names_of(change)
    assert page.field("Amount").value == "150.00"


def test_address_of_the_fields_leads_to_the_line_without_javascript(change, ben_at):
    ben_at.open(address(change))

    review = reverse("milestones:review", args=[change.amendment.contract_id])
    assert ben_at.response.redirect_chain == [(f"{review}#change-{change.pk}", 302)]


def test_fields_come_with_the_whole_page_without_javascript(contract, change, ben_at):
    page = ben_at.open(reverse("milestones:review", args=[contract.pk]))
    page.field("Suggest something else", 1).tick()

    page = ben_at.press(page, "Enter what you suggest 3D model")

    assert page.title.startswith("Review")
    assert offer_fields(page) == names_of(change)
    assert page.field("Suggest something else", 1).has("checked")


@pytest.mark.parametrize("who", ["mara", "carol"])
def test_fragment_is_for_whoever_answers(change, as_, request, who):
    assert as_(request.getfixturevalue(who)).get(address(change), headers=HTMX).status_code == 404


def test_fragment_of_what_is_answered_is_not_there(change, as_, ben):
    do.decline(change)

    assert as_(ben).get(address(change), headers=HTMX).status_code == 404
