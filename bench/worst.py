"""What the worst input costs on each page: `make bench WHAT=worst` (ARGS="Review Manage" for some).

The table of docs/worst.md is from here.

Two parties have put as much into one contract as its limits allow, worded so that it is dear to show; a third person
has very many contracts. What counts is the processor time of a worker that is warm and the memory that it needs on top:
the least of several answers, for other work on the machine makes each of them seem dearer than it is.
"""

import gc
import sys
import time
import tracemalloc
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from bench.house import database, row
from contracts.models import Contract
from messaging.models import Message
from milestones.models import Amendment, Change, Milestone
from milestones.rules import MAXIMUM_LINES
from notifications.models import Notification
from tests import factories as do

MOST_SECONDS, MOST_BYTES = 0.5, 50_000_000
RUNS = 5
MILESTONES = 300
CONTRACTS = 1_000
FORM = "application/x-www-form-urlencoded"

Answer = Any


@dataclass(frozen=True)
class Case:
    what: str
    by: User
    url: str
    posted: dict[str, Any] | None = None
    expected: tuple[int, ...] = field(default=(200,))
    in_parts: bool = False
    """Whether the form is sent as multipart/form-data."""
    by_htmx: bool = False


def dear_text(number: int, length: int = 20_000) -> str:
    """Dear to render and to compare: marks that may or may not belong together, addresses, and words that differ."""
    part = f"w{number} *a _b [c http://a-{number} `d <b> \N{GRINNING FACE} | e | 2*3*4 ~~f "
    return (part * (length // len(part) + 1))[:length]


def largest_contract(client: User, freelancer: User) -> Contract:
    contract = do.ContractFactory(title="The largest", client=client, freelancer=freelancer)
    milestones = Milestone.objects.bulk_create(
        Milestone(
            contract=contract,
            position=number,
            title=f"Part {number} ".ljust(200, "x"),
            description=dear_text(number),
            amount=10 + number,
            due_date=timezone.localdate(),
            state=Milestone.State.ACCEPTED,
            proposed_by=freelancer.party,
        )
        for number in range(1, MILESTONES + 1)
    )
    suggest(contract, milestones[:MAXIMUM_LINES], state=Change.State.PROPOSED, number=2)
    suggest(contract, milestones[MAXIMUM_LINES : 2 * MAXIMUM_LINES], state=Change.State.DECLINED, number=1)
    now = timezone.now()
    Message.objects.bulk_create(
        Message(contract=contract, author=freelancer, text=dear_text(number, 5000), client_id=uuid.uuid4(), sent_at=now)
        for number in range(500)
    )
    return contract


def suggest(contract: Contract, milestones: list[Milestone], *, state: str, number: int) -> None:
    """Each milestone is to get a description that shares every other word with its own."""
    is_open, now = state == Change.State.PROPOSED, timezone.now()
    amendment = Amendment.objects.create(
        contract=contract,
        number=number,
        party=contract.freelancer,
        author=do.person_of(contract.freelancer),
        saved_at=now,
        closed_at=None if is_open else now,
    )
    Change.objects.bulk_create(
        Change(
            amendment=amendment,
            milestone=milestone,
            kind=Change.Kind.EDIT,
            state=state,
            base_title=milestone.title,
            base_amount=milestone.amount,
            base_due_date=milestone.due_date,
            base_description=milestone.description,
            asked_title=milestone.title.replace("x", "y"),
            asked_amount=milestone.amount + 1,
            asked_description=milestone.description.replace("d", "D").replace("2*3", "5;6"),
            answered_by=None if is_open else do.person_of(contract.client),
            answered_at=None if is_open else now,
        )
        for milestone in milestones
    )


def busy_person() -> User:
    """Many contracts, with something unread and something to answer on each."""
    person, other = do.UserFactory(display_name="Busy Person"), do.UserFactory(display_name="Other Person")
    contracts = Contract.objects.bulk_create(
        Contract(title=f"Contract {number}", client=person.party, freelancer=other.party, currency="USD")
        for number in range(CONTRACTS)
    )
    milestones = Milestone.objects.bulk_create(
        Milestone(contract=each, position=number, title="Model", amount=10, proposed_by=other.party, state="accepted")
        for each in contracts
        for number in range(5)
    )
    now = timezone.now()
    amendments = Amendment.objects.bulk_create(
        Amendment(contract=each, number=1, party=other.party, author=other, saved_at=now) for each in contracts
    )
    Change.objects.bulk_create(
        Change(
            amendment=amendment,
            milestone=milestone,
            kind="edit",
            base_title="Model",
            base_amount=10,
            asked_title="Model",
            asked_amount=20,
        )
        for amendment, milestone in zip(amendments, milestones[::5], strict=True)
    )
    Message.objects.bulk_create(
        Message(contract=each, author=other, text="Hello", client_id=uuid.uuid4())
        for each in contracts
        for _number in range(5)
    )
    Notification.objects.bulk_create(
        Notification(recipient=person, kind="plan", text="Hello", subject="Hello", url="/", frequency="never")
        for _number in range(2_000)
    )
    return person


def cases(contract: Contract, busy: User) -> list[Case]:
    client, freelancer = do.person_of(contract.client), do.person_of(contract.freelancer)
    to = {name: reverse(f"milestones:{name}", args=[contract.pk]) for name in ("manage", "review", "check", "decide")}
    to |= {name: reverse(f"milestones:{name}", args=[contract.pk]) for name in ("paste", "plan_csv", "plan_text")}
    detail, chat = contract.get_absolute_url(), reverse("messaging:chat", args=[contract.pk])
    seen = {"seen": str(contract.plan_revision), "key": str(uuid.uuid4())}
    pending = list(Change.objects.pending().filter(amendment__contract=contract).order_by("pk"))
    offers = seen | {"line": [str(change.pk) for change in pending]}
    for change in pending:
        prefix = f"line{change.pk}"
        offers |= {f"{prefix}-choice": "counter", f"{prefix}-offer-title": "Other", f"{prefix}-offer-amount": "99"}
        offers[f"{prefix}-offer-description"] = dear_text(change.pk)
    too_long = "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    sheet = "Name,Amount,Due date\n" + "\n".join(f"Part {number},1.234.567,13/12/2030" for number in range(5_000))
    return [
        Case("Contract, 300 milestones", client, detail),
        Case("Contract, its last part", client, f"{detail}?rows=3"),
        Case("Manage", freelancer, to["manage"]),
        Case("Manage, a button pressed", freelancer, to["manage"], new_rows(seen, "add")),
        Case("Manage, totals while typing", freelancer, to["manage"], new_rows(seen, "preview"), by_htmx=True),
        Case("Manage, Save with an error in each row", freelancer, to["manage"], new_rows(seen, "save"), (422,)),
        Case("Review, 100 suggestions", client, to["review"]),
        Case("Review, seen by its author", freelancer, to["review"]),
        Case("Check of 100 offers, all of it long", client, to["check"], offers, in_parts=True),
        Case("Check of 100 offers, more than is taken", client, to["check"], offers | {"x": too_long}, (413,)),
        Case("Check of Approve all", client, to["check"], seen | {"every": "approve"}),
        Case("Amendment, 100 answered lines", client, reverse("milestones:amendment", args=[contract.pk, 1])),
        Case("Plan as text", client, to["plan_text"]),
        Case("Plan as CSV", client, to["plan_csv"]),
        Case("Paste of 5,000 lines", freelancer, to["paste"], {"do": "read", "text": sheet}, (200, 422)),
        Case("Chat, 50 messages of 5,000 characters", client, chat),
        Case(
            "Chat, search for 8 words", client, f"{reverse('messaging:search', args=[contract.pk])}?q=a+b+c+d+e+f+2+3"
        ),
        Case("Your contracts, 1,000 of them", busy, reverse("contracts:list")),
        Case("Your contracts, search", busy, f"{reverse('contracts:list')}?q=contract"),
        Case("Messages, 1,000 chats", busy, reverse("messaging:list")),
        Case("Notifications, 2,000 of them", busy, reverse("notifications:list")),
        Case("Help, signed in with all of that unread", busy, reverse("help:home")),
    ]


def new_rows(seen: dict[str, str], button: str) -> dict[str, Any]:
    """As many rows as one Save may hold, each long and none right."""
    count = MAXIMUM_LINES
    form: dict[str, Any] = seen | {"do": button, "row": [f"n{number}" for number in range(count)]}
    for number in range(count):
        form |= {f"n{number}-mode": "edit", f"n{number}-title": "T" * 500, f"n{number}-amount": "1,2,3" * 30}
        form[f"n{number}-description"] = "\N{GRINNING FACE}" * 500
    return form


def ask(client: Client, case: Case) -> Answer:
    headers = {"HX-Request": "true"} if case.by_htmx else {}
    if case.posted is None:
        return client.get(case.url, headers=headers)
    if case.in_parts:
        return client.post(case.url, case.posted)
    return client.post(case.url, urlencode(case.posted, doseq=True), content_type=FORM, headers=headers)


def seconds_of(act: Callable[[], Answer]) -> tuple[float, Answer]:
    gc.collect()
    begun = time.process_time()
    answer = act()
    return time.process_time() - begun, answer


def bytes_of(act: Callable[[], Answer]) -> int:
    gc.collect()
    tracemalloc.start()
    act()
    peak: int = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def measure(case: Case) -> bool:
    """Whether the page stays within its budget. The first answer is not counted: it may render texts for good."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(case.by)
    first, _answer = seconds_of(lambda: ask(client, case))
    again = [seconds_of(lambda: ask(client, case)) for _run in range(RUNS)]
    seconds, answer = min(again, key=lambda run: run[0])
    peak = bytes_of(lambda: ask(client, case))
    fits = seconds <= MOST_SECONDS and peak <= MOST_BYTES and answer.status_code in case.expected
    size = f"{len(answer.content) / 1e6:.2f} MB"
    verdict = "" if fits else f"over ({answer.status_code})"
    row(case.what, f"{first:.2f} s", f"{seconds:.2f} s", f"{peak / 1e6:.0f} MB", size, verdict)
    return fits


def main() -> None:
    with database():
        client, freelancer = (do.UserFactory(display_name=name) for name in ("Ben Okafor", "Mara Lindqvist"))
        contract, busy = largest_contract(client, freelancer), busy_person()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        row("page", "first", "warm", "memory", "answer", "")
        row(*["---"] * 6)
        words = sys.argv[1:]
        wanted = [case for case in cases(contract, busy) if not words or any(word in case.what for word in words)]
        fit = [measure(case) for case in wanted]
    sys.exit(0 if all(fit) else 1)


if __name__ == "__main__":
    main()
