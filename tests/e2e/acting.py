"""What a person does on the pages, in the words that the pages have. Each ends on the page that comes next."""

import re

from playwright.sync_api import Locator, Page, expect


def open_contract(page: Page, title: str) -> None:
    page.goto("/")
    page.get_by_role("link", name=title, exact=True).click()
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()


def open_manage(page: Page, title: str) -> None:
    open_contract(page, title)
    page.get_by_role("link", name="Manage milestones").click()
    expect(page.get_by_role("heading", level=1, name="Manage milestones")).to_be_visible()


def press(page: Page | Locator, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def follow(page: Page, link: str) -> None:
    page.get_by_role("link", name=link, exact=True).click()


def stage_new(page: Page, *, button: str = "Propose a milestone", **fields: str) -> Locator:
    """Open a row for one more milestone and fill it in; nothing is saved yet."""
    rows = page.get_by_role("group", name="New milestone")
    before = rows.count()
    press(page, button)
    return fill(rows.nth(before), **fields)


def stage_edit(page: Page, title: str, **fields: str) -> Locator:
    press(page, f"Edit {title}")
    return fill(page.get_by_role("group", name=title, exact=True), **fields)


def fill(row: Locator, **fields: str) -> Locator:
    """Keywords are labels: `due_date` fills "Due date"."""
    for name, text in fields.items():
        row.get_by_label(re.compile(rf"^{name.replace('_', ' ')}", re.IGNORECASE)).fill(text)
    return row


def save(page: Page) -> None:
    press(page, "Save")
    expect(page.locator(".said")).to_contain_text("Saved.")


def suggestion(page: Page, title: str) -> Locator:
    """The suggestion on the review page, which is a group named by its title."""
    return page.get_by_role("group", name=title, exact=True)


def choose(page: Page, title: str, answer: str, **fields: str) -> None:
    row = suggestion(page, title)
    row.get_by_role("radio", name=answer).check()
    if answer == "Suggest something else" and page.evaluate("typeof htmx") == "undefined":
        press(row, f"Enter what you suggest {title}")
    fill(row, **fields)


def decide(page: Page, button: str) -> None:
    """From the review over the page that says what the choices do."""
    press(page, "Check and finish")
    press(page, button)
    expect(page.locator(".said")).to_contain_text("has been told.")


def row_of(page: Page, title: str) -> Locator:
    """The milestone on the contract's page."""
    return page.get_by_role("listitem").filter(has=page.get_by_role("heading", level=3, name=title, exact=True))
