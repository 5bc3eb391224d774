"""A freelancer who disagrees with what the client changed suggests the old terms, from that very change (R23)."""

import datetime

import pytest
from django.urls import reverse

from accounts.models import User
from contracts.models import Contract
from milestones.models import Amendment, Change, Milestone
from tests import factories as do
from tests.e2e.reading import Page
from tests.factories import State, add, edit, fresh, milestone_at, remove
from tests.milestones.in_person import Person
from tests.milestones.snapshots import nothing_changes

DISAGREE = "I disagree"
WORDS = {
    "add": "I disagree: suggest to remove it",
    "edit": "I disagree: suggest the old terms",
    "remove": "I disagree: suggest it again",
}
DUE = datetime.date(2040, 3, 1)
OLD = {"Name": "Rendering pack", "Amount": "250.00", "Due date": "2040-03-01", "Description": "Four views"}


@pytest.fixture
def upcoming(contract: Contract) -> Milestone:
    """Agreed by both."""
    return milestone_at(
        State.ACCEPTED, contract, title="Rendering pack", amount="250.00", due_date=DUE, description="Four views"
    )


def changed(contract: Contract, *lines) -> Change:
    """What the client made of it alone."""
    return do.save(contract, *lines, by=contract.client.person).changes.get()


def amendment_page(user: User, amendment: Amendment) -> Person:
    person = Person(user)
    person.open(reverse("milestones:amendment", args=[amendment.contract_id, amendment.number]))
    return person


def offered(person: Person) -> list[str]:
    return [person.page.name(link) for link in person.page.named(DISAGREE, person.page.links)]


def staged(page: Page) -> list[tuple[str, str]]:
    """What the manage page holds for Save: each row's name and mode."""
    fields = [(element.get("name"), element.value) for element in page.root.all("input") if element.kind == "hidden"]
    modes = {name: value for name, value in fields if name.endswith("-mode")}
    return [(value, modes[f"{value}-mode"]) for name, value in fields if name == "row"]


def restore(user: User, contract: Contract, key: object) -> Page:
    return Person(user).open(reverse("milestones:manage", args=[contract.pk]) + f"?do=restore:{key}")


# --- Where it is offered ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("line", [lambda m: edit(m, amount="200.00"), remove, lambda _m: add("Casting review")])
def test_disagree_is_offered_to_the_freelancer_on_what_the_client_changed(contract, upcoming, ben, mara, line):
    change = changed(contract, line(upcoming))

    assert offered(amendment_page(mara, change.amendment)) == [f"{WORDS[change.kind]} {change.title}"]
    assert offered(amendment_page(ben, change.amendment)) == []


def test_disagree_is_offered_on_each_line(contract, upcoming, mara):
    amendment = do.save(contract, edit(upcoming, amount="200.00"), add("Casting review"), by=contract.client.person)

    assert offered(amendment_page(mara, amendment)) == [
        f"{WORDS['edit']} Rendering pack",
        f"{WORDS['add']} Casting review",
    ]


def test_disagree_is_what_the_notification_leads_to(contract, upcoming, mara):
    changed(contract, edit(upcoming, amount="200.00"))
    person = Person(mara)

    person.open(mara.notifications.latest("id").url)

    assert offered(person) == [f"{WORDS['edit']} Rendering pack"]


@pytest.mark.parametrize("answer", [do.approve, do.decline, do.withdraw, lambda change: None])
def test_disagree_is_not_offered_on_suggestions(upcoming, mara, answer):
    change = do.suggest(upcoming, amount="300.00")
    answer(change)

    assert offered(amendment_page(mara, change.amendment)) == []


@pytest.mark.parametrize("answer", [do.approve, do.decline])
def test_disagree_is_not_offered_on_a_counter_that_the_freelancer_answered(upcoming, mara, answer):
    offer = do.counter(do.suggest(upcoming, amount="300.00"), amount="270.00")
    answer(offer, by=mara)

    assert offered(amendment_page(mara, offer.amendment)) == []


def test_disagree_is_not_offered_on_an_ended_contract(contract, upcoming, mara):
    change = changed(contract, edit(upcoming, amount="200.00"))
    do.end(contract)

    assert offered(amendment_page(mara, change.amendment)) == []


