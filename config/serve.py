"""The web server: `python -m config.serve` (HOST, PORT, WEB_WORKERS), in the demo as in production.

Pages are WSGI under Granian, one thread a process: the fastest of the servers measured (docs/adr/0006).
"""

import os

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels


def main() -> None:
    Granian(
        "config.wsgi:application",
        address=os.environ.get("HOST", "127.0.0.1"),
        port=int(os.environ.get("PORT", "8000")),
        interface=Interfaces.WSGI,
        workers=int(os.environ.get("WEB_WORKERS", "2")),
        blocking_threads=1,
        workers_kill_timeout=5,  # seconds; one that is told to stop while it starts would never stop
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    main()
