"""The web server as it runs: what is slow, large or dead costs nobody else a page. On real processes."""

import datetime
import http.client
import json
import os
import signal
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from config import health
from contracts.models import Contract
from notifications.models import Email
from tests.factories import ContractFactory
from tests.serving import HOST, Site, SiteProcess, database_url
from tests.site import PRODUCTION, run

pytestmark = pytest.mark.django_db(transaction=True)

GENEROUS = 300
"""Seconds for what takes one or two on a machine that has nothing else to do."""

COOKIES = f"csrftoken={'a' * 32}; {settings.SESSION_COOKIE_NAME}={'b' * 32}"


@pytest.fixture
def server() -> Iterator[SiteProcess]:
    running = SiteProcess("config.serve")
    running.start()
    yield running
    running.stop()


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + GENEROUS
    while not holds():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.05)


def get(site: Site | SiteProcess, path: str = "/accounts/login/", cookie: str = "") -> int:
    with closing(http.client.HTTPConnection(HOST, site.port, timeout=GENEROUS)) as asking:
        asking.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        answer = asking.getresponse()
        answer.read()
        return answer.status


def post(length: int, path: str = "/accounts/login/", cookies: str = COOKIES) -> bytes:
    """The head of a form that is to be that long."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {cookies}\r\nContent-Length: {length}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    ).encode()


@contextmanager
def connected(site: Site | SiteProcess) -> Iterator[socket.socket]:
    with socket.create_connection((HOST, site.port), timeout=GENEROUS) as one:
        yield one


def send_for_ever(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"x" * 2**20)


def answer_of(connection: socket.socket) -> str:
    """All until the server closes, or throws away what we sent after it had."""
    parts = []
    with suppress(ConnectionResetError):
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts).decode()


def workers(site: SiteProcess) -> set[int]:
    """The processes that serve; Python's own keeper of shared things is not one of them."""
    children = Path(f"/proc/{site.pid}/task/{site.pid}/children").read_text().split()
    return {int(pid) for pid in children if b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()}


