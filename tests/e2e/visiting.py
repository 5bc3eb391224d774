"""A person in front of the site: follows links, fills in fields and presses buttons, one page after another."""

import urllib.parse
import urllib.request
from collections.abc import Mapping
from http.client import HTTPResponse
from http.cookiejar import CookieJar

from tests.e2e.reading import Element, Page

SECONDS = 120
"""How long the site may take for one page."""


class _AnyStatus(urllib.request.HTTPErrorProcessor):
    """A refusal is a page to read. Only a redirect is followed."""

    def http_response(self, request: urllib.request.Request, response: HTTPResponse) -> HTTPResponse:
        if 300 <= response.status < 400:
            followed: HTTPResponse = super().http_response(request, response)
            return followed
        return response

    https_response = http_response


class Visitor:
    """`page` is what this person sees now."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/") + "/"
        self.page = Page("", self.base_url)
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies, _AnyStatus)

    def open(self, url: str = "") -> Page:
        return self._get(urllib.parse.urljoin(self.base_url, url))

    def follow(self, link: str, nth: int = 0) -> Page:
        return self._get(self.address(self.page.link(link, nth)))

    def address(self, link: Element) -> str:
        return urllib.parse.urljoin(self.page.url, link.get("href"))

    def fill(self, field: str, text: str, nth: int = 0) -> None:
        """Type into a field, or choose in a list."""
        control = self.page.field(field, nth)
        if control.tag == "select":
            control.choose(text)
        else:
            control.typed = text

    def tick(self, choice: str, nth: int = 0) -> None:
        self.page.field(choice, nth).tick()

    def press(self, button: str, nth: int = 0, *, forged: Mapping[str, str] | None = None) -> Page:
        """Send the button's form. What is `forged` takes the place of what the form would send under that name."""
        method, url, pairs = self.page.submission(self.page.button(button, nth))
        body = urllib.parse.urlencode([(name, (forged or {}).get(name, value)) for name, value in pairs])
        if method == "get":
            return self._get(f"{url.partition('?')[0]}?{body}")
        return self._send(urllib.request.Request(url, body.encode()))  # noqa: S310  (the form's own address)

    def _get(self, url: str) -> Page:
        return self._send(urllib.request.Request(url))  # noqa: S310  (the page's own links)

    def _send(self, request: urllib.request.Request) -> Page:
        if self.page.url.startswith("http"):
            request.add_header("Referer", self.page.url)
        with self._opener.open(request, timeout=SECONDS) as response:
            charset = response.headers.get_content_charset("utf-8")
            self.page = Page(response.read().decode(charset), response.url, response.status)
        return self.page
