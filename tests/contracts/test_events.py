"""One row for each thing that happened: never changed, told in one sentence, and the other party hears of it."""

import datetime
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from contracts import events
from contracts.events import ContractEnded, ContractStarted, Happened, Money, Net, PersonRenamed, Quoted, Written
from contracts.models import Contract, Event
from milestones.events import (
    AnsweredLine,
    ChangedLine,
    MilestoneFunded,
    MilestoneRefunded,
    MilestoneReleased,
    MilestoneReturned,
    MilestoneSubmitted,
    PlanChanged,
    SuggestionsClosed,
    SuggestionsDecided,
    SuggestionsReminded,
    SuggestionsRevised,
    SuggestionsSaved,
    SuggestionsWithdrawn,
)
from milestones.models import Terms
from tests import factories as do
from tests.factories import fresh

NOTHING, UP = Net(Decimal(0), "USD"), Net(Decimal("300.00"), "USD")


def saved(kind, *, count: int = 2, net: Net = UP, **facts: object) -> Happened:
    return kind(letter="C", number=3, amendment_pk=8, revision=1, count=count, net=net, **facts)


def changed(*lines: ChangedLine, count: int = 0, net: Net = UP) -> PlanChanged:
    count = count or len(lines)
    return PlanChanged(letter="C", number=3, amendment_pk=8, revision=1, count=count, net=net, lines=lines)


def work(kind, note: str = "") -> Happened:
    return kind(milestone=Written("Pump"), amount=usd("1200.00"), milestone_pk=7, note=Quoted(note))


PUMP = Terms("Pump", Decimal("900.00"), datetime.date(2027, 5, 8))


def line(kind: str, title: str = "Pump", *, once: str = "", **before: Any) -> ChangedLine:
    """What is in force now is due 8 May; `before` is what was otherwise."""
    after = replace(PUMP, title=title)
    return ChangedLine(kind=kind, currency="USD", before=replace(after, title=once or title, **before), after=after)


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


def decided(*states: str, kind: str = "add", paid: str = "0", reason: str = "", late: int = 0) -> SuggestionsDecided:
    lines = [AnsweredLine(kind=kind, title=Written("Pump"), state=state, reason=Quoted(reason)) for state in states]
    return SuggestionsDecided(
        letter="C",
        number=3,
        approved=states.count(YES),
        declined=states.count(NO),
        countered=states.count(OTHER),
        late=late,
        amount=usd(paid),
        net=NOTHING,
        lines=tuple(lines),
    )


YES, NO, OTHER = "accepted", "declined", "countered"
TOLD = [
    (ContractStarted(), "Ben started the contract."),
    (ContractEnded(reason=Quoted("Both agreed.")), "Ben ended the contract: “Both agreed.”"),
    (PersonRenamed(before=Written("Ben"), after=Written("Tom")), "Ben is called Tom from now on."),
    (saved(SuggestionsSaved), "Ben made 2 suggestions, +$300.00."),
    (saved(SuggestionsSaved, count=1, net=Net(Decimal(-250), "USD")), "Ben made 1 suggestion, −$250.00."),
    (saved(SuggestionsSaved, count=1, net=NOTHING), "Ben made 1 suggestion."),
    (saved(SuggestionsRevised), "Ben changed the suggestions: now 2, +$300.00."),
    (saved(SuggestionsWithdrawn), "Ben withdrew the suggestions."),
    (
        saved(SuggestionsClosed, author=Written("Mara")),
        "Ben closed 2 suggestions of Mara that waited for an answer.",
    ),
    (SuggestionsReminded(letter="C"), "Ben sent a reminder: suggestions wait for an answer."),
    (decided(YES), "Ben approved “Pump”."),
    (decided(YES, paid="0.05"), "Ben approved “Pump”. $0.05 went into escrow."),
    (decided(NO), "Ben declined “Pump”."),
    (decided(NO, reason="Too late"), "Ben declined “Pump”: “Too late”"),
    (decided(OTHER), "Ben suggests something else for “Pump”."),
    (decided(YES, kind="remove"), "Ben agreed to remove “Pump”."),
    (decided(NO, kind="remove"), "Ben declined to remove “Pump”."),
    (decided(NO, kind="remove", reason="I need it"), "Ben declined to remove “Pump”: “I need it”"),
    (decided(OTHER, kind="remove"), "Ben suggests other terms instead of removing “Pump”."),
    (decided(YES, YES, YES), "Ben approved all 3 suggestions."),
    (decided(NO, NO), "Ben declined all 2 suggestions. Nothing was changed."),
    (decided(NO, NO, OTHER), "Ben declined 2 suggestions and suggests something else for 1."),
    (
        decided(OTHER, OTHER, late=1),
        "Ben suggests something else for 1 suggestion and approves 1 if its old price still holds.",
    ),
    (decided(YES, NO), "Ben approved 1 suggestion and declined 1."),
    (
        decided(YES, YES, NO, OTHER, paid="300.00"),
        "Ben approved 2 suggestions, declined 1 and suggests something else for 1. $300.00 went into escrow.",
    ),
    (decided(OTHER, late=1), "Ben approves “Pump” if its old price still holds."),
    (
        decided(YES, OTHER, OTHER, late=1),
        "Ben approved 1 suggestion, suggests something else for 1 and approves 1 if its old price still holds.",
    ),
    (changed(line("add", "Drawings")), "Ben added “Drawings”, $900.00."),
    (changed(line("remove", "Drawings")), "Ben removed “Drawings”, $900.00."),
    (
        changed(line("edit", amount=Decimal("500.00"), due_date=datetime.date(2027, 5, 1))),
        "Ben changed “Pump”: $500.00 → $900.00, due 1 May 2027 → 8 May 2027.",
    ),
    (changed(line("edit", "Pump two", once="Pump")), "Ben changed “Pump”: now “Pump two”."),
    (changed(replace(line("edit"), after=replace(PUMP, due_date=None))), "Ben changed “Pump”: no due date any more."),
    (changed(line("edit")), "Ben changed “Pump”."),
    (
        changed(line("add", "A"), line("remove", "B"), line("edit", "C", due_date=None), line("add", "D")),
        "Ben changed 4 upcoming milestones, +$300.00:"
        " added “A”, $900.00; removed “B”, $900.00; changed “C”: due 8 May 2027; and 1 more.",
    ),
    (changed(count=2), "Ben changed 2 upcoming milestones, +$300.00."),
    (changed(count=1, net=NOTHING), "Ben changed 1 upcoming milestone."),
    (work(MilestoneFunded), "Ben put $1,200.00 into escrow for “Pump”."),
    (work(MilestoneSubmitted), "Ben submitted the work on “Pump” for review."),
    (work(MilestoneSubmitted, "Done."), "Ben submitted the work on “Pump” for review. “Done.”"),
    (work(MilestoneReturned, "Thicker."), "Ben asked for changes to the work on “Pump”. “Thicker.”"),
    (work(MilestoneReleased), "Ben approved the work on “Pump”; $1,200.00 was paid."),
    (work(MilestoneRefunded, "Late."), "Ben sent the $1,200.00 of “Pump” back to the client. “Late.”"),
]


