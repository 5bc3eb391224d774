"""Suggest something else on the review page: typed, checked, sent; or wrong, or too late, and nothing is lost."""

import datetime
import uuid
from collections.abc import Callable

import pytest
from django.urls import reverse

from contracts.models import Contract
from milestones.models import Change, Milestone
from tests import factories as do
from tests.e2e.reading import Page
from tests.factories import State, add, counter, edit, fresh, milestone_at
from tests.milestones.in_person import Person, choose_something_else, texts, totals, type_something_else
from tests.milestones.snapshots import nothing_changes

DUE = datetime.date(2040, 3, 1)
CHECK, SEND = "Check and finish", "Suggest 1 change"
TERMS = ("Name", "Amount", "Due date", "Description")


@pytest.fixture
def client(ben) -> Person:
    return Person(ben)


@pytest.fixture
def freelancer(mara) -> Person:
    return Person(mara)


@pytest.fixture
def upcoming(contract: Contract) -> Milestone:
    return milestone_at(State.ACCEPTED, contract, title="Rendering pack", amount="250.00", due_date=DUE)


@pytest.fixture
def change(upcoming: Milestone) -> Change:
    """250.00 to 300.00."""
    return do.suggest(upcoming, amount="300.00")


@pytest.fixture
def active(contract: Contract) -> Milestone:
    return milestone_at(State.FUNDED, contract, title="Pump", amount="100.00")


def path(name: str, contract: Contract) -> str:
    return reverse(name, args=[contract.pk])


# --- Typed, checked, sent -------------------------------------------------------------------------------------------
def test_review_offers_the_suggested_terms_to_change(contract, change, client):
    client.open(path("milestones:review", contract))

    choose_something_else(client)

    page = client.page
    shown = {name: page.field(name).value for name in TERMS}
    assert shown == {"Name": "Rendering pack", "Amount": "300.00", "Due date": "2040-03-01", "Description": ""}


def test_review_offers_the_agreed_terms_instead_of_a_removal(contract, upcoming, client):
    do.suggest_removal(upcoming)

    client.open(path("milestones:review", contract))
    choose_something_else(client)

    page = client.page
    assert (page.field("Name").value, page.field("Amount").value) == ("Rendering pack", "250.00")


def test_something_else_is_checked_before_it_is_sent(contract, change, client):
    type_something_else(client, contract, Amount="270.00", Description="At night, too.")

    with nothing_changes():
        page = client.press(CHECK)

    said = "Something else for “Rendering pack”. Mara answers it. $300.00 → $270.00; another description."
    assert texts(page, "dl", css="checks") == [f"You suggest {said}"]
    shown = totals(page)
    assert (shown["New total"], shown["You pay now, into escrow"]) == ("$250.00", "$0.00")


def test_something_else_is_sent(contract, change, client):
    type_something_else(client, contract, Name="Renderings", Amount="1,270.00", Due_date="", Description="Six views")
    client.press(CHECK)

    page = client.press(SEND)

    offer = Change.objects.get(counters=change)
    asked = vars(offer.asked) | {"amount": str(offer.asked.amount)}
    assert asked == {"title": "Renderings", "amount": "1270.000", "due_date": None, "description": "Six views"}
    assert (page.url, texts(page, "h2")[0]) == (
        f"http://testserver{contract.get_absolute_url()}",
        "Waiting for Mara",
    )


def test_something_else_keeps_a_description_of_many_lines(contract, upcoming, client):
    text = 'Four views:\n\n- front\n- "back" & side\n'
    do.suggest(upcoming, amount="300.00", description=text)
    type_something_else(client, contract, Amount="270.00")
    client.press(CHECK)

    client.press(SEND)

    assert Change.objects.pending().get().asked.description == text


def test_freelancer_suggests_something_else_in_turn(contract, change, freelancer):
    offer = counter(change, amount="270.00")
    type_something_else(freelancer, contract, Amount="290.00")
    freelancer.press(CHECK)

    freelancer.press(SEND)

    assert Change.objects.get(counters=offer).asked.amount == 290


def test_answers_of_all_kinds_in_one_go(contract, upcoming, client):
    other = milestone_at(State.ACCEPTED, contract, title="Sketches")
    do.save(contract, edit(upcoming, amount="300.00"), do.remove(other), add("Stress check", "80.00"))
    client.open(path("milestones:review", contract))
    choose_something_else(client)
    client.fill("Amount", "270.00")
    client.tick("Decline", 1)
    client.tick("Approve", 2)
    client.press(CHECK)

    client.press("Approve 1, decline 1, suggest 1 change")

    states = dict(Change.objects.values_list("asked_title", "state").order_by("id"))
    assert (states["Rendering pack"], states[None], states["Stress check"]) == ("proposed", "declined", "accepted")


