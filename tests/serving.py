"""The whole site on one port, pages and live streams: what `make demo` serves."""

import asyncio
import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from urllib.parse import quote, urlencode

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.db import connection

from config.asgi import Site as Application
from config.streams import Server
from live.app import Streams
from web.pages import Pages

HOST = "localhost"


def free_port() -> int:
    """By chance, for other test runs look for one too; below those that the system lends to outgoing connections."""
    while True:
        port = random.SystemRandom().randrange(10_000, 32_000)
        with suppress(OSError), socket.create_server((HOST, port)):
            return port


class Watched(Pages):
    """Knows how many pages are being made."""

    making = 0

    async def __call__(self, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        self.making += 1
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.making -= 1


class Site:
    """In a thread of the test. Started and stopped as often as a test likes, always on the same port."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://{HOST}:{self.port}"

    def __enter__(self) -> "Site":
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def start(self) -> None:
        self.pages = Watched(StaticFilesHandler(get_wsgi_application()))
        streams = Streams()
        self.hub = streams.hub
        self._server = Server(Application(streams=streams, pages=self.pages), streams, host=HOST, port=self.port)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._server.serve()))
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)

    def rest(self) -> None:
        """Wait until nothing is done for pages that are closed: only then can the database be emptied."""
        while self.pages.making or len(self.hub):
            time.sleep(0.01)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()


class SiteProcess:
    """In a process of its own on the test's database, so that it can be killed. `variables` are its environment's."""

    def __init__(self, module: str = "config.streams", *, database_options: str = "", **variables: str) -> None:
        self.port = free_port()
        self._module = module
        self._database_options = database_options
        self.url = f"http://{HOST}:{self.port}"
        self._variables = {
            "MODE": "development",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SECRET_KEY": settings.SECRET_KEY,
            **variables,
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        options = (
            f"&{urlencode({'options': self._database_options}, quote_via=quote)}" if self._database_options else ""
        )
        place = {"DATABASE_URL": database_url() + options, "HOST": "127.0.0.1", "PORT": str(self.port)}
        return {**os.environ, **self._variables, **place}

    def start(self) -> None:
        command = [sys.executable, "-m", self._module]
        self._process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=self.environment)
        while not self._answers():
            assert self._process.poll() is None
            time.sleep(0.05)

    def rest(self) -> None:
        """It is killed before the database is emptied."""

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def _end(self, number: signal.Signals) -> None:
        if self._process:
            self._process.send_signal(number)
            self._process.wait()
            self._process = None

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def _answers(self) -> bool:
        asking = http.client.HTTPConnection(HOST, self.port)
        with suppress(OSError), closing(asking):
            asking.request("GET", "/live/")
            asking.getresponse().read()
            return True
        return False


def database_url() -> str:
    """The test's own database, as another process may ask for it."""
    site = {name: str(value) for name, value in connection.get_connection_params().items() if value}
    person = quote(site["user"]) + (f":{quote(site['password'])}" if "password" in site else "")
    place = {name: site[name] for name in ("host", "port") if name in site}
    return f"postgresql://{person}@/{site['dbname']}?{urlencode(place)}"
