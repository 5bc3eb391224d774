"""Each page works without JavaScript: the same job, by plain links and forms."""

import datetime

import pytest
from playwright.sync_api import expect

from tests.e2e import acting, story
from tests.factories import ContractFactory, approve, deposit, propose


@pytest.fixture
def contract(live_server, ben, mara):
    return ContractFactory(title=story.TITLE, client=ben, freelancer=mara)


def test_suggest_decide_and_work(page_for, contract, ben, mara):
    deposit(ben, "300.00")
    due = contract.today() + datetime.timedelta(days=30)

    story.suggest_decide_and_work(page_for(ben, javascript=False), page_for(mara, javascript=False), due=due)


def test_change_disagree_and_agree(page_for, contract, ben, mara):
    approve(propose(contract, "Drawings", "900.00"), propose(contract, "Renderings"))

    story.change_disagree_and_agree(page_for(ben, javascript=False), page_for(mara, javascript=False))


def test_enter_in_a_field_shows_the_totals_and_saves_nothing(page_for, contract, mara):
    page = page_for(mara, javascript=False)
    acting.open_manage(page, story.TITLE)
    row = acting.stage_new(page, name="Stress check", amount="650")

    row.get_by_label("Amount").press("Enter")

    expect(page.get_by_text("if all are approved $650.00")).to_be_visible()
    assert not contract.milestones.exists()
