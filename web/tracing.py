"""The number of the request that a thread is at, by which its lines in the logs are found."""

import re
import uuid
from contextvars import ContextVar

_SAFE = re.compile(r"[\w.:-]{8,64}", re.ASCII)
_number: ContextVar[str] = ContextVar("number", default="-")


def number() -> str:
    return _number.get()


def begin(given: str) -> str:
    """`given` is the proxy's number for it, if it has one that can stand in a log."""
    chosen = given if _SAFE.fullmatch(given) else uuid.uuid4().hex[:16]
    _number.set(chosen)
    return chosen


def end() -> None:
    _number.set("-")
