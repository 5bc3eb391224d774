"""How the database finds its way: a chat is read by its own index, not through everybody's messages."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from contracts.models import Contract
from messaging import actions, queries
from messaging.models import Message
from parties.models import Party
from tests.messaging.writing import post

OTHERS = 300


@pytest.fixture
def long_ago(contract, ben, mara):
    """The other party wrote once; then everybody else wrote."""
    post(contract, mara)
    people = User.objects.bulk_create(
        User(email=f"person-{number}@example.org", display_name="Somebody") for number in range(2 * OTHERS)
    )
    parties = list(Party.objects.filter(person__in=people))
    others = Contract.objects.bulk_create(
        Contract(title="Bracket", client=client, freelancer=freelancer, currency="USD")
        for client, freelancer in zip(parties[:OTHERS], parties[OTHERS:], strict=True)
    )
    now = timezone.now()
    Message.objects.bulk_create(
        Message(
            contract=others[number % OTHERS],
            author=people[0],
            text="Hello",
            client_id=uuid.uuid4(),
            sent_at=now + timedelta(milliseconds=number),
        )
        for number in range(2000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE contracts_contract, messaging_message, messaging_readmark, parties_membership")
    return contract


def plans_of(captured: CaptureQueriesContext, table: str) -> list[str]:
    """How the database ran each query that read this table."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # which is what Postgres likes best for so few rows
        for query in captured.captured_queries:
            if query["sql"].startswith("SELECT") and f'"{table}"' in query["sql"]:
                cursor.execute(f"EXPLAIN {query['sql']}")
                found.append("\n".join(line for (line,) in cursor.fetchall()))
    return found


def test_reading_walks_through_this_chat_alone(long_ago, ben):
    with CaptureQueriesContext(connection) as captured:
        actions.read(long_ago, by=ben)

    (plan, *_rest) = plans_of(captured, "messaging_message")
    assert "Backward using messaging_message_pkey" not in plan, "that walks through everybody's messages"
    assert "Seq Scan on messaging_message " not in plan
    assert "messaging_newest" in plan or "(id = u3.message_id)" in plan


def test_badge_looks_into_the_index_of_each_chat(long_ago, ben):
    with CaptureQueriesContext(connection) as captured:
        assert queries.unread_badge(ben) == "1"

    (plan,) = plans_of(captured, "messaging_message")
    assert "messaging_unread" in plan or "messaging_newest" in plan
    assert "Seq Scan on messaging_message " not in plan


def test_chat_that_is_read_asks_little(long_ago, ben, as_):
    client, url = as_(ben), reverse("messaging:chat", args=[long_ago.pk])
    assert client.get(url).status_code == 200
    assert queries.unread_badge(ben) == ""

    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200

    assert len(captured) <= 10
    assert [query["sql"] for query in captured if not query["sql"].startswith("SELECT")] == []
