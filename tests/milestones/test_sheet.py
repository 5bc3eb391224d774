"""What people paste or upload is read as they meant it, or they are told what is wrong, line by line; never guessed."""

import datetime
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milestones.models import Terms
from milestones.pages.paste import sheet
from milestones.pages.paste.sheet import amounts, dates

TODAY = datetime.date(2026, 11, 23)
NAMES = "Name,Amount,Due date,Description\n"


def read(text: str, **said: str) -> sheet.Sheet:
    given = {"currency": "USD", "today": TODAY, **said}
    return sheet.read(text, **given)


def only(text: str, **said: str) -> Terms:
    (terms,) = read(text, **said).terms
    return terms


def problems(text: str, **said: str) -> dict[int, list[str]]:
    return {row.line: row.problems for row in read(text, **said).rows if row.problems}


# --- The table --------------------------------------------------------------------------------------------------------
def test_plan_is_read():
    text = NAMES + 'Sketches,400,2026-12-01,Three views\n"Model, whole","1,200.50",,"Two\nlines"\n'

    assert read(text).terms == [
        Terms("Sketches", Decimal("400.00"), datetime.date(2026, 12, 1), "Three views"),
        Terms("Model, whole", Decimal("1200.50"), None, "Two\nlines"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Name\tAmount\nA\t5\n",
        "Name;Amount\nA;5\n",
        "Name|Amount\r\nA|5",
        "Name,Amount\rA,5\r",
        "\ufeffName,Amount\nA,5",
        "sep=;\r\nName;Amount\r\nA;5",
        "\n,,\nName,Amount\n\n , \nA,5\n,,,\n",
        '"Name","Amount"\n"A","5"\n',
        "No.;State;Name;Amount;Paid by\n1;Paid;A;5;Ben\n",
    ],
)
def test_plan_is_found_whatever_stands_around_it(text):
    assert read(text).terms == [Terms("A", Decimal("5.00"))]


@pytest.mark.parametrize(
    "header",
    [
        "Title,Price",
        "MILESTONE, Cost ",
        "task,Amount (USD)",
        "name*,amount in US dollars",
        "Deliverable,Price $",
        "milestone_name,budget",
    ],
)
def test_columns_have_other_names_too(header):
    assert read(f"{header}\nA,5\n").terms == [Terms("A", Decimal("5.00"))]


@pytest.mark.parametrize("name", ["Due date", "Due", "Deadline", "due_by", "Delivery date", "Date"])
def test_due_dates_have_other_names_too(name):
    assert only(f"Name,Amount,{name}\nA,5,2026-12-01").due_date == datetime.date(2026, 12, 1)


@pytest.mark.parametrize("name", ["Description", "Notes", "Details", "Scope", "Comment"])
def test_descriptions_have_other_names_too(name):
    assert only(f"Name,Amount,{name}\nA,5,Words").description == "Words"


def test_name_is_the_title_where_there_is_a_milestone_too():
    assert only("Milestone,Name,Amount\n7,Sketches,5\n").title == "Sketches"


def test_columns_can_stand_in_any_order():
    assert only("Notes,Price,Due,Title\nWords,5,2026-12-01,A\n") == Terms(
        "A", Decimal("5.00"), datetime.date(2026, 12, 1), "Words"
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Paste a plan, or choose a file."),
        (
            "A,400\nB,500\n",
            "The first line must name the columns: Name and Amount, and if you like Due date and Description.",
        ),
        (
            "Name,When\nA,5\n",
            "The first line must name the columns: Name and Amount, and if you like Due date and Description.",
        ),
        ("Name,Amount\n", "There is nothing below the names of the columns."),
        ("Name,Amount (USD),Amount (EUR)\nA,5,6\n", "Two columns are called “Amount (USD)”. Keep one."),
        (
            'Name,Amount\n"A,5\n',
            "A quotation mark is not closed, or text follows a closed one. Correct it and read again.",
        ),
        (
            'Name,Amount\n"A" and B,5\n',
            "A quotation mark is not closed, or text follows a closed one. Correct it and read again.",
        ),
        (f"Name,Amount\n{'x' * 140_000},5\n", "One cell is too long."),
        ("Name,Amount\n" + "A,5\n" * 101, "One Save can hold 100 lines. Paste some of them first."),
    ],
)
def test_text_that_is_no_plan_is_refused(text, sentence):
    found = read(text)

    assert found.problems == [sentence]
    assert (found.rows, found.terms) == ([], [])


