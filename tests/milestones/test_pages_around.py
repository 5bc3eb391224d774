"""What stands on each page where something is decided: the way to the chat (R24), and where a day ends."""

import pytest
from django.urls import reverse

from tests import factories as do
from tests.factories import State, milestone_at

DECISIONS = ("contracts:detail", "milestones:manage", "milestones:review", "milestones:amendment")
WORK = {"submit": State.FUNDED, "release": State.SUBMITTED, "request_changes": State.SUBMITTED, "fund": State.ACCEPTED}


def leads_to_chat(page, contract) -> bool:
    chat = reverse("messaging:chat", args=[contract.pk])
    return any(link.get("href") == chat for link in page.links)


@pytest.mark.parametrize("who", ["ben_at", "mara_at"])
@pytest.mark.parametrize("is_settled", [False, True])
@pytest.mark.parametrize("name", DECISIONS)
def test_chat_is_one_click_away(contract, request, who, is_settled, name):
    change = do.propose(contract)
    if is_settled:
        do.decline(change)
    number = [1] if name == "milestones:amendment" else []

    page = request.getfixturevalue(who).open(reverse(name, args=[contract.pk, *number]))

    assert page.status == 200
    assert leads_to_chat(page, contract)


@pytest.mark.parametrize("who", ["ben_at", "mara_at"])
@pytest.mark.parametrize("name", WORK)
def test_chat_is_one_click_away_from_the_work(contract, request, who, name):
    milestone = milestone_at(WORK[name], contract)

    page = request.getfixturevalue(who).open(reverse(f"milestones:{name}", args=[contract.pk, milestone.pk]))

    assert leads_to_chat(page, contract)


@pytest.mark.parametrize("every", ["Approve", "Decline"])
def test_chat_is_one_click_away_from_the_check(contract, ben_at, every):
    do.propose(contract)
    page = ben_at.press(ben_at.open(reverse("milestones:review", args=[contract.pk])), f"{every} all 1")

    assert leads_to_chat(page, contract)


@pytest.mark.parametrize("name", ["contracts:detail", "milestones:manage", "milestones:review", "milestones:amendment"])
def test_zone_of_the_contract_stands_beside_its_dates(contract, mara_at, ben_at, name):
    contract.time_zone = "Asia/Tokyo"
    contract.save()
    do.propose(contract)

    for visitor in (mara_at, ben_at):
        visitor.open(reverse(name, args=[contract.pk, *([1] if name == "milestones:amendment" else [])]))

        assert "A due date ends with its day in Tokyo (Japan Time)." in visitor.response.text


def test_empty_review_leads_to_what_was_answered(contract, ben_at):
    change = do.propose(contract)
    do.decline(change)

    page = ben_at.open(reverse("milestones:review", args=[contract.pk]))

    link = page.link("See revision A, the last one")
    assert link.get("href") == reverse("milestones:amendment", args=[contract.pk, 1])
