import datetime
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError

from escrow.queries import ledger_problems
from milestones.models import Milestone
from milestones.queries import escrow_problems
from tests.e2e import replay
from tests.e2e.agreements import Agreed, Line, Terms, lines_between, mismatches, read, with_lines

Data = dict[str, Any]
TODAY = datetime.datetime.now(datetime.UTC).date()
PASSWORD = "a long walk by the river"
MARKDOWN = '\n| a | b |\n| - | - |\n| <b>x</b> & "y" | z |\n\n\u200bend  \n'


def asked(title: str, amount: str | None = "100.00", days: int | None = 30, description: str | None = "") -> Data:
    return {"title": title, "amount": amount, "due_in_days": days, "description": description}


def contract(title: str, *versions: list[Data]) -> Data:
    plans = [{"at": "2020-09-22T20:59:30+08:00", "milestones": milestones} for milestones in versions]
    return {"contract": title, "currency": "USD", "versions": plans}


def terms(title: str, amount: str = "100.00", due_date: str = "", description: str = "") -> Terms:
    return Terms(title, amount, due_date, description)


def due(days: int) -> datetime.date:
    return TODAY + datetime.timedelta(days=days)


@pytest.fixture
def play(live_server, ben, mara, staff, tmp_path):
    """`play(contract, …)`: the exit code, on a site where the three sign in with their passwords."""
    people = {"client": ben, "freelancer": mara, "staff": staff}
    for person in people.values():
        person.set_password(PASSWORD)
        person.save()
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)

    def sign_in(visitor, role):
        visitor.open()
        visitor.fill("E-mail address", people[role].email)
        visitor.fill("Password", PASSWORD)
        visitor.press("Sign in")

    def run(*contracts: Data) -> int:
        data = tmp_path / "contracts.json"
        data.write_text(json.dumps(contracts), encoding="utf-8")
        return replay.replay(read(data, today=TODAY), live_server.url, today=TODAY, sign_in=sign_in)

    return run


def plan(title: str) -> list[list[tuple[object, ...]]]:
    """What the database holds of each contract of this title, the older contract first."""
    rows = Milestone.objects.agreed().filter(contract__title=title).order_by("contract", "position")
    plans: dict[int, list[tuple[object, ...]]] = {}
    for m in rows:
        plans.setdefault(m.contract_id, []).append((m.title, m.amount, m.due_date, m.description, m.state))
    return list(plans.values())


BRIDGE = contract(
    "Bridge",
    [
        asked("Milestone 1", description=MARKDOWN),
        asked("Milestone 1", "200", None, None),
        asked("Milestone 10", "12.5"),
    ],
    [asked("Milestone 1", "150", description="a\r\nb"), asked("Milestone 1", "180"), asked("Milestone 10", "12.50")],
    [asked("Milestone 1", "150", description="a\r\nb"), asked("Milestone 10", "12.50"), asked("Milestone  2", "5")],
    [asked("Milestone 1", "150", description="a\r\nb"), asked("Milestone 10", "12.50"), asked("Milestone  2", "5")],
)


def test_replay_brings_the_last_version_onto_the_site(play, capsys):
    assert play(BRIDGE) == 0

    assert plan("Bridge") == [
        [
            ("Milestone 1", Decimal(150), due(30), "a\nb", "funded"),
            ("Milestone 2", Decimal(5), due(30), "", "accepted"),
            ("Milestone 10", Decimal("12.5"), due(30), "", "accepted"),
        ]
    ]
    assert capsys.readouterr().out.splitlines() == [
        "ok   Bridge: 4 versions, 3 edits, 0 refusals",
        "1 contract, 4 versions, 3 edits, 0 refusals, 0 mismatches",
    ]
    assert ledger_problems() + escrow_problems() == []


def test_replay_goes_on_without_what_the_rules_forbid(play, capsys):
    first, second = asked("Milestone 1", description=MARKDOWN), asked("Milestone 1", "50")
    forbidden = contract(
        "Bridge",
        [first, second, asked("t" * 201), asked("Cheap", "4.99"), asked("Free", None), asked("Late", days=-1)],
        [asked("Milestone 1", "99.99", 5), asked("Milestone 1", "40", 5)],
        [asked("Milestone 2", "40", 5, "after all")],
        [],
    )

    assert play(contract("Bridge", [first]), forbidden, contract("Nothing")) == 0

    kept = ("Milestone 1", Decimal(100), due(30), MARKDOWN.replace("\u200b", ""), "funded")
    assert plan("Bridge") == [[kept], [kept]]
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(";")[0] for line in lines] == [
        "ok   Bridge: 1 version, 0 edits, 0 refusals",
        "ok   Bridge: 4 versions, 2 edits, 7 refusals",
        "ok   Nothing: 0 versions, 0 edits, 0 refusals",
        "3 contracts, 5 versions, 2 edits, 7 refusals, 0 mismatches",
    ]
    assert f"; “{'t' * 60}…” refused 1 time: Name must be 200 characters or fewer.; " in lines[1]
    assert ledger_problems() + escrow_problems() == []


