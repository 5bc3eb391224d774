"""One open page: what it is still to be sent, and when to let it go."""

import asyncio
import json
from contextlib import suppress

from live.visitors import Visitor

BEAT = 15.0
"""Seconds of silence after which a sign of life is sent: proxies keep the connection, the page knows it is there."""

MOST_DUE = 32


def message(event: str, data: dict[str, int] | None = None, *, cursor: str = "") -> bytes:
    """A server-sent event. The browser gives the id back when it comes again."""
    name = f"id: {cursor}\n" if cursor else ""
    return f"{name}event: {event}\ndata: {json.dumps(data or {})}\n\n".encode()


class Stream:
    """Made in the task that writes it. A reader too slow for what happens is let go; it comes back and catches up."""

    __slots__ = ("_due", "_ended", "_waiter", "_writer", "cursor", "visitor")

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.cursor = ""
        self._due: list[bytes] = []
        self._ended = False
        self._waiter: asyncio.Future[None] | None = None
        self._writer = asyncio.current_task()

    @property
    def has_ended(self) -> bool:
        return self._ended

    def tell(self, event: str, data: dict[str, int] | None = None) -> None:
        if len(self._due) < MOST_DUE:
            self._due.append(message(event, data, cursor=self.cursor))
            self._wake()
        elif not self._ended:
            self._ended = True
            if self._writer:
                self._writer.cancel("too slow")  # it stands in the middle of a write that nobody reads

    def end(self) -> None:
        """What is due is still written."""
        self._ended = True
        self._wake()

    async def take(self) -> bytes:
        """Wait for what is due and give all of it; after some silence, a sign of life; nothing once it has ended."""
        if not self._due and not self._ended:
            await self._rest()
        if not self._due and not self._ended:
            return message("beat")
        due = b"".join(self._due)
        self._due.clear()
        return due

    async def _rest(self) -> None:
        self._waiter = asyncio.get_running_loop().create_future()
        with suppress(TimeoutError):
            async with asyncio.timeout(BEAT):
                await self._waiter
        self._waiter = None

    def _wake(self) -> None:
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)
