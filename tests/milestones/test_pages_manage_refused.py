"""What the manage page refuses: nothing is saved, all errors are shown, and what was typed stays (R4, R16, R19)."""

import datetime
import uuid

import pytest
from django.urls import reverse

from milestones.models import Change, Milestone
from tests import factories as do
from tests.factories import State, edit, fresh, milestone_at
from tests.milestones.browsing import HTMX, proposes, typed
from tests.milestones.snapshots import nothing_changes

IN_PROGRESS = (
    "This milestone is in progress, so it cannot be removed. "
    "Its date can change and its amount can rise, if both sides agree."
)


@pytest.fixture
def url(contract) -> str:
    return reverse("milestones:manage", args=[contract.pk])


def summary(page) -> list[str]:
    """The sentences of the error summary."""
    boxes = [box for box in page.root.all("div") if box.get("class") == "error-summary"]
    return [item.text for box in boxes for item in box.all("li")]


# --- Invalid (422) ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "amount", "sentences"),
    [
        ("", "100", ["Enter a milestone name."]),
        ("  ", "100", ["Enter a milestone name."]),
        ("Pump", "", ["Enter an amount."]),
        ("Pump", "0", ["Amount must be more than zero."]),
        ("Pump", "-1", ["Amount must be more than zero."]),
        ("Pump", "4.99", ["Amount must be $5.00 or more."]),
        ("Pump", "100.001", ["Amount in US dollars can have at most 2 decimals."]),
        ("Pump", "1000000000", ["Amount must be $999,999,999.99 or less."]),
        ("Pump", "1e3", ["Amount must be a number, like 650 or 650.00."]),
        ("Pump", "NaN", ["Amount must be a number, like 650 or 650.00."]),
        ("Pump", "abc", ["Amount must be a number, like 650 or 650.00."]),
        ("x" * 201, "100", ["Name must be 200 characters or fewer."]),
        ("", "", ["Enter a milestone name.", "Enter an amount."]),
    ],
)
def test_save_of_a_wrong_line_says_why_and_keeps_what_was_typed(url, mara_at, name, amount, sentences):
    page = proposes(mara_at, url, name, amount)

    with nothing_changes():
        page = mara_at.press(page, "Save")

    assert (page.status, summary(page)) == (422, sentences)
    assert page.title.startswith("Error: ")
    assert (page.field("Name").value.strip(), page.field("Amount").value) == (name.strip(), amount)


def test_each_error_of_the_summary_leads_to_its_field(url, mara_at):
    page = mara_at.press(proposes(mara_at, url, "", "1"), "Save")

    targets = [
        page.target(link) for link in page.links if link.get("href").startswith("#") and "skip" not in link.get("class")
    ]
    assert [target and page.name(target) for target in targets] == ["Name", "Amount in US dollars"]
    assert "Enter a milestone name." in page.description(page.field("Name"))


def test_every_error_of_every_line_is_shown_at_once(contract, url, mara_at):
    milestone_at(State.FUNDED, contract, title="Pump", amount="100.00")
    page = proposes(mara_at, url, "", "1")
    page = mara_at.press(page, "Edit Pump")
    page.field("Amount", 0).typed = "90"
    page = mara_at.press(page, "Propose a milestone")
    page.field("Name", -1).typed, page.field("Amount", -1).typed = "Fine", "100"

    with nothing_changes():
        page = mara_at.press(page, "Save")

    assert sorted(summary(page)) == [
        "Amount must be $5.00 or more.",
        "Enter a milestone name.",
        "The amount of a milestone in progress can only go up. To lower it, talk about it in the chat.",
    ]


def test_every_error_of_one_line_is_shown_at_once(contract, url, mara_at):
    page = proposes(mara_at, url, "", "1")
    page.field("Due date").typed = str(contract.today() - datetime.timedelta(days=1))

    page = mara_at.press(page, "Save")

    assert sorted(summary(page)) == [
        "Amount must be $5.00 or more.",
        "Due date must be today or later.",
        "Enter a milestone name.",
    ]


