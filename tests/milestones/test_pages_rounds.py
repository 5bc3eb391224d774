"""The pages of a thread of counter-offers, as each party reads them and answers."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contracts.models import Contract
from escrow.queries import balance
from milestones.models import Change, Milestone
from tests import factories as do
from tests.e2e.reading import Page
from tests.factories import State, add, counter, fresh, milestone_at
from tests.milestones.in_person import Person, totals
from tests.milestones.snapshots import nothing_changes

DUE = datetime.date(2040, 3, 1)
PAGES = ["contracts:detail", "milestones:manage", "milestones:review"]
BLOCK = "Until you answer, you cannot add or change upcoming milestones."


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
    """Funded with 100.00; nothing is left in the client's balance."""
    return milestone_at(State.FUNDED, contract, title="Pump", amount="100.00")


def path(name: str, contract: Contract) -> str:
    return reverse(name, args=[contract.pk])


def amendment_path(change: Change) -> str:
    return reverse("milestones:amendment", args=[change.amendment.contract_id, change.amendment.number])


def rounds(page: Page) -> list[str]:
    threads = [element for element in page.root.all("ol") if element.get("class") == "rounds"]
    return [item.text for thread in threads for item in thread.all("li")]


# --- The client's balance is the client's business --------------------------------------------------------------------
def approving(freelancer: Person, contract: Contract) -> list[Page]:
    """What the freelancer sees on the way to approving all, and after."""
    review = freelancer.open(path("milestones:review", contract))
    check = freelancer.press("Approve all")
    return [review, check, freelancer.press("Approve 1")]


def test_freelancer_approves_and_the_difference_goes_into_escrow(contract, active, ben, freelancer):
    counter(do.suggest(active, amount="150.00"), amount="120.00")
    do.deposit(ben, "50.00")

    review, check, after = approving(freelancer, contract)

    assert "If you approve all, Ben pays $20.00 now; it goes to escrow." in review.root.text
    assert totals(check)["Ben pays now, into escrow"] == "$20.00"
    assert (after.status, fresh(active).escrow.balance, balance(ben.party, "USD")) == (200, 120, 30)


@pytest.mark.parametrize("amount", ["57.31", "19.87"])
def test_freelancer_never_sees_the_balance(contract, active, ben, freelancer, amount):
    counter(do.suggest(active, amount="150.00"), amount="120.00")
    do.deposit(ben, amount)
    after_it = {"57.31": "$37.31", "19.87": "$0.13"}[amount]

    for page in approving(freelancer, contract):
        assert f"${amount}" not in page.root.text
        assert after_it not in page.root.text
        assert "our balance" not in page.root.text


def test_freelancer_is_told_that_the_balance_is_short_and_keeps_the_choice(contract, active, ben, freelancer):
    counter(do.suggest(active, amount="150.00"), amount="120.00")
    freelancer.open(path("milestones:review", contract))
    freelancer.tick("Approve")
    freelancer.press("Check and finish")

    with nothing_changes():
        page = freelancer.press("Approve 1")

    assert (page.status, [alert.text for alert in page.alerts]) == (
        409,
        ["Ben’s balance is too low for this. Ask Ben to add funds. Why is that?"],
    )
    assert page.field("Approve").has("checked")


def test_freelancer_approves_from_the_same_page_once_the_money_is_there(contract, active, ben, freelancer):
    counter(do.suggest(active, amount="150.00"), amount="120.00")
    approving(freelancer, contract)
    do.deposit(ben, "20.00")

    freelancer.press("Check and finish")
    freelancer.press("Approve 1")

    assert (fresh(active).escrow.balance, balance(ben.party, "USD")) == (120, 0)


def test_client_sees_the_balance_when_it_is_short(contract, active, ben, client):
    counter(counter(do.suggest(active, amount="150.00"), amount="120.00"), amount="140.00")
    do.deposit(ben, "19.87")
    client.open(path("milestones:review", contract))

    page = client.press("Approve all")

    assert "Your balance is $20.13 short" in page.root.text


# --- The thread -------------------------------------------------------------------------------------------------------
THREAD = [
    "Mara: $300.00, due 1 Mar 2040",
    "Ben: $260.00, due 1 Mar 2040",
    "Mara: $290.00, due 1 May 2040",
    "Ben: $270.00, no due date",
]


@pytest.fixture
def thread(change: Change) -> Change:
    second = counter(change, amount="260.00")
    third = counter(second, amount="290.00", due_date=datetime.date(2040, 5, 1))
    return counter(third, amount="270.00", due_date=None)


@pytest.mark.parametrize("reader", ["client", "freelancer"])
def test_review_shows_each_round_to_both(contract, thread, request, reader):
    page = request.getfixturevalue(reader).open(path("milestones:review", contract))

    assert rounds(page) == THREAD


@pytest.mark.parametrize("reader", ["client", "freelancer"])
def test_page_of_an_amendment_shows_the_rounds_up_to_it(contract, thread, request, reader):
    person = request.getfixturevalue(reader)
    latest_first = (thread, thread.counters, thread.counters.counters)

    shown = [rounds(person.open(amendment_path(one))) for one in latest_first]

    assert shown == [THREAD, THREAD[:3], THREAD[:2]]


