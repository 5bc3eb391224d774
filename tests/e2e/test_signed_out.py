"""The session ends in another window while somebody works in this one."""

import re

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import Page, Route, expect

from tests.e2e import acting
from tests.factories import ContractFactory

PASSWORD = "correct horse battery staple"


@pytest.fixture
def contract(ben, mara, transactional_db):
    mara.set_password(PASSWORD)
    mara.save()
    EmailAddress.objects.create(user=mara, email=mara.email, verified=True, primary=True)
    return ContractFactory(title="Pump housing", client=ben, freelancer=mara)


def without_totals(page: Page) -> None:
    """What the page asks for by itself while somebody types would find out first that the session has ended."""

    def answer(route: Route) -> None:
        if "do=preview" in (route.request.post_data or ""):
            route.fulfill(status=204)
        else:
            route.fallback()

    page.route("**/milestones/", answer)


@pytest.mark.parametrize("javascript", [True, False])
def test_staged_entries_outlive_the_session(page_for, contract, mara, javascript):
    page = page_for(mara, javascript=javascript)
    without_totals(page)
    acting.open_manage(page, "Pump housing")
    row = acting.stage_new(page, Name="Stress check", Amount="650")
    if javascript:
        expect(page.get_by_text("1 change to save")).to_be_visible()
    page.context.clear_cookies(name="sessionid")

    row.get_by_label("Description").fill("Both inlets")
    acting.press(page, "Save")
    sign_in(page, mara)
    expect(page.get_by_role("heading", name="You were signed out")).to_be_visible()
    acting.press(page, "Send it again")

    expect(page).to_have_url(re.compile(rf"{contract.get_absolute_url()}$"))
    expect(page.get_by_text("Both inlets")).to_be_visible()


def sign_in(page: Page, person) -> None:
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def test_the_browser_does_not_ask_whether_to_leave(page_for, contract, mara):
    page = page_for(mara)
    without_totals(page)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    acting.open_manage(page, "Pump housing")
    acting.stage_new(page, Name="Stress check", Amount="650")
    page.context.clear_cookies(name="sessionid")

    acting.press(page, "Propose a milestone")

    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert asked == []
