"""The files of docs/production, started as they are but for names, ports and places. What Debian has not is said."""

import os
import re
import ssl
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests import production
from tests.production import FOLDER, GENEROUS, HOST, NAME, is_open, needs, until
from tests.serving import free_port
from tests.site import run


# --- The proxy --------------------------------------------------------------------------------------------------------
class Upstream(ThreadingHTTPServer):
    """In the place of the pages: it notes what the proxy passes on."""

    def __init__(self) -> None:
        super().__init__((HOST, 0), Noting)
        self.heard: list[tuple[str, dict[str, str], int]] = []


class Noting(BaseHTTPRequestHandler):
    server: Upstream

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.heard.append((self.path, dict(self.headers), len(body)))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_GET

    def log_message(self, *_args: object) -> None:
        """Not on the console."""


@pytest.fixture
def web() -> Iterator[Upstream]:
    with Upstream() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def proxy(web, tmp_path) -> Iterator[int]:
    """The port of nginx, which runs the file of the docs in front of the pages."""
    program, port = needs("nginx"), free_port()
    production.certificate(tmp_path, needs("openssl"))
    words = production.nginx(
        tmp_path, program, port=free_port(), tls_port=port, pages=web.server_port, live=free_port()
    )
    server = subprocess.Popen(words)
    until(lambda: server.poll() is not None or is_open(port))
    assert server.poll() is None, (tmp_path / "error.log").read_text()
    yield port
    server.terminate()
    server.wait(GENEROUS)


def ask(port: int, path: str, *, sends: bytes | None = None) -> int:
    """The status of the answer, through TLS that trusts the certificate made here."""
    unchecked = ssl._create_unverified_context()  # noqa: S323  (made for this test)
    request = urllib.request.Request(f"https://localhost:{port}{path}", data=sends, headers={"Host": NAME})
    try:
        with urllib.request.urlopen(request, timeout=GENEROUS, context=unchecked) as answer:  # noqa: S310
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_nginx_passes_on_what_the_site_needs(proxy, web):
    assert ask(proxy, "/contracts/", sends=b"x" * 5_000_000) == 200

    [(path, headers, length)] = web.heard
    assert (path, length) == ("/contracts/", 5_000_000)
    assert {name: headers[name] for name in ("Host", "X-Forwarded-For", "X-Forwarded-Proto")} == {
        "Host": NAME,
        "X-Forwarded-For": "127.0.0.1",
        "X-Forwarded-Proto": "https",
    }
    assert re.fullmatch("[0-9a-f]{32}", headers["X-Request-ID"])


def test_nginx_logs_no_address_that_opens_something(proxy, tmp_path):
    secret = ["/calendar/s/", "/notifications/stop/s/", "/accounts/confirm-email/s/", "/accounts/password/reset/key/s/"]
    for path in [*secret, "/contracts/"]:
        assert ask(proxy, path) == 200

    until(lambda: (tmp_path / "access.log").read_text())
    assert re.findall(r'"GET (\S+)', (tmp_path / "access.log").read_text()) == ["/contracts/"]


# --- The processes ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["web", "live", "worker"])
def test_systemd_takes_each_unit(name, tmp_path):
    analyze = needs("systemd-analyze")
    unit = (FOLDER / f"tranche-{name}.service").read_text()
    module = re.search(r"ExecStart=/srv/tranche/.venv/bin/python -m (\S+)", unit)[1]
    assert Path(settings.BASE_DIR, *module.split(".")).with_suffix(".py").exists()
    here = tmp_path / f"tranche-{name}.service"
    here.write_text(unit.replace("/srv/tranche/.venv/bin/python", sys.executable))

    said = subprocess.run([analyze, "verify", here], capture_output=True, text=True, check=False, timeout=GENEROUS)

    assert [line for line in said.stderr.splitlines() if here.name in line] == []


def test_the_environment_file_is_complete_and_a_shell_reads_it():
    shell = ["sh", "-c", f"set -a; . {FOLDER / 'tranche.env'}; exec env -0"]
    told = subprocess.run(shell, capture_output=True, text=True, check=True, env={"PATH": os.environ["PATH"]}).stdout
    variables = dict(pair.split("=", 1) for pair in told.split("\0") if pair)

    found = run(["-c", "import config.settings"], variables)

    assert (found.returncode, found.stderr) == (0, "")


# --- The pooler -------------------------------------------------------------------------------------------------------
def test_the_site_asks_its_database_through_pgbouncer(transactional_db):
    program, port, place = needs("pgbouncer"), free_port(), connection.get_connection_params()
    if "password" in place:
        pytest.skip("the database asks for a password, which the pooler's file would have to hold")
    database = "host={host} dbname={dbname} user={user}".format(**place)
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        server = subprocess.Popen(production.pgbouncer(Path(folder), program, port=port, database=database))
        try:
            until(lambda: server.poll() is not None or is_open(port))
            with psycopg.connect(f"postgresql://anybody@{HOST}:{port}/tranche") as asking:
                assert asking.execute("SELECT current_database()").fetchone() == (place["dbname"],)
        finally:
            server.terminate()
            server.wait(GENEROUS)
