"""A real browser. Each page fails its test when the browser's console reports an error."""

import re
from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from accounts.models import User
from tests.e2e import browser as chromium
from tests.serving import Site, SiteProcess

# Chromium reports each 4xx. Two are answers of ours, "look again" and "correct this"; two more are as whole pages. It
# also reports a live stream that was lost, which comes again by itself.
ANSWER = re.compile(r"the server responded with a status of (409|422) ")
PAGE = re.compile(r"the server responded with a status of (403|404) ")
STREAM = re.compile(r"/live/\?since=")
# What the console says of a site that a test has killed.
UNREACHABLE = re.compile(r"net::ERR_|^htmx:(sendError|afterRequest)")


def is_expected(message: ConsoleMessage) -> bool:
    is_page = message.page is not None and message.location["url"] == message.page.url
    is_lost_stream = "net::ERR_" in message.text and STREAM.search(message.location["url"])
    return bool(ANSWER.search(message.text) or (is_page and PAGE.search(message.text)) or is_lost_stream)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """These run last: from the first of them on, Playwright's event loop runs in this thread."""
    for item in items:
        if is_in_browser(item):
            item.add_marker(pytest.mark.browser)
    items.sort(key=is_in_browser)


def is_in_browser(item: pytest.Item) -> bool:
    return "/e2e/" in item.path.as_posix()


PATIENCE = 60_000  # milliseconds: a busy machine is not a failure
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    if path is None:
        pytest.skip(chromium.MISSING)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's loop lives in this thread, so Django takes our queries for asynchronous ones.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        launched = playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def site(django_db_setup: None) -> Iterator[Site]:
    """Pages and live streams, as `make demo` serves them."""
    with Site() as site:
        yield site


@pytest.fixture
def page_for(browser: Browser, site: Site | SiteProcess, transactional_db: None) -> Iterator[Callable[..., Page]]:
    """`page_for(ben, width=390, scheme="dark", javascript=False)`: a page of his own, signed in; None is nobody."""
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if isinstance(site, SiteProcess) and UNREACHABLE.search(message.text):
            return
        refused_by_policy = "Content Security Policy" in message.text
        if refused_by_policy or (message.type == "error" and not is_expected(message)):
            complaints.append(f"{message.text} ({message.location['url']})")

    def open_page(
        user: User | None,
        *,
        width: int = 1280,
        scheme: Literal["light", "dark"] = "light",
        javascript: bool = True,
        language: str = "en-US",
    ) -> Page:
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            reduced_motion="reduce",
            java_script_enabled=javascript,
            locale=language,
        )
        context.set_default_timeout(PATIENCE)
        context.on("console", hear)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        if user:
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": _session(user), "url": site.url}])
        return context.new_page()

    yield open_page
    for context in browser.contexts:
        context.close()
    site.rest()
    assert complaints == []


def _session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return str(client.session.session_key)
