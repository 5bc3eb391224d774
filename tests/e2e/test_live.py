"""Two people with the same contract open side by side: what one does, the other sees, and loses nothing by it."""

import re
import time
import uuid

import pytest
from playwright.sync_api import Page, expect

from contracts.models import Contract
from messaging import actions as messaging
from milestones.models import Change
from tests import factories as do
from tests.factories import ContractFactory, State, milestone_at

SOON = 60_000  # milliseconds: a second, and what a busy machine needs


@pytest.fixture
def contract(ben, mara, transactional_db) -> Contract:
    contract = ContractFactory(title="Pump housing", client=ben, freelancer=mara)
    do.deposit(ben, "5000.00")
    milestone_at(State.ACCEPTED, contract, title="Model", amount="1200.00", description="- a line\n" * 40)
    return contract


@pytest.fixture
def open_for(page_for):
    """`open_for(ben, url)`: his page there, once its stream is open."""

    def open_for(person, url: str, **options: object) -> Page:
        page = page_for(person, **options)
        page.goto(url)
        expect(page.locator("live-stream")).to_have_attribute("state", "open")
        return page

    return open_for


def says(contract: Contract, text: str) -> None:
    messaging.post(contract, by=contract.freelancer.person, text=text, client_id=uuid.uuid4())


def send(page: Page, text: str) -> None:
    composer(page).fill(text)
    page.get_by_role("button", name="Send").click()


def composer(page: Page):
    return page.get_by_role("textbox", name="Message")


def in_the_log(page: Page, text: str):
    return page.get_by_role("log").get_by_text(text, exact=True)


# --- What the other does appears --------------------------------------------------------------------------------------
def test_a_proposal_appears_on_the_contract_and_in_the_list(open_for, contract, ben, mara):
    client, listed = open_for(ben, contract.get_absolute_url()), open_for(ben, "/contracts/")
    expect(client.locator("#unread")).to_be_empty()

    author = open_for(mara, f"{contract.get_absolute_url()}milestones/")
    author.get_by_role("button", name="Propose a milestone").click()
    author.get_by_label("Name").fill("Stress check")
    author.get_by_label("Amount").fill("650")
    author.get_by_role("button", name="Save").click()

    expect(client.get_by_role("heading", name="Mara is waiting for your answer")).to_be_visible(timeout=SOON)
    expect(client.get_by_role("heading", name="Stress check")).to_be_visible(timeout=SOON)
    expect(client.locator("#unread")).to_contain_text("1", timeout=SOON)
    expect(client.get_by_role("log")).to_contain_text("Mara made", timeout=SOON)
    expect(listed.get_by_role("row", name="Pump housing")).to_contain_text("Your answer: 1 suggestion", timeout=SOON)
    expect(listed.get_by_text("1 waits for your answer")).to_be_visible(timeout=SOON)


def test_a_look_and_a_decision_appear(open_for, contract, ben, mara):
    do.propose(contract, "Stress check", "650.00")
    author = open_for(mara, contract.get_absolute_url())
    expect(author.get_by_text("Not seen yet.")).to_be_visible()

    client = open_for(ben, f"{contract.get_absolute_url()}review/")
    expect(author.get_by_text("Seen by Ben")).to_be_visible(timeout=SOON)
    client.get_by_role("button", name="Approve all 1").click()
    client.get_by_role("button", name=re.compile("^Approve 1")).click()

    expect(author.get_by_role("heading", name="Waiting for Ben")).to_be_hidden(timeout=SOON)
    expect(author.locator("#plan")).to_contain_text("$1,850.00 agreed", timeout=SOON)
    expect(author.locator("#timeline")).to_contain_text("Ben approved “Stress check”", timeout=SOON)


def test_the_money_appears(open_for, contract, ben, mara):
    freelancer, client = open_for(mara, contract.get_absolute_url()), open_for(ben, contract.get_absolute_url())

    client.get_by_role("button", name="Fund Model").click()
    client.get_by_role("button", name=re.compile("^Fund Model")).click()

    expect(freelancer.locator("#plan")).to_contain_text("safe to start", timeout=SOON)
    expect(freelancer.locator(".money-bar")).to_contain_text("$1,200.00", timeout=SOON)


