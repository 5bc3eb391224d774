"""One row for each thing that happened: never changed, told in one sentence, and the other party hears of it."""

import ast
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from contracts import events
from contracts.models import Contract, Event
from tests import factories as do
from tests.factories import fresh

SUMS = {"count": 2, "net": Decimal("300.00"), "letter": "C", "number": 3, "revision": 1}
WORK = {"milestone": "Pump", "amount": Decimal("1200.00"), "note": ""}


def decided(*states: str, paid: str = "0", reason: str = "") -> dict[str, object]:
    counts = {f"{name}": states.count(state) for name, state in ANSWERS.items()}
    lines = [{"kind": "add", "title": "Pump", "state": state, "reason": reason} for state in states]
    return {**counts, "amount": Decimal(paid), "net": Decimal(0), "lines": lines}


ANSWERS = {"approved": "accepted", "declined": "declined", "countered": "countered"}
YES, NO, OTHER = ANSWERS.values()
TOLD = [
    ("contract.started", {}, "Ben started the contract."),
    ("contract.ended", {"reason": "Both agreed."}, "Ben ended the contract: “Both agreed.”"),
    ("suggestions.saved", SUMS, "Ben suggests 2 changes, +$300.00."),
    ("suggestions.saved", {**SUMS, "count": 1, "net": Decimal(-250)}, "Ben suggests 1 change, −$250.00."),
    ("suggestions.saved", {**SUMS, "count": 1, "net": Decimal(0)}, "Ben suggests 1 change."),
    ("suggestions.revised", SUMS, "Ben changed the suggestions: now 2 changes, +$300.00."),
    ("suggestions.revised", {**SUMS, "count": 1}, "Ben changed the suggestions: now 1 change, +$300.00."),
    ("suggestions.withdrawn", SUMS, "Ben withdrew the suggestions. Nothing was changed."),
    ("suggestions.reminded", {"letter": "C"}, "Ben reminds you that suggestions wait for your answer."),
    ("suggestions.decided", decided(YES), "Ben approved “Pump”."),
    ("suggestions.decided", decided(YES, paid="0.05"), "Ben approved “Pump”. $0.05 went into escrow."),
    ("suggestions.decided", decided(NO), "Ben declined “Pump”."),
    ("suggestions.decided", decided(NO, reason="Too late"), "Ben declined “Pump”: “Too late”"),
    ("suggestions.decided", decided(OTHER), "Ben suggests something else for “Pump”."),
    ("suggestions.decided", decided(YES, YES, YES), "Ben approved all 3 suggestions."),
    ("suggestions.decided", decided(NO, NO), "Ben declined all 2 suggestions. Nothing was changed."),
    ("suggestions.decided", decided(YES, NO), "Ben approved 1 suggestion and declined 1."),
    (
        "suggestions.decided",
        decided(YES, YES, NO, OTHER, paid="300.00"),
        "Ben approved 2 suggestions, declined 1 and suggests something else for 1. $300.00 went into escrow.",
    ),
    ("suggestions.decided", decided(OTHER) | {"late": 1}, "Ben approves “Pump” if its old price still holds."),
    (
        "suggestions.decided",
        decided(YES, OTHER, OTHER) | {"late": 1},
        "Ben approved 1 suggestion, suggests something else for 1 and approves 1 if its old price still holds.",
    ),
    ("plan.changed", SUMS, "Ben changed 2 upcoming milestones, +$300.00."),
    ("plan.changed", {**SUMS, "count": 1, "net": Decimal(0)}, "Ben changed 1 upcoming milestone."),
    ("milestone.funded", WORK, "Ben put $1,200.00 into escrow for “Pump”."),
    ("milestone.submitted", WORK, "Ben submitted the work on “Pump” for review."),
    ("milestone.submitted", {**WORK, "note": "Done."}, "Ben submitted the work on “Pump” for review. “Done.”"),
    ("milestone.returned", {**WORK, "note": "Thicker."}, "Ben asked for changes to the work on “Pump”. “Thicker.”"),
    ("milestone.released", WORK, "Ben approved the work on “Pump”; $1,200.00 was paid."),
    ("milestone.refunded", {**WORK, "note": "Late."}, "Ben sent the $1,200.00 of “Pump” back to the client. “Late.”"),
]


# --- Telling ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("verb", "facts", "sentence"), TOLD)
def test_tell_says_each_event_in_one_sentence(contract, ben, verb, facts, sentence):
    event = events.record(contract, verb, by=ben, url="/contracts/", **facts)

    assert events.tell(fresh(event)) == sentence


def test_tell_knows_exactly_the_verbs_of_this_table():
    assert set(events.SENTENCES) == {verb for verb, _facts, _sentence in TOLD}


