"""What a browser sends is read as a whole, within limits of size and time, before a thread is taken for it."""

import asyncio
from collections.abc import Mapping
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO

from asgiref.typing import ASGIReceiveCallable

MOST = 64 * 2**20
"""Bytes: a message with all its files, which is the largest form."""

MOST_WITHOUT_SESSION = 2**20
"""Bytes of whoever shows no session: they sign in, sign up or ask for help."""

IN_MEMORY = 2**18
"""Bytes of one body; the rest of it waits on the disk."""

PATIENCE = 20.0
"""Seconds for the body of a request, and one more for each …"""

SLOWEST = 8 * 1024
"""… bytes that have come. Who sends slower than that is not waited for."""


class NotTaken(Exception):
    """The request is not taken up: its body is too large (413) or too slow (408), or too much is at hand (429, 503)."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Gone(Exception):
    """The browser went away before it had sent all."""


def most_of(headers: Mapping[str, str], session: str) -> int:
    """Bytes that may be sent. `session` is the name of the session's cookie."""
    return MOST if f"{session}=" in headers.get("HTTP_COOKIE", "") else MOST_WITHOUT_SESSION


def is_sent(headers: Mapping[str, str]) -> bool:
    return "HTTP_TRANSFER_ENCODING" in headers or headers.get("HTTP_CONTENT_LENGTH", "0") != "0"


async def read(receive: ASGIReceiveCallable, most: int) -> tuple[IO[bytes], int]:
    """The body, at its beginning, and its length. What is too large is read on and dropped, up to as much again, so
    that the browser has done sending when it is told so.

    Errors: NotTaken, with its status; Gone.
    """
    body: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (whoever reads it closes it)
    clock = asyncio.get_running_loop().time
    begun, length, more = clock(), 0, True
    while more and length <= 2 * most:
        try:
            async with asyncio.timeout_at(begun + PATIENCE + length / SLOWEST):
                message = await receive()
        except TimeoutError:
            body.close()
            raise NotTaken(408) from None
        if message["type"] != "http.request":
            body.close()
            raise Gone
        length += len(message["body"])
        more = message["more_body"]
        if length <= most:
            body.write(message["body"])
    if length > most:
        body.close()
        raise NotTaken(413)
    body.seek(0)
    return body, length


def nothing() -> tuple[IO[bytes], int]:
    return BytesIO(), 0