# --- What it stages ---------------------------------------------------------------------------------------------------
def test_disagree_with_an_edit_stages_the_old_terms(contract, upcoming, mara):
    change = changed(contract, edit(upcoming, title="Pictures", amount="200.00", due_date=None, description="One"))
    person = amendment_page(mara, change.amendment)

    with nothing_changes():
        page = person.follow(DISAGREE)

    assert staged(page) == [(f"m{upcoming.pk}", "edit")]
    shown = {name: page.field(name).value for name in ("Name", "Amount", "Due date", "Description")}
    assert shown == {
        "Name": "Rendering pack",
        "Amount": "250.00",
        "Due date": "2040-03-01",
        "Description": "Four views",
    }


def test_disagree_with_an_edit_counts_the_difference(contract, upcoming, mara):
    change = changed(contract, edit(upcoming, amount="200.00"))

    page = amendment_page(mara, change.amendment).follow(DISAGREE)

    assert "1 change to save Contract now $200.00, suggested +$50.00, if all are approved $250.00" in page.root.text


def test_disagree_with_an_edit_and_save_asks_for_the_old_terms(contract, upcoming, mara):
    change = changed(contract, edit(upcoming, amount="200.00", title="Pictures"))
    person = amendment_page(mara, change.amendment)
    person.follow(DISAGREE)

    person.press("Save")

    asked = Change.objects.pending().get()
    assert (asked.kind, asked.milestone, asked.amendment.author) == ("edit", upcoming, mara)
    assert asked.asked == upcoming.terms
    assert fresh(upcoming).amount == 200


def test_disagree_and_the_client_approves(contract, upcoming, mara):
    change = changed(contract, edit(upcoming, amount="200.00", title="Pictures"))
    person = amendment_page(mara, change.amendment)
    person.follow(DISAGREE)
    person.press("Save")

    do.approve(Change.objects.pending().get())

    assert fresh(upcoming).terms == upcoming.terms


def test_disagree_with_other_terms_than_the_old_ones(contract, upcoming, mara):
    change = changed(contract, edit(upcoming, amount="200.00"))
    person = amendment_page(mara, change.amendment)
    person.follow(DISAGREE)
    person.fill("Amount", "225.00")

    person.press("Save")

    assert Change.objects.pending().get().asked.amount == 225


def test_disagree_with_a_removal_stages_the_milestone_as_a_new_one(contract, upcoming, mara):
    change = changed(contract, remove(upcoming))
    person = amendment_page(mara, change.amendment)

    with nothing_changes():
        page = person.follow(DISAGREE)

    assert staged(page) == [("n1", "edit")]
    shown = {name: page.field(name).value for name in ("Name", "Amount", "Due date", "Description")}
    assert shown == {
        "Name": "Rendering pack",
        "Amount": "250.00",
        "Due date": "2040-03-01",
        "Description": "Four views",
    }


def test_disagree_with_a_removal_and_save_proposes_it_again(contract, upcoming, mara):
    change = changed(contract, remove(upcoming))
    person = amendment_page(mara, change.amendment)
    person.follow(DISAGREE)

    person.press("Save")

    asked = Change.objects.pending().get()
    assert (asked.kind, asked.asked, asked.milestone.state) == ("add", upcoming.terms, State.PROPOSED)
    assert fresh(upcoming).state == State.REMOVED


def test_disagree_with_an_addition_stages_its_removal(contract, mara):
    change = changed(contract, add("Casting review"))
    person = amendment_page(mara, change.amendment)

    with nothing_changes():
        page = person.follow(DISAGREE)

    assert staged(page) == [(f"m{change.milestone_id}", "remove")]
    assert page.button("Undo Casting review")


def test_disagree_with_an_addition_and_save_asks_to_remove_it(contract, mara):
    change = changed(contract, add("Casting review"))
    person = amendment_page(mara, change.amendment)
    person.follow(DISAGREE)

    person.press("Save")

    asked = Change.objects.pending().get()
    assert (asked.kind, asked.milestone) == ("remove", change.milestone)
    assert fresh(change.milestone).state == State.ACCEPTED


def test_disagree_and_undo_leaves_nothing_to_save(contract, upcoming, mara):
    change = changed(contract, edit(upcoming, amount="200.00"))
    person = amendment_page(mara, change.amendment)
    person.follow(DISAGREE)

    page = person.press("Undo Rendering pack")

    assert staged(page) == []


# --- After more has happened ------------------------------------------------------------------------------------------
def test_disagree_with_an_edit_of_what_was_removed_since_stages_it_as_a_new_one(contract, upcoming, mara):
    change = changed(contract, edit(upcoming, amount="200.00"))
    changed(contract, remove(upcoming))

    page = restore(mara, contract, change.pk)

    assert staged(page) == [("n1", "edit")]
    assert page.field("Amount").value == "250.00"