def test_tell_knows_each_verb_that_an_action_records():
    recorded = {verb for path in ROOT.glob("*/actions*") for file in files(path) for verb in verbs_named_in(file)}

    assert recorded == set(events.SENTENCES)


ROOT = Path(settings.BASE_DIR)
VERB = re.compile(r"(contract|suggestions|plan|milestone|[a-z]+)\.[a-z]+(ed|n)")


def files(path: Path) -> list[Path]:
    return [path] if path.is_file() else sorted(path.glob("*.py"))


def verbs_named_in(file: Path) -> set[str]:
    texts = (node.value for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Constant))
    return {text for text in texts if isinstance(text, str) and VERB.fullmatch(text)}


def test_tell_writes_money_in_the_currency_of_the_contract(ben):
    contract = do.ContractFactory(client=ben, currency="JPY")

    event = events.record(contract, "milestone.funded", by=ben, url="/", milestone="Pump", amount=Decimal(120000))

    assert events.tell(event) == "Ben put ¥120,000 into escrow for “Pump”."


# --- Recording --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("actor", "told"), [("ben", ["mara"]), ("mara", ["ben"]), ("staff", ["ben", "mara"])])
def test_record_tells_each_party_who_did_not_act(contract, request, actor, told):
    events.record(contract, "contract.started", by=request.getfixturevalue(actor), url="/contracts/")

    heard = [name for name in ("ben", "mara", "staff") if request.getfixturevalue(name).notifications.exists()]
    assert heard == told


def test_record_quietly_tells_nobody(contract, ben, mara):
    event = events.record(contract, "contract.started", by=ben, url="/contracts/", quietly=True)

    assert list(contract.events.all()) == [event]
    assert not mara.notifications.exists()


def test_record_notes_the_revision_of_the_plan(contract, ben):
    contract.plan_revision = 7

    assert events.record(contract, "contract.started", by=ben, url="/").plan_revision == 7


def test_long_sentence_is_cut_for_the_inbox_and_kept_in_the_event(contract, ben, mara):
    event = events.record(contract, "contract.ended", by=ben, url="/", reason="x" * 2000)

    assert len(mara.notifications.get().text) == 500
    assert len(events.tell(event)) > 2000


@pytest.mark.parametrize("statement", ["UPDATE contracts_event SET verb = 'other'", "DELETE FROM contracts_event"])
def test_event_is_never_changed_and_never_deleted(contract, ben, statement):
    events.record(contract, "contract.started", by=ben, url="/")

    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert Event.objects.get().verb == "contract.started"


# --- Reading ----------------------------------------------------------------------------------------------------------
def test_since_tells_what_changed_after_the_revision_that_was_seen(contract):
    do.propose(contract, "One", "100.00")
    seen = fresh(contract).plan_revision
    do.propose(contract, "Two", "50.00")
    do.approve(*contract.milestones.first().changes.all())

    assert events.since(contract, seen) == [
        f"{contract.freelancer.get_short_name()} changed the suggestions: now 2 changes, +$150.00.",
        f"{contract.client.get_short_name()} approved “One”.",
    ]


def test_since_the_current_revision_is_nothing(contract):
    do.propose(contract)

    assert events.since(contract, fresh(contract).plan_revision) == []


def test_since_is_of_this_contract_only(contract):
    do.propose(do.ContractFactory())

    assert events.since(contract, 0) == []


def many(contract: Contract, count: int) -> list[Event]:
    return [
        events.record(contract, "contract.ended", by=contract.client, url="/", quietly=True, reason=str(number))
        for number in range(count)
    ]


@pytest.mark.parametrize(("count", "more"), [(0, False), (20, False), (21, True)])
def test_timeline_has_a_next_page_only_when_there_is_more(contract, count, more):
    rows = many(contract, count)

    page = events.timeline(contract)

    assert len(page.entries) == min(count, 20)
    assert page.next == (rows[1].pk if more else None)


def test_timeline_pages_hold_each_event_once_newest_first(contract):
    many(contract, 45)
    told, before = [], None
    while True:
        page = events.timeline(contract, before=before)
        told += [entry.sentence for entry in page.entries]
        if page.next is None:
            break
        before = str(page.next)

    assert told == [f"Ben ended the contract: “{number}”" for number in reversed(range(45))]


@pytest.mark.parametrize("before", ["", "x", "-1", "1e3", "²", "0x1", "1 OR 1=1"])
def test_timeline_from_what_is_no_id_is_the_first_page(contract, before):
    many(contract, 1)

    assert len(events.timeline(contract, before=before).entries) == 1


@pytest.mark.parametrize("digits", [30, 5000])
def test_timeline_from_beyond_every_id_is_the_first_page(contract, digits):
    many(contract, 1)

    assert len(events.timeline(contract, before="9" * digits).entries) == 1
