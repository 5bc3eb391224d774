"""A term that is declared, of a kind that is new, is asked for, limited, shown, compared, exported, read and kept."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

import pytest
from django import forms

from contracts.terms import Amount, Date, Declared, Kind, Line, Manner, Prose, Unreadable
from contracts.terms.diff import rows
from contracts.terms.form import DeclaredForm
from text.compared import Compared

TODAY = datetime.date(2027, 5, 1)


@dataclass(frozen=True, kw_only=True)
class Rounds(Kind[int]):
    """A kind of its own, which the site does not have."""

    def field(self, currency: str) -> forms.Field:
        return forms.IntegerField(label=self.label, required=False)

    def problems(self, value: int, *, before: int | None, currency: str, today: datetime.date) -> Iterator[str]:
        if value > 9:
            yield "At most 9."

    def difference(self, before: int | None, after: int | None, currency: str) -> str:
        return f"{(after or 0) - (before or 0):+d}"

    def read(self, cell: str, manner: Manner) -> int:
        if not cell.isdecimal():
            raise Unreadable("No number.")
        return int(cell)


TEXT = Prose(label="Text", column="Text", most=9, other="another text", differs="The text changes.")


@dataclass(frozen=True)
class Whole(Declared):
    """As the terms of a contract might be."""

    title: Annotated[str, Line(label="Name", column="Name", most=5, is_name=True)]
    fee: Annotated[Decimal, Amount(label="Kill fee", column="Kill fee")]
    rounds: Annotated[int, Rounds(label="Rounds", column="Rounds")] = 0
    until: Annotated[datetime.date | None, Date(label="Until", column="Until")] = None
    text: Annotated[
        str, Prose(label="Text", column="Text", most=9, other="another text", differs="The text changes.")
    ] = ""


class WholeForm(DeclaredForm):
    declared = Whole


class Plainly:
    """A sheet that writes everything as the site does."""

    def amount(self, cell: str) -> Decimal:
        return Decimal(cell)

    def date(self, cell: str) -> datetime.date | None:
        return datetime.date.fromisoformat(cell) if cell else None


OLD = Whole("Pump", Decimal("9.00"), 2, TODAY, "One")
NEW = Whole("Pumps", Decimal("8.50"), 3, datetime.date(2027, 5, 8), "Two")
TYPED = {"title": "Pump", "fee": "9.00", "rounds": 2, "until": TODAY, "text": "One"}
CELLS = {"title": "Pump", "fee": "9.00", "rounds": "2", "until": "2027-05-01", "text": "One"}


# --- Asked for --------------------------------------------------------------------------------------------------------
def test_form_has_a_field_a_term_in_their_order():
    form = WholeForm(currency="USD", initial=OLD.typed("USD"))

    assert [(field.name, str(field.label)) for field in form.in_row] == [
        ("title", "Name"),
        ("fee", "Kill fee in US dollars"),
        ("rounds", "Rounds"),
        ("until", "Until"),
    ]
    assert [field.name for field in form.below] == ["text"]
    assert {name: form[name].value() for name in form.fields} == TYPED


def test_form_gives_the_terms_that_were_typed():
    form = WholeForm({name: str(value) for name, value in TYPED.items()}, currency="USD")

    assert form.is_valid()
    assert Whole(**form.given()) == OLD
    assert not WholeForm(
        {name: str(value) for name, value in TYPED.items()}, currency="USD", initial=OLD.typed("USD")
    ).has_changed()


def test_form_gives_what_can_be_read_beside_what_cannot():
    form = WholeForm({**TYPED, "title": "Pump housing", "fee": "much", "text": "x" * 10}, currency="USD")

    assert not form.is_valid()
    assert form.given() == {"rounds": 2, "until": TODAY}
    assert {name: [str(error) for error in errors] for name, errors in form.errors.items()} == {
        "title": ["Name must be 5 characters or fewer."],
        "fee": ["Amount must be a number, like 650 or 650.00."],
        "text": ["Text must be 9 characters or fewer."],
    }


# --- Limited ----------------------------------------------------------------------------------------------------------
def test_what_is_wrong_is_said_term_by_term():
    wrong = Whole("\u3164", Decimal("-1"), 10, datetime.date(2027, 4, 30), "x" * 10)

    assert [*wrong.problems(before=None, currency="USD", today=TODAY)] == [
        ("title", "Enter a name."),
        ("fee", "Amount must be more than zero."),
        ("rounds", "At most 9."),
        ("until", "Until must be today or later."),
        ("text", "Text must be 9 characters or fewer."),
    ]


def test_day_that_has_passed_may_stay():
    passed = Whole("Pump", Decimal(9), 0, datetime.date(2027, 4, 30))

    assert not [*passed.problems(before=passed, currency="USD", today=TODAY)]


# --- Shown ------------------------------------------------------------------------------------------------------------
def test_terms_without_a_place_of_their_own_are_named():
    assert [*OLD.besides("title", "fee", "text", currency="USD")] == [("Rounds", "2"), ("Until", "1 May 2027")]
    assert not [*Whole("Pump", Decimal(9)).besides("title", "fee", currency="USD")]


@pytest.mark.django_db
def test_diff_of_a_change_shows_each_term_that_differs():
    found = [*rows(OLD, NEW, "USD", Compared([]))]

    assert [(row.label, row.before, row.after, row.difference, bool(row.pieces)) for row in found] == [
        ("Name", "Pump", "Pumps", "", True),
        ("Kill fee", "$9.00", "$8.50", "−$0.50", False),
        ("Rounds", "2", "3", "+1", False),
        ("Until", "1 May 2027", "8 May 2027", "+7 days", False),
        ("Text", "One", "Two", "", True),
    ]
    assert [row.name for row in rows(OLD, NEW, "USD", Compared([]), with_prose=False)] == [
        "title",
        "fee",
        "rounds",
        "until",
    ]


@pytest.mark.parametrize(("base", "asked"), [(None, OLD), (OLD, None)])
def test_diff_of_what_is_new_or_removed_shows_each_term_but_its_name(base, asked):
    found = [*rows(base, asked, "USD", Compared([]))]

    assert [row.name for row in found] == ["fee", "rounds", "until", "text"]
    assert {(row.is_new, row.is_removed) for row in found} == {(base is None, asked is None)}


def test_changes_are_said_in_a_sentence_and_in_a_list():
    assert [*OLD.changes(NEW, "USD")] == [
        "Name Pump → Pumps",
        "Kill fee $9.00 → $8.50",
        "Rounds 2 → 3",
        "Until 1 May 2027 → 8 May 2027",
        "another text",
    ]
    assert [*OLD.differences(NEW, "USD", prose=False)][2:] == ["Rounds: 2 → 3", "Until: 1 May 2027 → 8 May 2027"]
    assert [*OLD.differences(NEW, "USD", prose=True)] == ["The text changes."]
    assert not [*OLD.changes(OLD, "USD")]


# --- Taken along and kept ---------------------------------------------------------------------------------------------
def test_table_has_a_column_a_term_that_is_read_again():
    assert Whole.columns() == {
        "title": "Name",
        "fee": "Kill fee",
        "rounds": "Rounds",
        "until": "Until",
        "text": "Text",
    }
    assert OLD.cells("USD") == CELLS
    given, problems = Whole.read(CELLS, Plainly())
    assert (Whole(**given), problems) == (OLD, [])


def test_cell_that_cannot_be_read_is_named():
    assert Whole.read({"title": "Pump", "rounds": "two"}, Plainly()) == ({"title": "Pump"}, ["No number."])


def test_event_keeps_all_but_long_texts():
    kept = OLD.to_json()

    assert kept == {"title": "Pump", "fee": "9.00", "rounds": 2, "until": "2027-05-01", "text": ""}
    assert Whole.from_json(kept) == Whole("Pump", Decimal("9.00"), 2, TODAY)


def test_event_from_before_a_term_is_read_with_its_default():
    assert Whole.from_json({"title": "Pump", "fee": "9.00"}) == Whole("Pump", Decimal("9.00"))


def test_form_that_is_sent_twice_is_known_by_each_term():
    """A receipt keeps the digest of what a form said, by its representation."""
    assert [name for name in Whole.kinds() if f"{name}=" not in repr(OLD)] == []


def test_columns_of_a_row_hold_terms():
    class Row:
        old_title: Any = None
        old_fee: Any = None
        old_rounds, old_until, old_text = 0, None, ""

    row = Row()
    assert Whole.of_any(row, "old_") is None
    OLD.put(row, "old_")
    assert Whole.of_any(row, "old_") == Whole.of(row, "old_") == OLD
