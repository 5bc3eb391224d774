"""Cells, amounts, dates and names of columns are read as they were meant, or it is said what is wrong."""

import datetime
from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict
from hypothesis import given
from hypothesis import strategies as st

from contracts.terms import Unreadable
from milestones.models import Terms
from milestones.pages.paste import amounts, cells, columns, dates, files
from milestones.pages.paste.heads import Column
from milestones.pages.paste.pasting import PasteForm
from milestones.pages.paste.reading import Manner
from tests.milestones.workbooks import archive, ods, xlsx
from text import typed

NAMES = "Name,Amount,Due date,Description\n"


def form(text: str = "", file: bytes | None = None, *, currency: str = "USD", **said: str) -> PasteForm:
    posted = MultiValueDict({name: [value] for name, value in {"text": text, **said}.items()})
    uploaded = {} if file is None else {"file": [SimpleUploadedFile("plan", file)]}
    read = PasteForm(posted, MultiValueDict(uploaded), currency=currency)
    read.full_clean()
    return read


def errors(text: str = "", file: bytes | None = None) -> list[tuple[str, str]]:
    return form(text, file).all_errors()


def terms(text: str, **said: str) -> list[Terms]:
    """Of the lines in which nothing is wrong."""
    read = form(text, **said)
    assert read.all_errors() == []
    return [Terms(**row.given) for row in read.rows if not row.problems]


def table(text: str) -> list[tuple[int, list[str]]]:
    return [(line.number, line.cells) for line in cells.lines(text, worth=columns.worth)]


# --- The table --------------------------------------------------------------------------------------------------------
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
        "| Name | Amount |\n|------|-------:|\n| `A` | **5** |\n",
        "Name | Amount\n--- | ---\nA | 5",
    ],
)
def test_plan_is_found_whatever_stands_around_it(text):
    assert [(row.given["title"], str(row.given["amount"])) for row in form(text).rows] == [("A", "5.00")]


def test_lines_are_counted_as_an_editor_counts_them():
    assert table('Name,Amount,Notes\n\nA,x,"one\ntwo\nthree"\nB,5,\n\nC,y,\n') == [
        (1, ["Name", "Amount", "Notes"]),
        (3, ["A", "x", "one\ntwo\nthree"]),
        (6, ["B", "5", ""]),
        (8, ["C", "y", ""]),
    ]
    assert table('Name\tNotes\r\n\r\nA\t"one\r\ntwo"\r\nB\t\r\n') == [
        (1, ["Name", "Notes"]),
        (3, ["A", "one\r\ntwo"]),
        (5, ["B", ""]),
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Paste a plan, or choose a file."),
        ("Name,Amount\n", "There is nothing below the names of the columns."),
        ('Name,Amount\n"A,5\n', "Line 2: a quotation mark is not closed, or text follows a closed one."),
        ('Name,Amount\nA,5\n"B" and C,5\n', "Line 3: a quotation mark is not closed, or text follows a closed one."),
        (f"Name,Amount\n{'x' * 140_000},5\n", "Line 2: one cell is too long."),
        ("Name,Amount\n" + "A,5\n" * 501, "This is more than 500 rows. Paste some of them first."),
        ("Name,Amount\n" + "A,5\n" * 5_000, "This is more than 500 rows. Paste some of them first."),
        (
            "Name,Amount" + ",x" * 49 + "\nA,5\n",
            "A plan can have 50 columns and 10000 cells. Take out those that are not needed.",
        ),
        (
            ("Name,Amount" + ",x" * 28 + "\n") * 400,
            "A plan can have 50 columns and 10000 cells. Take out those that are not needed.",
        ),
        ("x" * (2**20 + 1), "The text must be 1 MB or smaller."),
    ],
)
def test_text_that_is_no_plan_is_refused(text, sentence):
    assert errors(text) == [("id_text", sentence)]


def test_five_hundred_lines_are_read():
    assert len(form("Name,Amount\n" + "A,5\n" * 500).rows) == 500


# --- The names of the columns -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("head", "base"),
    [
        ("Amount", "amount"),
        (" COST ", "cost"),
        ("amount (USD)", "amount"),
        ("Amount in US dollars", "amount"),
        ("Price $", "price"),
        ("milestone_name*", "milestone name"),
        ("MilestoneAmount:", "milestone amount"),
        ("# Name", "name"),
        ("Amount excl. VAT", "amount"),
        ("Start/End", "start/end"),
    ],
)
def test_names_of_columns_are_known_in_whatever_dress(head, base):
    assert Column(0, head).base == base


