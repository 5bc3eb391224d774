"""The whole site as docs/production.md sets it up, behind nginx: each process from its unit, the files as they are."""

import http.client
import json
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.db import connection

from accounts.models import User
from tests import production
from tests.factories import ContractFactory
from tests.mail_server import MailServer
from tests.production import GENEROUS, HOST, NAME, Kept, needs, until
from tests.serving import database_url, free_port

PASSWORD = "correct horse battery"

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class House:
    folder: Path
    port: int
    tls_port: int
    pages: int
    mail: MailServer
    worker: Kept

    @property
    def log(self) -> str:
        return "".join((self.folder / f"{name}.log").read_text() for name in ("web", "live", "worker"))


class Visitor:
    """A browser that comes through the proxy and keeps its cookies."""

    def __init__(self, house: House) -> None:
        self.house, self.cookies = house, SimpleCookie()

    def open(self, path: str, fields: dict[str, str] | None = None) -> http.client.HTTPResponse:
        """The answer, with its body still to be read."""
        trust = ssl.create_default_context(cafile=self.house.folder / "cert.pem")
        asking = http.client.HTTPSConnection(HOST, self.house.tls_port, timeout=GENEROUS, context=trust)
        cookies = "; ".join(f"{name}={cookie.value}" for name, cookie in self.cookies.items())
        headers = {"Host": NAME, "Cookie": cookies, "Connection": "close"}
        if fields is not None:
            headers |= {"Origin": f"https://{NAME}", "Content-Type": "application/x-www-form-urlencoded"}
        asking.request("GET" if fields is None else "POST", path, fields and urlencode(fields), headers)
        answer = asking.getresponse()
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies.load(line)
        return answer

    def ask(self, path: str, fields: dict[str, str] | None = None) -> tuple[http.client.HTTPResponse, str]:
        with self.open(path, fields) as answer:
            return answer, answer.read().decode()

    def post(self, path: str, fields: dict[str, str]) -> http.client.HTTPResponse:
        return self.ask(path, {"csrfmiddlewaretoken": self.cookies["csrftoken"].value, **fields})[0]

    def sign_in(self, person: User, password: str) -> http.client.HTTPResponse:
        self.ask("/accounts/login/")
        return self.post("/accounts/login/", {"login": person.email, "password": password})


@pytest.fixture
def house() -> Iterator[House]:
    program, openssl = needs("nginx"), needs("openssl")
    with TemporaryDirectory(prefix="house-") as name, MailServer() as mail:
        folder = Path(name)
        port, tls_port, pages, live = (free_port() for _ in range(4))
        own = {"DJANGO_SETTINGS_MODULE": "tests.own_static", "STATIC_ROOT": str(folder / "static")}
        place = {"DATABASE_URL": database_url(), "EMAIL_URL": f"smtp://{HOST}:{mail.port}", "MEDIA_FREE_MB": "0"}
        variables = production.variables(folder, SECRET_KEY=settings.SECRET_KEY, **place, **own)
        production.manage("collectstatic", "--noinput", "--verbosity=0", **variables)
        production.certificate(folder, openssl)
        words = production.nginx(folder, program, port=port, tls_port=tls_port, pages=pages, live=live)
        worker = production.unit("worker", folder, **variables)
        processes = [
            production.unit("web", folder, **variables, PORT=str(pages)),
            production.unit("live", folder, **variables, PORT=str(live)),
            worker,
            Kept(words, log=folder / "nginx.log"),
        ]
        with production.running(*processes):
            until(lambda: production.status(pages, "/ready") == 200 == production.status(live, "/up"), 5 * GENEROUS)
            yield House(folder, port, tls_port, pages, mail, worker)
        mail.shutdown()
        with connection.cursor() as cursor:  # Django does not empty what is not its own
            cursor.execute("TRUNCATE procrastinate_workers, procrastinate_jobs CASCADE")


@pytest.fixture
def ben_with_a_password(ben) -> User:
    ben.password = make_password(PASSWORD, hasher=PBKDF2PasswordHasher())  # as in production, whose settings it has
    ben.save()
    EmailAddress.objects.create(user=ben, email=ben.email, verified=True, primary=True)
    return ben


@pytest.fixture
def visitor(house, ben_with_a_password) -> Visitor:
    """Ben, signed in."""
    visitor = Visitor(house)
    answer = visitor.sign_in(ben_with_a_password, PASSWORD)
    assert (answer.status, answer.headers["Location"]) == (302, "/contracts/")
    assert visitor.cookies[settings.SESSION_COOKIE_NAME]["secure"]
    return visitor


def test_a_person_signs_in_reads_live_and_is_told_by_mail(house, visitor, ben, mara):
    contract = ContractFactory(client=ben, freelancer=mara)

    page, text = visitor.ask(contract.get_absolute_url())
    assert (page.status, page.headers["Strict-Transport-Security"]) == (200, "max-age=31536000")
    sheet, _ = visitor.ask(re.search(r'href="(/static/css/app[^"]+)"', text)[1])
    assert "immutable" in sheet.headers["Cache-Control"]

    with visitor.open("/live/") as stream:
        assert until_line(stream, b"event: ready")
        fields = {"text": "Hello", "client_id": "6f1e8f5e-1f6f-4d0e-9d0c-111111111111"}
        assert visitor.post(f"{contract.get_absolute_url()}messages/post/", fields).status == 302
        assert until_line(stream, b"event: ")

    assert visitor.post("/accounts/password/reset/", {"email": mara.email}).status == 302
    until(lambda: house.mail.copies)
    assert [*house.mail.copies.values()] == [1]

    assert json.loads(visitor.ask("/ready")[1])["status"] == "ready"
    assert "A request came without" not in house.log


def until_line(stream: http.client.HTTPResponse, begins: bytes) -> bool:
    """Whether such a line comes before the stream ends. It comes at once: nothing waits in the proxy."""
    while line := stream.readline():
        if line.startswith(begins):
            return True
    return False


def test_what_is_asked_without_tls_is_sent_to_the_site_with_it(house):
    asking = http.client.HTTPConnection(HOST, house.port, timeout=GENEROUS)
    asking.request("GET", "/contracts/", headers={"Host": NAME})
    with asking.getresponse() as answer:
        assert (answer.status, answer.headers["Location"]) == (301, f"https://{NAME}/contracts/")
    asking.close()