def test_due_date_that_is_no_date(url, mara_at):
    page = proposes(mara_at, url, "Pump", "100")
    page.field("Due date").typed = "tomorrow"

    page = mara_at.press(page, "Save")

    assert summary(page) == ["Enter the due date as year-month-day, like 2026-12-31."]


def test_removal_of_a_milestone_in_progress_by_direct_post(contract, url, mara_at):
    active = milestone_at(State.FUNDED, contract)
    form = {**fresh_form(contract), "do": "save", "row": f"m{active.pk}", f"m{active.pk}-mode": "remove"}

    with nothing_changes():
        response = mara_at.post(url, form)

    assert response.status_code == 422
    assert IN_PROGRESS in response.text


def test_removal_of_a_milestone_in_progress_inside_a_larger_save(contract, url, mara_at):
    active = milestone_at(State.FUNDED, contract, title="Pump")
    form = typed(proposes(mara_at, url, "New", "100"), "Save")
    form["row"].append(f"m{active.pk}")
    form[f"m{active.pk}-mode"] = ["remove"]

    with nothing_changes():
        response = mara_at.post(url, form)

    assert response.status_code == 422
    assert IN_PROGRESS in response.text
    assert 'value="New"' in response.text


@pytest.mark.parametrize("missing", ["seen", "key"])
def test_save_without_its_hidden_fields_is_invalid(url, mara_at, missing):
    form = typed(proposes(mara_at, url, "New", "100"), "Save")
    del form[missing]

    with nothing_changes():
        assert mara_at.post(url, form).status_code == 422


def fresh_form(contract) -> dict[str, object]:
    return {"seen": fresh(contract).plan_revision, "key": uuid.uuid4()}


MADE_UP = ["n" + "9" * 5000, "m" + "9" * 5000, "m" + "9" * 18, "x", "", "n1\x00", "m-1", "n²"]


@pytest.mark.parametrize("name", MADE_UP, ids=[repr(name)[:9] for name in MADE_UP])
@pytest.mark.parametrize("do_", ["save", "add"])
def test_post_of_a_made_up_row_is_no_server_error(contract, url, mara_at, name, do_):
    form = {**fresh_form(contract), "do": do_, "row": name, f"{name}-mode": "edit", f"{name}-title": ""}

    with nothing_changes():
        assert mara_at.post(url, form).status_code in (200, 422)


@pytest.mark.parametrize("key", ["9" * 5000, "9" * 18, "x", "", "²"])
def test_link_to_restore_a_made_up_change_is_no_server_error(url, mara_at, key):
    assert mara_at.client.get(url, {"do": f"restore:{key}"}).status_code == 200


def test_row_that_is_named_twice_is_saved_once(url, mara_at):
    form = typed(proposes(mara_at, url, "New", "100"), "Save")
    form["row"] *= 2

    mara_at.post(url, form)

    assert Milestone.objects.count() == 1


def test_row_of_a_milestone_of_another_contract_changes_it_not(contract, url, mara_at, mara):
    other = milestone_at(State.ACCEPTED, do.ContractFactory(freelancer=mara), title="Theirs", amount="100.00")
    name = f"m{other.pk}"
    row = {"row": name, f"{name}-mode": "edit", f"{name}-title": "Mine", f"{name}-amount": "10"}

    mara_at.post(url, {**fresh_form(contract), **row, "do": "save"})

    assert (fresh(other).title, other.changes.count()) == ("Theirs", 1)


# --- Stale and double (409) -------------------------------------------------------------------------------------------
def test_double_click_saves_once(url, mara_at):
    form = typed(proposes(mara_at, url, "New", "100"), "Save")

    first, again = mara_at.post(url, form), mara_at.post(url, form)

    assert (first.status_code, again.status_code, first["Location"]) == (302, 302, again["Location"])
    assert Milestone.objects.count() == 1


