"""The main job with nothing but a keyboard. What has the focus is always on the screen and never under a bar."""

import datetime

import pytest
from playwright.sync_api import Page, expect

from milestones.models import Milestone
from tests.e2e import acting, story
from tests.factories import ContractFactory, approve, milestone_at, propose, suggest

MOST_STOPS = 80
NAME_OF_FOCUS = """() => {
  const element = document.activeElement
  const label = element.labels?.[0] ?? element
  return (element.ariaLabel || label.textContent).replace(/\\s+/g, " ").trim()
}"""
HIDDEN = """async () => {
  const element = document.activeElement
  if (element === document.body || element.matches(".chat-log")) return ""
  let seen
  for (let frame = 0; frame < 30 && !seen; frame++) {  // until the page has scrolled to it
    await new Promise(requestAnimationFrame)
    const box = element.getBoundingClientRect()
    seen = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 20))
  }
  if (!seen) return ""  // out of the window, so under nothing
  const inside = element.contains(seen) || seen.contains(element)
  const related = inside || seen.closest("label")?.control === element
  return related ? "" : `${element.outerHTML.slice(0, 120)} lies under ${seen.outerHTML.slice(0, 120)}`
}"""


@pytest.fixture
def contract(live_server, ben, mara):
    return ContractFactory(title=story.TITLE, client=ben, freelancer=mara)


