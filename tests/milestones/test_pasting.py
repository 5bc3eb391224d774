"""A plan from a spreadsheet: read, shown, staged on the manage page beside what is there, and saved only by Save."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import factories as do
from tests.factories import fresh
from tests.milestones.browsing import Visitor
from tests.milestones.snapshots import nothing_changes

PLAN = "Name\tAmount\tDue date\tDescription\nSketches\t400\t2040-01-09\tThree views\nModel\t1,200.50\t\t\n"


@pytest.fixture
def url(contract) -> str:
    return reverse("milestones:paste", args=[contract.pk])


@pytest.fixture
def mara_reads(mara, as_, url):
    """What the page says of this text, as Mara pastes it."""

    def read(text: str = "", **said):
        return as_(mara).post(url, {"do": "read", "text": text, **said})

    return read


def upload(raw: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("plan.csv", raw, content_type="text/csv")


def terms(contract) -> list[tuple[str, Decimal, str, str]]:
    return [(m.title, m.amount, str(m.due_date or ""), m.description) for m in contract.milestones.order_by("position")]


# --- The whole way ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("who", "button"), [("mara", "Propose"), ("ben", "Add")])
def test_plan_is_pasted_staged_and_saved(contract, as_, request, who, button):
    visitor = Visitor(as_(request.getfixturevalue(who)))
    page = visitor.press(visitor.open(reverse("milestones:manage", args=[contract.pk])), "Paste a plan")
    page.field("Rows of a spreadsheet").typed = PLAN
    with nothing_changes():
        page = visitor.press(page, "Read the plan")
        assert "2 lines were read" in page.root.text
        page = visitor.press(page, "Stage these 2 lines")
        assert "2 changes to save" in page.root.text
    visitor.press(page, "Save")

    assert visitor.response.status_code == 200
    assert terms(contract) == [
        ("Sketches", Decimal("400.00"), "2040-01-09", "Three views"),
        ("Model", Decimal("1200.50"), "", ""),
    ]


def test_what_was_staged_and_typed_before_is_kept(contract, mara, as_):
    agreed = do.milestone_at("accepted", contract, title="Agreed")
    visitor = Visitor(as_(mara))
    page = visitor.press(visitor.open(reverse("milestones:manage", args=[contract.pk])), "Propose a milestone")
    page.field("Name").typed, page.field("Amount").typed = "Typed", "70"
    page.field("Message").typed = "More soon"
    page = visitor.press(page, "Delete Agreed")
    page = visitor.press(page, "Paste a plan")
    page.field("Rows of a spreadsheet").typed = "Name,Amount\nPasted,80\n"

    page = visitor.press(visitor.press(page, "Read the plan"), "Stage this line")
    assert "3 changes to save" in page.root.text
    assert page.field("Message").value == "More soon"
    visitor.press(page, "Save")

    proposed = contract.milestones.filter(state="proposed").order_by("position")
    assert [m.title for m in proposed] == ["Typed", "Pasted"]
    assert fresh(agreed).changes.latest("id").kind == "remove"


def test_what_was_staged_before_survives_a_plan_that_is_wrong_and_the_way_back(contract, mara, as_):
    visitor = Visitor(as_(mara))
    page = visitor.press(visitor.open(reverse("milestones:manage", args=[contract.pk])), "Propose a milestone")
    page.field("Name").typed, page.field("Amount").typed = "Typed", "70"
    page = visitor.press(page, "Paste a plan")
    page.field("Rows of a spreadsheet").typed = "Name,Amount\nPasted,\n"
    page = visitor.press(page, "Read the plan")
    assert visitor.response.status_code == 422

    page = visitor.press(page, "Back to the milestones")

    assert page.field("Name").value == "Typed"
    assert "1 change to save" in page.root.text


def test_file_is_read_like_text(mara_reads):
    reply = mara_reads(file=upload("\ufeffName;Amount\r\nEntwürfe;1.200,50\r\n".encode()))

    assert [(row.title, row.amount) for row in reply.context["rows"]] == [("Entwürfe", "$1,200.50")]
    assert reply.context["form"]["text"].value() == "Name;Amount\r\nEntwürfe;1.200,50\r\n"


def test_file_wins_over_text(mara_reads):
    reply = mara_reads("Name,Amount\nText,5\n", file=upload(b"Name,Amount\nFile,6\n"))

    assert [row.title for row in reply.context["rows"]] == ["File"]


# --- What is wrong ----------------------------------------------------------------------------------------------------
def test_wrong_lines_are_named_and_nothing_can_be_staged(mara_reads):
    with nothing_changes():
        reply = mara_reads("Name,Amount\nA,5\n,x\n")

    assert reply.status_code == 422
    assert reply.context["errors"] == [
        ("line-3", "Line 3: Enter a milestone name."),
        ("line-3", "Line 3: Amount must be a number, like 650 or 650.00."),
    ]
    assert 'id="line-3"' in reply.text
    assert reply.context["staged"] == []
    assert "Stage" not in reply.text
    assert "<title>Error: Paste a plan" in reply.text


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({}, "text", "Paste a plan, or choose a file."),
        ({"text": "x" * (2**20 + 1)}, "text", "The file must be 1 MB or smaller."),
        ({"text": "Name\0,Amount"}, "text", "Null characters are not allowed."),
        ({"file": b"PK\x03\x04x"}, "file", "This is a workbook. Open it, save it as CSV, and choose that file."),
        ({"file": b"x" * (2**20 + 1)}, "file", "The file must be 1 MB or smaller."),
        ({"file": b""}, "text", "Paste a plan, or choose a file."),
        (
            {"text": "Name,Amount,Due\nA,5,9/1/2040"},
            "order",
            "Some dates can be read in two ways. Say what comes first.",
        ),
        (
            {"text": "Name;Amount\nA;1.200"},
            "decimals",
            "Some amounts can be read in two ways. Say what stands before decimals.",
        ),
    ],
)
def test_plan_that_cannot_be_read_is_refused_beside_its_field(mara_reads, sent, field, sentence):
    with nothing_changes():
        reply = mara_reads(**{name: upload(value) if name == "file" else value for name, value in sent.items()})

    assert reply.status_code == 422
    assert reply.context["form"].errors == {field: [sentence]}
    assert reply.context["errors"] == [(f"id_{field}", sentence)]
    assert reply.context["rows"] == []


def test_word_about_dates_and_amounts_settles_it(mara_reads):
    text = "Name;Amount;Due\nA;1.200;9/1/2040\n"

    reply = mara_reads(text, order="mdy", decimals=",")

    assert [(row.amount, row.due_date) for row in reply.context["rows"]] == [("$1,200.00", "1 Sep 2040")]
    assert reply.context["form"]["text"].value() == text


@pytest.mark.parametrize("said", [{"order": "ydm"}, {"decimals": ";"}])
def test_word_that_nobody_offered_is_refused(mara_reads, said):
    assert mara_reads(PLAN, **said).status_code == 422


def test_what_is_pasted_is_shown_not_run(mara_reads):
    page = mara_reads('Name,Amount,Notes\n<script>x</script>,5,"""><img src=x>"\n').text

    assert "<script>x" not in page
    assert "<img" not in page
    assert "&lt;script&gt;x" in page


