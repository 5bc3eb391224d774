"""A process of the web server that is told to go, as `systemctl reload` does: no request that is on its way fails."""

import http.client
import multiprocessing
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from config import connections, workers

GENEROUS = 60
"""Seconds for what takes one or two on a machine that has nothing else to do."""


class Leaving:
    """The server of one process, in a thread of the test, with a page that is only made when the test says so."""

    def __init__(self) -> None:
        self.may_answer, self.is_asked = threading.Event(), threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = self._listening.getsockname()
        self._heard, to_say = multiprocessing.Pipe(duplex=False)
        config = connections.config(
            self._page, http=connections.LastingConnection, timeout_keep_alive=GENEROUS, backlog=1
        )
        self.server = workers.Server(config, to_say)
        self.thread = threading.Thread(target=self.server.run, args=([self._listening],))

    async def _page(self, scope: dict[str, Any], receive: Callable[[], Any], send: Callable[[Any], Any]) -> None:
        if scope["type"] == "lifespan":
            for step in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{step}.complete"})
            return
        self.is_asked.set()
        while not self.may_answer.is_set():
            await receive()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    @property
    def holds(self) -> int:
        return len(self.server.server_state.connections)

    def leave(self) -> None:
        """Returns when it takes no new connection."""
        self.server.should_exit = True
        until(lambda: self._listening.fileno() == -1)


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + GENEROUS
    while not holds():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.02)


@pytest.fixture
def leaving() -> Iterator[Leaving]:
    process = Leaving()
    process.may_answer.set()
    process.thread.start()
    yield process
    process.server.should_exit = True
    process.thread.join(GENEROUS)


@pytest.fixture
def visitor(leaving) -> Iterator[http.client.HTTPConnection]:
    with closing(http.client.HTTPConnection(*leaving.address, timeout=GENEROUS)) as connection:
        connection.connect()
        until(lambda: leaving.holds == 1)
        yield connection


def answer(visitor: http.client.HTTPConnection) -> tuple[int, bytes, str | None]:
    """The status, what was said, and what becomes of the connection."""
    found = visitor.getresponse()
    return found.status, found.read(), found.headers["Connection"]


def test_a_request_that_comes_after_its_connection_is_answered(leaving, visitor):
    leaving.leave()
    visitor.request("GET", "/")

    assert answer(visitor) == (200, b"ok", "close")


def test_the_next_request_of_a_connection_that_is_kept_is_answered(leaving, visitor):
    visitor.request("GET", "/")
    assert answer(visitor) == (200, b"ok", None)
    leaving.leave()
    visitor.request("POST", "/", b"an act")

    assert answer(visitor) == (200, b"ok", "close")


def test_what_is_being_answered_is_said_to_be_the_last(leaving, visitor):
    leaving.may_answer.clear()
    visitor.putrequest("POST", "/")
    visitor.putheader("Content-Length", "6")
    visitor.endheaders()
    until(leaving.is_asked.is_set)
    leaving.leave()
    leaving.may_answer.set()
    visitor.send(b"an act")

    assert answer(visitor) == (200, b"ok", "close")


def test_it_ends_when_all_have_been_answered(leaving, visitor):
    leaving.leave()
    visitor.request("GET", "/")
    answer(visitor)

    leaving.thread.join(GENEROUS)
    assert not leaving.thread.is_alive()
