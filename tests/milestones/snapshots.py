"""To say that a refusal changed nothing: every row of every table that an act could touch, before and after."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from web.refusals import Refused

APPS = ("contracts", "milestones", "messaging", "escrow", "notifications")
APART = {"milestones_keptanswers"}  # what somebody has not sent decides nothing; its own tests say when it stays


def snapshot() -> dict[str, Any]:
    """Plan, events, receipts, messages, notifications, money, and the history of each. One query."""
    models = [model._meta for name in APPS for model in apps.get_app_config(name).get_models()]
    models = [meta for meta in models if meta.db_table not in APART and not meta.proxy]
    rows = "SELECT '{0}', (SELECT jsonb_agg(to_jsonb(t) ORDER BY {1}) FROM {0} t)"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(rows.format(meta.db_table, meta.pk.column) for meta in models))
        return dict(cursor.fetchall())


@contextmanager
def refused(kind: type[Refused], sentence: str | None = None) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """What happens inside is refused for exactly this reason, and has changed nothing."""
    before = snapshot()
    with pytest.raises(Refused) as refusal:
        yield refusal
    assert type(refusal.value) is kind, refusal.value.sentence
    assert sentence is None or refusal.value.sentence == sentence
    assert snapshot() == before


@contextmanager
def nothing_changes() -> Iterator[None]:
    before = snapshot()
    yield
    assert snapshot() == before
