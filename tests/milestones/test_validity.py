"""A price that is valid until a day. After that day, in the contract's zone, an approval asks its author once more."""

import datetime
import uuid
from contextlib import AbstractContextManager

import pytest
from django.urls import reverse

from contracts.models import Contract
from demo.data.clock import standing_at
from escrow.actions import InsufficientFunds
from escrow.queries import balance
from milestones import queries
from milestones.actions import InvalidLines
from milestones.models import Change, Milestone
from milestones.rules import Problem
from notifications.models import Notification
from tests import factories as do
from tests.factories import State, add, approve, counter, decline, edit, fresh, milestone_at, valid
from tests.milestones.in_person import Person, choose_something_else, totals
from tests.milestones.snapshots import nothing_changes, refused

LAST = datetime.date(2030, 6, 10)
"""The last day on which the price of these tests is valid. Days begin and end in Berlin, two hours before UTC."""

IN_TIME = datetime.datetime(2030, 6, 10, 21, 58, tzinfo=datetime.UTC)
LATE = datetime.datetime(2030, 6, 10, 22, 1, tzinfo=datetime.UTC)
TOO_OLD = "The price must be valid until today or later."


def on(day: int) -> AbstractContextManager[None]:
    """At noon of that day of June 2030."""
    return standing_at(datetime.datetime(2030, 6, day, 12, tzinfo=datetime.UTC))


@pytest.fixture
def active(contract: Contract) -> Milestone:
    """Funded with 100.00; nothing is left in the client's balance."""
    return milestone_at(State.FUNDED, contract, title="Pump", amount="100.00")


@pytest.fixture
def change(contract: Contract, active: Milestone) -> Change:
    """150.00 instead of 100.00, valid until the tenth."""
    return suggested(contract, edit(active, amount="150.00"))


def suggested(contract, line, *, until: datetime.date | None = LAST) -> Change:
    with on(3):
        do.save(contract, valid(line, until))
    Notification.objects.all().delete()
    return Change.objects.pending().latest("id")


def told_to(person) -> list[tuple[str, str]]:
    return list(person.notifications.order_by("id").values_list("text", "url"))


def review_of(contract) -> str:
    return reverse("milestones:review", args=[contract.pk])


def latest_of(contract) -> str:
    return contract.amendments.latest("number").get_absolute_url()


# --- Until when -------------------------------------------------------------------------------------------------------
def test_price_is_kept_with_the_suggestion(change):
    assert change.valid_until == LAST


def test_approve_on_the_last_valid_day_applies(change, active, ben):
    do.deposit(ben)

    with standing_at(IN_TIME):
        approve(change)

    assert (fresh(change).state, fresh(active).amount, fresh(active).escrow.balance) == ("accepted", 150, 150)


def test_approve_on_the_day_after_asks_once_more(change, active, ben):
    do.deposit(ben)

    with standing_at(LATE):
        approve(change)

    assert (fresh(change).state, fresh(change).answered_by) == ("countered", ben)
    assert (fresh(active).terms, fresh(active).escrow.balance, balance(ben.party, "USD")) == (active.terms, 100, 1000)


@pytest.mark.parametrize(
    ("zone", "last_moment"),
    [
        ("Pacific/Auckland", "2030-06-10T11:58Z"),  # there it is the eleventh while London has the tenth
        ("UTC", "2030-06-10T23:58Z"),
        ("America/Los_Angeles", "2030-06-11T06:58Z"),
    ],
)
def test_day_ends_in_the_contracts_zone(ben, mara, zone, last_moment):
    contract = do.ContractFactory(client=ben, freelancer=mara, time_zone=zone)
    milestone = milestone_at(State.ACCEPTED, contract)
    first = suggested(contract, edit(milestone, amount="150.00"))
    last = datetime.datetime.fromisoformat(last_moment)

    with standing_at(last):
        approve(first)
    second = suggested(contract, edit(milestone, amount="160.00"))
    with standing_at(last + datetime.timedelta(minutes=3)):
        approve(second)

    assert (fresh(first).state, fresh(second).state) == ("accepted", "countered")


