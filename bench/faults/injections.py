"""The faults."""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass

from bench.faults.house import House


@dataclass(frozen=True)
class Fault:
    name: str
    inject: Callable[[House], None]
    mend: Callable[[House], None] = lambda _house: None
    """Some seconds later, where nothing else does."""


def _kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def _release(house: House) -> None:
    os.kill(house.web.pid, signal.SIGHUP)


def _pooler(house: House) -> None:
    assert house.pgbouncer
    _kill(house.pgbouncer.pid)


def _mail(name: str, mood: str) -> Fault:
    def turn(house: House) -> None:
        house.mail.mood = mood

    def well(house: House) -> None:
        house.mail.mood = "well"

    return Fault(name, turn, well)


FAULTS = [
    Fault("a new release (`kill -HUP`)", _release),
    Fault("`kill -9` of a web process", lambda house: _kill(min(house.web.children))),
    Fault("`kill -9` of the web server", lambda house: _kill(house.web.pid)),
    Fault("`kill -9` of the worker", lambda house: _kill(house.worker.pid)),
    Fault("`kill -9` of the live server", lambda house: _kill(house.live.pid)),
    Fault("`kill -9` of a process of Postgres, which then restarts itself", lambda house: _kill(house.backend())),
    Fault("`kill -9` of Postgres", lambda house: _kill(house.postgres.pid)),
    Fault("`kill -9` of PgBouncer", _pooler),
    _mail("the mail server is slow", "slow"),
    _mail("the mail server refuses", "refusing"),
    _mail("the mail server takes a mail and hangs up", "dropping"),
]