def test_back_to_the_review_keeps_what_was_typed(contract, change, client):
    type_something_else(client, contract, Amount="270.00", Description="Six views")
    client.press(CHECK)

    page = client.press("Back to the review")

    assert page.field("Suggest something else").has("checked")
    assert (page.field("Amount").value, page.field("Description").value) == ("270.00", "Six views")


def test_approve_all_leaves_what_was_typed_aside(contract, change, client):
    type_something_else(client, contract, Amount="270.00")
    client.press("Approve all")

    client.press("Approve 1")

    assert (fresh(change).state, fresh(change.milestone).amount) == ("accepted", 300)


def test_fields_of_something_else_do_not_matter_to_an_approval(contract, change, client):
    type_something_else(client, contract, Amount="nonsense", Name="")
    client.tick("Approve")

    page = client.press(CHECK)

    assert (page.status, page.button("Approve 1").tag) == (200, "button")


# --- What is wrong with it --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("Name", " ", "Enter a milestone name."),
        ("Amount", "", "Enter an amount."),
        ("Amount", "4.99", "Amount must be $5.00 or more."),
        ("Amount", "-270", "Amount must be more than zero."),
        ("Amount", "27O", "Amount must be a number, like 650 or 650.00."),
        ("Due date", "2020-01-01", "Due date must be today or later."),
        ("Due date", "1 March", "Enter the due date as year-month-day, like 2026-12-31."),
        ("Description", "x" * 20_001, "Description must be 20000 characters or fewer."),
    ],
)
@pytest.mark.parametrize("step", [CHECK, SEND])
def test_wrong_field_is_said_beside_it_and_nothing_typed_is_lost(
    contract, change, client, step, field, typed, sentence
):
    kept = {"Name": "Renderings", "Amount": "270.00", "Due date": "2040-04-01", "Description": "Six", field: typed}
    send = prepared(client, contract, step, kept)

    with nothing_changes():
        page = send()

    wrong = page.field(field)
    assert (page.status, page.description(wrong).endswith(sentence)) == (422, True)
    assert {name: page.field(name).value for name in kept} == kept
    assert page.field("Suggest something else").has("checked")


def prepared(person: Person, contract: Contract, step: str, fields: dict[str, str]) -> Callable[[], Page]:
    """Sends these fields: from the review page, or in the place of those that were checked."""
    if step == CHECK:
        type_something_else(person, contract, **{name.replace(" ", "_"): text for name, text in fields.items()})
        return lambda: person.press(CHECK)
    type_something_else(person, contract, Amount="271.00")
    person.press(CHECK)
    names = zip(TERMS, ("title", "amount", "due_date", "description"), strict=True)
    prefix = f"line{Change.objects.pending().get().pk}-offer-"
    forged = {prefix + name: fields[label] for label, name in names if label in fields}
    return lambda: person.press(SEND, forged=forged)


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("300.00", "These are the suggested terms. Approve them instead."),
        ("250.00", "These are the agreed terms. Decline the suggestion instead."),
    ],
)
def test_terms_that_are_no_answer_are_said_on_top_and_beside_the_line(contract, change, client, amount, sentence):
    type_something_else(client, contract, Amount=amount)

    with nothing_changes():
        page = client.press(CHECK)

    assert (page.status, page.title.startswith("Error: ")) == (422, True)
    link = page.link(sentence)
    assert page.target(link) is page.group("Rendering pack")
    assert sentence in page.group("Rendering pack").text
    assert page.field("Amount").value == amount


def test_terms_that_are_no_answer_are_refused_at_the_last_step_too(contract, change, client):
    send = prepared(client, contract, SEND, {"Amount": "300.00"})

    with nothing_changes():
        page = send()

    assert page.status == 422
    assert page.link("These are the suggested terms. Approve them instead.")


def test_lower_price_in_progress_is_said_beside_the_field(contract, active, client):
    do.suggest(active, amount="150.00")

    type_something_else(client, contract, Amount="99.00")

    with nothing_changes():
        page = client.press(CHECK)

    assert page.status == 422
    assert "The amount of a milestone in progress can only go up." in page.description(page.field("Amount"))


def test_something_else_while_the_work_is_in_review_is_said_beside_the_line(contract, active, client):
    do.suggest(active, amount="150.00")
    do.hand_in_while_something_waits(active)

    type_something_else(client, contract, Amount="120.00")

    with nothing_changes():
        page = client.press(CHECK)

    assert page.status == 422
    assert "This work is being reviewed. Its terms can change when the review is answered." in page.group("Pump").text


