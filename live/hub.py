"""All streams of this process, and the one connection to Postgres that hears what to tell them.

When that connection is lost it is made again, and whoever missed something meanwhile is told to catch up. A stream is
let go within seconds when its session ends.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

import psycopg
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection as database
from django.db import connections
from psycopg.conninfo import make_conninfo

from live import cursors, visitors
from live.announcing import CHANNEL, Kind
from live.stream import Stream
from live.visitors import Visitor

P = ParamSpec("P")
R = TypeVar("R")

SESSION_CHECK = 3.0
"""Seconds between two looks at the sessions of all streams."""

FIRST_WAIT, LONGEST_WAIT = 0.1, 5.0
"""Seconds before Postgres is tried again: doubled at each failure, up to the second."""

MOST_OF_ONE_PERSON = 20
MOST_NOT_CLOSED = 5 * MOST_OF_ONE_PERSON

SLICE = 500
"""Sessions that are looked at in one go: what is longer would be felt by all streams."""

KEEP_ALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "connect_timeout": 5}
"""A Postgres that went away without a word is noticed after 25 seconds."""

NOT_OF_LIBPQ = {"context", "cursor_factory", "prepare_threshold"}

logger = logging.getLogger(__name__)


class Hub:
    def __init__(self) -> None:
        self._streams: dict[int, dict[Stream, None]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._threads = ThreadPoolExecutor(2, "live")

    def __len__(self) -> int:
        return sum(map(len, self._streams.values()))

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._check_sessions())]

    async def stop(self) -> None:
        self.end_all()
        for task in self._tasks:
            task.cancel("stopped")
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._threads.shutdown()

    def end_all(self) -> None:
        for stream in self._all():
            stream.end()

    def open(self, stream: Stream) -> bool:
        """From now on the stream is told, unless too many of this person's have ended and are still not closed. A
        person who has too many open loses the oldest."""
        theirs = self._streams.setdefault(stream.visitor.person, {})
        if len(theirs) >= MOST_NOT_CLOSED:
            return False
        theirs[stream] = None
        alive = [each for each in theirs if not each.has_ended]
        for each in alive[:-MOST_OF_ONE_PERSON]:
            each.end()
        return True

    def close(self, stream: Stream) -> None:
        theirs = self._streams[stream.visitor.person]
        del theirs[stream]
        if not theirs:
            del self._streams[stream.visitor.person]

    async def ask(self, question: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run ordinary Django code in a thread of its own, which gives its database connection back at once."""

        def answer() -> R:
            try:
                return question(*args, **kwargs)
            finally:
                connections.close_all()

        return await asyncio.get_running_loop().run_in_executor(self._threads, answer)

    def _all(self) -> list[Stream]:
        return [stream for theirs in self._streams.values() for stream in theirs]

    async def _listen(self) -> None:
        wait = FIRST_WAIT
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(_conninfo(), autocommit=True) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    wait = FIRST_WAIT
                    await self._catch_up()
                    async for notice in connection.notifies():
                        self._pass_on(notice.payload)
            except Exception as error:  # whatever it is, the pages must not go quiet for good
                logger.warning("Live: Postgres is not heard (%s). Next try in %s s.", str(error).strip(), wait)
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)

    def _pass_on(self, payload: str) -> None:
        try:
            announced = json.loads(payload)
            kind, data = Kind(announced["kind"]), {"contract": int(announced["contract"])}
            people = {int(person): str(cursor) for person, cursor in announced["people"].items()}
        except (ValueError, KeyError, TypeError, AttributeError):
            logger.exception("Live: %s is no announcement.", payload)
            return
        for person, cursor in people.items():
            for stream in self._streams.get(person, ()):
                stream.cursor = cursor or stream.cursor
                stream.tell(kind, data)

    async def _catch_up(self) -> None:
        """Nothing was heard for a while: tell each stream whose person has been told something since."""
        streams = self._all()
        now = await self.ask(cursors.read, {stream.visitor.person for stream in streams})
        for stream in streams:
            cursor = str(now.get(stream.visitor.person, ""))
            if stream.cursor != cursor:
                stream.cursor = cursor
                stream.tell("catch-up")

    async def _check_sessions(self) -> None:
        """In slices, spread over the time that a look at all of them may take."""
        while True:
            visitors_now = list({stream.visitor for stream in self._all()})
            slices = [visitors_now[start : start + SLICE] for start in range(0, len(visitors_now), SLICE)]
            for some in slices or [[]]:
                await asyncio.sleep(SESSION_CHECK / max(len(slices), 1))
                await self._end_without_session(some)

    async def _end_without_session(self, some: list[Visitor]) -> None:
        try:
            gone = set(some) - await self.ask(visitors.still_admitted, some) if some else set()
        except DatabaseError as error:
            logger.warning("Live: the sessions could not be checked (%s).", str(error).strip())
            return
        for stream in [each for visitor in gone for each in self._streams.get(visitor.person, ())]:
            if stream.visitor in gone:
                stream.tell("signed-out")
                stream.end()


def _conninfo() -> str:
    """LIVE_DATABASE_URL if it is set, because LISTEN needs a connection that no pooler shares out; else the site's."""
    if settings.LIVE_DATABASE_URL:
        return make_conninfo(settings.LIVE_DATABASE_URL, **KEEP_ALIVE)
    site = database.get_connection_params()
    return make_conninfo(**KEEP_ALIVE | {name: value for name, value in site.items() if name not in NOT_OF_LIBPQ})
