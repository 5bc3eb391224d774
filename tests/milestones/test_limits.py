"""How much a plan, a Save and a form may hold: whoever must answer can always read and answer all of it."""

import uuid

import pytest
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from milestones import rules
from milestones.models import Change
from milestones.pages.manage.staging import Stage
from tests import factories as do
from tests.factories import State, add, edit, fresh, milestone_at, remove
from tests.milestones.snapshots import nothing_changes, refused
from web.refusals import Invalid

TOO_MANY_WAIT = "At most 3 suggestions can wait for an answer on one contract. Save fewer now."


@pytest.fixture
def url(contract) -> str:
    return reverse("milestones:manage", args=[contract.pk])


@pytest.fixture
def three(contract, monkeypatch) -> list[Change]:
    """All that may wait."""
    monkeypatch.setattr(rules, "MAXIMUM_WAITING", 3)
    return [do.propose(contract, title) for title in ("One", "Two", "Three")]


def new(name: str, **fields: str) -> dict[str, object]:
    given = {"mode": "edit", "title": "Pump", "amount": "100", **fields}
    return {f"{name}-{field}": value for field, value in given.items()}


def form(contract, **fields: object) -> dict[str, object]:
    return {"do": "save", "seen": fresh(contract).plan_revision, "key": uuid.uuid4(), **fields}


def test_limits_are_what_the_review_page_was_made_for():
    assert (rules.MAXIMUM_LINES, rules.MAXIMUM_WAITING, rules.MAXIMUM_MILESTONES) == (100, 100, 300)


# --- Of a contract ----------------------------------------------------------------------------------------------------
def test_further_saves_cannot_make_more_wait_than_may(contract, three):
    with refused(Invalid, TOO_MANY_WAIT):
        do.save(contract, add("Four"))


def test_suggestions_for_what_is_agreed_count_too(contract, three):
    upcoming = three[0].milestone
    do.approve(three[0])
    do.save(contract, edit(upcoming, amount="130.00"))

    with refused(Invalid, TOO_MANY_WAIT):
        do.save(contract, add("Four"))


def test_what_waits_can_be_changed_and_swapped_at_the_limit(contract, three):
    first, second, _third = three

    do.save(contract, edit(first.milestone, amount="130.00"), remove(second.milestone), add("Four"))

    assert Change.objects.pending().count() == 3


def test_what_the_client_does_alone_does_not_wait(contract, three, ben):
    do.approve(*three)
    for _time in range(2):
        do.save(contract, add("Four"), add("Five", row="n2"), by=ben)

    assert contract.milestones.agreed().count() == 7


def test_plan_holds_only_so_many_milestones(contract, ben, monkeypatch):
    monkeypatch.setattr(rules, "MAXIMUM_MILESTONES", 2)
    do.save(contract, add("One"), by=ben)

    with refused(Invalid, "A plan can hold 2 milestones. Put several small ones into one."):
        do.save(contract, add("Two"), add("Three", row="n2"), by=ben)
    do.save(contract, add("Two"), by=ben)
    do.save(contract, remove(contract.milestones.get(title="One")), by=ben)
    do.save(contract, add("Three"), by=ben)


def test_too_many_are_refused_on_the_page_and_what_was_typed_stays(contract, three, url, mara_at):
    with nothing_changes():
        response = mara_at.post(url, form(contract, row="n1") | new("n1", title="Four"))

    assert response.status_code == 422
    assert TOO_MANY_WAIT in response.text
    assert 'value="Four"' in response.text


# --- Of one form ------------------------------------------------------------------------------------------------------
def test_rows_beyond_a_save_are_not_read_and_the_page_says_so(contract, url, mara_at):
    names = [f"n{number}" for number in range(1, 151)]
    fields = {field: value for name in names for field, value in new(name).items()}

    with nothing_changes():
        response = mara_at.post(url, form(contract, row=names) | fields)

    assert response.status_code == 422
    assert "One Save can hold 100 lines. The others were left out." in response.text
    assert len(response.context["page"].rows) == 100


def test_rows_of_the_plan_beyond_a_save_are_not_read_either(contract, mara, monkeypatch):
    monkeypatch.setattr("milestones.pages.manage.staging.MAXIMUM_LINES", 2)
    milestones = [milestone_at(State.ACCEPTED, contract) for _time in range(3)]
    posted = {f"m{milestone.pk}-mode": "remove" for milestone in milestones}

    stage = Stage(contract, as_posted(posted), by=mara)

    assert ([row.mode for row in stage.rows], stage.is_valid) == (["remove", "remove", ""], False)


def test_as_many_rows_as_a_save_holds_are_all_read(contract, mara, monkeypatch):
    monkeypatch.setattr("milestones.pages.manage.staging.MAXIMUM_LINES", 2)

    stage = Stage(contract, as_posted({"row": ["n1", "n2"], **new("n1"), **new("n2")}), by=mara)

    assert ([line.row for line in stage.lines()], stage.is_valid) == (["n1", "n2"], True)


def as_posted(fields: dict[str, object]):
    return MultiValueDict({name: value if isinstance(value, list) else [value] for name, value in fields.items()})


def test_row_of_another_contract_is_refused_and_not_saved_as_new(contract, url, mara_at):
    foreign = milestone_at(State.ACCEPTED)
    name = f"m{foreign.pk}"

    with nothing_changes():
        response = mara_at.post(url, form(contract, row=name) | new(name))

    assert response.status_code == 422
    assert "This milestone is not in the plan any more." in response.text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"amount": "9" * 41}, "Amount must be a number, like 650 or 650.00."),
        ({"title": "x" * 1001}, "Name must be 200 characters or fewer."),
        ({"description": "x" * 20_001}, "Description must be 20000 characters or fewer."),
    ],
)
def test_fields_that_are_too_long_are_refused(contract, url, mara_at, fields, sentence):
    with nothing_changes():
        response = mara_at.post(url, form(contract, row="n1") | new("n1", **fields))

    assert response.status_code == 422
    assert sentence in response.text
