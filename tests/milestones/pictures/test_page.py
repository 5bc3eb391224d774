"""The pictures on the page of a contract and in the list: what is drawn is in the table, and only what may be seen."""

import datetime

import pytest
from django.urls import reverse

from tests import factories as do
from tests.e2e.reading import Element, Page
from tests.factories import ContractFactory, State, milestone_at
from tests.milestones.browsing import Visitor

LIST = "/contracts/"
HOSTILE = "</title><script>alert(1)</script>&\"'" + "W" * 150
DAYS = datetime.timedelta


def page_of(contract) -> str:
    return reverse("contracts:detail", args=[contract.pk])


def section(page: Page, name: str) -> Element | None:
    return next((one for one in page.root.all("section") if one.get("id") == name), None)


def chart(page: Page, name: str) -> Element:
    around = section(page, name)
    assert around
    return next(svg for svg in around.all("svg") if svg.get("role") == "img")


def table(page: Page, name: str) -> list[list[str]]:
    around = section(page, name)
    assert around
    [body] = around.all("tbody")
    return [[cell.text for cell in row.all("th", "td")] for row in body.all("tr")]


def titles(drawn: Element) -> list[str]:
    return [title.source for title in drawn.all("title")]


@pytest.fixture
def plan(contract):
    """One of each kind: paid, overdue, changed, to be removed, without a date, proposed."""
    today = contract.today()
    do.deposit(contract.client.person, "7654.32")
    milestone_at(State.PAID, contract, title="Sketches", amount="400.00", due_date=today + DAYS(2))
    edited = milestone_at(State.FUNDED, contract, title="Model", amount="1200.00", due_date=today + DAYS(20))
    removed = milestone_at(State.ACCEPTED, contract, title="Renderings", amount="250.00", due_date=today + DAYS(60))
    milestone_at(State.ACCEPTED, contract, title="Calls", amount="50.00")
    lines = [do.edit(edited, due_date=today + DAYS(30)), do.remove(removed)]
    do.save(contract, *lines, do.add("Check", "650.00", today + DAYS(40)))
    return contract


def test_contract_of_nothing_has_no_picture(contract, ben_at):
    page = ben_at.open(page_of(contract))

    assert section(page, "due-dates") is None
    assert section(page, "money-over-time") is None
    assert "money-bar" not in ben_at.response.text


def test_plan_without_dates_says_so(contract, ben_at):
    do.propose(contract)

    page = ben_at.open(page_of(contract))

    assert section(page, "due-dates").text == "Due dates No milestone has a due date."
    assert section(page, "money-over-time") is None


def test_table_of_due_dates_holds_what_the_picture_shows(plan, ben_at, mara_at):
    for visitor in (ben_at, mara_at):
        page = visitor.open(page_of(plan))

        rows = {row[0]: row[1:] for row in table(page, "due-dates")}
        drawn = chart(page, "due-dates")
        names = [title.partition(":")[0] for title in titles(drawn)[1:]]
        assert list(rows) == ["1 Sketches", "2 Model", "3 Renderings", "4 Calls", "5 Check"]
        assert names == ["1 Sketches", "2 Model", "5 Check", "3 Renderings"]
        assert rows["4 Calls"] == ["Not funded yet", "No due date", ""]
        for title in titles(drawn)[1:]:
            name, _, facts = title.partition(": ")
            state, due, suggested = rows[name]
            assert state in facts
            assert due == "No due date" or due in facts
            assert suggested.lower() in facts.lower()
        marks = [use.get("href") for use in drawn.all("use")]
        assert marks == ["#mark-paid", "#mark-funded", "#mark-suggested", "#mark-suggested", "#mark-accepted"]