def test_a_talk_appears_line_by_line(open_for, contract, ben, mara):
    url = contract.get_absolute_url()
    client, freelancer = open_for(ben, url), open_for(mara, f"{url}messages/")

    for writer, reader, text in ((client, freelancer, "Go ahead."), (freelancer, client, "Started.")):
        send(writer, text)
        expect(in_the_log(reader, text)).to_be_visible(timeout=SOON)
        expect(in_the_log(writer, text)).to_be_visible()
        expect(composer(writer)).to_have_value("")
        expect(composer(writer)).to_be_focused()

    for page in (client, freelancer):
        expect(page.locator(".message")).to_have_count(2)


def test_who_writes_is_seen_until_the_message_comes(open_for, contract, ben, mara):
    client, freelancer = (
        open_for(ben, contract.get_absolute_url()),
        open_for(mara, f"{contract.get_absolute_url()}messages/"),
    )
    expect(composer(client)).to_be_visible()

    composer(freelancer).press_sequentially("Started.")
    expect(client.get_by_text("Mara is writing…")).to_be_visible(timeout=SOON)
    expect(freelancer.get_by_text("is writing…")).to_be_hidden()
    freelancer.reload()
    expect(composer(freelancer)).to_have_value("Started.")
    freelancer.get_by_role("button", name="Send").click()

    expect(in_the_log(client, "Started.")).to_be_visible(timeout=SOON)
    expect(client.get_by_text("Mara is writing…")).to_be_hidden()


def test_another_contract_is_left_alone(open_for, contract, ben, mara):
    other = ContractFactory(title="Bracket", client=ben, freelancer=mara)
    page = open_for(ben, contract.get_absolute_url())
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix("http://").partition("/")[2]))

    do.propose(other)

    expect(page.locator("#unread")).to_contain_text("1", timeout=SOON)
    assert asked == ["notifications/unread/"]


# --- What the reader was doing stays ----------------------------------------------------------------------------------
def test_focus_and_an_unfolded_text_stay(open_for, contract, ben):
    page = open_for(ben, contract.get_absolute_url())
    page.get_by_text("Show all").click()
    page.get_by_role("link", name="Discuss Model").focus()
    place = focused_at(page)

    do.propose(contract, "Stress check")

    expect(page.get_by_role("heading", name="Stress check")).to_be_visible(timeout=SOON)
    expect(page.get_by_role("link", name="Discuss Model")).to_be_focused()
    expect(page.get_by_text("Show less")).to_be_visible()
    assert abs(focused_at(page) - place) < 2


def focused_at(page: Page) -> float:
    """Pixels below the top of the window."""
    return page.evaluate("document.activeElement.getBoundingClientRect().top")


def test_focus_stays_near_a_button_that_goes(open_for, contract, ben):
    page = open_for(ben, contract.get_absolute_url())
    page.get_by_role("button", name="Fund Model").focus()

    do.fund(contract.milestones.get())

    expect(page.locator("#plan")).to_contain_text("safe to start", timeout=SOON)
    expect(page.locator(".milestone")).to_be_focused()


def test_a_draft_stays(open_for, contract, ben):
    page = open_for(ben, contract.get_absolute_url())
    composer(page).fill("The flange is 12")
    composer(page).press("Home")

    says(contract, "Which flange?")
    do.propose(contract)

    expect(in_the_log(page, "Which flange?")).to_be_visible(timeout=SOON)
    expect(page.get_by_role("log")).to_contain_text("Mara made", timeout=SOON)
    expect(composer(page)).to_be_focused()
    page.keyboard.type("Ah. ")
    expect(composer(page)).to_have_value("Ah. The flange is 12")

    page.reload()
    expect(composer(page)).to_have_value("Ah. The flange is 12")
    page.get_by_role("button", name="Send").click()
    expect(in_the_log(page, "Ah. The flange is 12")).to_be_visible()
    page.reload()
    expect(page.get_by_role("log")).to_contain_text("Ah. The flange is 12")
    expect(composer(page)).to_have_value("")