def is_there(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


# --- Slow and large ---------------------------------------------------------------------------------------------------
def test_many_slow_forms_keep_nobody_from_a_page(server):
    slow = [socket.create_connection((HOST, server.port)) for _ in range(12)]
    for each in slow:
        each.sendall(post(100_000) + b"login=")

    assert [get(server) for _ in range(8)] == [200] * 8
    for each in slow:
        each.close()


def test_a_form_that_comes_too_slowly_is_ended_in_words(monkeypatch, site):
    monkeypatch.setattr("web.bodies.PATIENCE", 0.2)
    with connected(site) as slow:
        slow.sendall(post(100_000) + b"login=")
        answer = answer_of(slow)

    assert answer.startswith("HTTP/1.1 408 ")
    assert "came too slowly" in answer


@pytest.mark.parametrize(("cookies", "most"), [(COOKIES, 64 * 2**20), ("", 2**20)])
def test_a_form_that_is_too_large_is_refused_in_words(site, cookies, most):
    with connected(site) as large:
        large.sendall(post(most + 1, cookies=cookies))
        for _ in range(most // 2**20):
            large.sendall(b"x" * 2**20)
        large.sendall(b"x")
        answer = answer_of(large)

    assert answer.startswith("HTTP/1.1 413 ")
    assert "more than can be sent at once" in answer


def test_a_form_without_an_end_is_not_read_for_ever(site):
    with connected(site) as endless:
        endless.sendall(post(10**12, cookies=""))
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            send_for_ever(endless)


def test_what_is_too_much_at_once_is_told_to_wait_and_pages_go_on(monkeypatch, site):
    monkeypatch.setattr("web.pages.MOST_ARRIVING", 1)
    monkeypatch.setattr("web.bodies.PATIENCE", GENEROUS)
    with connected(site) as slow:
        slow.sendall(post(100_000) + b"login=")
        until(lambda: site.pages._arriving == 1)
        with closing(http.client.HTTPConnection(HOST, site.port, timeout=GENEROUS)) as second:
            second.request("POST", "/accounts/login/", "login=", {"Cookie": COOKIES})
            answer = second.getresponse()
            assert (answer.status, answer.headers["Retry-After"], answer.headers["Server"]) == (503, "5", None)
        assert get(site) == 200


def test_one_address_has_its_share_and_no_more(monkeypatch, site):
    monkeypatch.setattr("web.pages.MOST_OF_ONE_ADDRESS", 1)
    monkeypatch.setattr("web.bodies.PATIENCE", GENEROUS)
    with connected(site) as slow:
        slow.sendall(post(100_000) + b"login=")
        until(lambda: site.pages._arriving == 1)

        assert get(site) == 429
    until(lambda: not site.pages._arriving)
    assert get(site) == 200


def test_a_connection_that_says_nothing_is_closed(monkeypatch, site):
    monkeypatch.setattr("config.connections.SECONDS_FOR_A_HEAD", 0.2)
    with connected(site) as silent, connected(site) as slow:
        with suppress(ConnectionError):  # closed already, while this machine was busy
            slow.sendall(b"GET / HTTP/1.1\r\nHost: local")

        assert (answer_of(silent), answer_of(slow)) == ("", "")


# --- Processes that end -----------------------------------------------------------------------------------------------
def test_a_killed_process_is_replaced_and_no_page_fails(server):
    before = workers(server)
    killed = min(before)
    os.kill(killed, signal.SIGKILL)
    until(lambda: not is_there(killed))  # till then it may still take a page with it

    until(lambda: get(server) == 200 and len(workers(server) - {killed}) == len(before))


def test_processes_end_with_their_server(server):
    orphans = workers(server)
    server.kill()

    until(lambda: not any(map(is_there, orphans)))
    server.start()  # on the same port


def test_a_new_release_fails_no_page(server):
    before, statuses, done = workers(server), [], threading.Event()

    def visit() -> None:
        while not done.is_set():
            statuses.append(get(server))

    visitors = [threading.Thread(target=visit) for _ in range(2)]
    for visitor in visitors:
        visitor.start()
    os.kill(server.pid, signal.SIGHUP)
    until(lambda: not any(map(is_there, before)))
    done.set()
    for visitor in visitors:
        visitor.join()

    assert {*statuses} == {200}
    assert len(workers(server)) == len(before)


# --- A contract that is locked ----------------------------------------------------------------------------------------
@pytest.fixture
def patient_server() -> Iterator[SiteProcess]:
    """Never gives up on a lock, so that what waits for one waits until the test ends."""
    running = SiteProcess("config.serve", database_options="-c lock_timeout=0", WEB_WORKERS="1")
    running.start()
    yield running
    running.stop()


WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
"""On this database: other tests have theirs on the same server."""


def somebody_waits(holder: psycopg.Connection) -> bool:
    holder.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees the first answer again and again
    return holder.execute(WAITING).fetchone() == (1,)


@contextmanager
def locked(contract: Contract) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database_url()) as holder:
        holder.execute("SELECT FROM contracts_contract WHERE id = %s FOR UPDATE", [contract.pk])
        yield holder


def say(site: SiteProcess, contract: Contract, client: Client) -> int:
    """Write into the contract's chat, as a browser does."""
    token = "a" * 32
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    fields = {"csrfmiddlewaretoken": token, "text": "Hello", "client_id": str(uuid.uuid4())}
    headers = {
        "Cookie": f"csrftoken={token}; {settings.SESSION_COOKIE_NAME}={session}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    with closing(http.client.HTTPConnection(HOST, site.port, timeout=GENEROUS)) as asking:
        asking.request("POST", f"{contract.get_absolute_url()}messages/post/", urlencode(fields), headers)
        answer = asking.getresponse()
        answer.read()
        return answer.status


def test_a_locked_contract_keeps_nobody_else_waiting(patient_server, as_, ben, mara, carol, staff):
    contract, other = ContractFactory(client=ben, freelancer=mara), ContractFactory(client=carol, freelancer=staff)
    parties, outsider = [as_(ben), as_(mara)], as_(carol)
    session = f"{settings.SESSION_COOKIE_NAME}={outsider.cookies[settings.SESSION_COOKIE_NAME].value}"
    with ThreadPoolExecutor(6) as threads:
        with locked(contract) as holder:
            waiting = [threads.submit(say, patient_server, contract, parties[number % 2]) for number in range(6)]
            until(lambda: somebody_waits(holder))

            assert say(patient_server, other, outsider) == 302
            assert [get(patient_server, path, session) for path in ("/contracts/", other.get_absolute_url())] == [
                200
            ] * 2
            assert not any(each.done() for each in waiting)
        assert [each.result(GENEROUS) for each in waiting] == [302] * 6


def test_what_others_hold_too_long_is_said_in_words(as_, ben, mara):
    contract = ContractFactory(client=ben, freelancer=mara)
    with connection.cursor() as cursor, locked(contract):
        cursor.execute("SET lock_timeout = '50ms'")
        answer = as_(ben).post(
            f"{contract.get_absolute_url()}messages/post/", {"text": "Hello", "client_id": str(uuid.uuid4())}
        )
        cursor.execute("RESET lock_timeout")

    assert answer.status_code == 409
    assert "Somebody else is changing this just now" in answer.text
    assert not contract.messages.exists()


# --- What is seen from outside ----------------------------------------------------------------------------------------
def asked(site: Site | SiteProcess, path: str, host: str = HOST) -> tuple[int, str]:
    with closing(http.client.HTTPConnection(HOST, site.port, timeout=GENEROUS)) as asking:
        asking.request("GET", path, headers={"Host": host})
        answer = asking.getresponse()
        return answer.status, answer.read().decode()


def test_the_server_of_streams_serves_nothing_else_in_production():
    production = {**PRODUCTION, "ALLOWED_HOSTS": f"tranche.example,{HOST}", "SECRET_KEY": settings.SECRET_KEY}
    streams = SiteProcess("config.streams", **production)
    streams.start()
    try:
        found = {path: asked(streams, path)[0] for path in ("/accounts/login/", "/", "/static/css/app.css", "/up")}
        assert found == {"/accounts/login/": 404, "/": 404, "/static/css/app.css": 404, "/up": 200}
        assert asked(streams, "/live/", "evil.example")[0] == 400
    finally:
        streams.stop()


def test_up_is_told_under_any_name(site):
    assert asked(site, "/up", "10.0.0.7") == (200, '{"status": "up"}\n')


def test_ready_names_what_is_wrong(site):
    status, found = asked(site, "/ready", "10.0.0.7")

    assert (status, json.loads(found)) == (
        503,
        {
            "status": "not ready",
            "database": "ok",
            "migrations": "ok",
            "worker": "none has been heard of for a minute: start python -m config.worker",
            "mail": "ok",
            "disk": "ok",
        },
    )


def test_ready_is_said_when_all_is_well(site, ben):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
        found = asked(site, "/ready")
        cursor.execute("DELETE FROM procrastinate_workers")  # Django does not empty what is not its own

    assert found == (200, json.dumps({"status": "ready", **dict.fromkeys(health.CHECKS, "ok")}) + "\n")


ALL_APPLIED = MigrationRecorder.applied_migrations


def without_one(recorder: MigrationRecorder) -> dict[tuple[str, str], object]:
    """As before a release that brings one."""
    applied = ALL_APPLIED(recorder)
    newest = max(key for key in applied if key[0] == "web")
    return {key: row for key, row in applied.items() if key != newest}


@pytest.mark.parametrize(
    ("check", "says"),
    [
        ("mail", "the oldest has been due since 2026-01-01 00:00 UTC"),
        ("migrations", "1 not applied: run python manage.py migrate"),
        ("disk", "0 MB are free for files"),
        ("database", "OperationalError: connection refused"),
    ],
)
def test_each_thing_that_keeps_the_site_from_being_ready_has_its_words(check, says, ben, monkeypatch):
    def refuse() -> None:
        raise OperationalError("connection refused\nIs the server running?")

    if check == "mail":
        Email.objects.create(recipient=ben, kind="daily", due_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))
    elif check == "migrations":
        monkeypatch.setattr(MigrationRecorder, "applied_migrations", without_one)
    elif check == "disk":
        monkeypatch.setattr(health.shutil, "disk_usage", lambda path: SimpleNamespace(free=1000))
    else:
        monkeypatch.setattr(health.connection, "cursor", refuse)

    assert health.seen(check) == says


# --- Postgres goes away -----------------------------------------------------------------------------------------------
def test_connections_that_died_meanwhile_cost_no_page(server, as_, ben):
    session = f"{settings.SESSION_COOKIE_NAME}={as_(ben).cookies[settings.SESSION_COOKIE_NAME].value}"
    with ThreadPoolExecutor(8) as threads:
        assert {*threads.map(lambda _: get(server, "/settings/", session), range(24))} == {200}
        with connection.cursor() as cursor:
            cursor.execute("""
                SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
            """)
            assert cursor.fetchone()[0] >= 2

        assert {*threads.map(lambda _: get(server, "/settings/", session), range(24))} == {200}


def test_a_server_limits_each_wait_and_a_command_does_not():
    def waits(of: str) -> list[str]:
        code = f"""
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
django.setup()
{of}
from django.db import connection
with connection.cursor() as cursor:
    for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
        cursor.execute(f"SHOW {{name}}")
        print(cursor.fetchone()[0])
"""
        place = {"MODE": "development", "DATABASE_URL": database_url()}
        answer = run(["-c", code], place)
        assert answer.returncode == 0, answer.stderr
        return answer.stdout.split()

    assert waits("from config import asgi; asgi.pages()") == ["5s", "30s", "1min"]
    assert waits("") == ["0", "0", "0"]