@pytest.mark.parametrize(
    ("head", "currency", "is_foreign"),
    [
        ("Amount", "EUR", False),
        ("Amount (EUR)", "EUR", False),
        ("Amount (USD)", "EUR", True),
        ("Price $", "EUR", True),
        ("Price $", "CAD", False),
        ("Amount in US dollars", "EUR", True),
        ("Amount in US dollars", "USD", False),
        ("Budget (k€)", "USD", True),
        ("Budget (kUSD)", "EUR", True),
        ("Amount (net)", "EUR", False),
        ("Cost for all", "EUR", False),
    ],
)
def test_names_of_columns_tell_their_currency(head, currency, is_foreign):
    assert Column(0, head).is_foreign(currency) == is_foreign


@pytest.mark.parametrize(
    ("head", "does"),
    [
        *[("Budget (in thousands)", True), ("Budget (k€)", True), ("Amount ('000)", True), ("Kosten TEUR", True)],
        *[("Cost, $k", True), ("Mio. EUR", True), ("Amount", False), ("Kick-off cost", False), ("Amount (EUR)", False)],
    ],
)
def test_names_of_columns_speak_of_thousands(head, does):
    assert Column(0, head).speaks_of_thousands == does


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
        ("650.–", "650.00"),
        ("650.-", "650.00"),
        ("650.0000", "650.00"),
        ("1,20,000.00", "120000.00"),
        ("$3,000 (30%)", "3000.00"),
    ],
)
def test_amount_is_read_as_it_is_written(text, amount):
    mark = amounts.decimal_mark([text], currency="USD")

    assert str(Manner("USD", mark).amount(text)) == amount


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
    mark = amounts.decimal_mark([text], currency=currency)

    assert str(Manner(currency, mark).amount(text)) == amount


NUMBER = "Amount must be a number, like 650 or 650.00."
FOREIGN = "This amount is in another currency. The contract is in US dollars."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Enter an amount."),
        *[
            (text, NUMBER)
            for text in ("1e3", "NaN", "about 5", "(650)", "٦٥٠", "12 34", "30%", "5 (6)", "#REF!", "9" * 99)
        ],
        *[("-5", "Amount must be more than zero."), ("0", "Amount must be more than zero.")],
        ("5.001", "Amount in US dollars can have at most 2 decimals."),
        ("1000000000", "Amount must be $999,999,999.99 or less."),
        *[("€650", FOREIGN), ("650 CHF", FOREIGN)],
    ],
)
def test_what_is_no_amount_is_refused(text, sentence):
    with pytest.raises(Unreadable) as refusal:
        Manner("USD").amount(text)

    assert refusal.value.sentence == sentence


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


def test_amounts_in_thousands_are_exact():
    assert str(Manner("USD", scale=1_000).amount("62.5")) == "62500.00"
    assert str(Manner("USD", scale=1_000_000).amount("1.2")) == "1200000.00"


# --- Dates ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        *("2026-12-31", "2026/12/31", "2026.12.31", "2026-12-31T00:00:00Z", "2026-12-31 00:00", "2026年12月31日"),
        *("31.12.2026", "31. 12. 2026", "31.12.26", "31/12/2026", "12/31/2026", "31-12-2026", "12/31/26"),
        *("31 Dec 2026", "31 December 2026", "31-Dec-26", "31. Dec. 2026", "Dec 31, 2026", "December 31st, 2026"),
        *("Thu, 31 Dec 2026", "Thursday 31 December 2026", "Thu 12/31/26", "Do. 31.12.2026", "jeudi 31 décembre 2026"),
        *(
            "31/Dec/26 12:00 AM",
            "2026-12-31 17:00:00",
            "Thu 12/31/26 5:00 PM",
            "31 de diciembre de 2026",
            "31. des. 2026",
        ),
    ],
)
def test_day_is_read_as_it_is_written(text):
    (order,) = dates.orders([text])

    assert dates.parse(text, order=order) == datetime.date(2026, 12, 31)