WIDE = (
    "\t".join(["Name", "Amount", "Due date", *(f"Part {number}" for number in range(1, 28))]),
    "\t".join(["Logo", "1,234.50", "2040-03-04", *(f"words of part {number}" for number in range(1, 28))]),
)
HEIGHT_OF_TEXT = """cell => {
  const range = document.createRange()
  range.selectNodeContents(cell)
  return Math.round(range.getBoundingClientRect().height)
}"""


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus is on what has this name."""
    passed = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        passed.append(page.evaluate(NAME_OF_FOCUS))
        if passed[-1].startswith(name):
            return
    raise AssertionError(f"{name} is not among {passed}")


def enter(page: Page, name: str) -> None:
    tab_to(page, name)
    page.keyboard.press("Enter")


def go(page: Page, name: str, *, to: str) -> None:
    """Follow a link or press a button that leads to a page with this heading."""
    enter(page, name)
    expect(page.get_by_role("heading", level=1, name=to)).to_be_visible()


def test_propose_and_save(page_for, contract, mara):
    page = page_for(mara)
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate(NAME_OF_FOCUS) == "Skip to the content"
    page.keyboard.press("Enter")
    go(page, story.TITLE, to=story.TITLE)
    go(page, "Manage milestones", to="Manage milestones")
    enter(page, "Propose a milestone")
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.type("Stress check")
    tab_to(page, "Amount")
    page.keyboard.type("650")
    go(page, "Save", to=story.TITLE)

    expect(page.locator("#toasts")).to_contain_text("Saved.")
    assert list(contract.milestones.values_list("title", "state")) == [("Stress check", "proposed")]


def test_staging_keeps_the_focus_where_the_hand_is(page_for, contract, mara):
    page = page_for(mara)
    approve(propose(contract, "Drawings"), propose(contract, "Renderings"))
    suggest(Milestone.objects.get(title="Renderings"), amount="120")
    acting.open_manage(page, story.TITLE)

    for button, then in [
        ("Delete Drawings", "Undo Drawings"),
        ("Undo Drawings", "Edit Drawings"),
        ("Delete Renderings", "Undo Renderings"),
        ("Undo Renderings", "Edit Renderings"),
        ("Edit Drawings", "Name"),
        ("Undo Drawings", "Edit Drawings"),
        ("Propose a milestone", "Name"),
        ("Delete new milestone", "Propose a milestone"),
    ]:
        acting.press(page, button)
        page.wait_for_function(f"name => ({NAME_OF_FOCUS})() === name", arg=then)


def test_errors_take_the_focus_and_lead_to_their_fields(page_for, contract, mara):
    page = page_for(mara)
    acting.open_manage(page, story.TITLE)
    row = acting.stage_new(page, name="Stress check", amount="1")

    enter(page, "Save")

    expect(page.get_by_role("alert").filter(has_text="There is a problem")).to_be_focused()
    enter(page, "Amount must be $5.00 or more.")
    expect(row.get_by_label("Amount")).to_be_focused()


@pytest.mark.parametrize("width", [1280, 390])
def test_paste_a_plan(page_for, contract, mara, width):
    page = page_for(mara, width=width)
    acting.open_manage(page, story.TITLE)
    go(page, "Paste a plan", to="Paste a plan")
    tab_to(page, "Rows of a spreadsheet")
    page.keyboard.insert_text("Name,Amount,Due\nStress check,650,3/4/40\nRenderings,120,\nTotal,770,\n")
    enter(page, "Read the plan")
    expect(page.get_by_role("alert").filter(has_text="There is a problem")).to_be_focused()
    enter(page, "Some dates can be read in several ways.")
    expect(page.get_by_label("Dates are written")).to_be_focused()
    page.keyboard.type("Month")
    enter(page, "Continue")
    expect(page.get_by_role("heading", name="What becomes of each line")).to_be_focused()
    tab_to(page, "Renderings")
    page.keyboard.press("Space")
    enter(page, "Take the ticked lines to Manage milestones")

    expect(page.get_by_label("Name")).to_be_focused()
    go(page, "Save", to=story.TITLE)
    assert list(contract.milestones.values_list("title", "due_date")) == [("Stress check", datetime.date(2040, 3, 4))]


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [1280, 390])
def test_paste_a_wide_sheet(page_for, contract, mara, width, javascript):
    page = page_for(mara, width=width, javascript=javascript)
    page.goto(f"{contract.get_absolute_url()}milestones/paste/")
    tab_to(page, "Rows of a spreadsheet")
    page.keyboard.insert_text("\n".join(WIDE))
    enter(page, "Read the plan")
    lines = page.get_by_role("heading", name="What becomes of each line")
    expect(lines).to_be_focused()

    tab_to(page, "The first lines")
    tab_to(page, "Part 27")
    expect(page.get_by_label("Part 27")).to_be_in_viewport()
    page.keyboard.type("Description")
    enter(page, "Read again")

    expect(page.get_by_text("26 columns are not used")).to_be_visible()
    expect(lines).to_be_focused()
    row = page.get_by_role("row", name="Logo").last
    heights = [row.get_by_text(text, exact=True).evaluate(HEIGHT_OF_TEXT) for text in ("$1,234.50", "4 Mar 2040")]
    assert heights[0] == heights[1]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    enter(page, "Take the ticked lines to Manage milestones")
    expect(page.get_by_role("heading", level=1, name="Manage milestones")).to_be_visible()
    go(page, "Save", to=story.TITLE)
    assert list(contract.milestones.values_list("title", "description")) == [("Logo", "words of part 27")]


def test_review_and_decide(page_for, contract, ben):
    page = page_for(ben)
    propose(contract, "Stress check")
    propose(contract, "Casting review")
    page.goto("/")
    go(page, "Your answer: 2 suggestions", to="Review Mara’s suggestions")
    tab_to(page, "Approve all 2")
    tab_to(page, "Approve")
    page.keyboard.press("Space")
    tab_to(page, "Approve")
    page.keyboard.press("ArrowRight")
    tab_to(page, "Reason")
    page.keyboard.type("Too early")
    go(page, "Check and finish", to="Check before you approve")
    go(page, "Approve 1, decline 1", to=story.TITLE)

    expect(page.locator("#toasts")).to_contain_text("Answered:")
    assert dict(contract.milestones.values_list("title", "state")) == {
        "Stress check": "accepted",
        "Casting review": "declined",
    }


@pytest.mark.parametrize("width", [1280, 390])
def test_focus_is_never_under_a_bar(page_for, contract, mara, width):
    page = page_for(mara, width=width)
    for number in range(6):
        milestone_at(Milestone.State.ACCEPTED, contract, title=f"Part {number}")
    acting.open_manage(page, story.TITLE)
    acting.stage_edit(page, "Part 2")
    page.keyboard.press("Home")

    hidden = []
    for key in ["Tab"] * 40 + ["Shift+Tab"] * 40:
        page.keyboard.press(key)
        hidden.append(page.evaluate(HIDDEN))

    assert [problem for problem in hidden if problem] == []