def test_wrong_line_leaves_the_choices_on_the_others(contract, change, client):
    other = do.propose(contract, "Stress check", "80.00")
    client.open(path("milestones:review", contract))
    choose_something_else(client)
    client.fill("Amount", "1.00")
    client.tick("Decline", 1)
    client.fill("Reason", "Not needed", 1)

    page = client.press(CHECK)

    assert page.status == 422
    assert page.field("Decline", 1).has("checked")
    assert page.field("Reason", 1).value == "Not needed"
    assert fresh(other).state == "proposed"


# --- Once, and only on what was seen ----------------------------------------------------------------------------------
def test_something_else_pressed_twice_is_sent_once(contract, change, client):
    type_something_else(client, contract, Amount="270.00")
    check = client.press(CHECK)
    client.press(SEND)

    client.page = check
    with nothing_changes():
        again = client.press(SEND)

    assert again.status == 200
    assert Change.objects.filter(counters=change).count() == 1


def test_something_else_on_what_has_changed_is_stale_and_keeps_the_other_choices(contract, change, client):
    do.propose(contract, "Stress check", "80.00")
    client.open(path("milestones:review", contract))
    client.tick("Suggest something else", 0)
    choose_something_else(client, 1)
    client.fill("Amount", "270.00", 0)
    client.fill("Amount", "60.00", 1)
    client.press(CHECK)
    do.save(contract, edit(change.milestone, amount="310.00"))

    with nothing_changes():
        page = client.press("Suggest 2 changes")

    assert page.status == 409
    assert [alert.all("h2")[0].text for alert in page.alerts] == [
        "This changed while you were reading. Nothing was applied."
    ]
    assert [page.field("Suggest something else", nth).has("checked") for nth in (0, 1)] == [False, True]
    assert [field.value for field in page.named("Amount", page.fields)] == ["60.00"]


def test_choices_that_were_kept_can_be_sent_from_the_new_page(contract, change, client):
    do.propose(contract, "Stress check", "80.00")
    client.open(path("milestones:review", contract))
    choose_something_else(client, 1)
    client.fill("Amount", "60.00")
    client.press(CHECK)
    do.save(contract, edit(change.milestone, amount="310.00"))
    client.press(SEND)

    client.press(CHECK)
    client.press(SEND)

    assert Change.objects.filter(amendment__author=contract.client.person).get().asked.amount == 60


@pytest.mark.parametrize("end", [do.approve, do.decline, do.withdraw, lambda change: counter(change, amount="260.00")])
def test_something_else_for_what_is_settled_is_refused(contract, change, client, end):
    type_something_else(client, contract, Amount="270.00")
    client.press(CHECK)
    end(change)

    with nothing_changes():
        page = client.press(SEND)

    assert page.status == 409


def test_something_else_on_an_ended_contract_is_refused(contract, change, client):
    type_something_else(client, contract, Amount="270.00")
    client.press(CHECK)
    do.end(contract)

    with nothing_changes():
        page = client.press(SEND)

    assert page.status == 409
    assert "This contract has ended, so its milestones cannot be changed." in page.root.text


@pytest.mark.parametrize("page", ["milestones:check", "milestones:decide"])
def test_answer_to_ones_own_counter_is_forbidden(contract, change, as_, ben, page):
    offer = counter(change, amount="270.00")
    prefix = f"line{offer.pk}"
    data = {"seen": fresh(contract).plan_revision, "key": uuid.uuid4(), "line": offer.pk, f"{prefix}-choice": "approve"}

    with nothing_changes():
        reply = as_(ben).post(path(page, contract), data)

    assert reply.status_code == 403


@pytest.mark.parametrize("page", ["milestones:review", "milestones:check", "milestones:decide"])
def test_outsider_finds_no_counter(contract, change, as_, carol, page):
    counter(change, amount="270.00")
    browser = as_(carol)

    with nothing_changes():
        reply = browser.get(path(page, contract)) if page.endswith("review") else browser.post(path(page, contract))

    assert reply.status_code == 404


def test_freelancer_who_ticks_fund_by_force_is_forbidden(contract, as_, ben, mara):
    offer = counter(do.propose(contract), amount="80.00")
    do.deposit(ben)
    prefix = f"line{offer.pk}"
    data = {"seen": fresh(contract).plan_revision, "key": uuid.uuid4(), "line": offer.pk}
    data |= {f"{prefix}-choice": "approve", f"{prefix}-fund": "on"}

    with nothing_changes():
        reply = as_(mara).post(path("milestones:decide", contract), data)

    assert reply.status_code == 403
    assert "Only the client can fund a milestone." in reply.text


def test_freelancer_is_offered_no_funding(contract, freelancer):
    counter(do.propose(contract), amount="80.00")

    page = freelancer.open(path("milestones:review", contract))

    assert page.named("Fund it now", page.fields) == []
