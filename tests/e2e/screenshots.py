"""Pictures of each page of a running demo, as each of its people sees it: `make screenshots`, into screenshots/.

One picture of each kind of page (the first contract stands for all), in three widths, light and dark.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Error, Page

from tests.e2e import browser as chromium

FOLDER = Path("screenshots")
ROLES = ("nobody", "freelancer", "client", "staff")
WIDTHS = (390, 768, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def pages(page: Page, base_url: str) -> Iterator[str]:
    """The name of each kind of page that links lead to, while the page is open."""
    waiting, seen = ["/"], set()
    while waiting:
        if not opens(page, base_url + waiting.pop(0)):
            continue
        name = re.sub(r"\d+", "n", urlsplit(page.url).path).strip("/").replace("/", "-")
        if name in seen:
            continue
        seen.add(name)
        yield name
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        here = [urlsplit(link) for link in links if link.startswith(f"{base_url}/")]
        waiting += dict.fromkeys(link.path for link in here if not link.path.startswith(("/admin/", "/static/")))


def opens(page: Page, url: str) -> bool:
    """Whether a page is there now, and not a file to keep."""
    try:
        answer = page.goto(url)
    except Error as error:
        if "Download is starting" in error.message:
            return False
        raise
    return answer is not None and answer.headers.get("content-type", "").startswith("text/html")


def sign_in(page: Page, base_url: str, role: str) -> None:
    """With the demo's one click."""
    page.goto(base_url)
    page.locator(f"button[formaction$='/sign-in/{role}/']").click()


def shoot(browser: Browser, base_url: str, role: str) -> int:
    page = browser.new_page(reduced_motion="reduce")
    if role != "nobody":
        sign_in(page, base_url, role)
    count = 0
    for name in pages(page, base_url):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                page.screenshot(path=FOLDER / f"{role}-{name}-{width}-{scheme}.png", full_page=True)
                count += 1
    return count


def main(base_url: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    with chromium.launched() as browser:
        for role in ROLES:
            sys.stdout.write(f"{role}: {shoot(browser, base_url, role)} pictures\n")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
