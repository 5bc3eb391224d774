"""The chat in a real browser: beside the plan on a wide screen, a page on a narrow one, and without scripts."""

import re
import time
import uuid

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.storage import InMemoryStorage
from playwright.sync_api import Locator, Page, expect

from contracts.models import Contract
from messaging import actions
from messaging.models import ReadMark
from tests import factories as do
from tests.factories import ContractFactory
from tests.messaging.writing import post_at

pytestmark = pytest.mark.django_db(transaction=True)

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c636068680000020401013edd5dd40000000049454e44ae426082"
)


@pytest.fixture(autouse=True)
def _files_in_memory(settings):
    name = f"{InMemoryStorage.__module__}.{InMemoryStorage.__qualname__}"
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": name}}


@pytest.fixture
def contract(ben, mara) -> Contract:
    contract = ContractFactory(title="Pump housing", client=ben, freelancer=mara)
    do.propose(contract, "Stress check")
    return contract


def say(contract: Contract, by, text: str = "Hello", **options):
    return actions.post(contract, by=by, text=text, client_id=uuid.uuid4(), **options)


def open_chat(page: Page, contract: Contract) -> Locator:
    """The page of its own."""
    page.goto(f"/contracts/{contract.pk}/messages/")
    return page.get_by_role("log")


def open_pane(page: Page, contract: Contract) -> Locator:
    """Beside the plan."""
    page.goto(f"/contracts/{contract.pk}/")
    log = page.get_by_role("log")
    expect(log).to_be_visible()
    return log


def box(page: Page) -> Locator:
    return page.locator(".composer").get_by_label("Message", exact=True)


def more(log: Locator, text: str, link: str) -> None:
    """Choose what to do with the message that says this."""
    message = log.get_by_role("article").filter(has_text=text)
    message.locator("summary").click()
    message.get_by_role("link", name=link).click()


def look_again(page: Page) -> None:
    """The person comes back to the window."""
    page.evaluate("window.dispatchEvent(new Event('focus'))")


# --- Writing ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("open_it", [open_chat, open_pane])
def test_message_is_sent_without_leaving_the_page(page_for, contract, mara, open_it):
    page = page_for(mara)
    log = open_it(page, contract)

    for text in "The wall is **thicker**.", "See the drawing.":
        box(page).fill(text)
        box(page).press("Control+Enter")
        expect(box(page)).to_have_value("")
        expect(box(page)).to_be_focused()

    expect(log.get_by_role("article")).to_have_count(2)
    expect(log.locator("strong", has_text="thicker")).to_be_visible()
    assert contract.messages.count() == 2


def test_message_comes_to_the_other_side_and_is_seen(page_for, contract, ben, mara):
    maras, bens = page_for(mara), page_for(ben)
    written, read = open_chat(maras, contract), open_pane(bens, contract)
    box(maras).fill("By how much?")
    box(maras).press("Control+Enter")
    expect(written).to_contain_text("By how much?")

    look_again(bens)
    expect(read).to_contain_text("By how much?")
    look_again(maras)
    expect(written).to_contain_text("By how much?")
    wait_until_read(contract, ben)
    look_again(maras)

    expect(written.get_by_text(re.compile(r"^Seen \d\d:\d\d$"))).to_be_visible()


def wait_until_read(contract, reader) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not ReadMark.objects.filter(contract=contract, person=reader).exists():
        time.sleep(0.1)


def test_count_in_the_header_goes_when_the_pane_is_seen(page_for, contract, ben, mara):
    say(contract, mara)
    page = page_for(ben)
    page.goto("/")
    expect(page.get_by_role("link", name="Messages 1 unread")).to_be_visible()

    open_pane(page, contract)

    expect(page.get_by_role("link", name="Messages", exact=True)).to_be_visible()


def test_message_in_a_window_that_nobody_looks_at_stays_unread(page_for, contract, ben, mara):
    page = page_for(ben)
    log = open_chat(page, contract)
    page.evaluate("Object.defineProperty(document, 'visibilityState', {value: 'hidden', configurable: true})")
    say(contract, mara, "Anybody there?")

    look_again(page)
    expect(log).to_contain_text("Anybody there?")
    page.wait_for_timeout(500)
    assert not ReadMark.objects.exists()
    page.evaluate("delete document.visibilityState; document.dispatchEvent(new Event('visibilitychange'))")

    wait_until_read(contract, ben)
    assert ReadMark.objects.get().person == ben


