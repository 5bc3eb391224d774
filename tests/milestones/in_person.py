"""A person in front of the site, with no server between: pages are read, and forms sent, as a browser would."""

import urllib.parse
import urllib.request

from django.test import Client
from django.urls import reverse

from accounts.models import User
from contracts.models import Contract
from tests.e2e.reading import Element, Page
from tests.e2e.visiting import Visitor


class Person(Visitor):
    def __init__(self, user: User) -> None:
        super().__init__("http://testserver")
        self.client = Client()
        self.client.force_login(user)

    def _send(self, request: urllib.request.Request) -> Page:
        path, data = request.full_url.removeprefix("http://testserver"), request.data
        if data is None:
            reply = self.client.get(path, follow=True)
        else:
            reply = self.client.post(path, data, content_type="application/x-www-form-urlencoded", follow=True)
        last = reply.redirect_chain[-1][0] if reply.redirect_chain else path
        self.page = Page(reply.text, urllib.parse.urljoin(request.full_url, last), reply.status_code)
        return self.page


def type_something_else(person: Person, contract: Contract, **fields: str) -> None:
    """On the review page, in the fields of the only suggestion there."""
    person.open(reverse("milestones:review", args=[contract.pk]))
    choose_something_else(person)
    for name, text in fields.items():
        person.fill(name.replace("_", " "), text)


def choose_something_else(person: Person, nth: int = 0) -> None:
    """For this suggestion of the page. Its fields come with a press of the button that stands there then."""
    person.tick("Suggest something else", nth)
    person.press("Enter what you suggest")


def texts(page: Page, *tags: str, css: str = "", under: Element | None = None) -> list[str]:
    """What each of these elements says, of those that are seen; `css` is one class that it has."""
    found = [element for element in (under or page.root).all(*tags) if not element.is_hidden]
    return [element.text for element in found if not css or css in element.get("class").split()]


def totals(page: Page) -> dict[str, str]:
    """The sums that the page shows, by their labels."""
    lists = [element for element in page.root.all("dl") if "totals" in element.get("class").split()]
    return {row.all("dt")[0].text: row.all("dd")[0].text for one in lists for row in one.all("div")}