# --- Telling ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("happened", "sentence"), TOLD)
def test_tell_says_each_event_in_one_sentence(contract, ben, happened, sentence):
    event = fresh(events.record(contract, happened, by=ben))

    assert events.tell(event) == sentence
    assert Happened.kept(event) == happened


def test_tell_knows_exactly_the_verbs_of_this_table():
    assert set(Happened.verbs) == {happened.verb for happened, _sentence in TOLD}


def test_tell_reads_a_row_with_facts_of_another_version(contract, ben):
    facts = {"letter": "C", "number": 3, "revision": 1, "count": 2, "net": "300.00", "colour": "blue"}
    event = Event.objects.create(
        contract=contract, verb="plan.changed", by=ben, party=ben.party, facts=facts, url="/", plan_revision=1
    )

    assert events.tell(fresh(event)) == "Ben changed 2 upcoming milestones, +$300.00."


def test_tell_writes_money_in_the_currency_of_the_contract(ben):
    contract = do.ContractFactory(client=ben, currency="JPY")
    funded = MilestoneFunded(milestone=Written("Pump"), amount=Money(Decimal(120000), "JPY"))

    assert events.tell(events.record(contract, funded, by=ben)) == "Ben put ¥120,000 into escrow for “Pump”."


def test_tell_says_that_staff_are_staff(contract, staff):
    assert (
        events.tell(events.record(contract, ContractStarted(), by=staff)) == "Tranche staff (Sam) started the contract."
    )


def test_tell_reads_lines_as_they_were_kept_once(contract, ben):
    line = {"kind": "edit", "title": "Pump", "old_title": "Pump", "amount": "9.00", "old_amount": "5.00"}
    kept = [{**line, "due": "2027-05-08", "old_due": None}, line]
    facts = {"letter": "C", "revision": 1, "count": 2, "net": "8.00", "lines": kept}
    event = Event.objects.create(
        contract=contract, verb="plan.changed", by=ben, party=ben.party, facts=facts, url="/", plan_revision=1
    )

    assert events.tell(fresh(event)) == (
        "Ben changed 2 upcoming milestones, +$8.00:"
        " changed “Pump”: $5.00 → $9.00, due 8 May 2027; changed “Pump”: $5.00 → $9.00."
    )


# --- Recording --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("actor", "told"), [("ben", ["mara"]), ("mara", ["ben"]), ("staff", ["ben", "mara"])])
def test_record_tells_each_party_who_did_not_act(contract, request, actor, told):
    events.record(contract, ContractStarted(), by=request.getfixturevalue(actor))

    heard = [name for name in ("ben", "mara", "staff") if request.getfixturevalue(name).notifications.exists()]
    assert heard == told


def test_record_quietly_tells_nobody(contract, ben, mara):
    event = events.record(contract, ContractStarted(), by=ben, quietly=True)

    assert list(contract.events.all()) == [event]
    assert not mara.notifications.exists()


def test_record_notes_the_revision_of_the_plan(contract, ben):
    contract.plan_revision = 7

    assert events.record(contract, ContractStarted(), by=ben).plan_revision == 7


def test_long_sentence_is_cut_for_the_inbox_and_kept_in_the_event(contract, ben, mara):
    event = events.record(contract, ContractEnded(reason=Quoted("x" * 2000)), by=ben)

    assert len(mara.notifications.get().text) == 500
    assert len(events.tell(event)) > 2000


@pytest.mark.parametrize("statement", ["UPDATE contracts_event SET verb = 'other'", "DELETE FROM contracts_event"])
def test_event_is_never_changed_and_never_deleted(contract, ben, statement):
    events.record(contract, ContractStarted(), by=ben)

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
        f"{contract.freelancer.get_short_name()} changed the suggestions: now 2, +$150.00.",
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
        events.record(contract, ContractEnded(reason=Quoted(str(number))), by=contract.client.person, quietly=True)
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