def test_price_without_a_day_is_valid_for_ever(contract, active, ben):
    change = suggested(contract, edit(active, title="Pump, two inlets"), until=None)

    with standing_at(LATE + datetime.timedelta(days=400)):
        approve(change)

    assert fresh(change).state == "accepted"


def test_late_suggestion_never_closes_by_itself(contract, change, ben):
    with standing_at(LATE + datetime.timedelta(days=400)):
        assert [(one.amendment, one.count, one.answerer) for one in queries.waiting(contract, viewer=ben)] == [
            (change.amendment, 1, ben.party)
        ]
        assert Change.objects.pending().get() == change


# --- Asked once more --------------------------------------------------------------------------------------------------
def test_late_approval_offers_the_same_terms_to_the_author(contract, change, active, ben, mara):
    with standing_at(LATE):
        approve(change)

    offer = Change.objects.get(counters=change)
    assert (offer.state, offer.kind, offer.amendment.author) == ("proposed", "edit", ben)
    assert (offer.asked, offer.base, offer.valid_until) == (change.asked, active.terms, None)
    assert [(one.answerer, one.count) for one in queries.waiting(contract, viewer=ben)] == [(mara.party, 1)]


def test_late_approval_tells_the_author_once(contract, change, ben, mara):
    with standing_at(LATE):
        approve(change)

    assert told_to(mara) == [("Ben approves “Pump” if its old price still holds.", latest_of(contract))]
    assert told_to(ben) == []


def test_late_approval_of_an_addition_proposes_it_in_the_clients_name(contract, ben):
    change = suggested(contract, add("Stress check", "100.00"))

    with standing_at(LATE):
        approve(change)

    milestone = Milestone.objects.get()
    assert (milestone.state, milestone.proposed_by, milestone.amount) == (State.PROPOSED, ben.party, 100)


def test_late_approval_funds_nothing(contract, ben):
    change = suggested(contract, add("Stress check", "100.00"))
    do.deposit(ben)

    with standing_at(LATE):
        approve(change, fund=True)

    assert (Milestone.objects.get().escrow, balance(ben.party, "USD")) == (None, 1000)


def test_late_approval_needs_no_money(change):
    with standing_at(IN_TIME), refused(InsufficientFunds):
        approve(change)

    with standing_at(LATE):
        approve(change)

    assert fresh(change).state == "countered"


def test_late_approval_beside_one_in_time(contract, active, ben, mara):
    new = suggested(contract, add("Stress check", "80.00"), until=LAST + datetime.timedelta(days=1))
    edited = suggested(contract, edit(active, amount="150.00"))

    with standing_at(LATE):
        approve(new, edited)

    assert [fresh(change).state for change in (new, edited)] == ["accepted", "countered"]
    said = "Ben approved 1 suggestion and approves 1 if its old price still holds."
    assert told_to(mara) == [(said, latest_of(contract))]


def test_author_confirms_and_the_terms_apply(change, active, ben, mara):
    do.deposit(ben)
    with standing_at(LATE):
        approve(change)
        approve(Change.objects.get(counters=change), by=mara)

    assert (fresh(active).amount, fresh(active).escrow.balance, balance(ben.party, "USD")) == (150, 150, 950)


def test_author_who_does_not_confirm_leaves_all_as_it_was(change, active, mara):
    with standing_at(LATE):
        approve(change)
        decline(Change.objects.get(counters=change), by=mara)

    assert fresh(active).terms == active.terms
    assert not Change.objects.pending().exists()


def test_author_asks_for_another_price_instead(change, active, ben):
    with standing_at(LATE):
        approve(change)
        offer = counter(Change.objects.get(counters=change), amount="170.00")
        do.deposit(ben)
        approve(offer)

    assert fresh(active).amount == 170


