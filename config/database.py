"""How the site is connected to Postgres: a small pool that checks what it gives, and limits to every wait."""

from typing import Any

POOL = {
    "min_size": 1,
    "max_size": 5,  # no process has more threads that ask
    "max_idle": 60.0,  # seconds
    "timeout": 8.0,  # seconds until a request that gets no connection fails
    "reconnect_timeout": 4.0,  # seconds of trying again, ever more slowly; then the next request begins anew
}
SECONDS_TO_CONNECT = 5
LIMITS = {"lock_timeout": 5, "statement_timeout": 30, "idle_in_transaction_session_timeout": 60}
"""Seconds that a page or a stream waits. The worker, `migrate` and `check_ledger` take the time that they need."""


def options(given: dict[str, Any], *, pooled: bool) -> dict[str, Any]:
    """What a connection is made with. What DATABASE_URL says comes first."""
    return {"connect_timeout": SECONDS_TO_CONNECT, **({"pool": POOL} if pooled else {}), **given}


def limit_waits(database: dict[str, Any], *, behind_a_pooler: bool) -> None:
    """For a server, before it connects for the first time. What DATABASE_URL says goes last, and so before.

    A transaction pooler takes no settings with a connection: there the role has them (docs/live.md).
    """
    if not behind_a_pooler:
        mine = " ".join(f"-c {name}={seconds}s" for name, seconds in LIMITS.items())
        database["OPTIONS"]["options"] = f"{mine} {database['OPTIONS'].get('options', '')}".strip()
