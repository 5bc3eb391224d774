"""The plan to take along says what the contract's page says, and comes back as it was."""

import csv
import datetime
import io
import re

import pytest
from django.urls import reverse

from milestones.models import Milestone, Terms
from milestones.pages import export
from milestones.pages.paste import files
from milestones.pages.paste.pasting import PasteForm
from tests import factories as do
from tests.factories import State, milestone_at


@pytest.fixture
def plan(contract) -> list[Milestone]:
    """One agreed, with a suggestion for it; one proposed; one that nobody planned in the end."""
    agreed = milestone_at(
        State.ACCEPTED,
        contract,
        title="Model, whole",
        amount="1200.00",
        due_date=datetime.date(2040, 1, 9),
        description="Two\nlines",
    )
    milestone_at(State.DECLINED, contract, title="Nobody wants it")
    proposed = milestone_at(State.PROPOSED, contract, title='=HYPERLINK("x")', amount="250.00")
    do.suggest(agreed, amount="1500.00", due_date=datetime.date(2040, 1, 16))
    return [agreed, proposed]


@pytest.fixture
def table(contract, as_):
    def read(person, **asked) -> list[list[str]]:
        reply = as_(person).get(reverse("milestones:plan_csv", args=[contract.pk]), asked)
        return list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"), newline="")))

    return read


@pytest.mark.parametrize("who", ["ben", "mara"])
def test_csv_holds_the_agreed_terms_and_what_is_proposed(plan, table, request, who):
    agreed, proposed = (f"tranche-{milestone.pk}" for milestone in plan)
    assert table(request.getfixturevalue(who)) == [
        ["Number", "Name", "Amount", "Currency", "Due date", "State", "Description", "Reference"],
        ["1", "Model, whole", "1200.00", "USD", "2040-01-09", "Not funded yet", "Two\nlines", agreed],
        ["2", '\'=HYPERLINK("x")', "250.00", "USD", "", "Proposed", "", proposed],
    ]


def test_csv_says_what_it_is(contract, mara, as_):
    reply = as_(mara).get(reverse("milestones:plan_csv", args=[contract.pk]))

    assert reply["Content-Type"] == "text/csv; charset=utf-8"
    assert reply["Content-Disposition"] == f'attachment; filename="pump-housing-{contract.today()}.csv"'
    assert reply["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(("asked", "begins"), [({}, b"Number"), ({"for": "excel"}, b"\xef\xbb\xbfNumber")])
def test_csv_begins_with_a_mark_for_excel_alone(contract, mara, as_, asked, begins):
    reply = as_(mara).get(reverse("milestones:plan_csv", args=[contract.pk]), asked)

    assert reply.content.startswith(begins)


def test_csv_is_read_again_as_it_was(plan, contract, mara, as_):
    raw = as_(mara).get(reverse("milestones:plan_csv", args=[contract.pk]), {"for": "excel"}).content
    (text,) = files.texts(raw).values()
    form = PasteForm({"text": text}, currency="USD")

    assert form.is_valid()
    assert [Terms(**row.given) for row in form.rows] == [do.fresh(milestone).terms for milestone in plan]


def test_csv_writes_as_many_decimals_as_the_currency_has(mara, as_):
    contract = do.ContractFactory(freelancer=mara, currency="JPY")
    do.propose(contract, amount="120000")

    assert ",120000,JPY," in as_(mara).get(reverse("milestones:plan_csv", args=[contract.pk])).text


def test_text_says_the_plan(plan, contract, mara, as_):
    reply = as_(mara).get(reverse("milestones:plan_text", args=[contract.pk]))

    head, *milestones = reply.text.split("\n\n", 1)
    assert reply["Content-Type"] == "text/plain; charset=utf-8"
    assert head.startswith("Pump housing\nMara Lindqvist for Ben Okafor. $1,200.00 agreed. As of ")
    assert head.endswith(f"\nhttp://testserver/contracts/{contract.pk}/")
    assert milestones == [
        "1. Model, whole\n"
        "   $1,200.00, due 9 Jan 2040. Not funded yet.\n"
        "   Approved, not funded – do not start.\n"
        "   Suggested, not agreed: $1,200.00 → $1,500.00; due 9 Jan 2040 → 16 Jan\n"
        "   2040.\n"
        "\n"
        "   Two\n"
        "   lines\n"
        "\n"
        '2. =HYPERLINK("x")\n'
        "   $250.00, no due date. Proposed.\n"
        "   Proposed – do not start.\n"
        "   Suggested, not agreed.\n"
    ]


def test_text_says_that_a_removal_waits(contract, mara, as_):
    do.suggest_removal(milestone_at(State.ACCEPTED, contract))

    assert "   Suggested, not agreed: remove it.\n" in plan_text(contract, as_(mara))


def test_text_says_that_other_words_wait(contract, mara, as_):
    do.suggest(milestone_at(State.ACCEPTED, contract, title="Old"), title="New", description="Other words")

    assert "   Suggested, not agreed: now “New”; another description.\n" in plan_text(contract, as_(mara))


def test_text_of_no_plan_says_so(contract, mara, as_):
    assert plan_text(contract, as_(mara)).endswith("\n\nNo milestones yet.\n")


def test_text_of_very_much_is_left_as_it_was_typed(contract, mara, as_, monkeypatch):
    monkeypatch.setattr(export, "MOST_WRAPPED", 100)
    do.propose(contract, description="word " * 50 + "\n\nend")

    text = plan_text(contract, as_(mara))

    assert "\n   " + ("word " * 50).rstrip() + "\n\n   end\n" in text


def test_text_is_never_wider_than_a_mail(contract, mara, as_):
    milestone_at(State.ACCEPTED, contract, title="word " * 39, description="word " * 200)

    assert max(map(len, plan_text(contract, as_(mara)).splitlines())) <= 72


def plan_text(contract, client) -> str:
    return client.get(reverse("milestones:plan_text", args=[contract.pk])).text


@pytest.mark.parametrize("name", ["plan_csv", "plan_text"])
def test_export_takes_the_same_queries_for_one_and_for_many(contract, mara, as_, name, django_assert_num_queries):
    client, url = as_(mara), reverse(f"milestones:{name}", args=[contract.pk])
    for _ in range(2):
        do.propose(contract)
        with django_assert_num_queries(7):  # session, person, whose history, contract, order, milestones, suggestions
            client.get(url)


def test_contract_leads_to_them(plan, contract, mara, as_):
    page = as_(mara).get(contract.get_absolute_url()).text

    for path in ("plan.txt", "plan.csv", "plan.csv?for=excel"):
        assert f'href="/contracts/{contract.pk}/{path}"' in page


def test_export_reads_so_many_milestones_at_a_time_and_leaves_none_out(contract, mara, as_, monkeypatch):
    monkeypatch.setattr(export, "AT_ONCE", 2)
    for number in range(1, 6):
        do.suggest(milestone_at(State.ACCEPTED, contract, title=f"Part {number}", amount="10.00"), amount="11.00")

    table = export.plan_as_csv(contract).decode().splitlines()
    text = export.plan_as_text(contract, address="").decode()

    assert [line.split(",")[:2] for line in table[1:]] == [[str(n), f"Part {n}"] for n in range(1, 6)]
    assert re.findall(r"^(\d)\. Part", text, re.MULTILINE) == ["1", "2", "3", "4", "5"]
    assert text.count("$10.00 → $11.00") == 5
    assert "$50.00 agreed" in text