@pytest.mark.parametrize("answer", [decline, lambda change: counter(change, amount="120.00"), do.withdraw])
def test_late_suggestion_can_be_answered_in_every_other_way(change, active, answer):
    with standing_at(LATE):
        answer(change)

    assert fresh(change).state in ("declined", "countered", "withdrawn")
    assert fresh(active).terms == active.terms


def test_late_suggestion_countered_with_its_own_terms_is_refused(change):
    with standing_at(LATE), refused(InvalidLines, "These are the suggested terms. Approve them instead."):
        counter(change)


def test_late_approval_posted_twice_asks_once(contract, change):
    key, seen = uuid.uuid4(), fresh(contract).plan_revision
    with standing_at(LATE):
        approve(change, key=key, seen=seen)
        with nothing_changes():
            approve(change, key=key, seen=seen)


# --- Saving it --------------------------------------------------------------------------------------------------------
def test_only_another_day_revises_the_suggestion(contract, change, active, ben):
    later = LAST + datetime.timedelta(days=7)

    with on(5):
        do.save(contract, valid(edit(active), later))

    now = fresh(change)
    assert (now.valid_until, now.asked, now.revised_in) == (later, change.asked, 2)
    assert told_to(ben) == [("Mara changed the suggestions: now 1, +$50.00.", latest_of(contract))]


def test_day_can_be_taken_away(contract, change, active):
    with on(5):
        do.save(contract, valid(edit(active), None))

    assert fresh(change).valid_until is None


def test_late_price_can_be_renewed(contract, change, active, ben):
    do.deposit(ben)
    with on(12):
        do.save(contract, valid(edit(active), datetime.date(2030, 6, 20)))
    with on(20):
        approve(change)

    assert (fresh(change).state, fresh(active).amount) == ("accepted", 150)


def test_same_day_and_same_terms_are_no_change(contract, change, active):
    with on(5), refused(InvalidLines, "This changes nothing. Change a field, or press Undo."):
        do.save(contract, valid(edit(active), LAST))


def test_day_alone_is_no_suggestion(contract, active):
    with on(5), refused(InvalidLines, "This changes nothing. Change a field, or press Undo."):
        do.save(contract, valid(edit(active), LAST))


@pytest.mark.parametrize("line", [lambda milestone: edit(milestone, amount="150.00"), lambda _milestone: add("New")])
def test_price_that_is_not_valid_any_more_is_refused(contract, active, line):
    with standing_at(LATE), refused(InvalidLines, TOO_OLD) as refusal:
        do.save(contract, valid(line(active), LAST))

    assert [problem.field for problem in refusal.value.problems] == ["valid_until"]


@pytest.mark.parametrize("line", [lambda milestone: edit(milestone, amount="150.00"), lambda _milestone: add("New")])
def test_price_that_is_valid_today_is_fine(contract, active, line):
    with standing_at(IN_TIME):
        do.save(contract, valid(line(active), LAST))

    assert Change.objects.pending().get().valid_until == LAST


def test_late_suggestion_is_not_revised_with_its_old_day(contract, change, active):
    with standing_at(LATE), refused(InvalidLines, TOO_OLD) as refusal:
        do.save(contract, valid(edit(active, amount="160.00"), LAST))

    assert refusal.value.problems == [Problem(f"m{active.pk}", "valid_until", TOO_OLD)]


def test_clients_direct_edit_has_no_such_day(contract, ben):
    milestone = milestone_at(State.ACCEPTED, contract)

    with on(5):
        do.save(contract, valid(edit(milestone, amount="90.00"), LAST), by=ben)

    assert milestone.changes.latest("id").valid_until is None


# --- The pages --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (IN_TIME, "Price valid until 10 Jun 2030."),
        (LATE, "The price was valid until 10 Jun 2030. If it is approved now, its author is asked once more."),
    ],
)
@pytest.mark.parametrize("person", ["ben", "mara"])
def test_review_tells_both_until_when_the_price_is_valid(contract, change, request, person, moment, words):
    with standing_at(moment):
        page = Person(request.getfixturevalue(person)).open(review_of(contract))

    assert words in page.group("Pump").text


