"""`GET /live/`: the stream of one open page, as a plain ASGI application. A view would cost four times the memory."""

import asyncio
from collections.abc import Awaitable, Iterable
from urllib.parse import parse_qs

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope
from django.conf import settings
from django.db import Error as DatabaseError
from django.http.request import split_domain_port, validate_host  # noqa: TID251 (the streams speak HTTP)

from live import cursors, visitors
from live.hub import Hub
from live.stream import Stream, message
from live.visitors import Visitor

PATH = "/live/"
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class Streams:
    """Holds the hub while the server runs. Whoever asks is told of the contracts of which they are a party."""

    def __init__(self) -> None:
        self.hub = Hub()

    def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> Awaitable[None]:
        """Not itself a coroutine, like much here: each one that waits costs each open page some hundred bytes."""
        if scope["type"] == "lifespan":
            return self._live(receive, send)
        assert scope["type"] == "http"
        return self._answer(scope, receive, send)

    async def _live(self, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        await receive()
        self.hub.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.hub.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if status := _why_not(scope):
            return await _refuse(send, status)
        try:
            visitor = await self.hub.ask(visitors.admit, _session_key(scope))
            if visitor is None:  # a 403 looks to EventSource like a server that is away: it would ask for ever
                return await _say(send, message("signed-out"), more=False)
            await self._stream(visitor, _since(scope), receive, send)
        except DatabaseError:
            await _refuse(send, 503)

    async def _stream(self, visitor: Visitor, since: str, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        stream = Stream(visitor)
        if not self.hub.open(stream):
            return await _refuse(send, 429)
        leaving = asyncio.create_task(_until_left(receive))
        leaving.add_done_callback(lambda _: stream.end())
        try:
            await self._welcome(stream, since, send)
            while due := await stream.take():
                await send({"type": "http.response.body", "body": due, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except asyncio.CancelledError:
            if not stream.has_ended:
                raise
        finally:
            leaving.cancel("ended")
            self.hub.close(stream)

    async def _welcome(self, stream: Stream, since: str, send: ASGISendCallable) -> None:
        """Say where the person is, or to catch up if that is not where the page was."""
        person = stream.visitor.person
        now = str((await self.hub.ask(cursors.read, [person]))[person])
        stream.cursor = stream.cursor or now  # what was announced while we asked is newer still
        event = "ready" if since in ("", now) else "catch-up"
        await _say(send, message(event, cursor=now), more=True)


def _why_not(scope: HTTPScope) -> int:
    """The status with which this is refused at once, or 0."""
    domain, _port = split_domain_port(next(iter(_header(scope["headers"], b"host")), ""))
    if not validate_host(domain, settings.ALLOWED_HOSTS):
        return 400
    if scope["path"] != PATH:
        return 404
    return 0 if scope["method"] == "GET" else 405


async def _until_left(receive: ASGIReceiveCallable) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _say(send: ASGISendCallable, body: bytes, *, more: bool) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS, "trailers": False})
    await send({"type": "http.response.body", "body": body, "more_body": more})


async def _refuse(send: ASGISendCallable, status: int) -> None:
    await send(
        {"type": "http.response.start", "status": status, "headers": [(b"connection", b"close")], "trailers": False}
    )
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _session_key(scope: HTTPScope) -> str:
    cookies = "; ".join(_header(scope["headers"], b"cookie"))
    pairs = (pair.strip().partition("=") for pair in cookies.split(";"))
    return next((value for name, _, value in pairs if name == settings.SESSION_COOKIE_NAME), "")


def _since(scope: HTTPScope) -> str:
    """The cursor that the page had: the browser's own header, or what a page that opens afresh says."""
    last = _header(scope["headers"], b"last-event-id")
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("since", [])
    return next(iter([*last, *asked]), "")


def _header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> list[str]:
    return [value.decode("latin-1") for found, value in headers if found == name]