def test_table_of_the_money_holds_what_the_picture_shows(plan, ben_at, mara_at):
    for visitor in (ben_at, mara_at):
        page = visitor.open(page_of(plan))

        last = table(page, "money-over-time")[-1][1:]
        words = next(one.source for one in chart(page, "money-over-time").all("desc"))
        legend = [term.text for term in section(page, "money-over-time").all("dd")]
        assert last == legend == ["$1,900.00", "$1,200.00", "$400.00"]
        assert "$1,900.00 agreed, $1,200.00 in escrow, $400.00 paid" in words


def test_pictures_show_nobody_the_balance(plan, ben, mara, ben_at, mara_at):
    """And to both parties the same, but for the zone in which each reads."""
    type(mara).objects.filter(pk=mara.pk).update(time_zone=ben.time_zone)

    ben, mara = ben_at.open(page_of(plan)), mara_at.open(page_of(plan))

    for name in ("due-dates", "money-over-time"):
        assert section(ben, name).source == section(mara, name).source
    assert "7,654.32" not in mara_at.response.text


def test_pictures_have_a_name_and_words(plan, ben_at):
    page = ben_at.open(page_of(plan))

    for name in ("due-dates", "money-over-time"):
        drawn = chart(page, name)
        assert drawn.get("aria-labelledby") == f"{name}-name {name}-words"
        assert page.name(drawn).endswith(".")


def test_hostile_titles_are_text(contract, ben_at):
    do.propose(contract, HOSTILE, due_date=contract.today() + DAYS(3))
    do.propose(contract, f"{HOSTILE}2")

    page = ben_at.open(page_of(contract))

    assert "<script>alert" not in ben_at.response.text
    assert titles(chart(page, "due-dates"))[1].startswith(f"1 {HOSTILE}: Proposed")


def test_today_is_that_of_the_contract(contract, ben, as_, monkeypatch):
    """Ben reads in New York, where it is still the 22nd; the contract's days end in Berlin."""
    milestone_at(State.ACCEPTED, contract, due_date=datetime.date(2030, 1, 22))
    now = datetime.datetime(2030, 1, 22, 23, 30, tzinfo=datetime.UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)

    page = Visitor(as_(ben)).open(page_of(contract))

    assert "Today, 23 Jan 2030" in chart(page, "due-dates").source
    assert table(page, "due-dates")[0][2] == "Overdue since 22 Jan 2030"


def test_ended_contract_keeps_its_pictures_without_today(contract, ben_at):
    milestone_at(State.PAID, contract, due_date=contract.today())
    do.end(contract)

    page = ben_at.open(page_of(contract))

    assert "Today" not in chart(page, "due-dates").source
    assert table(page, "money-over-time")[-1][1:] == ["$100.00", "$0.00", "$100.00"]


@pytest.mark.parametrize(("currency", "amount", "shown"), [("JPY", "120000", "¥120,000"), ("KWD", "1.500", "1.500")])
def test_amounts_are_in_the_contracts_currency(ben, ben_at, currency, amount, shown):
    contract = ContractFactory(client=ben, currency=currency)
    milestone_at(State.FUNDED, contract, amount=amount)

    page = ben_at.open(page_of(contract))

    assert shown in table(page, "money-over-time")[-1][2]


def test_list_draws_the_money_of_each_contract(plan, ben, ben_at):
    ContractFactory(client=ben, title="Nothing yet")

    page = ben_at.open(LIST)

    [drawn] = [svg for svg in page.root.all("svg") if svg.get("class") == "money-bar-chart"]
    assert titles(drawn) == [
        "Paid: $400.00, In escrow: $1,200.00, Not funded yet: $300.00, Suggested, net: +$400.00",
    ]
    [cells] = [row for row in table_of_list(page) if row[0] == "Pump housing"]
    assert cells[3:] == ["$400.00", "$1,200.00", "$1,900.00 +$400.00 suggested"]


def table_of_list(page: Page) -> list[list[str]]:
    [body] = page.root.all("main")[0].all("tbody")
    for svg in body.all("svg"):
        svg.children.clear()
    return [[cell.text for cell in row.all("th", "td")] for row in body.all("tr")]
