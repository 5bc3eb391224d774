"""The main job, as a client and a freelancer do it side by side, each in a browser of their own."""

import datetime

from playwright.sync_api import Page, expect

from tests.e2e import acting

TITLE = "Pump housing"


def suggest_decide_and_work(ben: Page, mara: Page, *, due: datetime.date) -> None:
    """From a suggestion to the payment for its work. Ben has $300.00."""
    mara_proposes_two(mara, due)
    ben_approves_one_and_declines_one(ben)
    mara_reads_the_answer(mara)
    ben_funds_what_he_has_no_money_for_yet(ben)
    mara_asks_for_a_higher_amount(mara)
    ben_approves_what_he_has_no_money_for_yet(ben)
    they_hand_work_to_and_fro(ben, mara)


def mara_proposes_two(mara: Page, due: datetime.date) -> None:
    acting.open_manage(mara, TITLE)
    acting.stage_new(mara, name="Stress check", amount="650", due_date=due.isoformat(), description="At **16 bar**.")
    acting.stage_new(mara, name="Casting review", amount="450.50")
    mara.get_by_label("Message").fill("Two more, as we said.")
    acting.save(mara)
    expect(mara.get_by_role("heading", name="Waiting for Ben")).to_be_visible()
    expect(acting.row_of(mara, "Stress check")).to_contain_text("Proposed – do not start")
    expect(acting.row_of(mara, "Stress check").locator("strong")).to_have_text("16 bar")


def ben_approves_one_and_declines_one(ben: Page) -> None:
    ben.goto("/")
    acting.follow(ben, "Your answer: 2 suggestions")
    acting.choose(ben, "Stress check", "Approve")
    acting.choose(ben, "Casting review", "Decline", reason="Too early")
    acting.decide(ben, "Approve 1, decline 1")
    expect(acting.row_of(ben, "Casting review")).to_have_count(0)


def mara_reads_the_answer(mara: Page) -> None:
    mara.goto("/notifications/")
    mara.get_by_role("link", name="Ben approved 1 suggestion and declined 1").click()
    expect(mara.get_by_text("Too early")).to_be_visible()
    acting.open_contract(mara, TITLE)
    expect(acting.row_of(mara, "Stress check")).to_contain_text("Approved, not funded – do not start")


def ben_funds_what_he_has_no_money_for_yet(ben: Page) -> None:
    acting.open_contract(ben, TITLE)
    acting.press(ben, "Fund Stress check")
    expect(ben.get_by_role("alert")).to_contain_text("Your balance is $350.00 short")
    add_what_is_missing(ben, "$350.00")
    acting.press(ben, "Fund Stress check, $650.00")
    expect(acting.row_of(ben, "Stress check")).to_contain_text("Funded – safe to start")


def add_what_is_missing(ben: Page, amount: str) -> None:
    """Over the money page and back to where it was missing."""
    acting.follow(ben, f"Add {amount}")
    assert f"${ben.get_by_label('Amount').input_value()}.00" == amount
    ben.get_by_label("Play money").check()
    acting.press(ben, "Add funds")
    expect(ben.locator(".said")).to_contain_text(f"Added {amount}.")


def mara_asks_for_a_higher_amount(mara: Page) -> None:
    acting.open_manage(mara, TITLE)
    acting.stage_edit(mara, "Stress check", amount="800")
    acting.save(mara)
    expect(acting.row_of(mara, "Stress check")).to_contain_text("$650.00")


def ben_approves_what_he_has_no_money_for_yet(ben: Page) -> None:
    acting.open_contract(ben, TITLE)
    acting.follow(ben, "Review 1 suggestion")
    acting.press(ben, "Approve all 1")
    expect(ben.get_by_role("alert")).to_contain_text("Your balance is $150.00 short")
    add_what_is_missing(ben, "$150.00")
    expect(ben.get_by_role("heading", level=1, name="Check before you approve")).to_be_visible()
    acting.press(ben, "Approve 1, pay $150.00")
    expect(ben.locator(".said")).to_contain_text("has been told.")
    expect(acting.row_of(ben, "Stress check")).to_contain_text("$800.00")