def test_review_says_nothing_of_a_day_that_was_not_given(contract, active, ben):
    suggested(contract, edit(active, amount="150.00"), until=None)

    assert "valid" not in Person(ben).open(review_of(contract)).group("Pump").text


def test_check_of_a_late_approval_says_that_it_asks_and_pays_nothing(contract, change, active, ben):
    with standing_at(LATE):
        client = Person(ben)
        client.open(review_of(contract))
        client.tick("Approve")
        with nothing_changes():
            page = client.press("Check and finish")
        said = "The same for “Pump” again: its price is not valid any more, so Mara must confirm it."
        assert said in page.root.text
        shown = totals(page)
        assert (shown["You pay now, into escrow"], shown["New total"]) == ("$0.00", "$100.00")

        client.press("Suggest 1 change")

    assert fresh(change).state == "countered"


def test_check_of_an_approval_in_time_pays(contract, change, ben):
    do.deposit(ben)
    with standing_at(IN_TIME):
        client = Person(ben)
        client.open(review_of(contract))
        client.tick("Approve")
        page = client.press("Check and finish")
        assert totals(page)["You pay now, into escrow"] == "$50.00"

        client.press("Approve 1, pay $50.00")

    assert fresh(change).state == "accepted"


def test_check_page_left_open_over_midnight_asks_once_more(contract, change, active, ben):
    do.deposit(ben)
    with standing_at(IN_TIME):
        client = Person(ben)
        client.open(review_of(contract))
        client.tick("Approve")
        client.press("Check and finish")
    with standing_at(LATE):
        client.press("Approve 1, pay $50.00")

    assert (fresh(change).state, fresh(active).escrow.balance, balance(ben.party, "USD")) == ("countered", 100, 1000)


def test_manage_page_offers_the_freelancer_the_day(contract, active, mara):
    with on(5):
        person = Person(mara)
        person.open(reverse("milestones:manage", args=[contract.pk]))
        person.press("Edit Pump")
        person.fill("Amount", "150.00")
        person.fill("Price valid until", "2030-06-10")
        person.press("Save")

    assert Change.objects.pending().get().valid_until == LAST


def test_manage_page_shows_the_day_again(contract, change, mara):
    with on(5):
        person = Person(mara)
        person.open(reverse("milestones:manage", args=[contract.pk]))
        page = person.press("Edit Pump")

    assert page.field("Price valid until").value == "2030-06-10"


def test_manage_page_keeps_a_day_that_has_passed_and_says_what_is_wrong(contract, active, mara):
    with on(15):
        person = Person(mara)
        person.open(reverse("milestones:manage", args=[contract.pk]))
        person.press("Edit Pump")
        person.fill("Amount", "150.00")
        person.fill("Price valid until", "2030-06-10")
        with nothing_changes():
            page = person.press("Save")

    field = page.field("Price valid until")
    assert (page.status, field.value) == (422, "2030-06-10")
    assert TOO_OLD in page.description(field)
    assert page.field("Amount").value == "150.00"


def test_manage_page_of_the_client_has_no_such_day(contract, ben):
    milestone_at(State.ACCEPTED, contract, title="Sketches")
    client = Person(ben)
    client.open(reverse("milestones:manage", args=[contract.pk]))

    page = client.press("Edit Sketches")

    assert page.named("Price valid until", page.fields) == []
    assert page.field("Amount").value == "100.00"


def test_review_offers_no_such_day_for_something_else(contract, change, ben):
    with on(5):
        person = Person(ben)
        person.open(review_of(contract))
        choose_something_else(person)

    page = person.page
    assert page.named("Price valid until", page.fields) == []
    assert page.field("Amount").value == "150.00"