def test_first_suggestion_shows_no_rounds(contract, change, client):
    assert rounds(client.open(path("milestones:review", contract))) == []
    assert rounds(client.open(amendment_path(change))) == []


def test_thread_begun_by_a_removal_says_so(contract, upcoming, freelancer):
    counter(do.suggest_removal(upcoming), amount="150.00")

    page = freelancer.open(path("milestones:review", contract))

    assert rounds(page) == ["Mara: remove it", "Ben: $150.00, due 1 Mar 2040"]


def test_thread_is_there_after_its_end(contract, thread, freelancer):
    do.approve(thread, by=contract.freelancer.person)

    page = freelancer.open(amendment_path(thread))

    assert rounds(page) == THREAD
    assert "Approved by Mara" in page.root.text


def test_page_of_an_amendment_says_how_a_countered_line_was_answered(change, freelancer):
    counter(change, amount="270.00")

    page = freelancer.open(amendment_path(change))

    assert "Answered with something else by Ben" in page.root.text


@pytest.mark.parametrize("rounds_more", [0, 1])
def test_both_read_the_same_sums(contract, change, client, freelancer, rounds_more):
    offer = counter(change, amount="270.00")
    for _ in range(rounds_more):
        offer = counter(offer, amount="280.00")

    pages = [person.open(path("milestones:review", contract)) for person in (client, freelancer)]

    common = ("Contract now", "Suggested change", "If all are approved")
    first, second = ([totals(page)[label] for label in common] for page in pages)
    assert first == second
    assert totals(pages[0])["If all are approved"] == ("$270.00", "$280.00")[rounds_more]


def test_each_party_answers_the_others_lines_and_reads_its_own(contract, change, client, freelancer):
    """A counter of the client waits, and so does a new line of the freelancer."""
    counter(change, amount="270.00")
    do.propose(contract, "Stress check", "80.00")

    pages = [person.open(path("milestones:review", contract)) for person in (client, freelancer)]

    answered = [
        [group for group in ("Rendering pack", "Stress check") if page.group(group).all("fieldset")] for page in pages
    ]
    assert answered == [["Stress check"], ["Rendering pack"]]


# --- Whose turn -------------------------------------------------------------------------------------------------------
def banners(page: Page) -> list[str]:
    return [note.all("h2")[0].text for note in page.root.all("section") if note.get("data-kind") == "wait"]


@pytest.mark.parametrize("name", ["contracts:detail", "milestones:manage"])
def test_banner_says_whose_turn_it_is(contract, change, client, freelancer, name):
    seen = []
    for amount in ("260.00", "290.00"):
        change = counter(change, amount=amount)
        seen += [banners(person.open(path(name, contract))) for person in (client, freelancer)]

    mine, theirs = "{} is waiting for your answer", "Waiting for {}"
    assert seen == [
        [theirs.format("Mara")],
        [mine.format("Ben")],
        [mine.format("Mara")],
        [theirs.format("Ben")],
    ]


def test_banner_for_both_at_once(contract, change, client, freelancer):
    counter(change, amount="270.00")
    do.propose(contract, "Stress check")

    assert [sorted(banners(person.open(path("contracts:detail", contract)))) for person in (client, freelancer)] == [
        ["Mara is waiting for your answer", "Waiting for Mara"],
        ["Ben is waiting for your answer", "Waiting for Ben"],
    ]


@pytest.mark.parametrize("name", PAGES)
def test_banner_tells_nobody_of_a_block_while_the_clients_counter_waits(contract, change, client, freelancer, name):
    counter(change, amount="270.00")

    for person in (client, freelancer):
        assert BLOCK not in person.open(path(name, contract)).root.text


def test_banner_tells_the_client_of_the_block_again_after_a_counter_in_turn(contract, change, client):
    counter(counter(change, amount="270.00"), amount="290.00")

    assert BLOCK in client.open(path("contracts:detail", contract)).root.text


def test_your_contracts_say_whose_turn_it_is(contract, change, client, freelancer):
    seen = []
    for amount in ("260.00", "290.00"):
        change = counter(change, amount=amount)
        for person in (client, freelancer):
            page = person.open(reverse("contracts:list"))
            seen += [link.text for link in page.links if "suggestion" in link.text]

    mine = "Your answer: 1 suggestion"
    assert seen == ["Waiting for Mara: 1 suggestion", mine, mine, "Waiting for Ben: 1 suggestion"]


def test_notification_leads_to_the_answer(contract, change, mara, freelancer):
    counter(change, amount="270.00")
    freelancer.open(mara.notifications.latest("id").url)

    freelancer.press("Approve all")
    freelancer.press("Approve 1")

    assert fresh(change.milestone).amount == 270


