"""The inbox by day and contract, what is folded there, and what waits until it is done."""

import datetime
import re
from collections.abc import Callable

import pytest
from django.utils import timezone

from contracts.models import Contract
from demo.data.clock import standing_at
from milestones.models import Milestone
from notifications import actions
from notifications.kinds import Kind
from notifications.models import Notification
from tests import factories
from tests.factories import ContractFactory, milestone_at
from tests.messaging.writing import post

LIST = "/notifications/"
NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)


@pytest.fixture
def contract(ben, mara) -> Contract:
    return ContractFactory.create(title="Pump housing", client=ben, freelancer=mara)


@pytest.fixture
def other(ben, mara) -> Contract:
    return ContractFactory.create(title="Gearbox", client=ben, freelancer=mara)


@pytest.fixture
def shown(ben, as_) -> Callable[..., list[tuple[str, list[tuple[str, list[str]]]]]]:
    """`shown("unread")`: Ben's inbox as its days, their blocks and the lines of these, folded ones below."""

    def shown(tab: str = "all") -> list[tuple[str, list[tuple[str, list[str]]]]]:
        days = as_(ben).get(LIST, {"show": tab}).context["days"]
        return [
            (
                day.name,
                [(block.title, [line.text + f" +{len(line.earlier)}" for line in block.lines]) for block in day.blocks],
            )
            for day in days
        ]

    return shown


def test_what_one_contract_brings_stands_together_by_day(contract, other, mara, shown):
    with standing_at(NOON - datetime.timedelta(days=1)):
        post(contract, mara, "One")
    with standing_at(NOON):
        factories.propose(contract)
        post(other, mara, "Two")
        post(contract, mara, "Three")

    assert shown() == [
        (
            "Friday 20 November",
            [
                ("Pump housing", ["Mara wrote: Three +0", "Mara made 1 suggestion, +$100.00. +0"]),
                ("Gearbox", ["Mara wrote: Two +0"]),
            ],
        ),
        ("Thursday 19 November", [("Pump housing", ["Mara wrote: One +0"])]),
    ]


def test_what_is_told_again_is_folded_below_its_newest_line(contract, mara, ben, as_, shown):
    with standing_at(NOON):
        change = factories.propose(contract)
        post(contract, mara, "One")
        factories.save(contract, factories.edit(change.milestone, amount="150.00"))
        post(contract, mara, "Two")

    [(_day, [(_title, lines)])] = shown()
    assert lines == ["Mara wrote: Two +1", "Mara changed the suggestions: now 1, +$150.00. +1"]
    page = as_(ben).get(LIST).text
    assert re.findall(r"<summary>(.*)</summary>", page).count("1 earlier") == 2
    assert page.count("Mara made 1 suggestion, +$100.00.") == 1


@pytest.mark.parametrize("read", [False, True])
def test_needs_you_is_what_is_not_done_whether_or_not_it_was_read(contract, ben, as_, shown, read):
    change = factories.propose(contract)
    post(contract, contract.freelancer.person, "Hello")
    if read:
        actions.mark_all_read(by=ben)

    [(_day, [(_title, lines)])] = shown("needs-you")
    assert lines == ["Mara made 1 suggestion, +$100.00. +0"]
    assert as_(ben).get(LIST).text.count('data-turn="mine"') == 1

    factories.decline(change)
    assert shown("needs-you") == []
    assert "Nothing waits for you." in as_(ben).get(LIST, {"show": "needs-you"}).text


def test_work_asks_its_freelancer_until_it_is_handed_in(contract, mara):
    milestone = milestone_at(Milestone.State.FUNDED, contract)
    assert [line.text for line in mara.notifications.waiting()] == ["Ben put $100.00 into escrow for “Stress check”."]

    factories.submit(milestone)
    assert list(mara.notifications.waiting()) == []
    factories.request_changes(milestone)
    [asked] = mara.notifications.waiting()
    assert asked.kind == Kind.WORK


def test_nothing_of_a_contract_that_ended_asks_for_anything(contract, ben, mara):
    factories.propose(contract)
    factories.end(contract)

    assert [list(person.notifications.waiting()) for person in (ben, mara)] == [[], []]


def test_unread_shows_only_that(contract, ben, shown):
    post(contract, contract.freelancer.person, "Read")
    actions.mark_all_read(by=ben)
    post(contract, contract.freelancer.person, "New")

    [(_day, [(_title, lines)])] = shown("unread")
    assert lines == ["Mara wrote: New +0"]


# --- Marked as read, and taken back -----------------------------------------------------------------------------------
def undo(client, page):
    at = re.search(r'name="at" value="([^"]*)"', page)
    return client.post(f"{LIST}unread-again/", {"at": at[1]})


def test_what_was_marked_as_read_can_be_taken_back(contract, ben, mara, as_):
    post(contract, mara, "Read before")
    actions.mark_all_read(by=ben)
    post(contract, mara, "One")
    post(contract, mara, "Two")
    client = as_(ben)

    page = client.post(f"{LIST}read/", follow=True).text
    assert "2 marked as read." in page
    assert ben.notifications.unread().count() == 0

    assert undo(client, page).url == LIST
    assert [line.text for line in ben.notifications.unread().order_by("id")] == ["Mara wrote: One", "Mara wrote: Two"]


def test_what_was_settled_meanwhile_is_not_unread_again(contract, ben, as_):
    change = factories.propose(contract)
    client = as_(ben)
    page = client.post(f"{LIST}read/", follow=True).text
    factories.withdraw(change)
    actions.mark_all_read(by=ben)

    undo(client, page)
    assert list(ben.notifications.unread()) == []


def test_nobody_takes_back_what_others_marked(contract, ben, carol, mara, as_):
    post(contract, mara, "One")
    page = as_(ben).post(f"{LIST}read/", follow=True).text

    assert undo(as_(carol), page).url == LIST
    assert list(ben.notifications.unread()) == []


@pytest.mark.parametrize(
    "at", ["", "x", "2026", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "\0", "2026-01-01T00:00:00+23:59"]
)
def test_any_other_moment_marks_nothing(ben, as_, at):
    client = as_(ben)
    assert client.get(LIST, {"marked": at}).status_code == 200
    assert client.post(f"{LIST}unread-again/", {"at": at}).url == LIST


# --- How many ---------------------------------------------------------------------------------------------------------
def test_beyond_ninety_nine_nobody_counts(ben, as_):
    now = timezone.now()
    Notification.objects.bulk_create(
        Notification(recipient=ben, kind=Kind.ANSWER, text="x", url="/", matter="m", waits=True, created_at=now)
        for _ in range(100)
    )
    page = as_(ben).get(LIST).text

    assert "Needs you 99+" in page
    assert "Unread 99+" in page
    assert page.count(">99+<") == 1  # in the bar
