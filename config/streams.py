"""The server of live streams: `python -m config.streams` (HOST, PORT). In the demo it serves the pages, too."""

import os
import signal
import socket
import sys

import uvicorn
from django.conf import settings

from config import asgi, connections
from config.values import whole_number
from live.app import Streams


class Server(uvicorn.Server):
    """A stream has no end of its own: it ends them all, and only then waits for its connections to close."""

    def __init__(self, site: asgi.Site, streams: Streams, *, host: str, port: int) -> None:
        super().__init__(connections.config(site, host=host, port=port, timeout_graceful_shutdown=5))
        self._hub = streams.hub

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._hub.end_all()
        await super().shutdown(sockets)


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit())  # uvicorn passes the signal on when it has stopped
    site, streams = asgi.streams(alone=settings.PRODUCTION)
    Server(site, streams, host=os.environ.get("HOST", "127.0.0.1"), port=whole_number("PORT", 8001)).run()


if __name__ == "__main__":
    main()