# --- Manage milestones ------------------------------------------------------------------------------------------------
def test_client_changes_the_counter_on_the_manage_page(contract, change, client):
    offer = counter(change, amount="270.00")
    client.open(path("milestones:manage", contract))
    page = client.press("Edit Rendering pack")
    assert page.field("Amount").value == "270.00"
    client.fill("Amount", "275.00")

    client.press("Save")

    assert (fresh(offer).asked.amount, fresh(offer).state) == (275, "proposed")


def test_client_takes_the_counter_back_on_the_manage_page(contract, change, client):
    offer = counter(change, amount="270.00")
    client.open(path("milestones:manage", contract))
    page = client.press("Delete Rendering pack")
    assert "Your suggestion is withdrawn when you save." in page.root.text

    client.press("Save")

    assert (fresh(offer).state, fresh(change.milestone).state) == ("withdrawn", State.ACCEPTED)


def test_client_with_a_counter_is_told_what_applies_and_what_waits(contract, change, client):
    counter(change, amount="270.00")

    page = client.open(path("milestones:manage", contract))

    assert "What you save applies at once, and Mara is told." in page.root.text
    assert "What you suggest instead of a suggestion of Mara waits for an answer." in page.root.text


def test_client_with_a_counter_plans_on_on_the_manage_page(contract, change, client):
    counter(change, amount="270.00")
    client.open(path("milestones:manage", contract))
    client.press("Add a milestone")
    client.fill("Name", "Casting review")
    client.fill("Amount", "90.00")

    client.press("Save")

    assert Milestone.objects.get(title="Casting review").state == State.ACCEPTED


def test_freelancer_finds_a_counter_to_answer_not_to_edit_on_the_manage_page(contract, change, freelancer):
    counter(change, amount="270.00")

    page = freelancer.open(path("milestones:manage", contract))

    assert "Something is suggested here. Answer it on the review page." in page.root.text
    assert page.named("Edit Rendering pack", page.buttons) == []


def test_blocked_client_finds_only_the_counter_to_change_on_the_manage_page(contract, change, client):
    milestone_at(State.ACCEPTED, contract, title="Sketches")
    counter(change, amount="270.00")
    do.propose(contract, "Stress check")

    page = client.open(path("milestones:manage", contract))

    tools = ("Add a milestone", "Edit", "Delete", "Save")
    names = [name for name in map(page.name, page.buttons) if name.startswith(tools)]
    assert names == ["Edit Rendering pack", "Delete Rendering pack", "Save"]


def test_blocked_client_changes_the_counter_on_the_manage_page(contract, change, client):
    offer = counter(change, amount="270.00")
    do.propose(contract, "Stress check")
    client.open(path("milestones:manage", contract))
    client.press("Edit Rendering pack")
    client.fill("Amount", "275.00")

    client.press("Save")

    assert fresh(offer).asked.amount == 275


def test_blocked_client_without_a_counter_finds_nothing_to_save(contract, change, client):
    page = client.open(path("milestones:manage", contract))

    assert page.named("Save", page.buttons) == []


# --- However long the thread ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("reader", ["client", "freelancer"])
@pytest.mark.parametrize("name", [*PAGES, "contracts:list", "amendment"])
def test_page_takes_the_same_queries_after_one_round_and_after_seven(contract, change, request, reader, name):
    person = request.getfixturevalue(reader)

    def queries(offer: Change) -> int:
        if name == "amendment":
            url = amendment_path(offer)
        else:
            url = reverse(name) if name == "contracts:list" else path(name, contract)
        person.open(url)  # notes that it was seen
        with CaptureQueriesContext(connection) as captured:
            assert person.open(url).status == 200
        return len(captured)

    offer = counter(change, amount="260.00")
    after_one = queries(offer)
    for number in range(6):
        offer = counter(offer, amount=f"{261 + number}.00")

    assert queries(offer) == after_one


@pytest.mark.parametrize("name", [*PAGES, "amendment"])
def test_page_takes_the_same_queries_for_one_thread_and_for_three(contract, change, freelancer, name):
    def queries() -> int:
        offer = Change.objects.pending().latest("id")
        url = amendment_path(offer) if name == "amendment" else path(name, contract)
        freelancer.open(url)
        with CaptureQueriesContext(connection) as captured:
            assert freelancer.open(url).status == 200
        return len(captured)

    counter(change, amount="260.00")
    for_one = queries()
    until = contract.today() + datetime.timedelta(days=9)
    for title in ("One", "Two"):
        do.save(contract, do.valid(add(title), until))
        counter(contract.milestones.get(title=title).changes.get(), amount="60.00")

    assert queries() == for_one


def test_amendment_with_prices_valid_until_a_day_takes_the_same_queries(contract, freelancer):
    until = contract.today() + datetime.timedelta(days=9)

    def queries(count: int) -> int:
        amendment = do.save(contract, *(do.valid(add(row=f"n{n}"), until) for n in range(count)))
        url = reverse("milestones:amendment", args=[contract.pk, amendment.number])
        freelancer.open(url)
        with CaptureQueriesContext(connection) as captured:
            assert freelancer.open(url).status == 200
        return len(captured)

    assert queries(1) == queries(3)
