"""The manage page without JavaScript: edits are staged in the form itself and saved together (R13-R17)."""

import datetime

import pytest
from django.urls import reverse

from milestones.models import Amendment, Change, Milestone
from tests import factories as do
from tests.factories import State, fresh, milestone_at
from tests.milestones.browsing import proposes
from tests.milestones.snapshots import nothing_changes

NEXT_YEAR = datetime.date.today().year + 1  # noqa: DTZ011  any day that is well ahead


@pytest.fixture
def url(contract) -> str:
    return reverse("milestones:manage", args=[contract.pk])


# --- Staging ----------------------------------------------------------------------------------------------------------
def test_propose_and_save(contract, url, mara_at, ben):
    page = proposes(mara_at, url, "Casting review", "450")

    page = mara_at.press(page, "Save")

    assert (page.status, page.url) == (200, reverse("contracts:detail", args=[contract.pk]))
    assert "Saved. 1 suggestion, +$450.00, sent to Ben." in mara_at.response.text
    milestone = Milestone.objects.get()
    assert (milestone.title, milestone.amount, milestone.due_date, milestone.state) == (
        "Casting review",
        450,
        None,
        State.PROPOSED,
    )
    assert ben.notifications.count() == 1


def test_propose_with_date_and_description(url, mara_at):
    page = proposes(mara_at, url, "  Casting   review ", "1,450.50")
    page.field("Due date").typed = f"{NEXT_YEAR}-01-30"
    page.field("Description").typed = "One\nTwo"

    mara_at.press(page, "Save")

    change = Change.objects.get()
    assert (change.asked.title, str(change.asked.amount)) == ("Casting review", "1450.500")
    assert (change.asked.due_date, change.asked.description) == (datetime.date(NEXT_YEAR, 1, 30), "One\nTwo")


def test_propose_several_and_save_them_together(url, mara_at):
    page = proposes(mara_at, url, "One", "100")
    page = mara_at.press(page, "Propose a milestone")
    page.field("Name", 1).typed, page.field("Amount", 1).typed = "Two", "200"

    mara_at.press(page, "Save")

    assert list(Milestone.objects.order_by("id").values_list("title", "amount")) == [("One", 100), ("Two", 200)]
    assert Amendment.objects.count() == 1


def test_staging_writes_nothing(contract, url, mara_at):
    milestone_at(State.ACCEPTED, contract, title="Pump")
    with nothing_changes():
        page = proposes(mara_at, url, "One", "100")
        page = mara_at.press(page, "Edit Pump")
        page = mara_at.press(page, "Undo Pump")
        mara_at.press(page, "Delete Pump")


def test_edit_and_save(contract, url, mara_at):
    milestone = milestone_at(State.FUNDED, contract, title="Pump", amount="100.00")
    page = mara_at.press(mara_at.open(url), "Edit Pump")
    assert (page.field("Name").value, page.field("Amount").value) == ("Pump", "100.00")
    page.field("Amount").typed = "150"

    mara_at.press(page, "Save")

    change = Change.objects.pending().get()
    assert (change.milestone, change.kind, change.asked.amount, fresh(milestone).amount) == (
        milestone,
        "edit",
        150,
        100,
    )


def test_edit_what_waits_starts_from_the_suggestion(contract, url, mara_at):
    milestone = milestone_at(State.ACCEPTED, contract, title="Pump", amount="100.00")
    change = do.suggest(milestone, amount="150.00")
    page = mara_at.press(mara_at.open(url), "Edit Pump")
    assert page.field("Amount").value == "150.00"
    page.field("Amount").typed = "160"

    mara_at.press(page, "Save")

    assert (fresh(change).asked.amount, fresh(change).amendment.revision) == (160, 2)


def test_remove_and_save(contract, url, mara_at):
    milestone = milestone_at(State.ACCEPTED, contract, title="Pump")
    page = mara_at.press(mara_at.open(url), "Delete Pump")
    assert "When you save, you ask to remove it." in mara_at.response.text

    mara_at.press(page, "Save")

    assert (fresh(milestone).state, Change.objects.pending().get().kind) == (State.ACCEPTED, "remove")


def test_withdraw_and_save(contract, url, mara_at):
    change = do.propose(contract, "Pump")
    page = mara_at.press(mara_at.open(url), "Delete Pump")
    assert "Your suggestion is withdrawn when you save." in mara_at.response.text

    mara_at.press(page, "Save")

    assert (fresh(change).state, fresh(change.milestone).state) == ("withdrawn", State.WITHDRAWN)


