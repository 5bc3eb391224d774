"""The server of live streams: `python -m config.streams` (HOST, PORT). In the demo it serves the pages, too."""

import os
import resource
import signal
import socket
import sys

import uvicorn

from config.asgi import OnePort, application


class Server(uvicorn.Server):
    """A stream has no end of its own: it ends them all, and only then waits for its connections to close."""

    def __init__(self, app: OnePort, *, host: str, port: int) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                ws="none",
                interface="asgi3",
                lifespan="on",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=5,
            )
        )
        self._hub = app.streams.hub

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._hub.end_all()
        await super().shutdown(sockets)


def main() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # each stream is an open file; 1,024 is usual
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit())  # uvicorn passes the signal on when it has stopped
    Server(application, host=os.environ.get("HOST", "127.0.0.1"), port=int(os.environ.get("PORT", "8001"))).run()


if __name__ == "__main__":
    main()
