"""The review page: look, choose, check what it does, decide (R9, R18, R19). No JavaScript."""

from urllib.parse import quote

import pytest
from django.urls import reverse

from escrow.queries import balance
from milestones.models import Change, Milestone
from tests import factories as do
from tests.factories import State, add, edit, fresh, milestone_at, remove
from tests.milestones.browsing import HTMX, typed
from tests.milestones.snapshots import nothing_changes


@pytest.fixture
def url(contract) -> str:
    return reverse("milestones:review", args=[contract.pk])


@pytest.fixture
def three(contract) -> list[Change]:
    """An increase of active work, a new milestone and a removal; all would cost $300.00 at once."""
    active = milestone_at(State.FUNDED, contract, title="3D model", amount="1200.00")
    upcoming = milestone_at(State.ACCEPTED, contract, title="Rendering pack", amount="250.00")
    do.save(contract, edit(active, amount="1500.00"), add("Stress check", "650.00"), remove(upcoming))
    return list(Change.objects.pending().order_by("id"))


def choose(page, title: str, answer: str) -> None:
    """Press the radio button of this line."""
    group = page.group(title)
    next(field for field in group.all("input") if page.name(field) == answer).tick()


# --- Look -------------------------------------------------------------------------------------------------------------
def test_review_shows_each_line_before_and_after(three, url, ben_at):
    ben_at.open(url)

    for text in ("3D model", "$1,200.00", "$1,500.00", "+$300.00", "Stress check", "$650.00", "Rendering pack"):
        assert text in ben_at.response.text


def test_review_is_the_same_for_both_parties_but_only_one_chooses(three, url, ben_at, mara_at):
    his, hers = ben_at.open(url), mara_at.open(url)

    assert [title.text for title in his.root.all("h3")] == [title.text for title in hers.root.all("h3")]
    assert [field for field in his.fields if his.name(field) == "Approve"]
    assert not [field for field in hers.fields if hers.name(field) == "Approve"]
    assert "Check and finish" not in {hers.name(button) for button in hers.buttons}


def test_review_of_nothing_says_that_everything_is_agreed(contract, url, ben_at):
    page = ben_at.open(url)

    assert "Everything on this contract is agreed." in ben_at.response.text
    assert page.fields == []


def test_review_notes_when_the_other_party_first_looked(three, url, ben_at, mara_at):
    mara_at.open(url)
    assert fresh(three[0].amendment).seen_at is None

    ben_at.open(url)
    first = fresh(three[0].amendment).seen_at
    ben_at.open(url)

    assert first is not None
    assert fresh(three[0].amendment).seen_at == first


def test_review_says_what_all_of_it_would_cost_now(three, url, ben_at):
    ben_at.open(url)

    assert "If you approve all, you pay $300.00 now; it goes to escrow." in ben_at.response.text


# --- Check and decide -------------------------------------------------------------------------------------------------
def test_check_says_what_the_choices_do_and_changes_nothing(three, url, ben_at, ben):
    do.deposit(ben, "1000.00")
    page = ben_at.open(url)
    choose(page, "3D model", "Approve")
    choose(page, "Stress check", "Decline")

    with nothing_changes():
        page = ben_at.press(page, "Check and finish")

    assert page.status == 200
    assert page.button("Approve 1, decline 1, pay $300.00")
    assert "Not answered" in ben_at.response.text


def test_decide_applies_what_was_checked(three, url, ben_at, ben, mara):
    do.deposit(ben, "1000.00")
    page = ben_at.open(url)
    choose(page, "3D model", "Approve")
    choose(page, "Stress check", "Decline")
    page.field("Reason", -1).typed = "Let's talk first"
    page = ben_at.press(page, "Check and finish")
    mara.notifications.all().delete()

    page = ben_at.press(page, "Approve 1, decline 1, pay $300.00")

    assert page.url == reverse("contracts:detail", args=[three[0].milestone.contract_id])
    assert (
        "Answered: approved 1 suggestion and declined 1. $300.00 went into escrow. Mara has been told."
        in ben_at.response.text
    )
    assert [fresh(change).state for change in three] == ["accepted", "declined", "proposed"]
    assert fresh(three[1]).reason == "Let's talk first"
    assert (fresh(three[0].milestone).escrow.balance, balance(ben.party, "USD")) == (1500, 700)
    assert mara.notifications.count() == 1


