"""Live streams, measured: `make bench WHAT=live` (ARGS="--streams 2000"). The figures of docs/live.md are from here.

The server is the real one, `config.streams`, as in production, on a database made for the run. This process is all of
the browsers, and in the same run listens to Postgres itself: what a stream adds is the difference of the two.
"""

import argparse
import asyncio
import json
import resource
import statistics
import time
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection

import live
from accounts.models import User
from bench.house import database, row, session_of
from contracts.models import Contract
from live.announcing import CHANNEL
from live.hub import _conninfo
from tests.serving import HOST, SiteProcess
from tests.site import PRODUCTION

AT_ONCE = 50
"""Streams that ask to be opened at the same time."""

MOST_IN_A_NOTIFY = 300
"""People whose ids and cursors fit into the 8,000 bytes of a NOTIFY."""


class Browser:
    """One open page: it remembers when it last heard of a change, and what it was told about how far it is."""

    def __init__(self, port: int, session: str) -> None:
        self.port, self.session, self.cursor = port, session, ""
        self.welcomed = asyncio.Event()
        self.heard = asyncio.Event()
        self.heard_at = 0.0

    async def open(self) -> None:
        reader, self.writer = await asyncio.open_connection(HOST, self.port)
        cookie = f"{settings.SESSION_COOKIE_NAME}={self.session}"
        self.writer.write(
            f"GET /live/?since={self.cursor} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {cookie}\r\n\r\n".encode()
        )
        self.reading = asyncio.create_task(self._read(reader))
        await self.welcomed.wait()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            if line.startswith(b"id: "):
                self.cursor = line[4:].decode().strip()
            elif line.startswith((b"event: ready", b"event: catch-up")):
                self.welcomed.set()
            elif line.startswith(b"event: plan"):
                self.heard_at = time.perf_counter()
                self.heard.set()

    async def lose(self) -> None:
        self.reading.cancel()
        self.writer.close()
        self.welcomed.clear()


class Listener:
    """What Postgres itself takes: a bare connection that listens on the same channel."""

    def __init__(self, bare: psycopg.AsyncConnection) -> None:
        self.bare = bare
        self.heard = asyncio.Event()
        self.heard_at = 0.0

    async def listen(self) -> None:
        async for _notice in self.bare.notifies():
            self.heard_at = time.perf_counter()
            self.heard.set()


async def open_all(browsers: list[Browser]) -> float:
    """Seconds until the last one is welcomed."""
    began, gate = time.perf_counter(), asyncio.Semaphore(AT_ONCE)

    async def open_one(browser: Browser) -> None:
        async with gate:
            await browser.open()

    await asyncio.gather(*map(open_one, browsers))
    return time.perf_counter() - began


async def acts(contract: Contract, listener: Listener, browser: Browser, *, count: int) -> list[tuple[float, float]]:
    """Seconds from the announcement until the bare listener, and until the browser, has heard of it."""
    times = []
    for _ in range(count):
        listener.heard.clear()
        browser.heard.clear()
        began = time.perf_counter()
        await asyncio.to_thread(live.announce, contract, live.Kind.PLAN)
        await asyncio.gather(listener.heard.wait(), browser.heard.wait())
        times.append((listener.heard_at - began, browser.heard_at - began))
        await asyncio.sleep(0.01)
    return times


async def everybody(people: list[int], browsers: list[Browser]) -> float:
    """Seconds until each of the streams has been told of something."""
    for browser in browsers:
        browser.heard.clear()
    began = time.perf_counter()
    with connection.cursor() as cursor:
        for start in range(0, len(people), MOST_IN_A_NOTIFY):
            told = {str(person): "1-1" for person in people[start : start + MOST_IN_A_NOTIFY]}
            message = json.dumps({"contract": 1, "kind": "plan", "people": told}, separators=(",", ":"))
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, message])
    await asyncio.gather(*(browser.heard.wait() for browser in browsers))
    return max(browser.heard_at for browser in browsers) - began


def memory(pid: int) -> int:
    """What the process holds now, in kB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


def milliseconds(times: list[float]) -> tuple[str, str]:
    """The middle one, and the one that 99 of 100 keep below."""
    return f"{statistics.median(times) * 1000:.1f} ms", f"{statistics.quantiles(times, n=100)[98] * 1000:.1f} ms"


async def measure(site: SiteProcess, contract: Contract, people: list[User], sessions: list[str], count: int) -> None:
    browsers = [Browser(site.port, session) for session in sessions]
    await browsers[0].open()
    before = memory(site.pid)
    opened = await open_all(browsers[1:])
    held = memory(site.pid) - before
    row("streams held by one process", f"{len(browsers)}", "")
    row("memory for each open stream", f"{held / (len(browsers) - 1):.1f} kB", "")
    row("memory of the process with one", f"{before / 1024:.0f} MB", "")
    row("opened, each with its session looked up", f"{(len(browsers) - 1) / opened:.0f} a second", "")
    await measure_acts(contract, browsers[0], count)
    burst = await everybody([person.pk for person in people], browsers)
    row("all of them told of something at once", f"within {burst * 1000:.0f} ms", "")
    for browser in browsers:
        await browser.lose()
    site.kill()
    site.start()
    row("all of them back after the server was killed", f"within {await open_all(browsers):.1f} s", "")


async def measure_acts(contract: Contract, browser: Browser, count: int) -> None:
    async with await psycopg.AsyncConnection.connect(_conninfo(), autocommit=True) as bare:
        await bare.execute(f"LISTEN {CHANNEL}")
        listener = Listener(bare)
        listening = asyncio.create_task(listener.listen())
        times = await acts(contract, listener, browser, count=count)
        listening.cancel()
    row("**from an act to**", "half within", "99 % within")
    row("a bare LISTEN", *milliseconds([heard for heard, _stream in times]))
    row("the browser", *milliseconds([stream for _heard, stream in times]))
    row("what the stream adds", *milliseconds([stream - heard for heard, stream in times]))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--streams", type=int, default=1000)
    asked.add_argument("--acts", type=int, default=200)
    options = asked.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with database():
        row("", "", "")
        row("---", "---:", "---:")
        people = User.objects.bulk_create(
            User(email=f"{number}@bench.example", display_name=f"Person {number}") for number in range(options.streams)
        )
        contract = Contract.objects.create(
            title="Bench", client=people[0].party, freelancer=people[1].party, currency="USD"
        )
        site = SiteProcess(**PRODUCTION | {"ALLOWED_HOSTS": f"tranche.example,{HOST}"})
        sessions = [session_of(person) for person in people]
        site.start()
        try:
            asyncio.run(measure(site, contract, people, sessions, options.acts))
        finally:
            site.kill()


if __name__ == "__main__":
    main()