def too_long(form) -> None:
    raise ValidationError("Too long.")


@pytest.mark.parametrize(
    ("place", "instead", "mismatch"),
    [
        (
            "milestones.forms.TermsForm.clean_description",
            lambda form: form.cleaned_data["description"].strip(),
            "description of “Milestone 1”, expected '\\n| a",
        ),
        (
            "milestones.forms.TermsForm.clean_due_date",
            lambda form: None,
            f"due_date of “Milestone 1”, expected '{due(30)}', got ''",
        ),
        ("milestones.forms.TermsForm.clean_title", too_long, "“Milestone 1” was refused: Too long."),
        ("milestones.rules.why_not_removable", lambda milestone: "", "removing “Milestone 1”, which is in progress"),
    ],
)
def test_replay_finds_a_site_that_is_wrong(play, capsys, monkeypatch, place, instead, mismatch):
    monkeypatch.setattr(place, instead, raising=False)

    assert play(contract("Bridge", [asked("Milestone 1", description=MARKDOWN)], [])) == 1

    line, totals = capsys.readouterr().out.splitlines()
    assert line.startswith("FAIL Bridge: ")
    assert mismatch in line
    assert not totals.endswith(" 0 mismatches")


def test_replay_goes_on_after_a_contract_that_fails(play, capsys):
    elsewhere = {**contract("Bridge", [asked("Milestone 1")]), "currency": "XAU"}

    assert play(elsewhere, contract("Tunnel", [asked("Milestone 1")])) == 1

    failed, passed, totals = capsys.readouterr().out.splitlines()
    assert failed.startswith("FAIL Bridge: 1 version, 0 edits, 0 refusals; no option “XAU” among")
    assert passed == "ok   Tunnel: 1 version, 0 edits, 0 refusals"
    assert totals == "2 contracts, 2 versions, 0 edits, 0 refusals, 1 mismatches"


def test_replay_needs_the_standard_library_alone():
    command = [sys.executable, "-I", "-S", str(Path(replay.__file__)), "--help"]

    assert subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 0


def test_lines_between_pairs_by_title_then_by_place():
    same, first, second, third = (Agreed(terms(title)) for title in ("Same", "Twin", "Twin", "Old"))

    lines = lines_between(
        [same, first, second, third],
        [terms("New"), terms("Twin"), terms("Twin", "7"), terms("Same", "100"), terms("Last")],
    )

    assert [(line.agreed, line.wanted) for line in lines] == [
        (second, terms("Twin", "7")),
        (third, terms("New")),
        (None, terms("Last")),
    ]


def test_lines_between_removes_what_is_left_over():
    kept, gone = Agreed(terms("Kept")), Agreed(terms("Gone"))

    (line,) = lines_between([gone, kept], [terms("Kept")])

    assert (line.agreed, line.wanted) == (gone, None)
    assert with_lines([gone, kept], [line]) == [kept]


@pytest.mark.parametrize(
    ("before", "after", "may"),
    [
        (Agreed(terms("A"), is_active=True), None, True),
        (Agreed(terms("A"), is_active=True), terms("A", "99.99"), True),
        (Agreed(terms("A"), is_active=True), terms("A", "100.01"), False),
        (Agreed(terms("A")), terms("A", "99.99"), False),
        (Agreed(terms("A")), None, False),
        (None, terms("t" * 200, "5.00", TODAY.isoformat(), "d" * 20_000), False),
        (None, terms("t" * 201), True),
        (None, terms(""), True),
        (None, terms("A", description="d" * 20_001), True),
        (None, terms("A", due_date=due(-1).isoformat()), True),
        (None, terms("A", "4.99"), True),
        (None, terms("A", "5.001"), True),
        (None, terms("A", "1e3"), True),
        (None, terms("A", ""), True),
        (None, terms("A", "1000000000"), True),
    ],
)
def test_line_may_be_refused_only_for_a_rule(before, after, may):
    assert Line(before, after).may_be_refused(today=TODAY, least="5.00") is may


def test_mismatches_name_the_field_and_both_values():
    expected = [terms("A", "1"), terms("A", "2"), terms("B"), terms("C", description="x" * 50 + "this")]
    got = [terms("A", "1.00"), terms("A", "3"), terms("C", description="x" * 50 + "that"), terms("D")]

    assert list(mismatches(expected, got)) == [
        "amount of “A”, expected '2', got '3'",
        "title, expected “B”, got nothing",
        "description of “C”, expected 'xxxxxxxxthis', got 'xxxxxxxxthat'",
        "title, expected nothing, got “D”",
    ]