def test_hundred_lines_are_read():
    assert len(read("Name,Amount\n" + "A,5\n" * 100).terms) == 100


# --- Lines ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("line", "sentences"),
    [
        (",5,,", ["Enter a milestone name."]),
        ("A,,,", ["Enter an amount."]),
        ("A,4.99,,", ["Amount must be $5.00 or more."]),
        ("A,1e3,,", ["Amount must be a number, like 650 or 650.00."]),
        ("A,NaN,,", ["Amount must be a number, like 650 or 650.00."]),
        ("A,about 5,,", ["Amount must be a number, like 650 or 650.00."]),
        ("A,(650),,", ["Amount must be a number, like 650 or 650.00."]),
        ("A,٦٥٠,,", ["Amount must be a number, like 650 or 650.00."]),
        ("A,12 34,,", ["Amount must be a number, like 650 or 650.00."]),
        ("A,-5,,", ["Amount must be more than zero."]),
        ("A,0,,", ["Amount must be more than zero."]),
        ("A,5.001,,", ["Amount in US dollars can have at most 2 decimals."]),
        ("A,1000000000,,", ["Amount must be $999,999,999.99 or less."]),
        ("A,€650,,", ["This amount is in another currency. The contract is in US dollars."]),
        ("A,650 CHF,,", ["This amount is in another currency. The contract is in US dollars."]),
        ("A,5,2026-11-22,", ["Due date must be today or later."]),
        ("A,5,2026-02-30,", ["Enter the due date as year-month-day, like 2026-12-31."]),
        ("A,5,soon,", ["Enter the due date as year-month-day, like 2026-12-31."]),
        ("A,5,46003,", ["Enter the due date as year-month-day, like 2026-12-31."]),
        ("x" * 201 + ",5,,", ["Name must be 200 characters or fewer."]),
        ("A,5,," + "x" * 20_001, ["Description must be 20000 characters or fewer."]),
        ("Total,5,,", ["This line is a sum, not a milestone. Take it out."]),
        (
            "A,5,,Words,more",
            ["This line has more cells than there are columns. Put text that holds the separator in quotation marks."],
        ),
        (
            ",x,soon,",
            [
                "Enter a milestone name.",
                "Amount must be a number, like 650 or 650.00.",
                "Enter the due date as year-month-day, like 2026-12-31.",
            ],
        ),
    ],
)
def test_line_that_is_wrong_says_all_that_is_wrong(line, sentences):
    assert problems(NAMES + line, decimals=".") == {2: sentences}


def test_one_wrong_line_keeps_all_from_being_staged():
    found = read("Name,Amount\nA,5\nB,\nC,7\n")

    assert [row.terms is not None for row in found.rows] == [True, False, True]
    assert found.terms == []


def test_lines_are_counted_as_an_editor_counts_them():
    text = 'Name,Amount,Description\n\nA,x,"one\ntwo\nthree"\nB,5,\n\nC,y,\n'

    assert list(problems(text)) == [3, 8]


def test_currency_column_must_name_the_contracts():
    text = "Name,Amount,Currency\nA,5,USD\nB,5,EUR\nC,5,\nD,5,$\n"

    assert problems(text) == {3: ["This amount is in another currency. The contract is in US dollars."]}


def test_day_is_written_out():
    assert [row.due_date for row in read(NAMES + "A,5,2026-12-01,\nB,5,,\nC,5,soon,").rows] == [
        "1 Dec 2026",
        "No date",
        "soon",
    ]


# --- Amounts ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("650", "650.00"),
        (" 650.5 ", "650.50"),
        ("$1,200.00", "1200.00"),
        ("US$ 1,200", "1200.00"),
        ("1,200 USD", "1200.00"),
        ("1,200.00 US dollars", "1200.00"),
        ("1.200,00", "1200.00"),
        ("1.200.000", "1200000.00"),
        ("1 200,50", "1200.50"),
        ("1\N{NO-BREAK SPACE}200,50 $", "1200.50"),
        ("1\N{NARROW NO-BREAK SPACE}200", "1200.00"),
        ("1'200.50", "1200.50"),
        ("1’200", "1200.00"),
        ("12,5", "12.50"),
        ("0,50", None),
        ("650.–", "650.00"),
        ("650.-", "650.00"),
        ("650.0000", "650.00"),
    ],
)
def test_amount_is_read_as_it_is_written(text, amount):
    found = read(f'Name,Amount\nA,"{text}"\n')

    assert [row.terms and str(row.terms.amount) for row in found.rows] == [amount]
    assert not found.asks_decimals


