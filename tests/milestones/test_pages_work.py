"""Fund a milestone, hand in its work, answer the work; the wrong moment and bad input on each page (R20, R21)."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from escrow.queries import balance
from tests import factories as do
from tests.factories import State, fresh, milestone_at
from tests.milestones.browsing import HTMX, typed
from tests.milestones.snapshots import nothing_changes
from text.dates import day

ACTS = {
    "submit": (State.FUNDED, "mara_at", "Submit work", State.SUBMITTED),
    "request_changes": (State.SUBMITTED, "ben_at", "Ask for changes", State.FUNDED),
    "release": (State.SUBMITTED, "ben_at", "Approve and release $100.00", State.PAID),
}

BAD = [{}, {"seen": "x", "key": "y"}, {"seen": "-1", "key": "12345678-1234-1234-1234-123456789012"}, {"seen": "1"}]


def at(name: str, milestone) -> str:
    return reverse(f"milestones:{name}", args=[milestone.contract_id, milestone.pk])


def form(contract) -> dict[str, object]:
    """What the form of a page that is opened now carries."""
    return {"seen": fresh(contract).plan_revision, "key": uuid.uuid4()}


def contract_page(milestone) -> str:
    return reverse("contracts:detail", args=[milestone.contract_id])


# --- Fund -------------------------------------------------------------------------------------------------------------
@pytest.fixture
def upcoming(contract):
    return milestone_at(State.ACCEPTED, contract, title="Pump", amount="100.00")


def test_fund_says_what_it_moves_and_moves_it(upcoming, ben_at, ben):
    do.deposit(ben, "250.00")
    page = ben_at.open(at("fund", upcoming))
    assert all(text in ben_at.response.text for text in ("$100.00", "$250.00", "$150.00"))

    page = ben_at.press(page, "Fund Pump, $100.00")

    assert page.url == contract_page(upcoming)
    assert "$100.00 is in escrow for “Pump”. Mara has been told." in ben_at.response.text
    assert (fresh(upcoming).state, balance(ben.party, "USD")) == (State.FUNDED, 150)


def test_fund_says_what_it_pays_for(contract, ben_at):
    milestone = milestone_at(
        State.ACCEPTED,
        contract,
        title="Pump",
        due_date=contract.today() + timedelta(days=9),
        description="**One** inlet",
    )
    page = ben_at.open(at("fund", milestone))

    assert "<strong>One</strong> inlet" in ben_at.response.text
    assert f"Due {day(milestone.due_date)}" in ben_at.response.text
    assert page.link("Back to the contract").get("href") == contract_page(milestone)


def test_fund_without_balance_says_what_is_missing_and_how_to_add_it(upcoming, ben_at, ben):
    do.deposit(ben, "60.00")

    page = ben_at.open(at("fund", upcoming))

    assert "Your balance is $40.00 short" in ben_at.response.text
    assert (
        page.link("Add $40.00")
        .get("href")
        .startswith(f"{reverse('escrow:balance')}?owner={ben.party.pk}&amount=40&currency=USD&next=")
    )
    assert not [button for button in page.buttons if page.name(button).startswith("Fund")]


def test_fund_without_balance_by_direct_post_is_refused(upcoming, ben_at, contract):
    with nothing_changes():
        response = ben_at.post(at("fund", upcoming), form(contract))

    assert response.status_code == 409
    assert "Your balance is $100.00 short" in response.text


def test_fund_pressed_twice_moves_once(upcoming, ben_at, ben):
    do.deposit(ben, "250.00")
    form = typed(ben_at.open(at("fund", upcoming)), "Fund Pump")

    answers = [ben_at.post(at("fund", upcoming), form) for _ in range(2)]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, contract_page(upcoming))] * 2
    assert balance(ben.party, "USD") == 150


def test_fund_from_an_older_page_is_stale_and_then_goes(upcoming, ben_at, ben, contract):
    do.deposit(ben, "250.00")
    page = ben_at.open(at("fund", upcoming))
    do.propose(contract)

    with nothing_changes():
        page = ben_at.press(page, "Fund Pump")

    assert page.status == 409
    assert "This changed while you were reading. Nothing was applied." in ben_at.response.text
    ben_at.press(page, "Fund Pump")
    assert fresh(upcoming).state == State.FUNDED


def test_fund_of_what_a_suggestion_touches_is_refused(upcoming, ben_at, ben, contract):
    do.deposit(ben, "250.00")
    do.suggest(upcoming, amount="130.00")

    with nothing_changes():
        response = ben_at.post(at("fund", upcoming), form(contract))

    assert response.status_code == 409
    assert "A suggestion for this milestone waits for an answer. Answer it first, then fund." in response.text
    page = ben_at.client.get(at("fund", upcoming)).text
    assert "Answer it first, then fund." in page
    assert "Fund Pump, " not in page


@pytest.mark.parametrize("form", BAD)
def test_fund_with_bad_input_is_invalid(upcoming, ben_at, ben, form):
    do.deposit(ben, "250.00")

    with nothing_changes():
        response = ben_at.post(at("fund", upcoming), {"other": "field", **form})

    assert response.status_code == 422


def test_fund_page_tells_the_freelancer_nothing_of_the_balance(upcoming, mara_at, ben):
    do.deposit(ben, "77.77")

    page = mara_at.open(at("fund", upcoming))

    assert "77.77" not in mara_at.response.text
    assert not [button for button in page.buttons if page.name(button).startswith("Fund")]


SAID = {
    "submit": "“Pump” is submitted. Ben has been told.",
    "request_changes": "You asked for changes to “Pump”. Mara has been told.",
    "release": "$100.00 was released to Mara.",
}


# --- Work -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ACTS)
def test_work_is_done_with_a_note(contract, request, name):
    before, who, button, after = ACTS[name]
    visitor, milestone = request.getfixturevalue(who), milestone_at(before, contract, title="Pump", amount="100.00")
    page = visitor.open(at(name, milestone))
    page.fields[-1].typed = "In the folder."

    page = visitor.press(page, button)

    assert (page.url, fresh(milestone).state) == (contract_page(milestone), after)
    assert SAID[name] in visitor.response.text
    assert contract.events.latest("id").facts["note"] == "In the folder."


@pytest.mark.parametrize("name", ACTS)
def test_work_at_the_wrong_moment_is_refused_on_its_page(contract, request, name):
    milestone = milestone_at(State.ACCEPTED, contract, title="Pump")
    visitor = request.getfixturevalue(ACTS[name][1])

    with nothing_changes():
        response = visitor.post(at(name, milestone), form(contract) | {"note": "x"})

    assert response.status_code == 409
    assert "“Pump” is not funded yet. Ben funds it first." in response.text


@pytest.mark.parametrize("name", ACTS)
def test_work_pressed_twice_is_done_once(contract, request, name):
    before, who, button, _after = ACTS[name]
    visitor, milestone = request.getfixturevalue(who), milestone_at(before, contract, amount="100.00")
    form = typed(visitor.open(at(name, milestone)), button) | {"note": ["Once."]}
    events = contract.events.count()

    answers = [visitor.post(at(name, milestone), form) for _ in range(2)]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, contract_page(milestone))] * 2
    assert contract.events.count() == events + 1


@pytest.mark.parametrize("name", ACTS)
def test_work_with_bad_input_is_invalid_and_keeps_the_note(contract, request, name):
    before, who, button, _after = ACTS[name]
    visitor, milestone = request.getfixturevalue(who), milestone_at(before, contract, amount="100.00")
    page = visitor.open(at(name, milestone))
    page.fields[-1].typed = "x" * 2001

    with nothing_changes():
        page = visitor.press(page, button)

    assert (page.status, page.fields[-1].value) == (422, "x" * 2001)


def test_request_changes_without_a_note_is_invalid(contract, ben_at):
    milestone = milestone_at(State.SUBMITTED, contract)
    page = ben_at.open(at("request_changes", milestone))

    with nothing_changes():
        page = ben_at.press(page, "Ask for changes")

    assert page.status == 422
    assert "Say what should change." in ben_at.response.text


@pytest.mark.parametrize("name", ACTS)
def test_work_page_offers_no_button_at_the_wrong_moment(contract, request, name):
    milestone = milestone_at(State.ACCEPTED, contract)
    visitor = request.getfixturevalue(ACTS[name][1])

    page = visitor.open(at(name, milestone))

    assert page.status == 200
    assert ACTS[name][2] not in {page.name(button) for button in page.buttons}


@pytest.mark.parametrize("name", ACTS)
def test_htmx_work_leads_on_by_hx_redirect(contract, request, name):
    before, who, _button, _after = ACTS[name]
    visitor, milestone = request.getfixturevalue(who), milestone_at(before, contract)

    response = visitor.post(at(name, milestone), form(contract) | {"note": "x"}, headers=HTMX)

    assert (response.status_code, response["HX-Redirect"]) == (200, contract_page(milestone))


# --- What was not seen ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ACTS)
def test_work_from_an_older_page_is_refused_with_what_changed_and_keeps_the_note(contract, request, name):
    before, who, button, after = ACTS[name]
    visitor, milestone = request.getfixturevalue(who), milestone_at(before, contract, title="Pump", amount="100.00")
    page = visitor.open(at(name, milestone))
    page.fields[-1].typed = "In the folder."
    do.propose(contract, "Drawings", "50.00")

    with nothing_changes():
        page = visitor.press(page, button)

    assert (page.status, page.fields[-1].value) == (409, "In the folder.")
    for sentence in (
        "This changed while you were reading. Nothing was applied.",
        "Mara made 1 suggestion, +$50.00.",
        "Nothing was done. Look at it again; your note is kept.",
    ):
        assert sentence in visitor.response.text
    visitor.press(page, button)
    assert fresh(milestone).state == after


def test_release_of_an_older_page_pays_nothing_and_names_the_new_sum(contract, ben_at, ben):
    """The page said $100; since then the work was sent back, raised to $400 and submitted again."""
    milestone = milestone_at(State.SUBMITTED, contract, title="Pump", amount="100.00")
    page = ben_at.open(at("release", milestone))
    do.request_changes(milestone)
    do.deposit(ben, "300.00")
    do.approve(do.suggest(milestone, amount="400.00"))
    do.submit(milestone, note="Version two.")

    with nothing_changes():
        page = ben_at.press(page, "Approve and release $100.00")

    assert page.status == 409
    assert page.button("Approve and release $400.00")
    assert "Mara submitted the work on “Pump” for review. “Version two.”" in ben_at.response.text


def test_release_without_the_version_that_was_seen_is_invalid(contract, ben_at):
    milestone = milestone_at(State.SUBMITTED, contract)

    with nothing_changes():
        response = ben_at.post(at("release", milestone), {"key": uuid.uuid4()})

    assert response.status_code == 422


@pytest.mark.parametrize(
    ("state", "name", "who", "sentence"),
    [
        (State.PROPOSED, "submit", "mara_at", "“Pump” is not agreed yet. Ben answers the suggestion first."),
        (State.ACCEPTED, "submit", "mara_at", "“Pump” is not funded yet. Ben funds it first."),
        (State.FUNDED, "release", "ben_at", "The work on “Pump” is not submitted yet. Mara submits it first."),
        (State.SUBMITTED, "submit", "mara_at", "The work on “Pump” is submitted already. It waits for Ben’s review."),
        (State.PAID, "release", "ben_at", "“Pump” is paid now, so this cannot be done any more."),
        (State.SUBMITTED, "release", "mara_at", "This is for the other side to do."),
    ],
)
def test_work_page_says_what_must_happen_first(contract, request, state, name, who, sentence):
    milestone, visitor = milestone_at(state, contract, title="Pump"), request.getfixturevalue(who)

    visitor.open(at(name, milestone))

    assert sentence in visitor.response.text


def test_release_page_says_what_it_closes(contract, ben_at):
    milestone = milestone_at(State.FUNDED, contract)
    do.suggest(milestone, title="Other")
    do.hand_in_while_something_waits(milestone)

    ben_at.open(at("release", milestone))

    assert "1 suggestion that waits for an answer is closed with it." in ben_at.response.text


def test_submit_page_and_plan_offer_no_button_while_a_suggestion_waits(contract, mara_at):
    milestone = milestone_at(State.FUNDED, contract)
    do.suggest(milestone, title="Other")

    page = mara_at.open(at("submit", milestone))

    assert "Withdraw it, or wait, before you submit." in mara_at.response.text
    assert "Submit work" not in {page.name(button) for button in page.buttons}
    mara_at.open(contract_page(milestone))
    assert at("submit", milestone) not in mara_at.response.text
