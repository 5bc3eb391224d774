"""Production as docs/production.md sets it up: its very files, but for names, ports and places."""

import http.client
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from tests.site import INHERITED, PRODUCTION, ROOT

FOLDER = ROOT / "docs" / "production"
HOST = "localhost"
NAME = "tranche.example"
GENEROUS = 60
"""Seconds for what takes one on a machine that has nothing else to do."""

PYTHON = "/srv/tranche/.venv/bin/python"


def command(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")


def needs(name: str) -> str:
    """The program, or the test is skipped, and says why."""
    if found := command(name):
        return found
    pytest.skip(f"{name} is not installed here, so its file was not tried")


def changed(file: str, changes: dict[str, str]) -> str:
    """The text of a file of the docs with these parts in place of its own."""
    text = (FOLDER / file).read_text()
    for old, new in changes.items():
        assert old in text, (file, old)
        text = text.replace(old, new)
    return text


def is_open(port: int) -> bool:
    with closing(socket.socket()) as asking:
        return asking.connect_ex((HOST, port)) == 0


def status(port: int, path: str) -> int:
    """0 when nobody answers."""
    asking = http.client.HTTPConnection(HOST, port, timeout=GENEROUS)
    with suppress(OSError, http.client.HTTPException), closing(asking):
        asking.request("GET", path)
        return asking.getresponse().status
    return 0


def until(holds: Callable[[], object], seconds: float = GENEROUS) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.02)


class Kept:
    """Stands in for systemd, with `KillMode=mixed` and `Restart=always`: when the first process of the command ends,
    what is left of it is killed, and after the pause it is started again."""

    def __init__(self, words: list[str], *, pause: float = 1.0, log: Path, **process: Any) -> None:
        self._words, self._pause, self._log, self._process = words, pause, log, process
        self._over = Event()
        self._thread = Thread(target=self._keep, daemon=True)
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._thread.start()
        until(lambda: self._running or self._over.is_set())

    def stop(self) -> None:
        self._over.set()
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)
        self._thread.join(GENEROUS)

    @property
    def pid(self) -> int:
        assert self._running
        return self._running.pid

    @property
    def children(self) -> list[int]:
        with suppress(FileNotFoundError):
            found = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
            return [int(pid) for pid in found if b"resource_tracker" not in _line_of(pid)]
        return []

    def _keep(self) -> None:
        while not self._over.is_set():
            with self._log.open("ab") as log:
                self._running = subprocess.Popen(
                    self._words, stdout=log, stderr=log, start_new_session=True, **self._process
                )
            self._running.wait()
            with suppress(ProcessLookupError):
                os.killpg(self._running.pid, signal.SIGKILL)
            self._over.wait(self._pause)


def _line_of(pid: str) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def unit(name: str, folder: Path, **variables: str) -> Kept:
    """A process of ours, as its systemd unit starts it and starts it again."""
    text = (FOLDER / f"tranche-{name}.service").read_text()
    said = {key: _values(text, key) for key in ("ExecStart", "RestartSec", "Environment")}
    words = shlex.split(said["ExecStart"][0].replace(PYTHON, sys.executable))
    own = dict(pair.split("=", 1) for pair in said["Environment"])
    environment = {**_inherited(), **own, **variables}
    log = folder / f"{name}.log"
    return Kept(words, pause=float(said["RestartSec"][0]), log=log, cwd=ROOT, env=environment)


def _values(text: str, key: str) -> list[str]:
    return re.findall(rf"^{key}=(.*)$", text, re.MULTILINE)


def _inherited() -> dict[str, str]:
    return {name: os.environ[name] for name in INHERITED if name in os.environ}


def variables(folder: Path, **own: str) -> dict[str, str]:
    """What stands in the environment file of this site."""
    media = folder / "media"
    media.mkdir(exist_ok=True)
    return {**PRODUCTION, "MEDIA_ROOT": str(media), "WEB_WORKERS": "2", "LOG_FORMAT": "json", **own}


def manage(*arguments: str, **settings: str) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env={**_inherited(), **settings}, check=True)


# --- What is Debian's -------------------------------------------------------------------------------------------------
def certificate(folder: Path, openssl: str) -> None:
    words = f"{openssl} req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={NAME}".split()
    words += ["-addext", f"subjectAltName=DNS:{HOST},DNS:{NAME}"]
    words += ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run(words, check=True, capture_output=True)


def nginx(folder: Path, program: str, *, port: int, tls_port: int, pages: int, live: int) -> list[str]:
    """The command that runs the proxy in front of these ports. Its certificate lies in `folder`."""
    site = changed(
        "nginx.conf",
        {
            "listen 80;": f"listen {HOST}:{port};",
            "listen 443 ssl;": f"listen {HOST}:{tls_port} ssl;",
            "/etc/letsencrypt/live/tranche.example/fullchain.pem": f"{folder}/cert.pem",
            "/etc/letsencrypt/live/tranche.example/privkey.pem": f"{folder}/key.pem",
            "/var/log/nginx/tranche.log": f"{folder}/access.log",
            "127.0.0.1:8000": f"{HOST}:{pages}",
            "127.0.0.1:8001": f"{HOST}:{live}",
        },
    )
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    person = "user root;" if os.geteuid() == 0 else ""  # whose folder it is
    file = folder / "nginx.conf"
    file.write_text(
        f"{person} pid {folder}/pid; error_log {folder}/error.log; daemon off; events {{}} http {{ {places}\n{site} }}"
    )
    return [program, "-e", f"{folder}/error.log", "-p", str(folder), "-c", str(file)]


def pgbouncer(folder: Path, program: str, *, port: int, database: str) -> list[str]:
    """The command that runs the pooler in front of `database`, which asks for no password."""
    text = changed(
        "pgbouncer.ini",
        {
            "host=/var/run/postgresql dbname=tranche": database,
            "listen_port = 6432": f"listen_port = {port}",
            "auth_type = scram-sha-256": "auth_type = any",
            "auth_file = /etc/pgbouncer/userlist.txt": "",
        },
    )
    file = folder / "pgbouncer.ini"
    file.write_text(text)
    return [program, "-q", *(["-u", "nobody"] if os.geteuid() == 0 else []), str(file)]


@contextmanager
def running(*kept: Kept) -> Iterator[None]:
    """Started in this order, and stopped in the other."""
    try:
        for each in kept:
            each.start()
        yield
    finally:
        for each in reversed(kept):
            each.stop()
