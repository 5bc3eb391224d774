"""The site in the hands of a person without JavaScript: open a page, fill in its form, press a button."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from tests.e2e.reading import Page

FORM = "application/x-www-form-urlencoded"
HTMX = {"HX-Request": "true"}


class Visitor:
    """`response` is the last answer."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.response: Any = None

    def open(self, url: str, /, **query: str) -> Page:
        return self._read(self.client.get(url, query, follow=True), url)

    def press(self, page: Page, button: str, nth: int = 0) -> Page:
        sent = page.submission(page.button(button, nth))
        if sent.method == "get":
            return self._read(self.client.get(sent.url, fields(sent.pairs), follow=True), sent.url)
        return self._read(self.post(sent.url, fields(sent.pairs), follow=True), sent.url)

    def post(self, url: str, form: Mapping[str, object], **options: Any) -> Any:
        """As a browser encodes it. A fragment for htmx is asked for with `headers=HTMX`."""
        return self.client.post(url, urlencode(form, doseq=True), content_type=FORM, **options)

    def _read(self, response: Any, url: str) -> Page:
        self.response = response
        last = response.request["PATH_INFO"] if response.redirect_chain else url
        return Page(response.content.decode(), last, response.status_code)


def fields(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def typed(page: Page, button: str) -> dict[str, list[str]]:
    """What pressing this button would send."""
    return fields(page.submission(page.button(button)).pairs)


def proposes(visitor: Visitor, url: str, name: str, amount: str, button: str = "Propose a milestone") -> Page:
    """The manage page with one new row filled in, not saved yet."""
    page = visitor.press(visitor.open(url), button)
    page.field("Name").typed = name
    page.field("Amount").typed = amount
    return page
