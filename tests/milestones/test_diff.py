"""Before and after, field by field and word by word (R3, R9)."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest

from milestones.models import Change, Terms
from milestones.pages.diff import FieldDiff, diff
from text.difference import Piece

DECEMBER = datetime.date(2026, 12, 12)
BASE = Terms("3D model", Decimal("1200.00"), DECEMBER, "STEP and native")


def change(base: Terms | None, asked: Terms | None) -> Change:
    made = Change()
    if base:
        made.set_base(base)
    if asked:
        made.set_asked(asked)
    return made


def rows(base: Terms | None, asked: Terms | None, currency: str = "USD") -> list[tuple[str, str, str, str]]:
    return [(row.name, row.before, row.after, row.difference) for row in diff(change(base, asked), currency)]


# --- Fields -----------------------------------------------------------------------------------------------------------
def test_diff_of_an_edit_shows_only_what_differs():
    asked = Terms("3D model", Decimal("1500.00"), datetime.date(2026, 12, 19), "STEP and native")

    assert rows(BASE, asked) == [
        ("amount", "$1,200.00", "$1,500.00", "+$300.00"),
        ("due_date", "12 Dec 2026", "19 Dec 2026", "+7 days"),
    ]


def test_diff_of_an_edit_shows_names_and_descriptions_word_by_word():
    found = diff(change(BASE, Terms("3D models", Decimal("1200.00"), DECEMBER, "STEP, IGES and native")), "USD")

    assert [(row.name, row.pieces) for row in found] == [
        ("title", [Piece("=", "3D"), Piece("-", " model"), Piece("+", " models")]),
        ("description", [Piece("=", "STEP"), Piece("+", ", IGES"), Piece("=", " and native")]),
    ]


def test_diff_of_a_lower_amount_has_a_real_minus():
    asked = Terms("3D model", Decimal("950.00"), DECEMBER, "STEP and native")

    assert rows(BASE, asked) == [("amount", "$1,200.00", "$950.00", "−$250.00")]


def test_diff_of_a_new_milestone_says_nothing_yet():
    assert rows(None, BASE) == [
        ("amount", "Nothing yet", "$1,200.00", "+$1,200.00"),
        ("due_date", "Nothing yet", "12 Dec 2026", ""),
        ("description", "", "STEP and native", ""),
    ]


def test_diff_of_a_new_milestone_leaves_out_what_is_not_given():
    assert rows(None, Terms("Stress check", Decimal(500)), "JPY") == [("amount", "Nothing yet", "¥500", "+¥500")]


def test_diff_of_a_removal_says_removed():
    assert rows(BASE, None) == [
        ("amount", "$1,200.00", "Removed", "−$1,200.00"),
        ("due_date", "12 Dec 2026", "Removed", ""),
        ("description", "STEP and native", "", ""),
    ]


@pytest.mark.parametrize(("base", "asked"), [(None, BASE), (BASE, None)])
def test_diff_marks_what_is_new_or_removed(base, asked):
    flags = {(row.is_new, row.is_removed) for row in diff(change(base, asked), "USD")}

    assert flags == {(base is None, asked is None)}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, DECEMBER, ("No date", "12 Dec 2026", "")),
        (DECEMBER, None, ("12 Dec 2026", "No date", "")),
        (DECEMBER, datetime.date(2026, 12, 11), ("12 Dec 2026", "11 Dec 2026", "−1 day")),
    ],
)
def test_diff_of_due_dates(before, after, expected):
    base, asked = (Terms("Pump", Decimal(100), date) for date in (before, after))

    assert rows(base, asked) == [("due_date", *expected)]


def test_diff_of_dinars_has_three_decimals():
    base, asked = Terms("Pump", Decimal("1.500")), Terms("Pump", Decimal("1.501"))
    space = "\N{NO-BREAK SPACE}"

    assert rows(base, asked, "KWD") == [("amount", f"KWD{space}1.500", f"KWD{space}1.501", f"+KWD{space}0.001")]


def test_diff_labels_each_field():
    asked = Terms("Other", Decimal(1), None, "Other")

    assert [row.label for row in diff(change(BASE, asked), "USD")] == ["Name", "Amount", "Due date", "Description"]
    assert all(isinstance(row, FieldDiff) for row in diff(change(BASE, asked), "USD"))


@pytest.mark.django_db
def test_diff_of_long_texts_that_have_nothing_in_common_says_so():
    old, new = "one" * 200, "two" * 200
    found = diff(change(replace(BASE, description=old), replace(BASE, description=new)), "USD")

    assert [(row.is_whole, [piece.sign for piece in row.pieces]) for row in found] == [(True, ["-", "+"])]
    assert not diff(change(BASE, replace(BASE, description="Other")), "USD")[0].is_whole
