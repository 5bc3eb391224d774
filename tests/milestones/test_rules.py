"""The rules of a line, written once: what a price, a name and a date may be (R11-R13), and in which state (R4, R7)."""

import datetime
from decimal import Decimal

import pytest

from milestones import rules
from milestones.models import Milestone, Terms
from milestones.rules import Problem

State = Milestone.State
TODAY = datetime.date(2026, 11, 20)
GOOD = Terms("Stress check", Decimal("100.00"))
IN_PROGRESS = (
    "This milestone is in progress, so it cannot be removed. "
    "Its date can change and its amount can rise, if both sides agree."
)
SETTLED = "This milestone is settled, so it cannot be removed."
UNREMOVABLE = dict.fromkeys(State, SETTLED) | {
    State.ACCEPTED: "",
    State.FUNDED: IN_PROGRESS,
    State.SUBMITTED: IN_PROGRESS,
}
TERMS_STAY = "This milestone is settled, so its terms stay as they are."
IN_REVIEW = "This work is being reviewed. Its terms can change when the review is answered."
FUNDED = "This milestone is funded, so its terms change only when both of you agree. Ask in the chat."
UNEDITABLE = dict.fromkeys(State, TERMS_STAY) | {
    State.PROPOSED: "",
    State.ACCEPTED: "",
    State.FUNDED: "",
    State.SUBMITTED: IN_REVIEW,
}
UNEDITABLE_ALONE = UNEDITABLE | {State.FUNDED: FUNDED, State.SUBMITTED: FUNDED}


def problems(terms: Terms, *, before: Terms | None = None, currency: str = "USD") -> list[tuple[str | None, str]]:
    found = rules.problems_of_terms("n1", terms, before=before, currency=currency, today=TODAY)
    assert all(problem.row == "n1" for problem in found)
    return [(problem.field, problem.sentence) for problem in found]


def priced(amount: str, currency: str) -> list[tuple[str | None, str]]:
    return problems(Terms("Stress check", Decimal(amount)), currency=currency)


def at(state: str, amount: str = "100.00") -> Milestone:
    return Milestone(title="Stress check", amount=Decimal(amount), state=state)


# --- Terms ------------------------------------------------------------------------------------------------------------
def test_terms_need_name_and_amount_only():
    assert problems(GOOD) == []


@pytest.mark.parametrize("title", ["", " ", "\n\t"])
def test_terms_with_a_blank_name(title):
    assert problems(Terms(title, Decimal(100))) == [("title", "Enter a milestone name.")]


@pytest.mark.parametrize(("length", "expected"), [(200, []), (201, ["Name must be 200 characters or fewer."])])
def test_terms_with_a_long_name(length, expected):
    assert [sentence for _field, sentence in problems(Terms("x" * length, Decimal(100)))] == expected


@pytest.mark.parametrize(
    ("length", "expected"), [(20_000, []), (20_001, ["Description must be 20000 characters or fewer."])]
)
def test_terms_with_a_long_description(length, expected):
    terms = Terms("Pump", Decimal(100), None, "x" * length)

    assert [sentence for _field, sentence in problems(terms)] == expected


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("5.00", "USD"),
        ("5", "USD"),
        ("100.000", "USD"),  # as the database gives it back
        ("1E+3", "USD"),
        ("999999999.99", "USD"),
        ("500", "JPY"),
        ("500.000", "JPY"),
        ("999999999", "JPY"),
        ("1.500", "KWD"),
        ("1.501", "KWD"),
        ("999999999.990", "KWD"),
    ],
)
def test_amount_is_fine(amount, currency):
    assert priced(amount, currency) == []


@pytest.mark.parametrize(
    ("amount", "currency", "sentence"),
    [
        ("0", "USD", "Amount must be more than zero."),
        ("-5.00", "USD", "Amount must be more than zero."),
        ("4.99", "USD", "Amount must be $5.00 or more."),
        ("5.001", "USD", "Amount in US dollars can have at most 2 decimals."),
        ("1000000000", "USD", "Amount must be $999,999,999.99 or less."),
        ("NaN", "USD", "Amount must be a number, like 650 or 650.00."),
        ("Infinity", "USD", "Amount must be a number, like 650 or 650.00."),
        ("499", "JPY", "Amount must be ¥500 or more."),
        ("500.5", "JPY", "Amount in Japanese yen must be a whole number, like 650."),
        ("1000000000", "JPY", "Amount must be ¥999,999,999 or less."),
        ("1.499", "KWD", "Amount must be KWD\N{NO-BREAK SPACE}1.500 or more."),
        ("1.5001", "KWD", "Amount in Kuwaiti dinars can have at most 3 decimals."),
    ],
)
def test_amount_is_refused(amount, currency, sentence):
    assert priced(amount, currency) == [("amount", sentence)]


