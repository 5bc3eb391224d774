"""The whole job in two browsers, and its hard moments: hurry, second thoughts, two windows."""

import datetime

import pytest
from playwright.sync_api import Dialog, expect

from milestones.models import Amendment, Milestone
from tests.e2e import acting, story
from tests.factories import ContractFactory, approve, deposit, milestone_at, propose


@pytest.fixture
def contract(live_server, ben, mara):
    return ContractFactory(title=story.TITLE, client=ben, freelancer=mara)


def test_suggest_decide_and_work(page_for, contract, ben, mara):
    deposit(ben, "300.00")

    due = contract.today() + datetime.timedelta(days=30)
    story.suggest_decide_and_work(page_for(ben), page_for(mara, width=390, scheme="dark"), due=due)


def test_change_disagree_and_agree(page_for, contract, ben, mara):
    approve(propose(contract, "Drawings", "900.00"), propose(contract, "Renderings"))

    story.change_disagree_and_agree(page_for(ben, width=390), page_for(mara))


def test_double_click_on_save_saves_once(page_for, contract, mara):
    page = page_for(mara)
    acting.open_manage(page, story.TITLE)
    acting.stage_new(page, name="Stress check", amount="650")

    page.get_by_role("button", name="Save", exact=True).dblclick()

    expect(page.get_by_role("heading", name="Waiting for Ben")).to_be_visible()
    assert Amendment.objects.count() == 1


def test_leaving_with_unsaved_edits_asks(page_for, contract, mara):
    page = page_for(mara)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    acting.open_manage(page, story.TITLE)
    acting.follow(page, "Money")  # nothing typed yet, nothing asked
    expect(page.get_by_role("heading", level=1, name="Money")).to_be_visible()
    assert asked == []

    acting.open_manage(page, story.TITLE)
    row = acting.stage_new(page, name="Stress check")
    page.get_by_role("link", name="Money").click(no_wait_after=True)
    page.wait_for_timeout(200)

    assert asked == ["beforeunload"]
    expect(row.get_by_label("Name")).to_have_value("Stress check")


def test_back_after_save_shows_the_plan_as_it_is_now(page_for, contract, mara):
    page = page_for(mara)
    acting.open_manage(page, story.TITLE)
    acting.stage_new(page, name="Stress check", amount="650")
    acting.save(page)

    page.go_back()
    if page.get_by_role("group", name="New milestone").count():
        acting.press(page, "Save")

    assert Milestone.objects.count() == 1


def test_stale_page_keeps_what_was_typed_and_saves_at_the_second_look(page_for, contract, ben, mara):
    page = page_for(mara)
    approve(propose(contract, "Drawings", "900.00"))
    acting.open_manage(page, story.TITLE)
    acting.stage_edit(page, "Drawings", amount="950")
    milestone_at(Milestone.State.ACCEPTED, contract, title="Prototype")

    acting.press(page, "Save")

    note = page.get_by_role("alert")
    expect(note).to_contain_text("This changed while you were reading.")
    expect(note).to_be_focused()
    expect(page.get_by_role("group", name="Drawings").get_by_label("Amount")).to_have_value("950")
    acting.save(page)
    assert str(Milestone.objects.get(title="Drawings").changes.latest("id").asked_amount) == "950.000"


def test_stale_review_keeps_the_choices_on_unchanged_lines(page_for, contract, ben, mara):
    page = page_for(ben)
    propose(contract, "Stress check")
    propose(contract, "Casting review")
    acting.open_contract(page, story.TITLE)
    acting.follow(page, "Review 2 suggestions")
    acting.choose(page, "Stress check", "Approve")
    acting.choose(page, "Casting review", "Decline", reason="Too early")
    other = page_for(mara)
    acting.open_manage(other, story.TITLE)
    acting.stage_edit(other, "Casting review", amount="80")
    acting.save(other)

    acting.press(page, "Check and finish")

    expect(page.get_by_role("alert")).to_be_focused()
    expect(acting.suggestion(page, "Stress check")).to_contain_text("You approve")
    expect(acting.suggestion(page, "Casting review").get_by_role("radio", checked=True)).to_have_count(0)
    expect(acting.suggestion(page, "Casting review")).to_contain_text("$80.00")
