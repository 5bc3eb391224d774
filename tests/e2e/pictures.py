"""The pictures of the README and of the help page, from a demo that has just begun: `make pictures`."""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page

from tests.e2e import browser as chromium
from tests.e2e import screenshots

README = Path("docs/img")
HELP = Path("static/img/help")
CONTRACT = "Pump housing: model and drawings"
MARGIN = 16  # pixels around what is shown


def signed_in(browser: Browser, base_url: str, role: str, *, width: int) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 1200 if width < 1000 else 900}, reduced_motion="reduce")
    screenshots.sign_in(page, base_url, role)
    return page


def open_contract(page: Page, title: str) -> None:
    page.get_by_role("link", name="Your contracts").first.click()
    page.get_by_role("link", name=title).click()
    page.get_by_role("heading", level=1, name=title).wait_for()


def review(page: Page) -> Locator:
    """The first suggestion of the contract, answered but not sent."""
    open_contract(page, CONTRACT)
    page.get_by_role("link", name="Review").click()
    line = page.locator("[data-line]").first
    line.get_by_role("radio", name="Approve").check()
    return line


def take(part: Locator, name: str) -> None:
    part.scroll_into_view_if_needed()
    box = part.bounding_box()
    assert box
    around = {"x": box["x"] - MARGIN, "y": box["y"] - MARGIN}
    size = {"width": box["width"] + 2 * MARGIN, "height": box["height"] + 2 * MARGIN}
    part.page.screenshot(path=HELP / f"{name}.png", clip=around | size)


def of_the_readme(browser: Browser, base_url: str) -> None:
    page = signed_in(browser, base_url, "client", width=1280)
    open_contract(page, CONTRACT)
    page.get_by_role("textbox", name="Message").wait_for()
    page.wait_for_timeout(500)
    page.screenshot(path=README / "contract.png")
    review(page)
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=README / "review.png")


def of_the_help_page(browser: Browser, base_url: str) -> None:
    mara = signed_in(browser, base_url, "freelancer", width=680)
    open_contract(mara, CONTRACT)
    take(mara.get_by_role("listitem").filter(has_text="safe to start"), "safe-to-start")
    mara.get_by_role("link", name="Manage milestones").click()
    mara.get_by_role("button", name="Propose a milestone").click()
    row = mara.get_by_role("group", name="New milestone")
    row.get_by_label("Name").fill("Drop test")
    row.get_by_label("Amount").fill("450")
    take(row, "propose")
    ben = signed_in(browser, base_url, "client", width=680)
    take(review(ben), "answer")
    ben.get_by_role("button", name="Approve all").click()
    ben.get_by_role("heading", level=1, name="Check before you approve").wait_for()
    take(ben.locator("main form"), "higher-amount")


def main(base_url: str) -> None:
    with chromium.launched() as browser:
        of_the_readme(browser, base_url)
        of_the_help_page(browser, base_url)


if __name__ == "__main__":
    main(sys.argv[1])