def test_english_months_have_short_names():
    names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec"]

    months = [day.month for name in names if (day := dates.parse(f"5 {name} 2040", order="dmy"))]
    assert months == [1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 10, 11, 12]


@pytest.mark.parametrize("text", ["", "-", "–", " "])
def test_no_day_is_no_due_date(text):
    assert dates.parse(text, order="dmy") is None


@pytest.mark.parametrize(
    "text",
    [
        *(
            "0026-12-31",
            "31.13.2026",
            "2026-12",
            "31 Foo 2026",
            "31 J 2026",
            "31/12",
            "December",
            "Q1",
            "46003",
            "9" * 99,
        ),
        *("2026-12-31T08:00:00Z", "Foo 31.12.2026", "2026-02-30"),
    ],
)
def test_what_is_no_day_is_refused(text):
    with pytest.raises(Unreadable) as refusal:
        dates.parse(text, order="dmy")

    assert refusal.value.sentence == "Enter the due date as year-month-day, like 2026-12-31."


def test_weekday_that_contradicts_its_date_is_refused():
    with pytest.raises(Unreadable) as refusal:
        dates.parse("Mon, 31 Dec 2027", order="dmy")

    assert refusal.value.sentence == "The weekday does not match the date, which is 31 December 2027, Friday."


@pytest.mark.parametrize(
    ("column", "orders"),
    [
        ([], ["dmy"]),
        (["2027-01-09", "9.1.2027"], ["dmy"]),
        (["31/12/2026", "9/1/2027"], ["dmy"]),
        (["12/31/2026", "9/1/2027"], ["mdy"]),
        (["9/9/2027"], ["dmy"]),
        (["9/1/2027"], ["dmy", "mdy"]),
        (["9-1-2027"], ["dmy", "mdy"]),
        (["31/12/2026", "12/31/2026"], ["dmy", "mdy"]),
        (["44/55/2026"], ["dmy"]),
        (["Mon 3/1/27"], ["mdy"]),  # 3 January is a Sunday
        (["Mon 3/1/27", "4/5/27"], ["mdy"]),
        (["27-01-28", "27-03-31"], ["dmy", "ymd"]),
        (["27-01-28", "27-13-31"], ["dmy", "ymd"]),
        (["31-12-99"], ["dmy"]),
    ],
)
def test_column_tells_its_order_or_somebody_is_asked(column, orders):
    assert dates.orders(column) == orders


# --- Files ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        *[("utf-8", ""), ("utf-8-sig", ""), ("utf-16", ""), ("utf-32", "")],
        *[("utf-16-le", "\ufeff"), ("utf-16-be", "\ufeff"), ("utf-32-be", "\ufeff")],
    ],
)
def test_file_that_says_how_its_letters_are_written_is_read(encoding, mark):
    text = "Name\tAmount\nEntwürfe – größer\t5\n"

    assert list(files.texts(f"{mark}{text}".encode(encoding)).values()) == [text]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        *[("cp1252", "Windows-1252"), ("cp1250", "Windows-1250"), ("cp1251", "Windows-1251"), ("mac_roman", "Mac")],
        *[("cp932", "Shift JIS"), ("gb18030", "GB 18030")],
    ],
)
def test_file_that_does_not_say_so_is_offered_in_each_way(encoding, name):
    words = {"cp1251": "Эскизный проект", "cp932": "要件を聞く", "gb18030": "设计图"}
    text = f"Name;Amount\n{words.get(encoding, 'für général')};5\n"
    found = files.texts(text.encode(encoding))

    assert text in found.values()
    assert found.get(name, text) == text
    assert len(found) > 1
    assert not any(ord(sign) in range(0x80, 0xA0) for each in found.values() for sign in each)


