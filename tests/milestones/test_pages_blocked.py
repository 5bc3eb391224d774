"""A client who must answer first gets no editor that could not be saved (R19)."""

import pytest
from django.urls import reverse

from tests import factories as do
from tests.factories import State, milestone_at
from tests.messaging.writing import post
from tests.milestones.browsing import HTMX


def editors(page) -> list[str]:
    return [field.get("name") for field in page.fields if field.get("name").endswith("-title")]


@pytest.mark.parametrize("button", ["add", "edit", "remove", "message"])
def test_address_of_an_editor_opens_none_while_a_suggestion_waits(contract, ben_at, mara, button):
    milestone = milestone_at(State.ACCEPTED, contract)
    do.propose(contract, "Casting review")
    query = {"do": f"{button}:m{milestone.pk}"}
    if button in ("add", "message"):
        query = {"do": "add"} | ({"message": str(post(contract, mara).pk)} if button == "message" else {})
    url = reverse("milestones:manage", args=[contract.pk])

    page = ben_at.open(url, **query)

    assert editors(page) == []
    assert "You can change the plan again once you have answered." in ben_at.response.text
    assert page.link("Review 1 suggestion")
    assert 'name="row"' not in ben_at.post(url, query, headers=HTMX).content.decode()


def test_own_counter_offer_can_still_be_changed(contract, ben_at):
    change = do.counter(do.propose(contract, "Stress check"), amount="80.00")
    do.propose(contract, "Casting review")

    page = ben_at.open(reverse("milestones:manage", args=[contract.pk]), do=f"edit:m{change.milestone_id}")

    assert editors(page) == [f"m{change.milestone_id}-title"]
    assert page.button("Save")