def test_undo_of_an_edit_and_of_a_removal(contract, url, mara_at):
    milestone_at(State.ACCEPTED, contract, title="One")
    milestone_at(State.ACCEPTED, contract, title="Two")
    page = mara_at.press(mara_at.open(url), "Edit One")
    page.field("Amount").typed = "999"
    page = mara_at.press(page, "Delete Two")

    page = mara_at.press(page, "Undo One")
    page = mara_at.press(page, "Undo Two")

    assert "data-dirty" not in mara_at.response.text
    page = mara_at.press(page, "Save")
    assert (page.status, Change.objects.pending().count()) == (422, 0)
    assert "You have not changed anything yet." in mara_at.response.text


def test_delete_of_a_new_row_drops_it(url, mara_at):
    page = proposes(mara_at, url, "One", "100")

    page = mara_at.press(page, "Delete new milestone")

    assert page.named("Name", page.fields) == []
    assert "data-dirty" not in mara_at.response.text


def test_new_row_that_is_still_empty_is_not_complained_about_before_save(contract, url, mara_at):
    milestone_at(State.ACCEPTED, contract, title="Pump")
    page = mara_at.press(mara_at.open(url), "Propose a milestone")

    page = mara_at.press(page, "Edit Pump")

    assert "There is a problem" not in mara_at.response.text
    assert len(page.named("Name", page.fields)) == 2

    mara_at.press(page, "Save")

    assert "Enter a milestone name." in mara_at.response.text


def test_staged_rows_live_in_the_form_alone(url, mara_at):
    """A second look at the page knows nothing of what was staged on the first."""
    proposes(mara_at, url, "One", "100")

    page = mara_at.open(url)

    assert page.named("Name", page.fields) == []


def test_message_goes_to_the_chat_when_saved(contract, url, mara_at):
    page = proposes(mara_at, url, "One", "100")
    page.field("Message").typed = "The second inlet\nneeds it."

    mara_at.press(page, "Save")

    assert contract.messages.get().text == "The second inlet\nneeds it."


def test_row_that_was_opened_and_left_as_it_was_asks_for_nothing(contract, url, mara_at):
    milestone_at(State.ACCEPTED, contract, title="Pump", description="a\nb")
    page = mara_at.press(mara_at.open(url), "Edit Pump")
    page = mara_at.press(page, "Propose a milestone")
    page.field("Name", 1).typed, page.field("Amount", 1).typed = "New", "50"

    mara_at.press(page, "Save")

    assert [change.kind for change in Change.objects.pending()] == ["add"]


# --- The client -------------------------------------------------------------------------------------------------------
def test_client_saves_at_once(contract, url, ben_at, mara):
    milestone = milestone_at(State.ACCEPTED, contract, title="Pump", amount="100.00")
    page = ben_at.press(ben_at.open(url), "Edit Pump")
    page.field("Amount").typed = "80"

    ben_at.press(page, "Save")

    assert fresh(milestone).amount == 80
    assert "Saved. 1 milestone changed, −$20.00. Mara has been told." in ben_at.response.text


def test_client_is_offered_nothing_while_a_suggestion_waits(contract, url, ben_at):
    milestone_at(State.ACCEPTED, contract, title="Pump")
    do.propose(contract)

    page = ben_at.open(url)

    names = {page.name(button) for button in page.buttons}
    assert not {"Add a milestone", "Save", "Edit Pump", "Delete Pump"} & names
    assert "Until you answer, you cannot add or change upcoming milestones." in ben_at.response.text


# --- What is offered --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "offered"),
    [
        (State.PROPOSED, {"Edit Pump", "Delete Pump"}),
        (State.ACCEPTED, {"Edit Pump", "Delete Pump"}),
        (State.FUNDED, {"Edit Pump"}),
        (State.SUBMITTED, set()),
        (State.PAID, set()),
    ],
)
def test_freelancer_is_offered_what_the_state_allows(contract, url, mara_at, state, offered):
    milestone_at(state, contract, title="Pump")

    page = mara_at.open(url)

    names = {page.name(button) for button in page.buttons}
    assert {name for name in names if "Pump" in name} == offered


def test_milestone_in_progress_says_why_it_cannot_be_removed(contract, url, mara_at):
    milestone_at(State.FUNDED, contract)

    mara_at.open(url)

    assert "In progress: cannot be removed" in mara_at.response.text


def test_ended_contract_offers_nothing(contract, url, mara_at):
    milestone_at(State.ACCEPTED, contract, title="Pump")
    do.end(contract)

    page = mara_at.open(url)

    assert not {"Propose a milestone", "Save", "Edit Pump", "Delete Pump"} & {page.name(b) for b in page.buttons}


def test_plain_link_opens_a_row_for_editing(contract, url, mara_at):
    """From the amendment or the chat: `?do=edit:m1`, `?do=add`."""
    milestone = milestone_at(State.ACCEPTED, contract, title="Pump")

    with nothing_changes():
        opened = [mara_at.open(url, do=do).field("Name").value for do in (f"edit:m{milestone.pk}", "add")]

    assert opened == ["Pump", ""]