ODD_BOOK = "This workbook cannot be read: it is damaged, has a password, or is too large. Save it as CSV."
LAST_CORNER = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
REPEATED = (
    '<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"'
    ' office:value-type="float" office:value="1"/></table:table-row>'
)


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"\xd0\xcf\x11\xe0....", "This is an old workbook, or it has a password. Save it as .xlsx without one."),
        (b"PK\x03\x04....", ODD_BOOK),
        (archive({"word/document.xml": "<x/>"}), ODD_BOOK),
        (xlsx({"Plan": []}, sheet_xml=" " * (21 * 2**20)), ODD_BOOK),
        (xlsx({"Plan": []}, sheet_xml=LAST_CORNER), ODD_BOOK),
        (ods({"Plan": []}, table_xml=REPEATED), ODD_BOOK),
        (xlsx({"Plan": []}), "There is nothing in this workbook."),
        *[
            (raw, "This is not a text file or a workbook. Save the sheet as .xlsx or CSV.")
            for raw in (b"Name\0Amount", b"\xff\xfeN", b"\x00\x01\x02")
        ],
        (b"x" * (2**20 + 1), "The file must be 1 MB or smaller."),
    ],
    ids=range(11),
)
def test_file_that_cannot_be_read_is_refused(raw, sentence):
    with pytest.raises(files.Unreadable) as refusal:
        files.texts(raw)

    assert refusal.value.sentence == sentence


# --- Whatever it is ---------------------------------------------------------------------------------------------------
CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
ODD = st.sampled_from(
    [
        "1.200",
        "1,2,3",
        "''=1",
        '"',
        "\t",
        "9/1/27",
        "0000-00-00",
        "=1+1",
        "$",
        "(",
        "sep=",
        "\r",
        "I",
        "١",
        "|",
        "Total",
    ]
)


@given(st.text())
def test_no_text_is_too_odd(text):
    form(text).all_errors()


@given(st.lists(st.lists(CELLS | ODD, max_size=5), max_size=5), st.sampled_from(",;\t|"))
def test_no_table_is_too_odd(lines, delimiter):
    rows = [delimiter.join(line) for line in lines]
    found = form("\n".join([delimiter.join(["Name", "Amount", "Due", "Notes"]), *rows]))
    found.all_errors()

    assert [row for row in found.rows if not row.problems and {*row.given} < {"title", "amount"}] == []


@given(st.binary(max_size=200).filter(lambda raw: not raw.startswith(b"PK\x03\x04")))
def test_no_file_is_too_odd(raw):
    with suppress(files.Unreadable):
        for text in files.texts(raw).values():
            form(text).all_errors()


@pytest.mark.parametrize(
    "odd", [" " * 99_999 + "1a1", "(" * 99_999, "'" * 99_999 + "x", "1." * 50_000, "9/" * 50_000], ids=range(5)
)
@pytest.mark.parametrize("where", [0, 1, 2, 3])
def test_no_cell_keeps_the_server_busy(odd, where):
    row = ["A", "5", "2026-12-01", "Words"]
    row[where] = odd

    assert len(form(f"Name;Amount;Due;Notes\n{';'.join(row)}\n").rows) == 1
    form(f"{';'.join(row)}\nA;5;;\n").all_errors()
    form("\t".join(row)).all_errors()
    form("|".join(row)).all_errors()


# --- There and back ---------------------------------------------------------------------------------------------------
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠1"]


@pytest.mark.parametrize("cell", [*FORMULAS, *(f"'{formula}" for formula in FORMULAS)])
def test_cell_that_a_spreadsheet_would_run_is_written_as_text(cell):
    written = cells.as_csv([["Name", "Amount", "Description"], ["A", "5", cell]])

    assert f"'{cell}" in written
    assert [each.description for each in terms(written)] == [cell.replace("\r", "\n")]


@pytest.mark.parametrize("cell", ["A=1", "'A", "", " =1", "5", "'", "''"])
def test_other_cells_are_written_as_they_are(cell):
    assert cells.as_csv([[cell, "x"]]) in (f"{cell},x\r\n", f'"{cell}",x\r\n')


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("=+-@'\",;|\t\n"), max_size=60)


@given(
    WORDS,
    WORDS,
    st.decimals("5", "999999999", places=2),
    st.none() | st.dates(datetime.date(2026, 11, 23), datetime.date(2999, 12, 31)),
)
def test_plan_that_was_written_is_read_as_it_was(title, description, amount, due_date):
    title = f"{' '.join(title.split())} (the work)".strip()
    rows = [["Name", "Amount", "Due date", "Description"]]
    rows += [[title, f"{amount:.2f}", due_date.isoformat() if due_date else "", description]]

    kept = Terms(typed.line(title), amount, due_date, typed.lines(description))
    assert terms(cells.as_csv(rows)) == [kept]
