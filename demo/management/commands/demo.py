"""The whole site on this machine: database, people, contracts, pages, live streams, worker. Ctrl-C stops all of it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo.people import BY_ROLE

HOST = "127.0.0.1"
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SECONDS_TO_START = 300  # a server that has ended is noticed at once; a busy machine is waited for
SECONDS_TO_STOP = 10


class Command(BaseCommand):
    help = "Serve the site with demo people and demo contracts until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *_arguments: Any, port: int, **_options: Any) -> None:
        starter = os.getppid()
        for number in STOPS:
            signal.signal(number, _stop)
        _refuse_if_taken(port)
        self.stdout.write("Preparing the database, the people and their contracts …")
        with _meanwhile("collectstatic", "--noinput", "--verbosity=0"):
            call_command("migrate", verbosity=0)
            call_command("demo_data")
        origin = f"http://localhost:{port}"
        web_server = _running("config.streams", PORT=str(port), HOST=HOST, SITE_ORIGIN=origin)
        with web_server as web, _running("config.worker", SITE_ORIGIN=origin) as worker:
            _wait_for_answer(web, port)
            self._welcome(f"{origin}/")
            while web.poll() is None and worker.poll() is None and not _left_by(starter):
                time.sleep(0.5)
            if web.returncode or worker.returncode:
                raise CommandError("The web server or the worker stopped by itself; what it said is above.")

    def _welcome(self, address: str) -> None:
        people = "\n".join(f"    {person.display_name:<16}{role}" for role, person in BY_ROLE.items())
        self.stdout.write(
            f"\n  Tranche is at {address}\n\n  One click on its sign-in page makes you one of these:\n{people}\n"
        )
        self.stdout.write(f"\n  Their mail is in {settings.EMAIL_FILE_PATH}\n")
        self.stdout.write("\n  All money is play money. Ctrl-C stops the demo.\n")
        self.stdout.flush()  # into a file or a pipe, too


def _stop(*_signal: object) -> None:
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)  # make repeats what the terminal has sent; stopping must not be stopped
    sys.exit()


@contextmanager
def _meanwhile(*command: str) -> Iterator[None]:
    """A command that runs beside this block, on another core. Both are done when it ends."""
    process = subprocess.Popen([sys.executable, "manage.py", *command], cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL)
    try:
        yield
        if process.wait():
            raise CommandError(f"{command[0]} failed; what it said is above.")
    finally:
        process.terminate()
        process.wait()


def _refuse_if_taken(port: int) -> None:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
        except (OSError, OverflowError) as error:
            reason = error.strerror if isinstance(error, OSError) else "no such port"
            raise CommandError(f"Port {port} cannot be used ({reason}). Name another: make demo PORT=8001") from None


@contextmanager
def _running(module: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of ours, which ends with this block, and with us even if we are killed."""
    command = [sys.executable, "-m", "demo.management.child", module]
    # In a group of its own, so that Ctrl-C reaches us alone and we stop it in order.
    process = subprocess.Popen(command, env=os.environ | environment, stdin=subprocess.PIPE, process_group=0)
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(SECONDS_TO_STOP)
        with suppress(ProcessLookupError):  # none is left of its group; one that is would keep the database up
            for _ in range(20):
                os.killpg(process.pid, signal.SIGKILL)
                time.sleep(0.1)


def _wait_for_answer(web: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while web.poll() is None and time.monotonic() < deadline:
        try:
            question = http.client.HTTPConnection(HOST, port, timeout=SECONDS_TO_START)
            question.request("HEAD", "/")
            question.getresponse()
            return
        except OSError:
            time.sleep(0.1)
    raise CommandError("The web server did not start; what it said is above.")


def _left_by(starter: int) -> bool:
    """Whether `make` was killed so hard that it could not tell us."""
    return "MAKELEVEL" in os.environ and os.getppid() != starter
