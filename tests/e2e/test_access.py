"""Each page in its states, light and dark, wide and narrow: axe finds nothing, and nothing sticks out at 320 pixels."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from contracts.models import Contract
from milestones.models import Milestone
from notifications.kinds import Kind
from notifications.mail import unsubscribe_url
from tests.e2e import acting
from tests.factories import (
    ContractFactory,
    add,
    approve,
    deposit,
    edit,
    end,
    milestone_at,
    propose,
    remove,
    save,
    suggest,
)

State = Milestone.State
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = """async (rules) => {
  const runOnly = { type: "tag", values: rules }
  const found = await axe.run({ runOnly, resultTypes: ["violations"], preload: false })
  return found.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.html} ${node.failureSummary}`))
}"""
SIZES = [(width, scheme) for width in (1280, 390) for scheme in ("light", "dark")]
NARROWEST = 320  # pixels: WCAG 1.4.10
LONG = "As-built model of the chilled-water pump room from the laser scan, " * 2 + "with a list of differences"
TABLE = "## Tolerances\n\n| part | of | tolerance | proved by |\n|-|-|-|-|\n" + "| pipes | axis | ± 8 mm | scan |\n" * 9
LINK = "https://example.org/" + "a-very-long-address-without-a-break/" * 6
STICKS_OUT = """() => [...document.querySelectorAll("main *")].filter(element =>
  element.getBoundingClientRect().right > innerWidth + 1 && !element.closest(".table-scroll, .prose table")
).map(element => element.outerHTML.slice(0, 100)).slice(-3)"""


@dataclass
class World:
    """Contracts of Ben, the client, and Mara, the freelancer."""

    pumps: Contract
    """One milestone in each state, and three suggestions of Mara."""
    counter: Contract
    """Agreed milestones and no suggestion; long titles, long texts."""
    logo: Contract
    """Nothing yet."""
    ended: Contract


@pytest.fixture
def world(live_server, ben, mara) -> World:
    def contract(title: str) -> Contract:
        return ContractFactory(title=title, client=ben, freelancer=mara)

    made = World(contract("Pump housing"), contract(f"Café counter. {LONG}"), contract("Logo"), contract("Letterhead"))
    due = made.pumps.today() + datetime.timedelta(days=20)
    sketches = milestone_at(State.PAID, made.pumps, title="Sketches", description=f"{TABLE}\n{LINK}")
    model = milestone_at(State.FUNDED, made.pumps, title="Model", amount="1200", due_date=due, description=TABLE)
    milestone_at(State.SUBMITTED, made.pumps, title="Prototype")
    milestone_at(State.ACCEPTED, made.pumps, title="Drawings", amount="90000")
    renderings = milestone_at(State.ACCEPTED, made.pumps, title="Renderings")
    asked = {"title": LONG, "amount": "1500", "due_date": due + datetime.timedelta(days=7)}
    lines = (edit(model, **asked, description=f"{TABLE}\n{LINK}"), remove(renderings), add("Stress check", "650"))
    save(made.pumps, *lines, message=f"A second inlet, see {LINK}")
    approve(propose(made.counter, LONG, description=LINK), propose(made.counter, "Cut list"))
    assert sketches.contract == made.pumps
    end(made.ended)
    return made


@pytest.fixture
def look(subtests) -> Callable[[Page, str], None]:
    """`look(page, "manage, errors")`: at the page as it is, in each size and theme."""

    def look_at(page: Page, state: str) -> None:
        with subtests.test(state):
            if not page.evaluate("'axe' in window"):
                page.evaluate(AXE_SCRIPT)
            for width, scheme in SIZES:
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate(AXE, RULES) == [], f"{state}, {width} {scheme}"
            page.set_viewport_size({"width": NARROWEST, "height": 900})
            assert page.evaluate(STICKS_OUT) == [], state
            assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST, state

    return look_at


def test_pages_of_nobody(page_for, look, live_server):
    page = page_for(None)
    for state, url in {
        "sign in": "/accounts/login/",
        "sign up": "/accounts/signup/",
        "new password": "/accounts/password/reset/",
    }.items():
        page.goto(url)
        look(page, state)
        page.get_by_role("main").get_by_role("button").last.click()
        expect(page.get_by_role("alert")).to_be_focused()
        look(page, f"{state}, errors")


def test_pages_to_read(page_for, look, world, ben, mara):
    home = world.pumps.get_absolute_url()
    of_each = {
        "list": "/contracts/",
        "contract": home,
        "contract, long": world.counter.get_absolute_url(),
        "contract, empty": world.logo.get_absolute_url(),
        "money": "/money/",
    }
    of_both = {
        "list, nothing found": "/contracts/?q=xyz",
        "list, ended": "/contracts/?show=ended",
        "contract, ended": world.ended.get_absolute_url(),
        "revision": f"{home}amendments/1/",
        "revision, open": f"{home}amendments/6/",
        "chat": f"{home}messages/",
        "chat, searched": f"{home}messages/search/?q=inlet",
        "messages": "/messages/",
        "paste": f"{home}milestones/paste/",
        "help": "/help/",
        "contact": "/help/contact/",
        "notifications": "/notifications/",
        "settings": "/settings/",
        "calendar": "/settings/calendar/",
        "e-mail address": "/accounts/email/",
        "second factor": "/accounts/2fa/",
        "no such page": "/contracts/99999/",
    }
    for person, urls in (ben, of_each), (mara, of_each | of_both):
        page = page_for(person)
        for state, url in urls.items():
            page.goto(url)
            look(page, f"{state} ({person.get_short_name()})")
    page.keyboard.press("?")
    look(page, "keyboard shortcuts")


def test_paste(page_for, look, world, mara):
    page = page_for(mara)
    page.goto(f"{world.counter.get_absolute_url()}milestones/paste/")
    table = f"Name,Amount,Due date,Owner\n{'x' * 200},500,3/4/40,Ann\n{LONG},x,,\nCut list,120,,Bob\nTotal,500,,\n"
    page.get_by_label("Rows of a spreadsheet").fill(table)
    acting.press(page, "Read the plan")
    expect(page.get_by_role("alert")).to_be_focused()
    look(page, "paste, columns")
    page.get_by_label("Dates are written").select_option("mdy")
    acting.press(page, "Continue")
    expect(page.get_by_text("New: 1")).to_be_visible()
    look(page, "paste, lines")
    file = {"name": "plan.csv", "mimeType": "text/csv", "buffer": "Name;Amount\nЭскиз;5\n".encode("cp1251")}
    page.get_by_label("Or a file").set_input_files(file)
    page.get_by_role("button", name="Read this instead").click()
    expect(page.get_by_role("radio", name="Windows-1251: Эскиз")).to_be_visible()
    look(page, "paste, letters")


def test_components(page_for, look, mara, settings):
    settings.ROOT_URLCONF = "tests.demo.test_styleguide"
    page = page_for(mara)
    page.goto("/styleguide/")
    expect(page.get_by_role("heading", level=1, name="Style")).to_be_visible()
    look(page, "components")


def test_how_much_mail(page_for, look, mara):
    page = page_for(mara)
    page.goto("/settings/")
    acting.follow(page, "Change what is mailed to you")
    look(page, "e-mail")
    page.get_by_label("From").fill("22:00")
    acting.press(page, "Save")
    expect(page.get_by_role("alert")).to_be_focused()
    look(page, "e-mail, errors")
    page.get_by_label("Until").fill("07:00")
    page.get_by_role("group", name="Money that moves").get_by_label("Never").check()
    acting.press(page, "Save")
    look(page, "e-mail, saved")


def test_less_mail(page_for, look, mara):
    page = page_for(None)
    page.goto(urlsplit(unsubscribe_url(mara, Kind.MONEY)).path)
    look(page, "less mail")
    acting.press(page, "Stop these mails")
    look(page, "less mail, done")


def test_manage(page_for, look, world, mara):
    page = page_for(mara)
    acting.open_manage(page, world.counter.title)
    look(page, "manage")
    acting.stage_edit(page, "Cut list", amount="1")
    acting.press(page, f"Delete {LONG}")
    acting.stage_new(page, name="", amount="abc")
    look(page, "manage, staged")
    acting.press(page, "Save")
    expect(page.get_by_role("alert")).to_be_focused()
    look(page, "manage, errors")
    acting.open_manage(page, "Pump housing")
    look(page, "manage, pending")
    acting.press(page, "Delete Renderings")
    look(page, "manage, withdrawn")
    propose(world.pumps, "Something new")
    acting.press(page, "Save")
    expect(page.get_by_role("alert")).to_be_focused()
    look(page, "manage, stale")


def test_manage_of_the_client(page_for, look, world, ben):
    page = page_for(ben)
    acting.open_manage(page, "Pump housing")
    look(page, "manage, blocked")
    page.goto(f"{world.logo.get_absolute_url()}milestones/")
    look(page, "manage, empty")
    page.goto(f"{world.ended.get_absolute_url()}milestones/")
    look(page, "manage, ended")
    acting.open_manage(page, world.counter.title)
    acting.press(page, "Delete Cut list")
    look(page, "manage, client")


def test_review(page_for, look, world, ben):
    page = page_for(ben)
    page.goto(f"{world.pumps.get_absolute_url()}review/")
    look(page, "review")
    acting.press(page, "Check and finish")
    expect(page.get_by_role("alert")).to_be_focused()
    look(page, "review, nothing chosen")
    acting.choose(page, "Model", "Approve")
    acting.choose(page, "Renderings", "Decline", reason="Keep it.")
    acting.choose(page, "Stress check", "Suggest something else", amount="abc")
    acting.press(page, "Check and finish")
    expect(page.get_by_role("alert")).to_be_focused()
    look(page, "review, errors")
    acting.choose(page, "Stress check", "Suggest something else", amount="500")
    acting.press(page, "Check and finish")
    look(page, "check, missing money")
    deposit(ben, "5000")
    acting.press(page, "Back to the review")
    acting.press(page, "Check and finish")
    look(page, "check")
    suggest(Milestone.objects.get(title="Drawings"), amount="95000")
    acting.press(page, "Approve 1, decline 1, suggest 1 change, pay $300.00")
    expect(page.get_by_role("alert")).to_be_focused()
    look(page, "review, stale")


def test_review_of_whom_need_not_answer(page_for, look, world, ben, mara):
    page, author = page_for(ben), page_for(mara)
    page.goto(f"{world.logo.get_absolute_url()}review/")
    look(page, "review, nothing to answer")
    author.goto(f"{world.pumps.get_absolute_url()}review/")
    look(author, "review of the author")


def test_money_and_work(page_for, look, world, ben, mara):
    page, other = page_for(ben), page_for(mara)
    at = {milestone.title: f"{milestone.pk}/" for milestone in Milestone.objects.all()}
    home = world.pumps.get_absolute_url()
    for state, url in {
        "fund, missing money": f"{home}fund/{at['Drawings']}",
        "fund, funded": f"{home}fund/{at['Model']}",
        "release": f"{home}release/{at['Prototype']}",
        "ask for changes": f"{home}request-changes/{at['Prototype']}",
    }.items():
        page.goto(url)
        look(page, state)
    acting.press(page, "Ask for changes")
    expect(page.get_by_role("alert")).to_be_focused()
    look(page, "ask for changes, errors")
    other.goto(f"{home}submit/{at['Model']}")
    look(other, "submit work")
    page.goto(f"/money/?amount=95000&currency=USD&next={home}")
    page.get_by_label("Bank transfer").check()
    acting.press(page, "Add funds")
    expect(page.get_by_text("Transfer the amount with this reference")).to_be_visible()
    look(page, "money, waiting")
    acting.press(page, "Add funds")
    look(page, "money, errors")
    deposit(ben, "90000")
    page.goto(f"{home}fund/{at['Drawings']}")
    look(page, "fund")
    propose(world.pumps, "Something new")
    acting.press(page, "Fund Drawings, $90,000.00")
    expect(page.get_by_role("alert")).to_be_focused()
    look(page, "fund, stale")


def test_refusals(page_for, look, world, ben):
    page = page_for(ben)
    page.goto(world.pumps.get_absolute_url())
    page.evaluate("document.querySelector('#remind').submit()")  # the one whose turn it is cannot remind
    expect(page.get_by_role("heading", name="That is not possible")).to_be_visible()
    look(page, "refused")
    page.goto(world.pumps.get_absolute_url())
    page.context.clear_cookies(name="csrftoken")
    page.evaluate("document.querySelector('#remind').submit()")
    expect(page.get_by_role("heading", name="The form was out of date")).to_be_visible()
    look(page, "refused, forged")
