"""The pictures in a real browser: axe, lettering that can be read, nothing that sticks out or lies over a mark."""

import datetime
from collections.abc import Callable

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from contracts.models import Contract
from milestones.models import Milestone
from tests.e2e.test_access import AXE, LONG, RULES, STICKS_OUT
from tests.factories import ContractFactory, add, approve, deposit, edit, milestone_at, propose, remove, save

State = Milestone.State
WIDTHS, SCHEMES = (390, 768, 1280), ("light", "dark")
SMALLEST = 12  # pixels
LETTERING = """() => [...document.querySelectorAll(".picture text, .due-dates-name, .due-dates-name *, .legend *")].map(
  element => parseFloat(getComputedStyle(element).fontSize) * (element.getScreenCTM ? element.getScreenCTM().a : 1)
)"""
# Lettering may lie over lines, but neither over a mark of its own row nor over other lettering.
OVERLAPS = """() => {
  const box = element => element.getBoundingClientRect()
  const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1
  const rows = [...document.querySelectorAll(".due-dates-chart > g")].flatMap(row =>
    [...row.querySelectorAll("use")].filter(mark => meet(box(mark), box(row.querySelector("span"))))
      .map(() => row.textContent))
  const texts = [...document.querySelectorAll(".picture > svg")].flatMap(svg => {
    const all = [...svg.querySelectorAll("text")]
    return all.flatMap((one, at) => all.slice(at + 1).filter(other => meet(box(one), box(other)))
      .map(other => `${one.textContent} / ${other.textContent}`))
  })
  return [...rows, ...texts]
}"""
OUTSIDE = """() => [...document.querySelectorAll(".picture")].flatMap(picture => {
  const frame = picture.getBoundingClientRect()
  return [...picture.querySelectorAll("use, text, span, line, path")].filter(element => {
    const box = element.getBoundingClientRect()
    return box.left < frame.left - 2 || box.right > frame.right + 2
  }).map(element => element.outerHTML.slice(0, 80))
})"""


def days(contract: Contract, count: int) -> datetime.date:
    return contract.today() + datetime.timedelta(count)


def every_kind(contract: Contract) -> None:
    deposit(contract.client.person, "2000")
    milestone_at(State.PAID, contract, title="Sketches", amount="400", due_date=days(contract, 0))
    edited = milestone_at(State.FUNDED, contract, title="Model", amount="1200", due_date=days(contract, 20))
    milestone_at(State.SUBMITTED, contract, title="Prototype", due_date=days(contract, 25))
    removed = milestone_at(State.ACCEPTED, contract, title=LONG, due_date=days(contract, 60))
    milestone_at(State.ACCEPTED, contract, title="Calls")
    milestone_at(State.ACCEPTED, contract, title=LONG)
    lines = [edit(edited, due_date=days(contract, 61)), remove(removed), add("Check", "650", days(contract, 40))]
    save(contract, *lines)
    Milestone.objects.filter(pk=edited.pk).update(due_date=days(contract, -20))  # time has passed


def fifty(contract: Contract) -> None:
    """Decades apart, many on one day, amounts from the smallest to the largest."""
    lines = [
        add(
            f"{number} {LONG}",
            "999999999.99" if number == 7 else "5",
            days(contract, number // 2 * 330),
            row=f"n{number}",
        )
        for number in range(50)
    ]
    save(contract, *lines)
    approve(*(milestone.changes.get() for milestone in contract.milestones.order_by("id")))


def one_day(contract: Contract) -> None:
    save(contract, *(add(f"Sheet {number}", "500", days(contract, 0), row=f"n{number}") for number in range(8)))


SCENES = {"every kind": (every_kind, "USD"), "fifty": (fifty, "USD"), "one day": (one_day, "JPY")}


@pytest.mark.parametrize("name", SCENES)
def test_pictures_are_sound_and_can_be_read(page_for, live_server, ben, mara, name):
    make, currency = SCENES[name]
    contract = ContractFactory(title="Pump housing", client=ben, freelancer=mara, currency=currency)
    make(contract)
    page = page_for(ben if name == "every kind" else mara)
    page.goto(contract.get_absolute_url())
    for table in page.get_by_text("Show as a table").all():
        table.click()

    page.evaluate(AXE_SCRIPT)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert page.evaluate(AXE, RULES) == [], f"{width} {scheme}"
        check_layout(page)
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.emulate_media(forced_colors="active")
    expect(page.get_by_role("img", name="Due dates")).to_be_visible()


def check_layout(page: Page) -> None:
    assert page.evaluate(OVERLAPS) == []
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate(STICKS_OUT) == []
    assert min(page.evaluate(LETTERING)) >= SMALLEST


def test_picture_and_its_table_without_script(page_for: Callable[..., Page], live_server, ben, mara):
    contract = ContractFactory(client=ben, freelancer=mara)
    milestone_at(State.PAID, contract, title="Sketches", due_date=days(contract, 3))
    page = page_for(mara, width=390, javascript=False)

    page.goto(contract.get_absolute_url())

    expect(page.get_by_role("img", name="Due dates Today is")).to_be_visible()
    expect(page.get_by_role("img", name="Money over time From")).to_be_visible()
    dates = page.get_by_role("region", name="Due dates")
    dates.get_by_text("Show as a table").click()
    expect(dates.get_by_role("rowheader", name="Sketches")).to_be_visible()


def test_pictures_are_drawn_anew_and_their_tables_stay_open(page_for, live_server, ben, mara):
    contract = ContractFactory(client=ben, freelancer=mara)
    milestone_at(State.PAID, contract, title="Sketches", due_date=days(contract, 3))
    page = page_for(ben)
    page.goto(contract.get_absolute_url())
    expect(page.locator("live-stream")).to_have_attribute("state", "open")
    title, dates = page.title(), page.get_by_role("region", name="Due dates")
    dates.get_by_text("Show as a table").click()

    propose(contract, "Model", due_date=days(contract, 9))

    expect(dates.get_by_role("rowheader", name="2 Model")).to_be_visible()
    expect(dates.locator(".due-dates-name", has_text="Model")).to_be_visible()
    assert page.title() == title


def test_list_draws_each_contract(page_for, live_server, ben, mara):
    every_kind(ContractFactory(title="Pump housing", client=ben, freelancer=mara))
    ContractFactory(title="Nothing yet", client=ben, freelancer=mara)
    page = page_for(ben)
    page.goto("/contracts/")

    expect(page.get_by_role("img", name="Paid: $400.00, In escrow: $1,300.00")).to_have_count(1)
    page.evaluate(AXE_SCRIPT)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert page.evaluate(AXE, RULES) == [], f"{width} {scheme}"
        assert page.evaluate(STICKS_OUT) == []
