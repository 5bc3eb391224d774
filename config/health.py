"""`/up` and `/ready`, for whoever watches the site: in JSON, under any name of the host, with and without TLS.

`/up` says that this process answers; `/ready`, with status 503 and the reason, what would keep people from their work.
"""

import asyncio
import datetime
import json
import shutil
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

from asgiref.typing import ASGISendCallable, HTTPScope
from django.conf import settings
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from notifications import queries
from notifications.models import Email

PATHS = ("/up", "/ready")
FRESH = 2.0
"""Seconds for which an answer is given again: anybody may ask."""

BEATS = datetime.timedelta(seconds=60)
"""A worker says every 10 seconds that it lives."""

OVERDUE = datetime.timedelta(minutes=15)


class Health:
    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "health")
        self._asking = asyncio.Lock()
        self._found: dict[str, str] = {}
        self._found_at = float("-inf")

    def __call__(self, scope: HTTPScope, send: ASGISendCallable) -> Awaitable[None]:
        return self._up(send) if scope["path"] == "/up" else self._ready(send)

    async def _up(self, send: ASGISendCallable) -> None:
        await _say(send, 200, {"status": "up"})

    async def _ready(self, send: ASGISendCallable) -> None:
        async with self._asking:
            if time.monotonic() - self._found_at > FRESH:
                self._found = await asyncio.get_running_loop().run_in_executor(self._thread, look)
                self._found_at = time.monotonic()
        is_ready = set(self._found.values()) == {"ok"}
        await _say(send, 200 if is_ready else 503, {"status": "ready" if is_ready else "not ready", **self._found})


def look() -> dict[str, str]:
    """What is well, and what is wrong with the rest."""
    try:
        return {name: seen(name) for name in CHECKS}
    finally:
        connections.close_all()


def seen(name: str) -> str:
    """“ok”, or what is wrong."""
    try:
        return CHECKS[name]() or "ok"
    except Exception as error:  # whatever it is, it is what they ask for
        return f"{type(error).__name__}: {error}".splitlines()[0][:200]


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(missing)} not applied: run python manage.py migrate" if missing else ""


def _worker() -> str:
    silent = queries.since_heartbeat()
    return (
        ""
        if silent is not None and silent < BEATS
        else "none has been heard of for a minute: start python -m config.worker"
    )


def _mail() -> str:
    late = Email.objects.overdue(OVERDUE).order_by("due_at").first()
    return f"the oldest has been due since {late.due_at:%Y-%m-%d %H:%M} UTC" if late else ""


def _disk() -> str:
    free = shutil.disk_usage(settings.MEDIA_ROOT if settings.MEDIA_ROOT.exists() else settings.BASE_DIR).free
    return "" if free > settings.MEDIA_FREE_BYTES else f"{free // 2**20} MB are free for files"


CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "migrations": _migrations,
    "worker": _worker,
    "mail": _mail,
    "disk": _disk,
}


async def _say(send: ASGISendCallable, status: int, facts: dict[str, str]) -> None:
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers, "trailers": False})
    await send({"type": "http.response.body", "body": json.dumps(facts).encode() + b"\n", "more_body": False})
