"""Your contracts, a contract, an amendment: what each party sees (R1, R3, R19, R21, R24)."""

import pytest
from django.urls import reverse

from tests import factories as do
from tests.factories import ContractFactory, State, milestone_at

LIST = "/contracts/"
MADE_UP = [{"q": "a\x00b"}, {"page": "x"}, {"page": "-1"}, {"page": "9" * 5000}, {"show": "all"}]


def page_of(contract) -> str:
    return reverse("contracts:detail", args=[contract.pk])


# --- Your contracts ---------------------------------------------------------------------------------------------------
def test_list_shows_own_contracts_and_no_others(contract, ben_at):
    ContractFactory(title="Somebody else's")

    ben_at.open(LIST)

    assert "Pump housing" in ben_at.response.text
    assert "Somebody else" not in ben_at.response.text


@pytest.mark.parametrize(
    ("step", "his", "hers"),
    [
        (None, "Nothing is planned", "Nothing is planned"),
        (do.propose, "Your answer: 1 suggestion", "Waiting for Ben: 1 suggestion"),
        (lambda c: milestone_at(State.FUNDED, c), "Mara is working", "Deliver the funded work"),
        (lambda c: milestone_at(State.SUBMITTED, c), "Your review: work was submitted", "Waiting for Ben: review"),
    ],
)
def test_list_says_what_happens_next(contract, ben_at, mara_at, step, his, hers):
    if step:
        step(contract)

    ben_at.open(LIST)
    mara_at.open(LIST)

    assert his in ben_at.response.text
    assert hers in mara_at.response.text


def test_list_of_ended_contracts_is_apart(contract, ben_at):
    do.end(contract)

    ben_at.open(LIST)
    assert "Pump housing" not in ben_at.response.text
    ben_at.open(LIST, show="ended")
    assert "Pump housing" in ben_at.response.text


@pytest.mark.parametrize(("words", "is_found"), [("pump", True), ("lindq", True), ("bracket", False), ("%", False)])
def test_list_is_searched_by_title_and_person(contract, ben_at, words, is_found):
    ben_at.open(LIST, q=words)

    assert ("Pump housing" in ben_at.response.text) == is_found


@pytest.mark.parametrize("query", MADE_UP, ids=["nul", "word", "minus", "digits", "show"])
def test_list_with_a_made_up_query_is_no_server_error(contract, ben_at, query):
    assert ben_at.open(LIST, **query).status == 200


def test_list_comes_in_pages(ben, ben_at):
    for number in range(26):
        ContractFactory(title=f"Contract {number}", client=ben)

    first = ben_at.open(LIST)
    assert "Contract 0<" not in ben_at.response.text
    ben_at.open(LIST + first.link("Show older").get("href"))

    assert "Contract 0<" in ben_at.response.text
    assert "Contract 25<" not in ben_at.response.text


# --- A contract -------------------------------------------------------------------------------------------------------
def test_contract_shows_each_milestone_with_amount_date_and_state(contract, ben_at, mara_at):
    milestone_at(State.PAID, contract, title="Sketches", amount="400.00", description="Two *views*")
    milestone_at(State.FUNDED, contract, title="Model", amount="1200.00")
    milestone_at(State.ACCEPTED, contract, title="Drawings", amount="900.00")
    do.propose(contract, "Stress check", "650.00")

    for visitor in (ben_at, mara_at):
        visitor.open(page_of(contract))
        text = visitor.response.text
        for shown in ("Sketches", "$400.00", "<em>views</em>", "Paid", "In escrow", "Funded – safe to start"):
            assert shown in text
        for shown in ("Approved, not funded – do not start", "Proposed – do not start", "$2,500.00 agreed"):
            assert shown in text


def test_contract_shows_markup_as_text(contract, ben_at):
    do.propose(contract, "<script>alert(1)</script>", description="<img src=x onerror=alert(1)>")
    do.approve(contract.milestones.get().changes.get(), fund=False)

    ben_at.open(page_of(contract))

    assert "<script>alert" not in ben_at.response.text
    assert "<img src=x" not in ben_at.response.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in ben_at.response.text


