"""The pages, which are WSGI, as an ASGI application: what is slow is waited for without a thread.

A body is here as a whole before a thread is taken (`web.bodies`). Pages that only show and acts that change something
have threads of their own, and the acts of one contract, or of one person, take turns: however long one contract is
locked, it holds one thread, and everybody else goes on (docs/adr/0011-requests-before-threads.md).
"""

import asyncio
import re
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from typing import IO, TYPE_CHECKING, Any

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope
from django.conf import settings

from web import bodies
from web.addresses import network_of

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

READERS, WRITERS = 2, 2
"""Threads of a process for pages that show, and for acts."""

MOST_OF_ONE_ADDRESS = 64
"""Requests of one address that a process has at hand, those that are still being sent among them."""

MOST = 512
"""Requests that a process has at hand. More would only wait until nobody waits for them."""

MOST_ARRIVING = 256
"""Of these, requests whose bodies are still being sent: however slow they are, pages can be asked for."""

REFUSED = "tranche.refused"
"""In the environment of a request that was not read: the status with which `web.middleware.Refusals` answers it."""

SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
OF_A_CONTRACT = re.compile(r"/contracts/\d+/")

Answer = tuple[int, list[tuple[bytes, bytes]], bytes]


class Pages:
    """Each request is read and answered as a whole."""

    def __init__(self, application: "WSGIApplication") -> None:
        self._application = application
        self._readers = ThreadPoolExecutor(READERS, "reader")
        self._writers = ThreadPoolExecutor(WRITERS, "writer")
        self._turns: dict[str, asyncio.Lock] = {}
        self._in_turn: Counter[str] = Counter()
        self._at_hand: Counter[str] = Counter()
        self._arriving = 0

    async def __call__(self, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        headers = _headers(scope["headers"])
        network = network_of(scope["client"][0] if scope["client"] else "", headers.get("HTTP_X_FORWARDED_FOR"))
        try:
            with self._counted(network):
                environ = {**_environ(scope), **headers}
                try:
                    body, length = await self._body(headers, receive)
                except bodies.NotTaken as refusal:
                    if refusal.status == 503:
                        raise
                    (body, length), environ[REFUSED] = bodies.nothing(), refusal.status
                with body:
                    environ |= {"wsgi.input": body, "CONTENT_LENGTH": str(length)}
                    status, answer_headers, answer = await self._answer(environ)
        except bodies.Gone:
            return
        except bodies.NotTaken as refusal:
            status, answer_headers, answer = _at_once(refusal)
        if status in (408, 413):  # what is still being sent belongs to no request
            answer_headers.append((b"connection", b"close"))
        await send({"type": "http.response.start", "status": status, "headers": answer_headers, "trailers": False})
        await send({"type": "http.response.body", "body": answer, "more_body": False})

    async def _body(self, headers: dict[str, str], receive: ASGIReceiveCallable) -> tuple[IO[bytes], int]:
        """Errors: bodies.NotTaken, bodies.Gone."""
        if not bodies.is_sent(headers):
            return bodies.nothing()
        if self._arriving >= MOST_ARRIVING:
            raise bodies.NotTaken(503)
        self._arriving += 1
        try:
            return await bodies.read(receive, bodies.most_of(headers, settings.SESSION_COOKIE_NAME))
        finally:
            self._arriving -= 1

    @contextmanager
    def _counted(self, network: str) -> Iterator[None]:
        """Errors: bodies.NotTaken when there is too much at hand already."""
        if self._at_hand[network] >= MOST_OF_ONE_ADDRESS:
            raise bodies.NotTaken(429)
        if self._at_hand.total() >= MOST:
            raise bodies.NotTaken(503)
        self._at_hand[network] += 1
        try:
            yield
        finally:
            self._at_hand[network] -= 1
            if not self._at_hand[network]:
                del self._at_hand[network]

    async def _answer(self, environ: "WSGIEnvironment") -> Answer:
        run = asyncio.get_running_loop().run_in_executor
        if environ["REQUEST_METHOD"] in SAFE:
            return await run(self._readers, _answered, self._application, environ)
        async with self._turn(_whose_turn(environ)):
            return await run(self._writers, _answered, self._application, environ)

    @asynccontextmanager
    async def _turn(self, whose: str) -> AsyncIterator[None]:
        lock = self._turns.setdefault(whose, asyncio.Lock())
        self._in_turn[whose] += 1
        try:
            async with lock:
                yield
        finally:
            self._in_turn[whose] -= 1
            if not self._in_turn[whose]:
                del self._in_turn[whose], self._turns[whose]


def _whose_turn(environ: "WSGIEnvironment") -> str:
    """Acts on a contract wait for its lock anyway, so they wait without a thread; others wait for their person."""
    contract = OF_A_CONTRACT.match(environ["PATH_INFO"])
    return contract[0] if contract else str(environ.get("HTTP_COOKIE", environ["REMOTE_ADDR"]))


def _answered(application: "WSGIApplication", environ: "WSGIEnvironment") -> Answer:
    begun: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
        begun.update(status=int(status.split()[0]), headers=headers)

    response: Any = application(environ, start_response)
    try:
        body = b"".join(response)
    finally:
        response.close()
    return (
        begun["status"],
        [(_bytes(name.lower()), _bytes(value.strip())) for name, value in begun["headers"]],
        body,
    )


def _at_once(refusal: bodies.NotTaken) -> Answer:
    """Without a thread, for want of one."""
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"retry-after", b"5"), (b"cache-control", b"no-store")]
    return (
        refusal.status,
        headers,
        b"The site has too much to do just now. Nothing was changed. Try again in a moment.\n",
    )


def _environ(scope: HTTPScope) -> "WSGIEnvironment":
    host, port = scope["server"] or ("localhost", 80)
    return {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),  # as PEP 3333 wants it
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "REMOTE_ADDR": scope["client"][0] if scope["client"] else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def _headers(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """A name with an underscore could not be told from the one with a hyphen, which our proxy may have written."""
    found: dict[str, str] = {}
    for raw_name, raw_value in headers:
        if b"_" not in raw_name:
            name, value = raw_name.decode("latin-1").upper().replace("-", "_"), raw_value.decode("latin-1")
            key = name if name == "CONTENT_TYPE" else f"HTTP_{name}"
            found[key] = f"{found[key]},{value}" if key in found else value
    return found


def _bytes(text: str) -> bytes:
    return text.encode("latin-1")
