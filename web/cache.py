from datetime import datetime
from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.db import connections


class NeverCulled(DatabaseCache):
    """Counters: one that still counts is never dropped, however many there are, or guessing would be free again.

    Above MAX_ENTRIES those that have run out leave, and no others.
    """

    def _cull(self, db: str, cursor: Any, now: datetime, num: int) -> None:
        table = connections[db].ops.quote_name(self._table)  # type: ignore[attr-defined]
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [now])  # noqa: S608 (the table's own name)
