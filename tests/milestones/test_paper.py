"""The contract on paper says all that is agreed, and that something waits, whichever part is printed."""

import pytest
from django.urls import reverse

from milestones.models import Milestone
from milestones.pages import parts
from tests import factories as do
from tests.factories import State, milestone_at


@pytest.fixture
def url(contract) -> str:
    return reverse("milestones:paper", args=[contract.pk])


def test_proposals_alone_are_nothing_agreed(contract, url, mara_at):
    do.propose(contract, "Drawings", "200.00")

    page = mara_at.open(url)

    assert "Nothing is agreed yet." in page.root.text
    assert "These wait for an answer: +$200.00." in page.root.text


def test_each_part_says_what_is_agreed_and_that_something_waits(contract, url, mara_at, monkeypatch):
    monkeypatch.setattr(parts, "MOST_MILESTONES", 2)
    for number in range(2):
        milestone_at(State.ACCEPTED, contract, title=f"Part {number}", amount="100.00")
    for number in range(3):
        do.propose(contract, f"Idea {number}", "10.00")
    Milestone.objects.filter(title__startswith="Idea").update(position=0)
    milestone_at(State.ACCEPTED, contract, title="Part 2", amount="100.00")

    pages = [mara_at.open(url, rows=number) for number in ("1", "2")]

    agreed = [[title for title in ("Part 0", "Part 1", "Part 2") if title in page.root.text] for page in pages]
    assert agreed == [["Part 0", "Part 1"], ["Part 2"]]
    assert ["$300.00" in page.root.text for page in pages] == [True, True]
    assert ["These wait for an answer: +$30.00." in page.root.text for page in pages] == [True, True]
    assert ["Idea 1" in page.root.text for page in pages] == [False, True]
    assert ["They are listed after the last" in page.root.text for page in pages] == [True, False]
