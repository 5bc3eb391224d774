"""The web server: `python -m config.serve` (HOST, PORT, WEB_WORKERS). Pages, in processes that share one socket.

SIGHUP replaces them one by one with processes of the code that is there then, and keeps the old ones if those do not
start; SIGTERM stops. One that dies is replaced; all end when this one is killed.
"""

import os
import signal
import socket
import sys
import time

from config import connections
from config.values import whole_number
from config.workers import Workers

SECONDS_TO_BIND = 15
"""For processes whose server was killed to finish what they have begun."""


def main() -> None:
    address = (os.environ.get("HOST", "127.0.0.1"), whole_number("PORT", 8000))
    workers = Workers(whole_number("WEB_WORKERS", 2, least=1), _listening(address))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, workers.hear)
    sys.exit(workers.run())


def _listening(address: tuple[str, int]) -> socket.socket:
    """Errors: OSError when another server has the port and keeps it."""
    deadline = time.monotonic() + SECONDS_TO_BIND
    while True:
        try:
            return socket.create_server(address, backlog=connections.WAITING)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


if __name__ == "__main__":
    main()
