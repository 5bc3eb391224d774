"""The review counts along, folds what is answered, and keeps it."""

import pytest
from playwright.sync_api import expect

from tests import factories as do
from tests.e2e import acting, story
from tests.factories import ContractFactory


@pytest.fixture
def contract(live_server, ben, mara):
    contract = ContractFactory(title=story.TITLE, client=ben, freelancer=mara)
    lines = (do.add(title, "100.00", row=f"n{nth}") for nth, title in enumerate(("Sketches", "Drawings", "Renders")))
    do.save(contract, *lines)
    return contract


@pytest.mark.parametrize("width", [1280, 390])
def test_figures_follow_each_choice_and_answers_fold(page_for, contract, ben, width):
    page = page_for(ben, width=width)
    page.goto(f"{contract.get_absolute_url()}review/")
    expect(page.get_by_role("button", name="Check and finish")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Keep my answers and add them up")).to_be_hidden()

    acting.choose(page, "Sketches", "Approve")
    expect(page.locator("#tally")).to_contain_text("1 of 3 answered")
    expect(acting.suggestion(page, "Sketches").get_by_role("radio", name="Approve")).to_be_visible()
    acting.suggestion(page, "Sketches").get_by_label("Fund it now").check()
    expect(page.locator("#tally")).to_contain_text("$100.00")
    acting.choose(page, "Drawings", "Decline", reason="Too late")

    expect(page.locator("#tally")).to_contain_text("2 of 3 answered")
    expect(acting.suggestion(page, "Sketches").get_by_role("radio", name="Approve")).to_be_hidden()
    expect(acting.suggestion(page, "Sketches")).to_contain_text("You approve")
    expect(page.get_by_role("navigation", name="Suggestions")).to_contain_text("You decline")


def test_answers_are_there_in_another_browser(page_for, contract, ben):
    here, there = page_for(ben), page_for(ben, width=390)
    here.goto(f"{contract.get_absolute_url()}review/")
    acting.choose(here, "Drawings", "Suggest something else", amount="90", description="Two sheets. " * 150)
    expect(here.locator("#tally")).to_contain_text("1 of 3 answered")

    there.goto(contract.get_absolute_url())
    expect(there.get_by_text("You have answered 1 of 3.")).to_be_visible()
    acting.follow(there, "Review 3 suggestions")

    expect(there.get_by_text("are kept. Nothing was sent.")).to_be_visible()
    line = acting.suggestion(there, "Drawings")
    expect(line).to_contain_text("You suggest something else")
    line.get_by_text("Change", exact=True).click()
    expect(line.get_by_label("Amount")).to_have_value("90")
    expect(line.get_by_label("Description")).to_have_value("Two sheets. " * 150)


def test_a_long_review_is_short_on_a_phone(page_for, live_server, ben, mara):
    contract = ContractFactory(title=story.TITLE, client=ben, freelancer=mara)
    long = " ".join(f"w{number}" for number in range(3000))
    texts = [long, "Two *views*.", "", "", "", ""]
    lines = (do.add(f"Part {n}", "100.00", description=text, row=f"n{n}") for n, text in enumerate(texts))
    do.save(contract, *lines)
    page = page_for(ben, width=390)

    page.goto(f"{contract.get_absolute_url()}review/")

    assert page.evaluate("document.documentElement.scrollHeight") <= 4000
    line = acting.suggestion(page, "Part 0")
    line.get_by_text("Show all 3,000 words").click()
    expect(line.get_by_text("Show less")).to_be_visible()