@pytest.mark.parametrize("name", ["csrfmiddlewaretoken2", "n1-escrow", "m1-state", "do", "row2", "nx-title"])
def test_only_fields_of_the_manage_page_are_carried(mara_reads, name):
    assert name not in dict(mara_reads(PLAN, **{name: "1"}).context["carried"])


def test_paste_takes_the_same_queries_for_one_line_and_for_many(mara, as_, url, django_assert_num_queries):
    client = as_(mara)
    for count in (1, 50):
        text = "Name,Amount\n" + "A,5\n" * count
        with django_assert_num_queries(7):  # session, person, contract, plan, suggestions, unread: inbox, chat
            client.post(url, {"do": "read", "text": text})


# --- Who, and when ----------------------------------------------------------------------------------------------------
def test_client_whose_answer_is_waited_for_is_told_why(contract, ben, as_, url):
    do.propose(contract)
    client = as_(ben)

    assert 'href="/help/#why-wait"' in client.get(url).text
    with nothing_changes():
        assert client.post(url, {"do": "read", "text": PLAN}).status_code == 409


def test_ended_contract_takes_no_plan(contract, mara, as_, url):
    do.end(contract)

    reply = as_(mara).post(url, {"do": "read", "text": PLAN})

    assert reply.status_code == 409
    assert 'href="/help/#ended"' in reply.text