def test_refused_message_keeps_what_was_typed(page_for, contract, mara):
    page = page_for(mara)
    open_pane(page, contract)

    box(page).fill("x" * 5001)
    page.get_by_role("button", name="Send").click()

    expect(page.get_by_text("A message can have at most 5000 characters.")).to_be_visible()
    expect(box(page)).to_have_value("x" * 5001)
    expect(box(page)).to_be_focused()


# --- Answering, changing ----------------------------------------------------------------------------------------------
def test_reply_keeps_what_is_typed(page_for, contract, ben, mara):
    say(contract, ben, "By how much?")
    page = page_for(mara)
    log = open_pane(page, contract)
    box(page).fill("2 mm")

    more(log, "By how much?", "Reply")
    expect(page.get_by_text("Reply to Ben: By how much?")).to_be_visible()
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_value("2 mm")
    box(page).press("Control+Enter")

    expect(log.get_by_role("link", name="Ben By how much?")).to_be_visible()
    expect(page.get_by_text("Reply to Ben")).to_have_count(0)


def test_edit_and_delete_in_place(page_for, contract, mara):
    say(contract, mara, "2 cm")
    page = page_for(mara)
    log = open_pane(page, contract)

    more(log, "2 cm", "Edit")
    field = log.get_by_label("Message", exact=True)
    expect(field).to_be_focused()
    field.fill("2 mm")
    log.get_by_role("button", name="Save").click()
    expect(log).to_contain_text("edited")
    more(log, "2 mm", "Delete")
    log.get_by_role("button", name="Delete the message").click()

    expect(log).to_contain_text("Message deleted")
    expect(log).not_to_contain_text("2 mm")


def test_second_thoughts_can_be_had_too(page_for, contract, mara):
    say(contract, mara, "2 cm")
    page = page_for(mara)
    log = open_pane(page, contract)

    for link in "Edit", "Delete":
        more(log, "2 cm", link)
        log.get_by_role("link", name="Cancel").click()
        expect(log.get_by_role("article").filter(has_text="2 cm").locator("summary")).to_be_visible()

    assert contract.messages.get().text == "2 cm"


def test_change_comes_to_the_other_side(page_for, contract, ben, mara):
    edited, deleted = say(contract, mara, "2 cm"), say(contract, mara, "Oh dear")
    page = page_for(ben)
    log = open_chat(page, contract)
    actions.edit(edited, by=mara, text="2 mm")
    actions.delete(deleted, by=mara)

    look_again(page)

    expect(log).to_contain_text("2 mm")
    expect(log).to_contain_text("Message deleted")
    expect(log).not_to_contain_text("Oh dear")


def test_message_becomes_a_milestone(page_for, contract, ben, mara):
    say(contract, ben, "Can you check the stress?")
    page = page_for(mara)

    more(open_pane(page, contract), "Can you check the stress?", "Turn into a milestone")

    expect(page.get_by_label("Name")).to_be_focused()
    expect(page.get_by_label("Description")).to_have_value("> Can you check the stress?")
    page.get_by_role("link", name="From a message").click()
    expect(page.get_by_role("article").filter(has_text="Can you check the stress?")).to_be_in_viewport()


# --- Files ------------------------------------------------------------------------------------------------------------
def test_files_are_sent_and_opened(page_for, contract, ben, mara):
    page = page_for(mara)
    log = open_chat(page, contract)
    page.get_by_text("Attach files").click()
    files = [
        {"name": "photo.png", "mimeType": "image/png", "buffer": PICTURE},
        {"name": "notes.html", "mimeType": "text/html", "buffer": b"Hello"},
    ]
    page.get_by_label("Files").set_input_files(files)
    page.get_by_role("button", name="Send").click()

    picture = log.get_by_role("img", name="photo.png")
    expect(picture).to_be_visible()
    picture.scroll_into_view_if_needed()
    page.wait_for_function("image => image.complete && image.naturalWidth === 1", arg=picture.element_handle())
    with page.expect_download() as download:
        log.get_by_role("link", name="notes.html.txt").click()
    assert download.value.suggested_filename == "notes.html.txt"


# --- A long chat ------------------------------------------------------------------------------------------------------
@pytest.fixture
def long_chat(contract, ben, mara) -> Contract:
    for number in range(120):
        post_at(number, contract, (ben, mara)[number % 3 == 0], f"Message {number:03}")
    return contract


