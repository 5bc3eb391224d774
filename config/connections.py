"""How our servers hold connections: uvicorn, and a limit to how long the head of a request may take."""

import resource
from asyncio import TimerHandle, Transport
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

WAITING = 1024
"""Connections that the kernel keeps until a process takes them."""

SECONDS_FOR_A_HEAD = 20
"""From the connection, or from the first byte of a next request, to the last byte of the request's head."""

LAST = (b"connection", b"close")
"""The header of an answer after which its connection ends."""


class Connection(H11Protocol):
    """One that says nothing, or its request byte by byte, is closed: each holds an open file."""

    _patience: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._patience = self.loop.call_later(SECONDS_FOR_A_HEAD, transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        self._trust()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before:
            self._trust()
        elif self._patience is None and getattr(before, "response_complete", True):
            self._patience = self.loop.call_later(SECONDS_FOR_A_HEAD, self.transport.close)

    def _trust(self) -> None:
        if self._patience:
            TimerHandle.cancel(self._patience)
            self._patience = None


class LastingConnection(Connection):
    """One whose process may go and fails no request by it: what is on its way when the process is told to is answered,
    and the answer says that it is the last. Whoever asks nothing more is let go when its time is over, as ever.

    uvicorn's own is closed at once unless a request has been read, so one that lies in the kernel, or is still
    travelling, gets no answer; and one that is being answered then is closed without having been told.
    """

    def shutdown(self) -> None:
        if self.cycle is not None:  # later ones have it from the server
            self.cycle.default_headers = [*self.cycle.default_headers, LAST]


def config(app: Any, *, http: type[Connection] = Connection, **options: Any) -> uvicorn.Config:
    """The settings that our servers share."""
    return uvicorn.Config(
        app,
        http=http,
        ws="none",
        interface="asgi3",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        **options,
    )


def open_many_files() -> None:
    """Each connection is an open file; 1,024 is usual."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