def test_disagree_with_an_addition_that_was_removed_since_stages_nothing(contract, mara):
    change = changed(contract, add("Casting review"))
    changed(contract, remove(change.milestone))

    assert staged(restore(mara, contract, change.pk)) == []


def test_disagree_with_an_addition_that_was_funded_since_is_refused_at_save(contract, ben, mara):
    change = changed(contract, add("Casting review", "90.00"))
    do.deposit(ben)
    do.fund(change.milestone)
    person = amendment_page(mara, change.amendment)
    person.follow(DISAGREE)

    with nothing_changes():
        page = person.press("Save")

    assert page.status == 422
    assert "This milestone is in progress, so it cannot be removed." in page.root.text


def test_disagree_with_a_raise_that_was_funded_since_is_refused_at_save(contract, upcoming, ben, mara):
    change = changed(contract, edit(upcoming, amount="300.00"))
    do.deposit(ben)
    do.fund(upcoming)
    person = amendment_page(mara, change.amendment)
    person.follow(DISAGREE)

    with nothing_changes():
        page = person.press("Save")

    assert page.status == 422
    assert "The amount of a milestone in progress can only go up." in page.description(page.field("Amount"))


def test_disagree_twice_changes_the_suggestion_that_waits(contract, upcoming, mara):
    change = changed(contract, edit(upcoming, amount="200.00"))
    do.suggest(upcoming, amount="240.00")
    person = amendment_page(mara, change.amendment)
    person.follow(DISAGREE)

    person.press("Save")

    asked = Change.objects.pending().get()
    assert (asked.asked.amount, asked.revised_in) == (250, 2)


# --- What does nothing ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("key", ["", "0", "999999", "x", "-1", "²", "1 OR 1=1"])
def test_restore_of_what_is_no_change_stages_nothing(contract, upcoming, mara, key):
    with nothing_changes():
        page = restore(mara, contract, key)

    assert (page.status, staged(page)) == (200, [])


def test_restore_of_another_contracts_change_stages_nothing(contract, upcoming, ben, mara):
    other = do.ContractFactory(client=ben, freelancer=mara)
    change = changed(other, edit(milestone_at(State.ACCEPTED, other), amount="90.00"))

    with nothing_changes():
        page = restore(mara, contract, change.pk)

    assert (page.status, staged(page)) == (200, [])


@pytest.mark.parametrize("answer", [do.decline, do.withdraw, lambda change: do.counter(change, amount="90.00")])
def test_restore_of_a_suggestion_that_was_not_approved_stages_nothing(contract, upcoming, mara, answer):
    change = do.suggest(upcoming, amount="300.00")
    answer(change)

    assert staged(restore(mara, contract, change.pk)) == []


def test_restore_by_an_outsider_is_not_found(contract, upcoming, carol):
    change = changed(contract, edit(upcoming, amount="200.00"))

    with nothing_changes():
        page = restore(carol, contract, change.pk)

    assert page.status == 404


def test_restore_with_an_id_too_large_for_any_change_stages_nothing(contract, upcoming, mara):
    assert staged(restore(mara, contract, "9" * 30)) == []


# --- Suggest again ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (lambda m: edit(m, amount="300.00"), ("m", "edit")),
        (remove, ("m", "remove")),
        (lambda _m: add("Casting review", "90.00"), ("n", "edit")),
    ],
)
def test_what_was_declined_can_be_suggested_again_as_it_was(contract, upcoming, ben, mara, line, expected):
    amendment = do.save(contract, line(upcoming))
    change = amendment.changes.get()
    do.decline(change)

    assert amendment_page(ben, amendment).page.named("Suggest again", amendment_page(ben, amendment).page.links) == []
    person = amendment_page(mara, amendment)
    page = person.follow("Suggest again")

    ((name, mode),) = staged(page)
    assert (name[0], mode) == expected
    if change.asked:
        assert (page.field("Name").value, page.field("Amount").value) == (
            change.asked.title,
            f"{change.asked.amount:.2f}",
        )


def test_what_cannot_be_asked_for_any_more_is_not_offered_again(contract, upcoming, mara):
    change = do.suggest_removal(upcoming)
    do.decline(change)
    do.deposit(contract.client.person)
    do.fund(upcoming)

    page = amendment_page(mara, change.amendment).page

    assert page.named("Suggest again", page.links) == []