def test_history_is_loaded_as_one_scrolls_up(page_for, long_chat, mara):
    page = page_for(mara)
    log = open_chat(page, long_chat)
    expect(log.get_by_text("Message 119")).to_be_in_viewport()
    expect(log.get_by_text("Message 000")).to_have_count(0)

    for number in (70, 20, 0):
        log.evaluate("log => log.scrollTo(0, -log.scrollHeight)")
        expect(log.get_by_text(f"Message {number:03}")).to_have_count(1)

    entries = log.get_by_role("article").locator(".message-body").all_inner_texts()
    assert entries == [f"Message {number:03}" for number in range(120)]
    expect(log.locator(".chat-day")).to_have_count(2)


def test_what_is_read_does_not_move_when_something_comes(page_for, long_chat, ben, mara):
    page = page_for(mara)
    log = open_chat(page, long_chat)
    reading = log.get_by_text("Message 100")
    reading.scroll_into_view_if_needed()
    before = reading.bounding_box()["y"]
    say(long_chat, ben, "Something new")

    look_again(page)
    expect(page.get_by_role("button", name="New messages")).to_be_visible()

    assert reading.bounding_box()["y"] == pytest.approx(before, abs=1)
    expect(log.get_by_text("Something new")).not_to_be_in_viewport()
    page.get_by_role("button", name="New messages").click()
    expect(log.get_by_text("Something new")).to_be_in_viewport()
    expect(page.get_by_role("button", name="New messages")).to_have_count(0)


def test_own_message_is_always_in_sight(page_for, long_chat, mara):
    page = page_for(mara)
    log = open_chat(page, long_chat)
    log.get_by_text("Message 100").scroll_into_view_if_needed()

    box(page).fill("Mine")
    box(page).press("Control+Enter")

    expect(log.get_by_text("Mine", exact=True)).to_be_in_viewport()


def test_search_leads_to_its_place_from_which_one_reads_on(page_for, long_chat, mara):
    page = page_for(mara)
    open_chat(page, long_chat)
    page.get_by_role("link", name="Search").click()
    page.get_by_label("Search this chat").fill("message 030")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("listitem").filter(has_text="Message 030").get_by_role("link").click()

    log = page.get_by_role("log")
    expect(log.get_by_text("Message 030")).to_be_in_viewport()
    expect(log.get_by_text("Message 119")).to_have_count(0)
    for number in (104, 119):
        log.evaluate("log => log.scrollTo(0, 0)")
        expect(log.get_by_text(f"Message {number:03}")).to_have_count(1)


# --- On every screen --------------------------------------------------------------------------------------------------
def test_whole_chat_fits_a_phone(page_for, long_chat, mara):
    page = page_for(mara, width=390)
    log = open_chat(page, long_chat)

    expect(log.get_by_text("Message 119")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Send")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate("document.documentElement.scrollHeight") == 900


def test_chat_works_without_scripts(page_for, contract, ben, mara):
    say(contract, ben, "By how much?")
    page = page_for(mara, width=390, javascript=False)
    log = open_chat(page, contract)
    more(log, "By how much?", "Reply")
    box(page).fill("2 cm")
    page.get_by_text("Attach files").click()
    page.get_by_label("Files").set_input_files({"name": "a.pdf", "mimeType": "x/y", "buffer": b"%PDF-1.7"})
    page.get_by_role("button", name="Send").click()
    expect(log.get_by_role("link", name="a.pdf")).to_be_visible()
    more(log, "2 cm", "Edit")
    page.get_by_role("textbox", name="Message").fill("2 mm")  # optional now: the file stays
    page.get_by_role("button", name="Save").click()
    expect(log).to_contain_text("2 mm")
    say(contract, ben, "Good.")

    page.get_by_role("link", name="Show new messages").click()

    expect(log).to_contain_text("Good.")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_a_chat_break_no_rule_of_accessibility(page_for, contract, ben, mara, width, scheme):
    question = say(contract, ben, "By how much? | a |\n\n| a | b |\n|---|---|\n| 1 | 2 |")
    say(contract, mara, "2 mm", reply_to=question, about="Stress check", url=contract.get_absolute_url())
    actions.delete(say(contract, mara), by=mara)
    actions.read(contract, by=ben)
    page = page_for(mara, width=width, scheme=scheme)
    chat = f"/contracts/{contract.pk}/messages/"
    pages = [chat, f"{chat}?reply={question.pk}", f"{chat}search/?q=how", "/messages/"]
    pages += [f"{chat}{contract.messages.all()[1].pk}/{verb}/" for verb in ("edit", "delete")]

    for url in [*pages, contract.get_absolute_url()]:
        page.goto(url)
        page.wait_for_load_state("networkidle")
        for summary in page.locator(".message-more > summary:visible").all():
            summary.click()
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}, "preload": False})
        assert found.violations_count == 0, f"{url}\n{found.generate_report()}"
