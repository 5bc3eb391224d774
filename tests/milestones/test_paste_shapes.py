"""Plans as people bring them, and what becomes of each: what is asked, line by line what is read, and what is not.

The table is the specification. "?" is a question, "[ ]" a line that is left out but can be ticked.
"""

import datetime
from dataclasses import dataclass, field

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.e2e.reading import Page
from tests.factories import ContractFactory
from tests.milestones.browsing import Visitor
from tests.milestones.workbooks import Rows, ods, xlsx


@dataclass(frozen=True)
class Shape:
    """`said` is what a person answers, by the name of the field."""

    source: str | bytes
    became: list[str]
    said: dict[str, str] = field(default_factory=dict)
    currency: str = "USD"


D = datetime.date
TABLE: Rows = [
    ["Name", "Amount", "Due date", "Description"],
    ["Sketches", 400, D(2040, 1, 9), "Three views"],
    ["Model", 1200.5, None, None],
]
INVOICE = (
    "Invoice Number,INV-9\nType,SALES\n\nItem,Quantity,Unit Price,Total\nChair,4,50.00,200.00\n"
    "\nTax (19%),,,$38.00\nTotal,,,$238.00\n"
)
NUMBER = "Amount must be a number, like 650 or 650.00."
SPARE = "This line has more cells than there are columns. Put text that holds the separator in quotation marks."
SHAPES = {
    "our example": Shape(
        "Name\tAmount\tDue date\tDescription\nSketches\t400.00\t2040-01-09\tThree views\nModel\t1,200.50\t\t\n",
        ["2 New · Sketches · $400.00 · 9 Jan 2040 · Three views", "3 New · Model · $1,200.50 · No date"],
    ),
    "no names of columns": Shape(
        "Sketches,400\nModel,500\n", ["1 New · Sketches · $400.00", "2 New · Model · $500.00"]
    ),
    "no names, with dates and words": Shape(
        "Sketches\t400\t2040-01-09\tThree views\n", ["1 New · Sketches · $400.00 · 9 Jan 2040 · Three views"]
    ),
    "semicolons and decimal commas": Shape(
        "Name;Amount;Due date\r\nEntwurf;1.200,50 €;31.01.2040\r\n",
        ["2 New · Entwurf · €1,200.50 · 31 Jan 2040"],
        currency="EUR",
    ),
    "Excel's hint": Shape("sep=;\r\nName;Amount\r\nA;5\r\n", ["3 New · A · $5.00"]),
    "planner with weekdays": Shape(
        'ID,Task Name,Duration,Start,Finish,Work,Cost\n1,Survey,5 days,Thu 3/1/40,Mon 3/5/40,40 hrs,"$4,000.00"\n',
        ["2 New · Survey · $4,000.00 · 5 Mar 2040", "Not used: ID, Duration, Start, Work"],
    ),
    "weekday that contradicts": Shape(
        'Name,Amount,Due date\nSurvey,4000,"Mon, 31 Dec 2040"\nDrawings,500,"Mon, 31 Dec 2041"\n',
        [
            "2 New · Survey · $4,000.00 · 31 Dec 2040",
            "3 Refused · Drawings · $500.00 · Mon, 31 Dec 2041 "
            "(The weekday does not match the date, which is 31 December 2041, Tuesday.)",
        ],
    ),
    "dates in two orders": Shape(
        "Name,Amount,Due\nSurvey,4000,3/4/40\n", ["? Some dates can be read in several ways. Say what comes first."]
    ),
    "dates in two orders, told": Shape(
        "Name,Amount,Due\nSurvey,4000,3/4/40\n",
        ["2 New · Survey · $4,000.00 · 4 Mar 2040"],
        said={"Dates are written": "Month, day, year"},
    ),
    "two digits at both ends": Shape(
        "Name,Amount,Due date\nSurvey,4000,30-01-28\nDrawings,16000,30-03-31\n",
        ["? Some dates can be read in several ways. Say what comes first."],
    ),
    "two digits at both ends, told": Shape(
        "Name,Amount,Due date\nSurvey,4000,40-01-28\nDrawings,16000,40-03-31\n",
        ["2 New · Survey · $4,000.00 · 28 Jan 2040", "3 New · Drawings · $16,000.00 · 31 Mar 2040"],
        said={"Dates are written": "Year, month, day"},
    ),
    "dates in French": Shape(
        "Name;Amount;Due date\nRapport;1 200,50 €;23 mai 2040\nBilan;2 401,00 €;2 nov. 2040\n",
        ["2 New · Rapport · €1,200.50 · 23 May 2040", "3 New · Bilan · €2,401.00 · 2 Nov 2040"],
        currency="EUR",
    ),
    "dates of an issue tracker": Shape(
        "Summary,Description,Due Date,Cost\nTenants,Apart,01/Apr/40 12:00 AM,500\n",
        ["2 New · Tenants · $500.00 · 1 Apr 2040 · Apart"],
    ),
    "dates that are months": Shape(
        "title,date,cost\nFirst roll,Q440–Q1,500\nParty,December,700\n",
        [
            "2 Refused · First roll · $500.00 · Q440–Q1 (Enter the due date as year-month-day, like 2026-12-31.)",
            "3 Refused · Party · $700.00 · December (Enter the due date as year-month-day, like 2026-12-31.)",
        ],
    ),
    "sum rows": Shape(
        "Name,Amount\nConcept,1000.00\nModel,2000.00\nSub-total,3000.00\nRenderings,500.00\nTotal:,3500.00\n",
        [
            "2 New · Concept · $1,000.00",
            "3 New · Model · $2,000.00",
            "4 Left out · Sub-total · $3,000.00 (A sum or a tax, not a milestone.) [ ]",
            "5 New · Renderings · $500.00",
            "6 Left out · Total: · $3,500.00 (A sum or a tax, not a milestone.) [ ]",
        ],
    ),
    "sum rows in German": Shape(
        "Bezeichnung;Betrag\nEntwurf;1000\nModell;500\nGesamt;1500\n",
        [
            "2 New · Entwurf · €1,000.00",
            "3 New · Modell · €500.00",
            "4 Left out · Gesamt · €1,500.00 (A sum or a tax, not a milestone.) [ ]",
        ],
        currency="EUR",
    ),
    "sum that does not add up": Shape(
        "Name,Amount\nConcept,1000\nModel,2000\nTotal trip budget,3500\n",
        [
            "2 New · Concept · $1,000.00",
            "3 New · Model · $2,000.00",
            "4 Left out · Total trip budget · $3,500.00 (A sum or a tax, not a milestone. "
            "The lines above it make $3,000.00.) [ ]",
        ],
    ),
    "line that equals those above": Shape(
        "Name,Amount\nFirst,250\nSecond,250\nThird,500\n",
        [
            "2 New · First · $250.00",
            "3 New · Second · $250.00",
            "4 New · Third · $500.00 (Its amount is the sum of the lines above. Untick it if it is not a milestone.)",
        ],
    ),
    "balance below": Shape(
        "Amount,Category,Date,Name\n5000.0,rent,2040-01-17,Workshop\n\nBalance: 6500.0\n",
        [
            "2 New · Workshop · $5,000.00 · 17 Jan 2040",
            "4 Left out · Balance: 6500.0 · Balance: 6500.0 · No date (A sum or a tax, not a milestone.)",
            "Not used: Category",
        ],
    ),
    "letters of Windows-1251": Shape(
        "Name;Amount\nЭскизный проект;1200,50\n".encode("cp1251"), ["? Choose which one is right."]
    ),
    "letters of Windows-1251, told": Shape(
        "Name;Amount\nЭскизный проект;1200,50\n".encode("cp1251"),
        ["2 New · Эскизный проект · $1,200.50"],
        said={"Windows-1251": ""},
    ),
    "letters of Shift JIS, told": Shape(
        "Name,Amount\n要件を聞く,1200\n".encode("cp932"), ["2 New · 要件を聞く · $1,200.00"], said={"Shift JIS": ""}
    ),
    "letters of UTF-16": Shape(
        "Name\tAmount\nЭскизный проект\t1200\n".encode("utf-16"), ["2 New · Эскизный проект · $1,200.00"]
    ),
    "quotation marks on the clipboard": Shape(
        'Name\tAmount\n"Hero" banner\t100\n"Draft\t100\nFinal"\t200\n"Two\nlines ""here"""\t300\n',
        [
            '2 New · "Hero" banner · $100.00',
            '3 New · "Draft · $100.00',
            '4 New · Final" · $200.00 (Its amount is the sum of the lines above. Untick it if it is not a milestone.)',
            '5 New · Two lines "here" · $300.00',
        ],
    ),
    "lakhs": Shape('Name,Amount\nPhase 1,"1,20,000.00"\n', ["2 New · Phase 1 · $120,000.00"]),
    "curly quotation marks": Shape(
        "Name,Amount,Description\n“Logo, final”,500,“three files”\n",
        [f"2 Refused · “Logo ·  final” · 500 ({SPARE} {NUMBER})"],
    ),
    "errors of a spreadsheet": Shape(
        "Name,Amount,Due date\n#NAME?,500,2040-01-31\nLogo,#REF!,2040-01-31\nCard,500,########\n",
        [
            "2 Refused · #NAME? · $500.00 · 31 Jan 2040 (The name is an error of the spreadsheet.)",
            f"3 Refused · Logo · #REF! · 31 Jan 2040 ({NUMBER})",
            "4 Refused · Card · $500.00 · ######## (Enter the due date as year-month-day, like 2026-12-31.)",
        ],
    ),
    "schedule without names": Shape(
        'RowNumber,Payment Number,Amount,Scheduled Date\n1,PMT-00001,"$5,000 ",4/13/40\n2,,,\n',
        ["? Say which column is the name.", "Not used: RowNumber, Payment Number"],
    ),
    "schedule without names, told": Shape(
        'RowNumber,Payment Number,Amount,Scheduled Date\n1,PMT-00001,"$5,000 ",4/13/40\n2,,,\n',
        [
            "2 New · PMT-00001 · $5,000.00 · 13 Apr 2040",
            "3 Left out · 2 · No date (All the columns that are used are empty here.)",
            "Not used: RowNumber",
        ],
        said={"Payment Number": "Name"},
    ),
    "cost and budget": Shape(
        "title,project_id,cost,budget\nExplorer,13,400,2000\n",
        ["? Say which column is the amount. It can be one of these: “cost”, “budget”.", "Not used: project_id"],
    ),
    "plan without money": Shape(
        'name,description,date,,\nCall published,The call,"Feb 14, 2040",,estimated\n',
        ["? Say which column is the amount.", "Not used: Column 5"],
    ),
    "levels of a breakdown": Shape(
        ",,Description,PERT ID,Cost\n1.0,,Survey drone,,\n,1.1,Drawing of the body,A,1200\n",
        [
            "2 Refused · Survey drone (Enter an amount.)",
            "3 New · Drawing of the body · $1,200.00",
            "Not used: Column 1, Column 2, PERT ID",
        ],
    ),
    "floats": Shape(
        "Name,Amount\nBase norte,1501.157313220393\nEscritório,141.93\n",
        [
            "2 Refused · Base norte · 1501.157313220393 (Amount in US dollars can have at most 2 decimals.)",
            "3 New · Escritório · $141.93",
        ],
    ),
    "Markdown table": Shape(
        "| Milestone | Deliverable | Amount | Due |\n|---|:--|--:|---|\n"
        "| Upfront (30%) | Signed \\| sealed | $7,500 | 2040-02-01 |\n| **Total** | | **$7,500** | |\n",
        [
            "3 New · Upfront (30%) · $7,500.00 · 1 Feb 2040 · Signed | sealed",
            "4 Left out · Total · $7,500.00 · No date (A sum or a tax, not a milestone.) [ ]",
        ],
    ),
    "numbered Markdown table": Shape(
        "| Milestone | Deliverable | Amount | Percentage |\n"
        "| 1 | Phase one | 400.00 | 20% |\n| 2 | Phase two | 800.00 | 40% |\n",
        ["2 New · Phase one · $400.00", "3 New · Phase two · $800.00", "Not used: Milestone, Percentage"],
    ),
    "amount with its share": Shape(
        'Milestone,Deliverable,Amount\nM1,Three joined,"$3,000 (30%)"\n', ["2 New · M1 · $3,000.00 · Three joined"]
    ),
    "invoice": Shape(
        INVOICE,
        [
            "? Say which column is the amount. It can be one of these: “Unit Price”, “Total”.",
            "Not used: Quantity",
            "Not read: 1, 2",
        ],
    ),
    "invoice, told": Shape(
        INVOICE,
        [
            "5 New · Chair · $200.00",
            "7 Left out · Tax (19%) · $38.00 (A sum or a tax, not a milestone. The lines above it make $200.00.) [ ]",
            "8 Left out · Total · $238.00 (A sum or a tax, not a milestone. The lines above it make $200.00.) [ ]",
            "Not used: Quantity, Unit Price",
            "Not read: 1, 2",
        ],
        said={"Total": "Amount"},
    ),
    "price of a piece": Shape(
        "Name,Qty,Price (per piece),Line total\nCards,10,50,500\n",
        [
            "? Say which column is the amount. It can be one of these: “Price (per piece)”, “Line total”.",
            "Not used: Qty",
        ],
    ),
    "price and quantity alone": Shape(
        "Item,Qty,Price\nCards,10,50\n",
        ["? Say which column is the amount. “Price” may be the price of one piece.", "Not used: Qty"],
    ),
    "another currency in the name": Shape(
        "Name,Amount (USD)\nLogo,500\n",
        ["? Say which column is the amount. “Amount (USD)” speaks of another currency than the contract’s."],
        currency="EUR",
    ),
    "two currencies": Shape(
        "Name,Price (USD),Cost (EUR)\nLogo,500,460\n",
        ["2 New · Logo · €460.00", "Not used: Price (USD)"],
        currency="EUR",
    ),
    "currency in words": Shape(
        "Name,Amount in US dollars\nLogo,500\n",
        ["? Say which column is the amount. “Amount in US dollars” speaks of another currency than the contract’s."],
        currency="EUR",
    ),
    "another currency in a cell": Shape(
        "Name,Amount,Currency\nLogo,500,EUR\nCard,$5,\n",
        [
            "2 New · Logo · €500.00",
            "3 Refused · Card · $5 (This amount is in another currency. The contract is in euros.)",
        ],
        currency="EUR",
    ),
    "thousands": Shape(
        "Name,Budget (in thousands)\nLogo,62\n",
        ["? The name of the column speaks of thousands. Say how its amounts are written."],
        currency="EUR",
    ),
    "thousands, told": Shape(
        "Name,Budget (k€)\nLogo,62.5\n",
        ["2 New · Logo · €62,500.00"],
        said={"Amounts are": "In thousands"},
        currency="EUR",
    ),
    "one mark that can be both": Shape(
        "Name;Amount\nA;1.200\n",
        ["? Some amounts can be read in two ways. Say which is the decimal sign."],
        currency="EUR",
    ),
    "one mark that can be both, told": Shape(
        "Name;Amount\nA;1.200\n", ["2 New · A · €1,200.00"], said={"Decimal sign": "A comma"}, currency="EUR"
    ),
    "column of dates with another name": Shape(
        "Name,Amount,Go live\nLogo,500,2040-01-31\n", ["? “Go live” holds dates. Say whether they are the due dates."]
    ),
    "column of dates with another name, told": Shape(
        "Name,Amount,Go live\nLogo,500,2040-01-31\n",
        ["2 New · Logo · $500.00 · 31 Jan 2040"],
        said={"Go live": "Due date"},
    ),
    "breakdown in Japanese, told": Shape(
        "No,ToDo,成果物,金額\n1,要件を聞く,要件定義書,100000\n",
        ["2 New · 要件定義書 · ¥100,000", "Not used: No, ToDo"],
        said={"成果物": "Name"},
        currency="JPY",
    ),
    "names in an unknown language": Shape(
        "Työ,Hinta\nLogo,500\n",
        ["? Say which column is the name.", "? Say which column is the amount.", "Not used: Työ, Hinta"],
        currency="EUR",
    ),
    "names in an unknown language, told": Shape(
        "Työ,Hinta\nLogo,500\n", ["2 New · Logo · €500.00"], said={"Työ": "Name", "Hinta": "Amount"}, currency="EUR"
    ),
    "line with too many cells": Shape(
        "Name,Amount\nLogo, final,500\n",
        [f"2 Refused · Logo ·  final ({SPARE} {NUMBER})"],
    ),
    "workbook of Excel": Shape(
        xlsx({"Plan": TABLE}),
        ["2 New · Sketches · $400.00 · 9 Jan 2040 · Three views", "3 New · Model · $1,200.50 · No date"],
    ),
    "workbook of LibreOffice": Shape(
        ods({"Plan": TABLE}),
        ["2 New · Sketches · $400.00 · 9 Jan 2040 · Three views", "3 New · Model · $1,200.50 · No date"],
    ),
    "workbook with a hidden sheet": Shape(
        xlsx({"Plan": TABLE[:2], "Old": TABLE}, hidden=["Old"]),
        ["2 New · Sketches · $400.00 · 9 Jan 2040 · Three views"],
    ),
    "workbook with two sheets": Shape(xlsx({"Costs": [["x"]], "Plan": TABLE[:2]}), ["? Choose which one is right."]),
    "workbook with two sheets, told": Shape(
        xlsx({"Costs": [["x"]], "Plan": TABLE[:2]}),
        ["2 New · Sketches · $400.00 · 9 Jan 2040 · Three views"],
        said={"Plan": ""},
    ),
    "workbook with formulas' noise": Shape(
        xlsx({"Plan": [["Name", "Amount"], ["Net", 1190.0000000000002], ["Third", 333.3333333333333]]}),
        [
            "2 New · Net · $1,190.00",
            "3 Refused · Third · 333.333333333333 (Amount in US dollars can have at most 2 decimals.)",
        ],
    ),
    "workbook with thousandths": Shape(
        ods({"Plan": [["Name", "Amount"], ["A", 1.234], ["B", 12.5]]}),
        ["2 Refused · A · KWD\xa01.234 (Amount must be KWD\xa01.500 or more.)", "3 New · B · KWD\xa012.500"],
        currency="KWD",
    ),
    "workbook with a title above": Shape(
        xlsx(
            {
                "Plan": [
                    ["Quotation 7"],
                    [None],
                    ["Task", "Fee", "Deadline"],
                    ["Logo", 500, D(2040, 1, 31)],
                    ["Total", 500],
                ]
            }
        ),
        [
            "4 New · Logo · $500.00 · 31 Jan 2040",
            "5 Left out · Total · $500.00 · No date (A sum or a tax, not a milestone.) [ ]",
            "Not read: 1",
        ],
    ),
    "workbook with lines in a cell": Shape(
        ods({"Plan": [["Name", "Amount", "Notes"], ["Logo", 500, 'One\n"two"']]}),
        ['2 New · Logo · $500.00 · One\n"two"'],
    ),
    "formula that was taken for text": Shape("Name,Amount\n'=Logo,5\n", ["2 New · =Logo · $5.00"]),
}