@pytest.mark.parametrize(("days", "is_fine"), [(-1, False), (0, True), (1, True)])
def test_due_date_is_today_or_later(days, is_fine):
    terms = Terms("Pump", Decimal(100), TODAY + datetime.timedelta(days=days))

    assert problems(terms) == ([] if is_fine else [("due_date", "Due date must be today or later.")])


def test_due_date_that_was_agreed_may_have_passed():
    passed = Terms("Pump", Decimal(100), TODAY - datetime.timedelta(days=400))

    assert problems(passed, before=passed) == []


def test_due_date_moved_within_the_past_is_refused():
    passed, other = (Terms("Pump", Decimal(100), TODAY - datetime.timedelta(days=days)) for days in (9, 8))

    assert problems(other, before=passed) == [("due_date", "Due date must be today or later.")]


def test_every_problem_of_a_line_is_told():
    terms = Terms("", Decimal(1), TODAY - datetime.timedelta(days=1), "x" * 20_001)

    assert [field for field, _sentence in problems(terms)] == ["title", "amount", "due_date", "description"]


# --- States -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", State)
def test_why_not_removable(state):
    assert rules.why_not_removable(at(state)) == UNREMOVABLE[state]


@pytest.mark.parametrize("state", State)
def test_why_not_editable(state):
    assert rules.why_not_editable(at(state), alone=False) == UNEDITABLE[state]
    assert rules.why_not_editable(at(state), alone=True) == UNEDITABLE_ALONE[state]


# --- Edits ------------------------------------------------------------------------------------------------------------
def problem_of_edit(milestone: Milestone, terms: Terms, *, before: Terms | None = None) -> Problem | None:
    return rules.problem_of_edit("m1", milestone, terms, before=before or milestone.terms, alone=False)


@pytest.mark.parametrize(
    "terms",
    [
        Terms("Other", Decimal(100)),
        Terms("Stress check", Decimal(101)),
        Terms("Stress check", Decimal(100), TODAY),
        Terms("Stress check", Decimal(100), None, "More"),
    ],
)
@pytest.mark.parametrize("state", [State.PROPOSED, State.ACCEPTED, State.FUNDED])
def test_edit_of_one_field_is_fine(state, terms):
    assert problem_of_edit(at(state), terms) is None


def test_edit_of_upcoming_work_may_lower_the_amount():
    assert problem_of_edit(at(State.ACCEPTED), Terms("Stress check", Decimal(50))) is None


def test_edit_of_active_work_may_not_lower_the_amount():
    problem = problem_of_edit(at(State.FUNDED), Terms("Stress check", Decimal("99.99")))

    sentence = "The amount of a milestone in progress can only go up. To lower it, talk about it in the chat."
    assert problem == Problem("m1", "amount", sentence)


@pytest.mark.parametrize("state", [State.PROPOSED, State.ACCEPTED, State.FUNDED])
def test_edit_that_changes_nothing(state):
    milestone = at(state)

    problem = problem_of_edit(milestone, Terms("Stress check", Decimal("100")))

    assert problem == Problem("m1", None, "This changes nothing. Change a field, or press Undo.")


def test_edit_of_a_suggestion_back_to_the_agreed_terms():
    problem = problem_of_edit(at(State.ACCEPTED), GOOD, before=Terms("Stress check", Decimal(130)))

    assert problem == Problem("m1", None, "These are the agreed terms again. Delete the suggestion instead.")


@pytest.mark.parametrize("state", [s for s in State if UNEDITABLE[s]])
def test_edit_in_a_state_that_does_not_allow_it(state):
    assert problem_of_edit(at(state), Terms("Other", Decimal(100))) == Problem("m1", None, UNEDITABLE[state])
