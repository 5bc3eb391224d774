"""A plan from a spreadsheet: read, shown, staged on the manage page beside what is there, and saved only by Save."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import factories as do
from tests.e2e.reading import Page
from tests.factories import fresh
from tests.milestones.browsing import Visitor
from tests.milestones.snapshots import nothing_changes
from tests.milestones.workbooks import xlsx

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


def fates(reply) -> list[tuple[str, str, str]]:
    return [(row.label, row.title, said(row, "Amount")) for row in reply.context["page"].fates]


def said(row, label: str) -> str:
    return next(cell.text for cell in row.terms if cell.label == label)


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
        assert "New: 2" in page.root.text
        page = visitor.press(page, "Take the ticked lines to Manage milestones")
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

    page = visitor.press(visitor.press(page, "Read the plan"), "Take the ticked lines to Manage milestones")
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
    page.field("Rows of a spreadsheet").typed = "Name,When\nPasted,soon\n"
    page = visitor.press(page, "Read the plan")
    assert visitor.response.status_code == 422

    page = visitor.press(page, "Back to the milestones")

    assert page.field("Name").value == "Typed"
    assert "1 change to save" in page.root.text


def test_first_line_that_goes_on_the_page_takes_the_focus(contract, mara, as_, mara_reads):
    do.propose(contract, "Here")
    visitor = Visitor(as_(mara))
    page = visitor.open(reverse("milestones:paste", args=[contract.pk]))
    page.field("Rows of a spreadsheet").typed = PLAN

    page = visitor.press(visitor.press(page, "Read the plan"), "Take the ticked lines to Manage milestones")

    assert [field.value for field in page.fields if field.has("autofocus")] == ["Sketches"]


def test_file_is_read_like_text(mara_reads):
    reply = mara_reads(file=upload("\ufeffName;Amount\r\nEntwürfe;1.200,50\r\n".encode()))

    assert fates(reply) == [("New", "Entwürfe", "$1,200.50")]
    assert reply.context["form"]["text"].value() == "Name;Amount\r\nEntwürfe;1.200,50\r\n"


def test_file_wins_over_text(mara_reads):
    reply = mara_reads("Name,Amount\nText,5\n", file=upload(b"Name,Amount\nFile,6\n"))

    assert fates(reply) == [("New", "File", "$6.00")]


def test_text_can_replace_a_file_of_which_something_is_asked(mara, as_, url):
    visitor = Visitor(as_(mara))
    file = upload("Name;Amount\nЭскиз;5\n".encode("cp1251"))
    page = Page(visitor.client.post(url, {"do": "read", "text": "Name,Amount\nTyped,7\n", "file": file}).text, url)
    assert page.field("Rows of a spreadsheet").value == "Name,Amount\nTyped,7\n"

    visitor.press(page, "Read this instead")

    assert fates(visitor.response) == [("New", "Typed", "$7.00")]
    assert visitor.response.context["form"]["raw"].value() == ""


def test_workbook_is_in_the_form_as_text_to_be_corrected(mara_reads):
    reply = mara_reads(file=upload(xlsx({"Plan": [["Name", "Amount"], ["Two\nlines", 1200.5]]})))

    assert reply.context["form"]["text"].value() == 'Name\tAmount\n"Two\nlines"\t1200.5'


# --- What each column is ----------------------------------------------------------------------------------------------
def test_samples_are_read_back_in_words(mara_reads):
    page = Page(mara_reads("Name,Amount,Due\nSurvey,4000,Thu 3/1/40\nCheck,x,soon\n").text)

    assert [cell.text for cell in page.root.all("td") if cell.around("form") and not cell.has("data-label")] == [
        *("Survey", "4000 → $4,000.00", "Thu 3/1/40 → 1 March 2040, Thursday"),
        *("Check", "x → cannot be read", "soon → cannot be read"),
    ]


def test_columns_that_are_not_used_are_named(mara_reads):
    reply = mara_reads("Name,Amount,Owner,Empty,State\nLogo,500,Ann,,Open\n")

    assert "Not used: Owner, State." in reply.text


def test_column_becomes_what_a_person_says(mara, as_, url):
    visitor = Visitor(as_(mara))
    page = visitor.open(url)
    page.field("Rows of a spreadsheet").typed = "Name,Fee,Price\nLogo,5,600\n"
    page = visitor.press(page, "Read the plan")
    assert "Say which column is the amount. It can be one of these: “Fee”, “Price”." in page.root.text
    page.field("Fee").choose("Description")
    page.field("Price").choose("Amount")

    page = visitor.press(page, "Continue")

    assert [
        (row.title, said(row, "Amount"), said(row, "Description")) for row in visitor.response.context["page"].fates
    ] == [("Logo", "$600.00", "5")]


def test_two_columns_cannot_be_the_same(mara_reads, mara, as_, url):
    visitor = Visitor(as_(mara))
    page = visitor.open(url)
    page.field("Rows of a spreadsheet").typed = "Name,Amount,More\nLogo,5,600\n"
    page = visitor.press(page, "Read the plan")
    page.field("More").choose("Amount")

    visitor.press(page, "Read again")

    assert visitor.response.context["errors"] == [("column-2", "Two columns are “Amount”. Choose one.")]


def test_names_of_columns_can_stand_in_another_line(mara, as_, url):
    visitor = Visitor(as_(mara))
    page = visitor.open(url)
    page.field("Rows of a spreadsheet").typed = "Name,Amount\nTask,Fee\nLogo,600\n"
    page = visitor.press(page, "Read the plan")
    page.field("Line with the column names").choose("Task · Fee")

    page = visitor.press(page, "Read again")

    assert fates(visitor.response) == [("New", "Logo", "$600.00")]
    page.field("Line with the column names").choose("None")
    visitor.press(page, "Read again")
    assert [row.line for row in visitor.response.context["page"].fates] == []


def test_answers_about_one_sheet_say_nothing_about_another(mara, as_, url):
    visitor = Visitor(as_(mara))
    page = visitor.open(url)
    page.field("Rows of a spreadsheet").typed = "Name,Amount,Due\nLogo,600,3/4/40\n"
    page = visitor.press(page, "Read the plan")
    page.field("Dates are written").choose("Month, day, year")
    page = visitor.press(page, "Continue")
    assert visitor.response.status_code == 200
    page.field("Rows of a spreadsheet").typed = "Name,Amount,Deadline\nLogo,600,3/4/40\n"

    visitor.press(page, "Read again")

    assert visitor.response.context["errors"] == [
        ("id_order", "Some dates can be read in several ways. Say what comes first.")
    ]


# --- What becomes of each line ----------------------------------------------------------------------------------------
def test_own_table_changes_only_what_differs(contract, mara, as_, mara_reads):
    first = do.milestone_at("accepted", contract, title="Sketches")
    paid = do.milestone_at("paid", contract, title="Logo")
    do.milestone_at("accepted", contract, title="Logo", description="Two\nlines")
    table = as_(mara).get(reverse("milestones:plan_csv", args=[contract.pk])).text
    same = "Already in the plan"
    assert [label for label, *_rest in fates(mara_reads(table))] == [same, same, same]

    changed = table.replace("Sketches", "All sketches").replace(
        f"Paid,,tranche-{paid.pk}", f"Paid,More,tranche-{paid.pk}"
    )
    reply = mara_reads(changed)

    assert [(row.label, row.box, row.says) for row in reply.context["page"].fates] == [
        ("Changes the plan", f"m{first.pk}-mode", ["Name: Sketches → All sketches"]),
        ("Refused", "", ["This milestone is settled, so its terms stay as they are."]),
        (same, "", []),
    ]


def test_change_is_staged_and_saved_as_a_suggestion(contract, mara, as_, url):
    milestone = do.milestone_at("accepted", contract, title="Sketches", amount="100.00", description="Three views")
    visitor = Visitor(as_(mara))
    page = visitor.open(url)
    page.field("Rows of a spreadsheet").typed = "Name,Amount\nsketches,250\nModel,300\n"
    page = visitor.press(page, "Read the plan")
    assert fates(visitor.response)[0] == ("Changes the plan", "sketches", "$250.00")

    page = visitor.press(page, "Take the ticked lines to Manage milestones")
    assert "2 changes to save" in page.root.text
    visitor.press(page, "Save")

    asked = fresh(milestone).changes.latest("id").asked
    assert (asked.title, str(asked.amount), asked.description) == ("sketches", "250.000", "Three views")
    assert set(contract.milestones.values_list("title", flat=True)) == {"Sketches", "Model"}


def test_line_that_is_unticked_does_not_go_on_the_page(contract, mara, as_, url):
    do.milestone_at("accepted", contract, title="Sketches", amount="100.00")
    visitor = Visitor(as_(mara))
    page = visitor.open(url)
    page.field("Rows of a spreadsheet").typed = "Name,Amount\nSketches,250\nModel,300\nTotal,550\n"
    page = visitor.press(page, "Read the plan")
    page.field("Sketches").attributes.pop("checked")
    page.field("Model").attributes.pop("checked")
    page.field("Total").tick()

    page = visitor.press(page, "Take the ticked lines to Manage milestones")

    assert "1 change to save" in page.root.text
    assert page.field("Name").value == "Total"


def test_line_that_stands_on_the_page_already_is_not_put_there_twice(contract, mara, as_):
    agreed = do.milestone_at("accepted", contract, title="Agreed", amount="100.00")
    visitor = Visitor(as_(mara))
    page = visitor.press(visitor.open(reverse("milestones:manage", args=[contract.pk])), "Propose a milestone")
    page.field("Name").typed, page.field("Amount").typed = "Sketches", "70.00"
    page = visitor.press(page, "Edit Agreed")
    page = visitor.press(page, "Paste a plan")
    page.field("Rows of a spreadsheet").typed = "Name,Amount\nSketches,70\nAgreed,200\n"

    visitor.press(page, "Read the plan")

    assert [(row.label, row.box, row.says) for row in visitor.response.context["page"].fates] == [
        ("Already in the plan", "", ["It is on Manage milestones already."]),
        ("Refused", "", ["You are changing it on Manage milestones already."]),
    ]
    assert fresh(agreed).title == "Agreed"


def test_what_one_save_cannot_hold_comes_later(mara_reads):
    reply = mara_reads("Name,Amount\n" + "".join(f"Part {number},5\n" for number in range(103)))

    assert reply.context["page"].counts == [("New", 100), ("Later", 3)]


@pytest.mark.parametrize(
    ("line", "sentences"),
    [
        (",5,,", ["Enter a milestone name."]),
        ("A,,,", ["Enter an amount."]),
        ("A,4.99,,", ["Amount must be $5.00 or more."]),
        ("A,5,2026-11-22,", ["Due date must be today or later."]),
        ("x" * 201 + ",5,,", ["Name must be 200 characters or fewer."]),
        ("A,5,," + "x" * 20_001, ["Description must be 20000 characters or fewer."]),
        (
            ",x,soon,",
            [
                "Amount must be a number, like 650 or 650.00.",
                "Enter the due date as year-month-day, like 2026-12-31.",
                "Enter a milestone name.",
            ],
        ),
    ],
)
def test_line_that_is_wrong_says_all_that_is_wrong_and_others_can_go_on(mara_reads, line, sentences):
    with nothing_changes():
        reply = mara_reads(f"Name,Amount,Due date,Description\n{line}\nB,7,,\n")

    assert [(row.label, row.says) for row in reply.context["page"].fates] == [("Refused", sentences), ("New", [])]
    assert 'id="line-2"' in reply.text


# --- What cannot be read ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({}, "text", "Paste a plan, or choose a file."),
        ({"text": "Name\0,Amount"}, "text", "Null characters are not allowed."),
        ({"file": b"x" * (2**20 + 1)}, "file", "The file must be 1 MB or smaller."),
        ({"file": b""}, "file", "There is nothing in this file."),
        ({"raw": "no base64"}, "text", "This page came back incomplete. Choose the file again."),
    ],
)
def test_plan_that_cannot_be_read_is_refused_beside_its_field(mara_reads, sent, field, sentence):
    with nothing_changes():
        reply = mara_reads(**{name: upload(value) if name == "file" else value for name, value in sent.items()})

    assert reply.status_code == 422
    assert reply.context["form"].errors == {field: [sentence]}
    assert reply.context["errors"] == [(f"id_{field}", sentence)]
    assert "<title>Error: Paste a plan" in reply.text
    assert fates(reply) == []


def test_text_is_kept_when_the_file_beside_it_cannot_be_read(mara_reads):
    reply = mara_reads(PLAN, file=upload(b"PK\x03\x04x"))

    assert reply.status_code == 422
    assert reply.context["form"]["text"].value() == PLAN


@pytest.mark.parametrize("said", [{"order": "ydm"}, {"decimals": ";"}, {"scale": "7"}])
def test_word_that_nobody_offered_is_refused(mara_reads, said):
    assert mara_reads(PLAN, **said).status_code == 422


def test_what_is_pasted_is_shown_not_run(mara_reads):
    page = mara_reads('Name,Amount,Notes,<b>x\n<script>x</script>,5,"""><img src=x>",y\n').text

    assert "<script>x" not in page
    assert "<img" not in page
    assert "<b>x" not in page
    assert "&lt;script&gt;x" in page


@pytest.mark.parametrize("name", ["csrfmiddlewaretoken2", "n1-escrow", "m1-state", "do", "row2", "nx-title"])
def test_only_fields_of_the_manage_page_are_carried(mara_reads, name):
    assert name not in dict(mara_reads(PLAN, **{name: "1"}).context["carried"])


def test_paste_takes_the_same_queries_for_one_line_and_for_many(mara, as_, url, django_assert_num_queries):
    client = as_(mara)
    for count in (1, 50):
        text = "Name,Amount\n" + "A,5\n" * count
        # session, person, whose act it is, contract, plan and suggestions twice, unread: inbox, chat
        with django_assert_num_queries(10):
            client.post(url, {"do": "read", "text": text})


def test_chat_is_one_click_away(contract, mara_at, url):
    assert mara_at.open(url).link("Open the chat").get("href") == reverse("messaging:chat", args=[contract.pk])


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