@pytest.mark.parametrize("name", SHAPES)
def test_plan_becomes(name, ben, mara, as_):
    shape = SHAPES[name]
    contract = ContractFactory(client=ben, freelancer=mara, currency=shape.currency)
    visitor, url = Visitor(as_(mara)), reverse("milestones:paste", args=[contract.pk])
    is_text = isinstance(shape.source, str)
    sent = {"text": shape.source} if is_text else {"file": SimpleUploadedFile("plan", shape.source)}

    response = visitor.client.post(url, {"do": "read", **sent})
    if shape.said:
        page = Page(response.content.decode(), url)
        for label, answer in shape.said.items():
            page.field(label).choose(answer) if answer else page.field(label).tick()
        visitor.press(page, "Read again" if response.context["page"].fates else "Continue")
        response = visitor.response

    assert became(response) == shape.became
    assert response.status_code == (422 if any(said.startswith("?") for said in shape.became) else 200)


def became(response) -> list[str]:
    page = response.context["page"]
    says = [f"? {sentence}" for _place, sentence in response.context["errors"]]
    says += [f"{_line(row)}{'' if row.is_ticked or not row.box else ' [ ]'}" for row in page.fates]
    says += [f"Not used: {', '.join(page.not_used)}"] if page.not_used else []
    return says + ([f"Not read: {page.not_read}"] if page.not_read else [])


def _line(row) -> str:
    read = [f"{row.line} {row.label}", row.title, *(cell.text for cell in row.terms)]
    return " · ".join(filter(None, read)) + (f" ({' '.join(row.says)})" if row.says else "")