def they_hand_work_to_and_fro(ben: Page, mara: Page) -> None:
    for note, button in ("Report in the chat.", "Submit work"), ("With the safety factors.", "Submit again"):
        acting.open_contract(mara, TITLE)
        acting.follow(mara, f"{button} Stress check")
        mara.get_by_label("What you deliver").fill(note)
        acting.press(mara, "Submit work")
        acting.open_contract(ben, TITLE)
        expect(acting.row_of(ben, "Stress check")).to_contain_text("In escrow, in review")
        if note.startswith("Report"):
            acting.follow(ben, "Ask for changes Stress check")
            ben.get_by_label("What should change").fill("Safety factors, please.")
            acting.press(ben, "Ask for changes")
    acting.follow(ben, "Approve the work Stress check")
    acting.press(ben, "Approve and release $800.00")
    expect(acting.row_of(ben, "Stress check")).to_contain_text("Paid")
    mara.goto("/money/")
    expect(mara.get_by_role("main")).to_contain_text("$800.00")


def change_disagree_and_agree(ben: Page, mara: Page) -> None:
    """Ben changes a plan of Drawings, $900.00, and Renderings alone; Mara disagrees, and they meet in the middle."""
    ben_changes_the_plan_alone(ben)
    mara_disagrees(mara)
    ben_is_blocked_and_suggests_something_else(ben)
    mara_agrees(mara)
    they_talk_about_it(ben, mara)


def ben_changes_the_plan_alone(ben: Page) -> None:
    acting.open_manage(ben, TITLE)
    acting.stage_new(ben, button="Add a milestone", name="Prototype", amount="300")
    acting.stage_edit(ben, "Drawings", amount="700")
    acting.press(ben, "Delete Renderings")
    expect(ben.get_by_text("3 changes to save")).to_be_visible()
    acting.save(ben)
    expect(acting.row_of(ben, "Drawings")).to_contain_text("$700.00")
    expect(acting.row_of(ben, "Prototype")).to_be_visible()
    expect(acting.row_of(ben, "Renderings")).to_have_count(0)


def mara_disagrees(mara: Page) -> None:
    mara.goto("/notifications/")
    mara.get_by_role("link", name="Ben changed 3 upcoming milestones").click()
    acting.follow(mara, "I disagree: suggest the old terms Drawings")
    row = mara.get_by_role("group", name="Drawings")
    expect(row.get_by_label("Amount")).to_have_value("900.00")
    acting.save(mara)


def ben_is_blocked_and_suggests_something_else(ben: Page) -> None:
    acting.open_manage(ben, TITLE)
    expect(ben.get_by_role("heading", name="Mara is waiting for your answer")).to_be_visible()
    expect(ben.get_by_role("button", name="Add a milestone")).to_have_count(0)
    expect(ben.get_by_role("button", name="Save")).to_have_count(0)
    acting.follow(ben, "Review 1 suggestion")
    acting.choose(ben, "Drawings", "Suggest something else", amount="800")
    acting.decide(ben, "Suggest 1 change")


def mara_agrees(mara: Page) -> None:
    mara.goto("/")
    acting.follow(mara, "Your answer: 1 suggestion")
    acting.press(mara, "Approve all 1")
    acting.press(mara, "Approve 1")
    expect(acting.row_of(mara, "Drawings")).to_contain_text("$800.00")


def they_talk_about_it(ben: Page, mara: Page) -> None:
    acting.follow(mara, "Discuss Drawings")
    mara.get_by_role("textbox", name="Message").fill("Good. I begin on Monday.")
    acting.press(mara, "Send")
    expect(mara.get_by_role("log")).to_contain_text("Good. I begin on Monday.")
    acting.open_contract(ben, TITLE)
    acting.follow(ben, "Chat")
    expect(ben.get_by_role("log")).to_contain_text("Good. I begin on Monday.")
    ben.get_by_role("log").get_by_role("link", name="About Drawings").click()
    expect(acting.row_of(ben, "Drawings")).to_be_visible()