def test_save_from_an_older_page_says_what_changed_and_keeps_what_was_typed(contract, url, mara_at):
    page = proposes(mara_at, url, "New", "100")
    page.field("Message").typed = "Hello"
    do.save(contract, do.add("Other"), by=contract.client.person)

    with nothing_changes():
        page = mara_at.press(page, "Save")

    assert page.status == 409
    assert [alert.text for alert in page.alerts] == [
        "This changed while you were reading. Nothing was applied. Why is that? "
        "Ben added “Other”, $100.00. "
        "What you entered is kept below. Look at it again and save."
    ]
    assert [page.field(name).value for name in ("Name", "Amount", "Message")] == ["New", "100", "Hello"]


def test_save_again_after_looking_at_what_changed(contract, url, mara_at):
    page = proposes(mara_at, url, "New", "100")
    do.save(contract, do.add("Other"), by=contract.client.person)
    page = mara_at.press(page, "Save")

    mara_at.press(page, "Save")

    assert [change.title for change in Change.objects.pending()] == ["New"]


def test_save_of_an_edit_whose_milestone_left_the_plan_keeps_what_was_typed(contract, url, mara_at):
    milestone = milestone_at(State.ACCEPTED, contract, title="Pump")
    page = mara_at.press(mara_at.open(url), "Edit Pump")
    page.field("Amount").typed = "150"
    do.save(contract, do.remove(milestone), by=contract.client.person)

    page = mara_at.press(page, "Save")

    assert (page.status, page.field("Amount").value) == (409, "150")
    assert "This milestone is not in the plan any more." in mara_at.response.text


def test_save_of_an_answered_suggestion_from_an_older_page(contract, url, mara_at):
    change = do.propose(contract, "Pump", "100.00")
    page = mara_at.press(mara_at.open(url), "Edit Pump")
    page.field("Amount").typed = "900"
    do.approve(change)

    with nothing_changes():
        page = mara_at.press(page, "Save")

    assert page.status == 409
    assert fresh(change.milestone).amount == 100


def test_client_who_posts_all_the_same_while_a_suggestion_waits_is_refused(contract, url, ben_at):
    form = typed(proposes(ben_at, url, "Mine", "50", "Add a milestone"), "Save")
    do.propose(contract)
    form["seen"] = [str(fresh(contract).plan_revision)]

    with nothing_changes():
        response = ben_at.post(url, form)

    assert response.status_code == 409
    assert "Mara is waiting for your answer. Until you answer," in response.text
    assert 'value="Mine"' in response.text


def test_save_on_an_ended_contract_is_refused(contract, url, mara_at):
    page = proposes(mara_at, url, "New", "100")
    do.end(contract)

    with nothing_changes():
        page = mara_at.press(page, "Save")

    assert page.status == 409
    assert "This contract has ended, so its milestones cannot be changed." in mara_at.response.text


# --- Fragments --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("button", "element"), [("add", "manage-form"), ("preview", "totals")])
def test_htmx_gets_the_changed_fragment(url, mara_at, button, element):
    form = typed(proposes(mara_at, url, "New", "100"), "Save") | {"do": [button]}

    with nothing_changes():
        response = mara_at.post(url, form, headers=HTMX)

    assert response.status_code == 200
    assert "<html" not in response.text
    assert f'id="{element}"' in response.text


def test_totals_are_counted_on_the_server(contract, url, mara_at):
    milestone = milestone_at(State.ACCEPTED, contract, title="Pump", amount="100.00")
    do.save(contract, edit(milestone, amount="130.00"))
    form = typed(proposes(mara_at, url, "New", "250.50"), "Save") | {"do": ["preview"]}

    response = mara_at.post(url, form, headers=HTMX)

    assert "1 change to save" in response.text
    assert "Contract now $100.00, suggested +$280.50, if all are approved $380.50" in response.text


def test_htmx_save_leads_on_by_hx_redirect(contract, url, mara_at):
    form = typed(proposes(mara_at, url, "New", "100"), "Save")

    response = mara_at.post(url, form, headers=HTMX)

    assert (response.status_code, response["HX-Redirect"]) == (200, reverse("contracts:detail", args=[contract.pk]))