@pytest.mark.parametrize(
    ("currency", "text", "amount"),
    [
        ("CHF", "CHF 1'200.50", "1200.50"),
        ("CHF", "Fr. 650.–", "650.00"),
        ("EUR", "1.200,50 €", "1200.50"),
        ("EUR", "1.200,50 EUR", "1200.50"),
        ("CAD", "$650", "650.00"),
        ("CAD", "CA$650", "650.00"),
        ("JPY", "¥120,000", "120000"),
        ("KWD", "KWD 1,200.500", "1200.500"),
    ],
)
def test_amount_is_read_in_each_currency(currency, text, amount):
    assert str(only(f'Name;Amount\nA;"{text}"\n', currency=currency).amount) == amount


@pytest.mark.parametrize(
    ("column", "currency", "mark"),
    [
        ([], "USD", "."),
        (["650", ""], "USD", "."),
        (["1,200"], "USD", "."),  # three decimals of a dollar would be refused
        (["1,200"], "JPY", "."),
        (["1.200"], "USD", ""),
        (["1,200"], "KWD", ""),
        (["1.200"], "KWD", ""),
        (["1.200", "12,50"], "USD", ","),
        (["1.200", "12.50"], "USD", "."),
        (["0.500"], "KWD", "."),
        (["1200,500"], "KWD", ","),
        (["1 200,500"], "KWD", ","),
        (["12.50", "12,50"], "USD", ""),
        (["x", "1.x,5"], "USD", "."),
    ],
)
def test_column_tells_its_decimal_mark_or_somebody_is_asked(column, currency, mark):
    assert amounts.decimal_mark(column, currency=currency) == mark


@pytest.mark.parametrize(("said", "amount"), [(",", "1200.00"), (".", "1.20")])
def test_amount_that_can_be_read_in_two_ways_waits_for_a_word(said, amount):
    asked = read("Name;Amount\nA;1.200\n")
    told = read("Name;Amount\nA;1.200\n", decimals=said)

    assert (asked.asks_decimals, asked.terms) == (True, [])
    assert not told.asks_decimals
    assert [row.amount for row in told.rows] == [f"${Decimal(amount):,.2f}"]


# --- Dates ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        *("2026-12-31", "2026/12/31", "2026.12.31", "2026-12-31T00:00:00Z", "2026-12-31 00:00"),
        *("31.12.2026", "31. 12. 2026", "31.12.26", "31/12/2026", "12/31/2026", "31-12-2026", "12/31/26"),
        *("31 Dec 2026", "31 December 2026", "31-Dec-26", "31. Dec. 2026", "Dec 31, 2026", "December 31st, 2026"),
        *("Thu, 31 Dec 2026", "Thursday 31 December 2026"),
    ],
)
def test_day_is_read_as_it_is_written(text):
    assert only(f'Name;Amount;Due\nA;5;"{text}"\n').due_date == datetime.date(2026, 12, 31)


@pytest.mark.parametrize("text", ["", "-", "–", " "])
def test_no_day_is_no_due_date(text):
    assert only(f"Name,Amount,Due\nA,5,{text}\n").due_date is None


@pytest.mark.parametrize(
    "text", ["0026-12-31", "31.13.2026", "2026-12", "31 Foo 2026", "31 J 2026", "31/12", "2026-12-31 08:00", "9" * 99]
)
def test_what_is_no_day_is_refused(text):
    assert problems(f"Name,Amount,Due\nA,5,{text}\n")


@pytest.mark.parametrize(
    ("column", "order"),
    [
        ([], "dmy"),
        (["2027-01-09", "9.1.2027"], "dmy"),
        (["31/12/2026", "9/1/2027"], "dmy"),
        (["12/31/2026", "9/1/2027"], "mdy"),
        (["9/9/2027"], "dmy"),
        (["9/1/2027"], ""),
        (["9-1-2027"], ""),
        (["31/12/2026", "12/31/2026"], ""),
        (["44/55/2026"], "dmy"),
    ],
)
def test_column_tells_its_order_or_somebody_is_asked(column, order):
    assert dates.order(column) == order


@pytest.mark.parametrize(("said", "day"), [("dmy", (2027, 1, 9)), ("mdy", (2027, 9, 1))])
def test_day_that_can_be_read_in_two_ways_waits_for_a_word(said, day):
    text = "Name,Amount,Due\nA,5,9/1/2027\n"

    assert (read(text).asks_dates, read(text).terms) == (True, [])
    assert only(text, order=said).due_date == datetime.date(*day)