def test_approve_all_goes_to_the_check_page(three, url, ben_at, ben):
    do.deposit(ben, "1000.00")
    page = ben_at.open(url)

    with nothing_changes():
        page = ben_at.press(page, "Approve all 3")
    ben_at.press(page, "Approve 3, pay $300.00")

    assert {fresh(change).state for change in three} == {"accepted"}


def test_approve_all_can_fund_all_of_it(three, url, ben_at, ben):
    do.deposit(ben, "1000.00")
    page = ben_at.press(ben_at.open(url), "Approve all 3")
    with nothing_changes():
        page = ben_at.press(page, "Fund them now too: $650.00")
    assert page.named("Fund them now too", page.buttons) == []

    ben_at.press(page, "Approve 3, pay $950.00")

    assert (fresh(three[1].milestone).state, balance(ben.party, "USD")) == (State.FUNDED, 50)


def test_freelancer_is_not_asked_to_fund(contract, url, mara_at):
    do.counter(do.propose(contract), amount="80.00")

    page = mara_at.press(mara_at.open(url), "Approve all 1")

    assert page.named("Fund them now too", page.buttons) == []
    form = typed(page, "Approve 1") | {"fund": ["on"]}
    assert mara_at.post(f"{url}decide/", form).status_code == 302
    assert Milestone.objects.get().state == State.ACCEPTED


def test_decline_all_says_why_once(three, url, ben_at):
    page = ben_at.open(url)
    with nothing_changes():
        page = ben_at.press(page, "Decline all 3")
    page.field("Reason").typed = "Let’s talk first"

    ben_at.press(page, "Decline 3")

    assert {(fresh(change).state, fresh(change).reason) for change in three} == {("declined", "Let’s talk first")}


def test_decline_all_with_too_long_a_reason_is_invalid_and_kept(three, url, ben_at):
    page = ben_at.press(ben_at.open(url), "Decline all 3")
    page.field("Reason").typed = "x" * 1001

    with nothing_changes():
        page = ben_at.press(page, "Decline 3")

    assert (page.status, len(page.field("Reason").value)) == (422, 1001)
    assert page.target(page.link("This can have at most 1000 characters.")) is page.field("Reason")


@pytest.mark.parametrize("answer", ["Approve", "Decline"])
def test_one_answer_to_all_is_stale_when_something_was_added(three, url, ben_at, ben, contract, answer):
    do.deposit(ben, "1000.00")
    page = ben_at.press(ben_at.open(url), f"{answer} all 3")
    do.save(contract, add("Casting review", "10.00"))

    with nothing_changes():
        page = ben_at.press(page, f"{answer} 3")

    assert page.status == 409
    assert "This changed while you were reading. Nothing was applied." in ben_at.response.text
    assert [field for field in page.fields if field.has("checked")] == []