def test_choices_stay_while_what_is_reviewed_changes(open_for, contract, ben):
    first = do.propose(contract, "Stress check", "650.00")
    page = open_for(ben, f"{contract.get_absolute_url()}review/")
    line = page.get_by_role("group", name="Stress check")
    line.get_by_text("Decline", exact=True).click()
    line.get_by_label("Reason").fill("Too much")
    expect(page.get_by_role("button", name="Show what is new")).to_be_hidden()

    do.save(contract, do.add("Drop test", "90.00"))

    expect(page.get_by_text("This changed while you were reading")).to_be_visible(timeout=SOON)
    expect(page.get_by_role("status").filter(has_text="Mara changed")).to_be_visible()
    expect(line.get_by_label("Reason")).to_have_value("Too much")
    expect(page.get_by_role("group", name="Drop test")).to_be_hidden()

    page.get_by_role("button", name="Show what is new").click()
    expect(page.get_by_role("group", name="Drop test")).to_be_visible()
    expect(line.get_by_label("Reason")).to_have_value("Too much")
    assert Change.objects.get(pk=first.pk).state == Change.State.PROPOSED


def test_what_is_staged_stays_while_the_plan_changes(open_for, contract, mara):
    page = open_for(mara, f"{contract.get_absolute_url()}milestones/")
    page.get_by_role("button", name="Propose a milestone").click()
    page.get_by_label("Name").fill("Stress check")

    do.fund(contract.milestones.get())

    expect(page.get_by_text("This changed while you were reading")).to_be_visible(timeout=SOON)
    expect(page.get_by_label("Name")).to_have_value("Stress check")

    page.get_by_role("button", name="Show what is new").click()
    expect(page.locator("#rows")).to_contain_text("In escrow")
    expect(page.get_by_label("Name")).to_have_value("Stress check")
    assert contract.milestones.count() == 1


def test_a_form_is_not_disturbed_by_what_leaves_the_plan_as_it_is(open_for, contract, ben, mara):
    do.propose(contract)
    page = open_for(mara, f"{contract.get_absolute_url()}milestones/")

    with page.expect_response(lambda response: "/news/" in response.url) as news:
        open_for(ben, f"{contract.get_absolute_url()}review/")

    assert news.value.status == 204
    expect(page.get_by_text("This changed while you were reading")).to_be_hidden()


# --- The stream ends and comes again ----------------------------------------------------------------------------------
def until(condition) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def hide(page: Page, *, hidden: bool) -> None:
    page.evaluate("hidden => Object.defineProperty(document, 'hidden', { value: hidden, configurable: true })", hidden)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_a_hidden_page_holds_no_stream_and_catches_up(open_for, site, contract, ben):
    page = open_for(ben, contract.get_absolute_url())
    assert len(site.hub) == 1

    hide(page, hidden=True)
    until(lambda: len(site.hub) == 0)
    says(contract, "Are you there?")
    do.propose(contract, "Stress check")
    hide(page, hidden=False)

    expect(in_the_log(page, "Are you there?")).to_have_count(1, timeout=SOON)
    expect(page.get_by_role("heading", name="Stress check")).to_be_visible(timeout=SOON)
    until(lambda: len(site.hub) == 1)


def test_an_act_in_another_window_is_seen_on_coming_back(page_for, open_for, contract, ben):
    page = open_for(ben, contract.get_absolute_url())
    other = page.context.new_page()
    other.goto(f"{contract.get_absolute_url()}messages/")
    hide(page, hidden=True)

    send(other, "Written in the other window")
    expect(in_the_log(other, "Written in the other window")).to_be_visible()
    hide(page, hidden=False)

    expect(in_the_log(page, "Written in the other window")).to_be_visible(timeout=SOON)


def test_signing_out_elsewhere_is_said(open_for, contract, ben):
    page = open_for(ben, contract.get_absolute_url())
    other = page.context.new_page()
    other.goto("/contracts/")

    other.locator("summary").get_by_text("Ben Okafor").click()
    other.get_by_role("button", name="Sign out").click()
    other.wait_for_url("**/accounts/login/**")

    expect(page.get_by_text("Not live: you are signed out here.")).to_be_visible(timeout=60_000)