def test_day_that_does_not_fit_what_was_said_is_refused():
    text = "Name,Amount,Due\nA,5,31/12/2026\nB,5,12/31/2026\n"

    assert list(problems(text, order="dmy")) == [3]
    assert list(problems(text, order="mdy")) == [2]


# --- Files ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        *[("utf-8", ""), ("utf-8-sig", ""), ("utf-16", ""), ("utf-32", ""), ("cp1252", "")],
        *[("utf-16-le", "\ufeff"), ("utf-16-be", "\ufeff"), ("utf-32-be", "\ufeff")],
    ],
)
def test_file_is_read_in_each_encoding_that_spreadsheets_write(encoding, mark):
    text = "Name\tAmount\nEntwürfe – größer\t5\n"

    assert sheet.decode(f"{mark}{text}".encode(encoding)) == text


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"PK\x03\x04....", "This is a workbook. Open it, save it as CSV, and choose that file."),
        (b"\xd0\xcf\x11\xe0....", "This is a workbook. Open it, save it as CSV, and choose that file."),
        (b"Name\0Amount", "This is not a text file. Save the sheet as CSV, and choose that file."),
        (b"\xff\xfeN", "This is not a text file. Save the sheet as CSV, and choose that file."),
        (b"\x81\x8d", "This is not a text file. Save the sheet as CSV, and choose that file."),
        (b"x" * (2**20 + 1), "The file must be 1 MB or smaller."),
    ],
)
def test_file_that_is_no_text_is_refused(raw, sentence):
    with pytest.raises(sheet.Unreadable) as refusal:
        sheet.decode(raw)

    assert refusal.value.sentence == sentence


# --- Whatever it is ---------------------------------------------------------------------------------------------------
CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
ODD = st.sampled_from(
    ["1.200", "1,2,3", "''=1", '"', "\t", "9/1/27", "0000-00-00", "=1+1", "$", "(", "sep=", "\r", "I", "١"]
)


@given(st.text())
def test_no_text_is_too_odd(text):
    read(text)


@given(st.lists(st.lists(CELLS | ODD, max_size=5), max_size=5), st.sampled_from(",;\t|"))
def test_no_table_is_too_odd(lines, delimiter):
    rows = [delimiter.join(cells) for cells in lines]
    found = read("\n".join([delimiter.join(["Name", "Amount", "Due", "Notes"]), *rows]))

    assert all(row.problems or row.terms for row in found.rows)


@given(st.binary())
def test_no_file_is_too_odd(raw):
    with suppress(sheet.Unreadable):
        read(sheet.decode(raw))


@pytest.mark.parametrize("odd", [" " * 99_999 + "1a1", "(" * 99_999, "'" * 99_999 + "x", "1." * 50_000, "9/" * 50_000])
@pytest.mark.parametrize("where", [0, 1, 2, 3])
def test_no_cell_keeps_the_server_busy(odd, where):
    cells = ["A", "5", "2026-12-01", "Words"]
    cells[where] = odd

    assert len(read(f"Name;Amount;Due;Notes\n{';'.join(cells)}\n").rows) == 1
    assert read(f"{';'.join(cells)}\nA;5;;\n").problems


# --- There and back ---------------------------------------------------------------------------------------------------
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠1"]


@pytest.mark.parametrize("cell", [*FORMULAS, *(f"'{formula}" for formula in FORMULAS)])
def test_cell_that_a_spreadsheet_would_run_is_written_as_text(cell):
    written = sheet.as_csv([["Name", "Amount", "Description"], ["A", "5", cell]])

    assert f"'{cell}" in written
    assert only(written).description == cell.replace("\r", "\n")


@pytest.mark.parametrize("cell", ["A=1", "'A", "", " =1", "5", "'", "''"])
def test_other_cells_are_written_as_they_are(cell):
    assert sheet.as_csv([[cell, "x"]]) in (f"{cell},x\r\n", f'"{cell}",x\r\n')


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("=+-@'\",;\t\n"), max_size=60)


@given(WORDS, WORDS, st.decimals("5", "999999999", places=2), st.none() | st.dates(TODAY))
def test_plan_that_was_written_is_read_as_it_was(title, description, amount, due_date):
    title = " ".join(title.split()) or "A"
    title = f"{title} (the work)"  # "Total" alone would be a sum
    rows = [["Name", "Amount", "Due date", "Description"]]
    rows += [[title, f"{amount:.2f}", due_date.isoformat() if due_date else "", description]]

    assert only(sheet.as_csv(rows)) == Terms(title, amount, due_date, description)
