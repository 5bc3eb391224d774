"""What each answer carries, what is logged of it, and what the proxy is told."""

import json
import logging
import re

import pytest
from django.test import Client

from config.logs import Json, WithoutSecrets
from tests.factories import ContractFactory
from web import proxies

pytestmark = pytest.mark.django_db


# --- Headers ----------------------------------------------------------------------------------------------------------
def test_nothing_keeps_a_page_or_lets_it_use_the_device(as_, ben, mara):
    client, contract = as_(ben), ContractFactory(client=ben, freelancer=mara)
    pages = [
        *("/contracts/", contract.get_absolute_url(), f"{contract.get_absolute_url()}messages/", "/money/"),
        *("/notifications/", "/settings/", "/nowhere/"),
    ]

    assert {client.get(page)["Cache-Control"] for page in pages} == {"private, no-store"}
    assert client.get("/settings/")["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in client.get("/settings/")["Permissions-Policy"]


# --- Numbers ----------------------------------------------------------------------------------------------------------
def test_each_answer_has_a_number_of_its_own_or_of_the_proxy(client):
    first, second = (client.get("/help/")["X-Request-ID"] for _ in range(2))
    given = client.get("/help/", headers={"X-Request-ID": "7f3a-from.the:proxy"})["X-Request-ID"]
    forged = client.get("/help/", headers={"X-Request-ID": "two\nlines"})["X-Request-ID"]

    assert re.fullmatch("[0-9a-f]{16}", first)
    assert first != second
    assert given == "7f3a-from.the:proxy"
    assert re.fullmatch("[0-9a-f]{16}", forged)


def refused_403(client):
    return Client(enforce_csrf_checks=True).post("/help/contact/")


def not_found_404(client):
    return client.get("/nowhere/")


def misunderstood_400(client):
    return client.get("/help/", headers={"Host": "evil.example"})


def failed_500(client):
    client.raise_request_exception = False
    return client.get("/contracts/")


def not_possible_422(client):
    return client.post("/settings/theme/", {"theme": "pink"})


@pytest.mark.parametrize("ask", [misunderstood_400, refused_403, not_found_404, not_possible_422, failed_500])
def test_a_page_that_says_no_says_its_number(as_, ben, ask, monkeypatch):
    if ask is failed_500:
        monkeypatch.setattr("milestones.queries.your_contracts", lambda *_a, **_k: 1 / 0)

    answer = ask(as_(ben))

    assert answer.status_code == int(ask.__name__[-3:])
    assert f"<code>{answer['X-Request-ID']}</code>" in answer.text


# --- Logs -------------------------------------------------------------------------------------------------------------
def test_each_request_is_a_line_of_the_log(as_, ben, caplog):
    caplog.set_level(logging.INFO, "web.requests")
    number = as_(ben).get("/settings/?secret=1", headers={"X-Request-ID": "number-of-it"})["X-Request-ID"]

    [line] = [each for each in caplog.records if each.name == "web.requests"]
    assert (line.person, line.method, line.path, line.status) == (ben.pk, "GET", "/settings/", 200)
    assert line.ms >= 0
    assert number == "number-of-it"


class Kept(logging.Handler):
    """Formats at once, as the console does."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self.setFormatter(formatter)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture(params=[WithoutSecrets, Json])
def lines(request, caplog):
    caplog.set_level(logging.INFO, "web.requests")
    handler = Kept(request.param())
    logging.getLogger("web.requests").addHandler(handler)
    yield handler.lines
    logging.getLogger("web.requests").removeHandler(handler)


def test_a_line_says_when_what_and_whose_without_what_is_secret(as_, ben, lines):
    as_(ben).get("/calendar/abcdefghijklmnop.ics", headers={"X-Request-ID": "number-of-it"})

    [line] = lines
    assert "abcdefghijklmnop" not in line
    assert "number-of-it" in line
    assert re.search(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line)
    assert "INFO" in line
    if line.startswith("{"):
        found = json.loads(line)
        assert {name: found[name] for name in ("method", "status", "person", "request", "logger", "path")} == {
            "method": "GET",
            "status": 404,
            "person": ben.pk,
            "request": "number-of-it",
            "logger": "web.requests",
            "path": "/calendar/….ics" if found["path"].endswith(".ics") else "/calendar/…",
        }


# --- The proxy in front -----------------------------------------------------------------------------------------------
@pytest.fixture
def said(settings, monkeypatch, caplog):
    settings.BEHIND_PROXY = True
    settings.ALLOWED_HOSTS = ["tranche.example"]
    monkeypatch.setattr(proxies, "_said", set())
    return lambda: [record.getMessage() for record in caplog.records if record.name == "web.proxies"]


def test_what_the_proxy_forgets_is_said_once(client, said):
    for _ in range(3):
        client.get("/help/", headers={"Host": "127.0.0.1"})

    assert said() == [
        "A request came without X-Forwarded-For, so everybody shares one address, and with it the limits on signing in."
        " The proxy must set it (BEHIND_PROXY).",
        "A request came without X-Forwarded-Proto, so each page leads to itself for ever, or is refused."
        " The proxy must set it (BEHIND_PROXY).",
        "A request came for the host '127.0.0.1'. The proxy must pass on the Host that was asked for.",
    ]


def test_nothing_is_said_of_a_proxy_that_does_its_work(client, said):
    headers = {"Host": "tranche.example", "X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https"}

    assert client.get("/help/", headers=headers).status_code == 200
    assert said() == []