def test_one_answer_to_all_posted_twice_decides_once(three, url, ben_at, mara):
    page = ben_at.press(ben_at.open(url), "Decline all 3")
    sent = page.submission(page.button("Decline 3"))
    mara.notifications.all().delete()

    answers = [ben_at.post(sent.url, dict(sent.pairs)) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert mara.notifications.count() == 1


def test_approve_and_fund_in_one_step(contract, url, ben_at, ben):
    change = do.propose(contract, "Stress check", "650.00")
    do.deposit(ben, "1000.00")
    page = ben_at.open(url)
    choose(page, "Stress check", "Approve")
    page.field("Fund it now").tick()
    page = ben_at.press(page, "Check and finish")

    ben_at.press(page, "Approve 1, pay $650.00")

    assert (fresh(change.milestone).state, balance(ben.party, "USD")) == (State.FUNDED, 350)


def test_back_to_the_review_keeps_the_choices(three, url, ben_at, ben):
    do.deposit(ben, "1000.00")
    page = ben_at.open(url)
    choose(page, "Stress check", "Decline")
    page.field("Reason", -1).typed = "Too late"
    page = ben_at.press(page, "Check and finish")

    page = ben_at.press(page, "Back to the review")

    assert [field.get("value") for field in page.fields if field.has("checked")] == ["decline"]
    assert page.field("Reason", -1).value == "Too late"


# --- Refused ----------------------------------------------------------------------------------------------------------
def test_check_of_no_choice_is_invalid(three, url, ben_at):
    page = ben_at.open(url)

    with nothing_changes():
        page = ben_at.press(page, "Check and finish")

    assert page.status == 422
    assert "Choose an answer for at least one suggestion." in ben_at.response.text
    assert page.title.startswith("Error: ")


@pytest.mark.parametrize("missing", ["seen", "key"])
def test_decide_without_its_hidden_fields_is_invalid(three, url, ben_at, missing):
    form = typed(ben_at.open(url), "Approve all 3")
    assert list(form) == ["every", "csrfmiddlewaretoken", "seen", "key"]
    del form[missing]

    with nothing_changes():
        assert ben_at.post(f"{url}decide/", form).status_code == 422


def test_decide_without_balance_says_what_is_missing_and_how_to_add_it(three, url, ben_at, ben):
    do.deposit(ben, "120.00")
    page = ben_at.press(ben_at.open(url), "Approve all 3")

    assert "Your balance is $180.00 short" in ben_at.response.text
    link = page.link("Add $180.00").get("href")
    back = quote(f"{url}check/", safe="")
    assert link == f"{reverse('escrow:balance')}?owner={ben.party.pk}&amount=180&currency=USD&next={back}#add-funds"


def test_decide_without_balance_by_direct_post_applies_nothing(three, url, ben_at):
    form = typed(ben_at.open(url), "Approve all 3")
    with nothing_changes():
        response = ben_at.post(f"{url}decide/", form)

    assert response.status_code == 409
    assert "Your balance is $300.00 short" in response.text


def test_decide_on_an_older_revision_says_what_changed(three, url, ben_at, ben, contract):
    do.deposit(ben, "1000.00")
    page = ben_at.open(url)
    choose(page, "3D model", "Approve")
    choose(page, "Stress check", "Decline")
    page = ben_at.press(page, "Check and finish")
    do.save(contract, edit(three[0].milestone, amount="1600.00"))

    with nothing_changes():
        page = ben_at.press(page, "Approve 1, decline 1, pay $300.00")

    assert page.status == 409
    assert "This changed while you were reading. Nothing was applied." in ben_at.response.text
    assert "Mara changed the suggestions: now 3, +$800.00." in ben_at.response.text
    checked = [(field.get("name"), field.get("value")) for field in page.fields if field.has("checked")]
    assert checked == [(f"line{three[1].pk}-choice", "decline")]


def test_decide_twice_is_stale_and_says_how_it_was_answered(three, url, ben_at, contract):
    page = ben_at.open(url)
    choose(page, "Stress check", "Decline")
    page = ben_at.press(page, "Check and finish")
    do.approve(three[1])

    with nothing_changes():
        page = ben_at.press(page, "Decline 1")

    assert page.status == 409
    assert "Ben approved “Stress check”." in ben_at.response.text


def test_decide_posted_twice_decides_once(three, url, ben_at, mara):
    page = ben_at.open(url)
    choose(page, "Stress check", "Decline")
    page = ben_at.press(page, "Check and finish")
    sent = page.submission(page.button("Decline 1"))
    mara.notifications.all().delete()

    answers = [ben_at.post(sent.url, dict(sent.pairs)) for _ in range(2)]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [
        (302, reverse("contracts:detail", args=[three[0].milestone.contract_id]))
    ] * 2
    assert mara.notifications.count() == 1


def test_htmx_decision_leads_on_by_hx_redirect(three, url, ben_at):
    form = typed(ben_at.open(url), "Check and finish") | {f"line{three[1].pk}-choice": ["decline"]}

    response = ben_at.post(f"{url}decide/", form, headers=HTMX)

    page = reverse("contracts:detail", args=[three[0].milestone.contract_id])
    assert (response.status_code, response["HX-Redirect"]) == (200, page)


@pytest.mark.parametrize("line", ["9" * 5000, "9" * 18, "x", "²", "-1"])
def test_decide_on_a_made_up_line_is_no_server_error(three, url, ben_at, line):
    form = typed(ben_at.open(url), "Check and finish") | {"line": [line], f"line{line}-choice": ["approve"]}

    with nothing_changes():
        assert ben_at.post(f"{url}decide/", form).status_code in (409, 422)
        assert ben_at.post(f"{url}check/", form).status_code in (409, 422)


def test_decline_with_too_long_a_reason_is_invalid_and_kept(three, url, ben_at):
    page = ben_at.open(url)
    choose(page, "Stress check", "Decline")
    page.field("Reason", -1).typed = "x" * 1001

    with nothing_changes():
        page = ben_at.press(page, "Check and finish")

    assert (page.status, len(page.field("Reason", -1).value)) == (422, 1001)
