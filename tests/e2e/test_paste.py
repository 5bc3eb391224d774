"""A plan from a workbook goes on the page on a desk and on a phone, with JavaScript and without."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.e2e import acting
from tests.factories import ContractFactory, milestone_at
from tests.milestones.workbooks import Rows, xlsx

PLAN: Rows = [
    ["Task Name", "Qty", "Price", "Total", "Finish"],
    ["Logo", 2, 250, 500, "3/4/40"],
    ["Sketches", 1, 300, 300, None],
    ["Total", None, None, 800, None],
]
BOOK = {"name": "plan.xlsx", "mimeType": "", "buffer": xlsx({"Rates": [["Hour", 90]], "Plan": PLAN})}


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [1280, 390])
def test_plan_of_a_workbook(page_for, live_server, ben, mara, width, javascript):
    contract = ContractFactory(client=ben, freelancer=mara)
    milestone_at("accepted", contract, title="Sketches", amount="100.00")
    page = page_for(mara, width=width, javascript=javascript)
    page.goto(reverse("milestones:paste", args=[contract.pk]))
    page.get_by_label("Or a file").set_input_files(BOOK)
    acting.press(page, "Read the plan")

    page.get_by_role("radio", name="Plan:").check()
    acting.press(page, "Continue")
    summary = page.get_by_role("alert").filter(has_text="There is a problem")
    expect(summary).to_contain_text("Say which column is the amount. It can be one of these: “Price”, “Total”.")
    expect(summary).to_contain_text("Some dates can be read in several ways.")
    page.get_by_label("Total", exact=True).select_option(label="Amount")
    page.get_by_label("Dates are written").select_option(label="Month, day, year: 12/31/2026")
    acting.press(page, "Continue")

    expect(page.get_by_role("region").get_by_role("cell", name="3/4/40")).to_contain_text("4 March 2040, Sunday")
    expect(page.get_by_text("New: 1 · Changes the plan: 1 · Left out: 1")).to_be_visible()
    expect(page.get_by_text("Amount: $100.00 → $300.00")).to_be_visible()
    expect(page.get_by_text("Not used: Qty, Price.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    acting.press(page, "Take the ticked lines to Manage milestones")

    expect(page.get_by_text("2 changes to save")).to_be_visible()
    acting.press(page, "Save")
    expect(page.get_by_role("heading", level=1, name=contract.title)).to_be_visible()
    assert saved(contract) == [("Logo", "500.000", "2040-03-04")]


def saved(contract) -> list[tuple[str, str, str]]:
    proposed = contract.milestones.filter(state="proposed")
    return [(milestone.title, str(milestone.amount), str(milestone.due_date)) for milestone in proposed]
