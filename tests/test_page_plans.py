"""No page reads what belongs to others: each query finds its rows by an index, however large the tables are."""

import json
import uuid
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from contracts.models import Contract, Event
from messaging.models import Attachment, Message
from milestones.models import Amendment, Change, Milestone
from notifications.models import Notification
from parties.models import Party
from tests import factories as do
from tests.factories import State, milestone_at
from tests.messaging.writing import post

OTHERS = 2000
GROWING = {
    *("accounts_user", "contracts_contract", "contracts_event", "contracts_receipt"),
    *("milestones_milestone", "milestones_amendment", "milestones_change"),
    *("messaging_message", "messaging_readmark", "messaging_attachment"),
    *("notifications_notification", "notifications_email", "escrow_account", "escrow_transfer", "escrow_deposit"),
}


@pytest.fixture
def contract(ben: User, mara: User) -> Contract:
    """One contract with everything on it, among those of many other people."""
    crowd()
    contract = do.ContractFactory(title="Pump housing", client=ben, freelancer=mara)
    for state in (State.ACCEPTED, State.FUNDED, State.SUBMITTED, State.PAID):
        milestone_at(state, contract)
    do.counter(do.propose(contract, "Casting review"), amount="90.00")
    do.propose(contract, "Stress check")
    post(contract, ben)
    post(contract, mara)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return contract


def crowd() -> None:
    people = User.objects.bulk_create(
        User(email=f"person-{number}@example.org", display_name=f"Person {number}") for number in range(OTHERS)
    )
    parties = list(Party.objects.filter(person__in=people).select_related("person"))
    pairs = list(zip(parties, [*parties[1:], parties[0]], strict=True))
    contracts = Contract.objects.bulk_create(
        Contract(title="Bracket", client=one, freelancer=other, currency="USD") for one, other in pairs
    )
    milestones = Milestone.objects.bulk_create(
        Milestone(contract=each, position=1, title="Model", amount=10, proposed_by=each.freelancer)
        for each in contracts
    )
    amendments = Amendment.objects.bulk_create(
        Amendment(
            contract=each, number=1, party=each.freelancer, author=each.freelancer.person, saved_at=each.started_at
        )
        for each in contracts
    )
    Change.objects.bulk_create(
        Change(amendment=amendment, milestone=milestone, kind="add", asked_title="Model", asked_amount=10)
        for amendment, milestone in zip(amendments, milestones, strict=True)
    )
    Event.objects.bulk_create(
        Event(
            contract=each, verb="contract.started", by=each.client.person, party=each.client, url="/", plan_revision=0
        )
        for each in contracts
    )
    messages = Message.objects.bulk_create(
        Message(contract=each, author=each.client.person, text="Hello", client_id=uuid.uuid4()) for each in contracts
    )
    Attachment.objects.bulk_create(
        Attachment(message=each, file="chat/x", name="sheet.pdf", content_type="application/pdf", size=1)
        for each in messages
    )
    Notification.objects.bulk_create(
        Notification(
            recipient=each.client.person, kind="plan", text="Hello", subject="Hello", url="/", frequency="never"
        )
        for each in contracts
    )


def walks(plan: dict[str, Any]) -> Iterator[str]:
    """The steps of a plan that go through a whole table, in its own order or in that of an index."""
    kind = plan["Node Type"]
    by_no_condition = kind.startswith("Index") and "Index Cond" not in plan
    if plan.get("Relation Name") in GROWING and (kind == "Seq Scan" or by_no_condition):
        yield f"{kind} of {plan['Relation Name']} {plan.get('Index Name', '')}".strip()
    for part in plan.get("Plans", []):
        yield from walks(part)


def walks_of(captured: CaptureQueriesContext) -> list[str]:
    """As the database would run the queries of a page on tables too large to be read whole."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for query in captured.captured_queries:
            if query["sql"].startswith("SELECT") and "set_config" not in query["sql"]:  # which goes before a write
                cursor.execute(f"EXPLAIN (FORMAT JSON) {query['sql']}")
                ((plan,),) = cursor.fetchall()
                plan = json.loads(plan) if isinstance(plan, str) else plan
                found += [f"{walk}: {query['sql'][:400]}" for walk in walks(plan[0]["Plan"])]
    return found


PAGES = {
    **dict.fromkeys(["contracts:list", "messaging:list", "notifications:list", "escrow:balance", "help:home"], False),
    **dict.fromkeys(["contracts:detail", "milestones:manage", "milestones:review", "messaging:chat"], True),
    "messaging:search": True,
}


def test_no_page_walks_through_a_whole_table(contract, as_, ben, mara):
    found = {}
    for client, (name, is_of_contract) in product([as_(ben), as_(mara)], PAGES.items()):
        with CaptureQueriesContext(connection) as captured:
            response = client.get(reverse(name, args=[contract.pk] if is_of_contract else []), {"q": "hello"})
        assert response.status_code == 200
        found[name] = found.get(name, []) + walks_of(captured)

    assert found == {name: [] for name in PAGES}
