"""Single keys do what the controls on the page do, where they are, and never while somebody types."""

import re

import pytest
from playwright.sync_api import Page, expect

from contracts.models import Contract
from tests import factories as do
from tests.factories import ContractFactory, State, milestone_at


@pytest.fixture
def contract(ben, mara, transactional_db) -> Contract:
    contract = ContractFactory(title="Pump housing", client=ben, freelancer=mara)
    milestone_at(State.ACCEPTED, contract, title="Model")
    do.save(contract, do.add("Stress check", "650.00"), do.add("Drop test", "90.00"))
    return contract


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_keys_lead_from_page_to_page(page_for, contract, ben):
    page = page_for(ben)
    page.goto("/money/")
    press(page, "g", "c")
    expect(page).to_have_url(re.compile("/contracts/$"))

    page.goto(contract.get_absolute_url())
    press(page, "r")
    expect(page).to_have_url(re.compile("/review/$"))

    page.goto(contract.get_absolute_url())
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    press(page, "m")
    expect(page.get_by_role("textbox", name="Message")).to_be_focused()
    page.keyboard.type("gc?e")  # letters, now
    expect(page.get_by_role("textbox", name="Message")).to_have_value("gc?e")
    press(page, "Control+Enter")
    expect(page.get_by_role("log")).to_contain_text("gc?e")


def test_lines_are_walked_and_answered(page_for, contract, ben):
    page = page_for(ben)
    page.goto(f"{contract.get_absolute_url()}review/")
    first, second = (page.get_by_role("group", name=name) for name in ("Stress check", "Drop test"))

    press(page, "a")  # no line has the focus, so nothing is meant
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    press(page, "j")
    expect(first).to_be_focused()
    press(page, "j")
    expect(second).to_be_focused()
    press(page, "d")
    expect(second.get_by_role("radio", name="Decline")).to_be_checked()
    press(page, "k")
    expect(first).to_be_focused()
    press(page, "a")
    expect(first.get_by_role("radio", name="Approve")).to_be_checked()
    press(page, "Control+Enter")

    expect(page.get_by_role("heading", level=1, name="Check before you approve")).to_be_visible()


def test_the_sheet_opens_and_single_keys_can_be_turned_off(page_for, contract, ben):
    page = page_for(ben)
    page.goto("/money/")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    press(page, "?")
    expect(sheet).to_be_visible()
    press(page, "g", "c")  # the sheet has the keyboard
    press(page, "Escape")
    expect(sheet).to_be_hidden()

    page.locator("summary").get_by_text("Ben Okafor").click()
    page.get_by_role("link", name="Keyboard shortcuts").click()
    expect(sheet).to_be_visible()
    sheet.get_by_role("button", name="Turn single keys off").click()
    expect(page).to_have_url(re.compile("/money/$"))
    press(page, "?", "g", "c")
    expect(sheet).to_be_hidden()
    expect(page).to_have_url(re.compile("/money/$"))

    page.locator("summary").get_by_text("Ben Okafor").click()
    page.get_by_role("link", name="Keyboard shortcuts").click()
    sheet.get_by_role("button", name="Turn single keys on").click()
    expect(page.locator("short-cuts[single]")).to_have_count(1)


def test_without_scripts_the_menu_leads_to_the_help_page(page_for, contract, ben):
    page = page_for(ben, javascript=False)
    page.goto("/money/")
    page.locator("summary").get_by_text("Ben Okafor").click()
    page.get_by_role("link", name="Keyboard shortcuts").click()

    expect(page.get_by_role("heading", name="Which keys can I use?")).to_be_visible()