@pytest.mark.parametrize(
    ("state", "his", "hers"),
    [
        (State.PROPOSED, set(), set()),
        (State.ACCEPTED, {"Fund Pump"}, set()),
        (State.FUNDED, set(), {"Submit work Pump"}),
        (State.SUBMITTED, {"Approve the work Pump", "Ask for changes Pump"}, set()),
        (State.PAID, set(), set()),
    ],
)
def test_contract_offers_each_party_its_moves(contract, ben_at, mara_at, state, his, hers):
    milestone_at(state, contract, title="Pump")

    assert acts(ben_at.open(page_of(contract))) == his
    assert acts(mara_at.open(page_of(contract))) == hers


def acts(page) -> set[str]:
    names = {page.name(element) for element in [*page.links, *page.buttons]}
    return {name for name in names if name.endswith(" Pump") and not name.startswith(("Discuss", "See it"))}


def test_contract_offers_no_funding_of_what_a_suggestion_touches(contract, ben_at):
    milestone = milestone_at(State.ACCEPTED, contract, title="Pump")
    do.suggest(milestone, amount="130.00")

    assert acts(ben_at.open(page_of(contract))) == set()


def test_contract_offers_nothing_once_it_has_ended(contract, ben_at):
    milestone_at(State.ACCEPTED, contract, title="Pump")
    do.end(contract)

    page = ben_at.open(page_of(contract))

    assert acts(page) == set()
    assert "Manage milestones" not in {page.name(link) for link in page.links}


def test_contract_says_who_waits_for_whom(contract, ben_at, mara_at):
    do.propose(contract)

    ben_at.open(page_of(contract))
    mara_at.open(page_of(contract))

    assert "Mara is waiting for your answer" in ben_at.response.text
    assert "Until you answer, you cannot add or change upcoming milestones." in ben_at.response.text
    assert "Please do not start work that is not approved and funded." in mara_at.response.text


def test_paper_says_when_it_was_printed_and_what_was_not_agreed(contract, ben_at):
    milestone = milestone_at(State.ACCEPTED, contract)
    ben_at.open(page_of(contract))
    agreed = ben_at.response.text
    do.suggest(milestone, amount="130.00")
    pages = [page_of(contract), reverse("milestones:review", args=[contract.pk])]
    pages += [reverse("milestones:amendment", args=[contract.pk, number]) for number in (1, 2)]

    assert "Printed on" in agreed
    assert "not yet agreed" not in agreed
    for page, says in zip(pages, (True, True, False, True), strict=True):
        ben_at.open(page)
        assert ("Revision B is not yet agreed." in ben_at.response.text) == says


def test_chat_is_one_click_away_from_every_milestone(contract, ben_at):
    milestone = milestone_at(State.ACCEPTED, contract, title="Pump")

    page = ben_at.open(page_of(contract))
    page = ben_at.open(page.link("Discuss Pump").get("href"))

    assert "About Pump" in ben_at.response.text
    hidden = {field.get("name"): field.get("value") for field in page.root.all("input")}
    assert hidden["url"] == f"{page_of(contract)}#milestone-{milestone.pk}"


# --- An amendment -----------------------------------------------------------------------------------------------------
def test_amendment_keeps_each_line_and_its_answer(contract, ben_at):
    milestone = milestone_at(State.ACCEPTED, contract, title="Pump", amount="100.00")
    do.decline(do.suggest(milestone, amount="130.00"), reason="Too much")
    do.approve(do.suggest(milestone, amount="120.00"))

    ben_at.open(reverse("milestones:amendment", args=[contract.pk, 2]))

    for shown in ("Revision B", "$100.00", "$130.00", "+$30.00", "Declined", "Too much"):
        assert shown in ben_at.response.text


def test_amendment_that_does_not_exist_is_not_there(contract, ben_at):
    assert ben_at.open(reverse("milestones:amendment", args=[contract.pk, 9])).status == 404
