"""Each term of a milestone has its columns, and each place that shows terms shows it."""

import pytest
from django.contrib import admin
from django.urls import reverse

from milestones.forms import TermsForm
from milestones.models import Change, Milestone, Terms
from milestones.models.amendment import ASKED, BASE
from milestones.pages.paste.heads import ROLES, SYNONYMS
from tests import factories as do
from tests.factories import State, milestone_at

NAMES = list(Terms.kinds())


def columns(model: type, prefix: str) -> set[str]:
    return {field.name.removeprefix(prefix) for field in model._meta.fields if field.name.startswith(prefix)}


def test_change_has_the_columns_of_exactly_these_terms_twice():
    assert columns(Change, BASE) == columns(Change, ASKED) == set(NAMES)


def test_milestone_has_a_column_a_term():
    assert set(NAMES) <= columns(Milestone, "")


@pytest.mark.parametrize("name", NAMES)
def test_columns_of_a_term_hold_the_same(name):
    fields = [Milestone._meta.get_field(name), *(Change._meta.get_field(f"{side}{name}") for side in (BASE, ASKED))]

    assert len({(field.get_internal_type(), getattr(field, "max_length", None)) for field in fields}) == 1


def test_no_other_place_keeps_a_list_of_the_terms(contract, mara, as_):
    form = TermsForm(currency="USD")
    table = as_(mara).get(reverse("milestones:plan_csv", args=[contract.pk])).text.split("\r\n")[0].split(",")

    assert [*form.fields] == NAMES
    assert [name for name in ROLES if name in NAMES] == NAMES
    assert set(SYNONYMS) == set(NAMES)
    assert [column for column in table if column in Terms.columns().values()] == [*Terms.columns().values()]
    assert [name for name in NAMES if Terms.columns()[name].casefold() not in SYNONYMS[name]] == []


def test_staff_see_each_term():
    of_milestone, of_change = admin.site.get_model_admin(Milestone), admin.site.get_model_admin(Change)

    assert [name for name in of_milestone.history_fields if name in NAMES] == NAMES
    assert [name for name in of_change.history_fields if name.startswith(ASKED)] == [f"{ASKED}{name}" for name in NAMES]
    assert {*NAMES} - {"amount"} <= {*of_milestone.fields}
    shown = [each for _name, options in of_change.fieldsets for each in options["fields"]]
    sides = [f"{side}{name}" for side in (BASE, ASKED) for name in NAMES]
    assert [each.__name__ for each in shown if callable(each)] == sides


def test_page_shows_a_term_that_has_no_place_of_its_own(contract, mara, as_, monkeypatch):
    do.propose(contract, title="Pump", description="Thicker.")
    monkeypatch.setattr("milestones.pages.rows.PLACED", ("title", "amount", "due_date"))

    page = as_(mara).get(contract.get_absolute_url()).text

    assert '<p class="meta">Description: <bdi>Thicker.</bdi></p>' in page


def test_paper_to_sign_shows_a_term_that_has_no_place_of_its_own(contract, mara, as_, monkeypatch):
    milestone_at(State.ACCEPTED, contract, title="Pump", description="Thicker.")
    monkeypatch.setattr("milestones.pages.rows.PLACED", ("title", "amount", "due_date"))

    assert "Description: <bdi>Thicker.</bdi>" in as_(mara).get(reverse("milestones:paper", args=[contract.pk])).text
