"""The site in a longer language, and in one that is written from the right: nothing English is left, nothing cut off.

What people typed is Greek here, so each plain Latin word is ours and has not gone through gettext.
"""

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.utils import translation
from playwright.sync_api import Page

from accounts import time_zones
from accounts.models import User
from contracts.models import Contract
from escrow.money import currency_choices, currency_name
from milestones.models import Milestone
from tests import pseudo
from tests.factories import (
    ContractFactory,
    UserFactory,
    add,
    approve,
    counter,
    decline,
    deposit,
    edit,
    end,
    milestone_at,
    propose,
    remove,
    save,
    suggest,
)
from tests.messaging.writing import post, post_file

State = Milestone.State
READING = (Path(__file__).parent / "languages.js").read_text()
WIDTHS = (1280, 390)
SENTENCE = "Η δεύτερη είσοδος αλλάζει το πάχος του τοιχώματος, όπως είπαμε."
# Names, codes, and what CLDR says, which has no pseudo-locale.
OURS = re.compile(r"[A-Za-z]{2,}")
KEPT = re.compile(
    r"\bTranche\b|\bTR-[A-Z0-9]+|[\w.]+@[\w.]+|https?://\S+|\b[A-Z]{3}\b|US\$|\bEurope/Berlin\b|\bUTC\b|\.(?:pdf|csv|txt)\b|\b(?:CSV|PDF)\b|1\.\w+|\b[0-9a-f]{16}\b"
)


@dataclass
class World:
    pumps: Contract
    """A milestone in each state and suggestions that wait for the client."""
    rounds: Contract
    """A counter-offer that waits for the freelancer, and agreed milestones."""
    empty: Contract
    ended: Contract


@pytest.fixture
def client(transactional_db: None, language) -> User:
    return UserFactory(display_name="Νίκος Παπαδόπουλος", email="nikos@example.com", language=language)


@pytest.fixture
def freelancer(transactional_db: None, language) -> User:
    return UserFactory(display_name="Ελένη Γεωργίου", email="eleni@example.com", language=language)


@pytest.fixture
def world(client, freelancer, settings, tmp_path, language) -> World:
    settings.MEDIA_ROOT = tmp_path
    with translation.override(language):
        return made_by(client, freelancer)


def made_by(client: User, freelancer: User) -> World:
    def contract(title: str) -> Contract:
        return ContractFactory(title=title, client=client, freelancer=freelancer)

    made = World(contract("Αντλία"), contract("Πάγκος του καφέ"), contract("Σήμα"), contract("Χαρτί"))
    due = made.pumps.today() + datetime.timedelta(days=20)
    milestone_at(State.PAID, made.pumps, title="Σκίτσα", description=SENTENCE)
    model = milestone_at(State.FUNDED, made.pumps, title="Μοντέλο", amount="1200", due_date=due)
    milestone_at(State.SUBMITTED, made.pumps, title="Πρωτότυπο")
    milestone_at(State.ACCEPTED, made.pumps, title="Σχέδια", amount="90000", description=SENTENCE)
    pictures = milestone_at(State.ACCEPTED, made.pumps, title="Εικόνες")
    decline(propose(made.pumps, "Έλεγχος"), reason=SENTENCE)
    asked = edit(model, amount="1500", due_date=due + datetime.timedelta(days=7), description=SENTENCE)
    save(made.pumps, asked, remove(pictures), add("Δοκιμή", "650"), message=SENTENCE)
    mine = post(made.pumps, client, SENTENCE)
    post(made.pumps, freelancer, SENTENCE, reply_to=mine, about="Μοντέλο", url=made.pumps.get_absolute_url())
    post_file(made.pumps, client, name="σχέδιο.pdf")
    post(made.pumps, freelancer, SENTENCE)
    approve(propose(made.rounds, "Λίστα"), propose(made.rounds, "Ξύλο"))
    counter(suggest(made.rounds.milestones.get(title="Λίστα"), amount="250"), amount="220")
    end(made.ended, reason=SENTENCE, by=UserFactory(display_name="Σοφία", is_staff=True))
    deposit(client, "500")
    return made


@pytest.fixture
def look(subtests, language) -> Callable[[Page, str], None]:
    """`look(page, "manage, errors")`: at the page as it is, wide and narrow."""
    known = set(_names_of_cldr(language))

    def look_at(page: Page, state: str) -> None:
        with subtests.test(f"{state}, {language}"):
            page.evaluate(READING)
            direction = "rtl" if language == pseudo.RTL else "ltr"
            assert page.evaluate("[document.documentElement.lang, getComputedStyle(document.body).direction]") == [
                language,
                direction,
            ]
            texts = page.evaluate("reading.texts()")
            faults = [f"English: {words}" for words in untranslated(texts, known)]
            faults += [
                f"mixed: {text} ({place})" for text, place in texts if language == pseudo.RTL and is_mixed(text, place)
            ]
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                for kind in ("clipped", "collided", "reordered"):
                    faults += [f"{width}: {fault}" for fault in page.evaluate(f"reading.{kind}()")]
            assert not faults, "\n".join(faults)

    return look_at


def _names_of_cldr(language: str) -> Iterator[str]:
    with translation.override(language):
        for code, name in currency_choices():
            yield from (name, currency_name(code))
        yield time_zones.name_of("Europe/Berlin")


def untranslated(texts: list[tuple[str, str]], known: set[str]) -> Iterator[str]:
    for text, place in texts:
        left = text
        for name in known:
            left = left.replace(name, "")
        words = OURS.findall(KEPT.sub("", left))
        if words:
            yield f"{' '.join(words)} in “{text}” ({place})"


def is_mixed(text: str, place: str) -> bool:
    """Whether what somebody typed stands in a sentence of ours that is seen, and is not kept apart from it."""
    if "visually-hidden" in place:
        return False
    apart = re.sub("\N{FIRST STRONG ISOLATE}.*?\N{POP DIRECTIONAL ISOLATE}", "", text)
    return pseudo.BEGIN in text and bool(re.search("[Α-Ωα-ωά-ώ]", apart))


@pytest.fixture(params=[pseudo.LONG, pseudo.RTL])
def language(request) -> Iterator[str]:
    with pseudo.spoken():
        yield request.param


@pytest.fixture
def visit(page_for, language) -> Callable[[User | None], Page]:
    return lambda person: page_for(person, language=language)


def test_pages_of_nobody(visit, look):
    page = visit(None)
    for url in ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/help/", "/nowhere/"):
        page.goto(url)
        look(page, url)
    page.goto("/accounts/signup/")
    page.locator("main form .button-primary").click()
    look(page, "sign up, errors")


def test_pages_of_both(visit, look, world, client, freelancer):
    home = world.pumps.get_absolute_url()
    at = {milestone.title: milestone.pk for milestone in Milestone.objects.all()}
    of_each = ["/contracts/", home, f"{home}messages/", f"{home}milestones/", f"{home}review/", "/money/"]
    of_client = [
        *(f"{home}fund/{at['Σχέδια']}/", f"{home}fund/{at['Μοντέλο']}/", f"{home}release/{at['Πρωτότυπο']}/"),
        f"{home}request-changes/{at['Πρωτότυπο']}/",
    ]
    of_freelancer = [
        *("/contracts/?q=ξ", "/contracts/?show=ended", f"{home}submit/{at['Μοντέλο']}/"),
        *(
            f"{home}amendments/1/",
            f"{home}amendments/{world.pumps.amendments.count()}/",
            f"{home}messages/search/?q=πάχος",
        ),
        *(world.empty.get_absolute_url(), world.ended.get_absolute_url(), world.rounds.get_absolute_url()),
        *(f"{world.rounds.get_absolute_url()}review/", f"{home}milestones/paste/", "/messages/"),
        *(
            "/notifications/",
            "/settings/",
            "/settings/calendar/",
            "/settings/notifications/",
            "/accounts/email/",
            "/accounts/2fa/",
            "/help/",
            "/accounts/password/change/",
        ),
    ]
    for person, urls in (client, of_each + of_client), (freelancer, of_each + of_freelancer):
        page = visit(person)
        for url in urls:
            page.set_viewport_size({"width": WIDTHS[0], "height": 900})
            page.goto(url)
            if url == home:
                page.evaluate("document.querySelector('#chat').scrollIntoView()")  # it is fetched when it is seen
                page.locator("#chat-log").wait_for()
            look(page, f"{url} ({person.email})")


def test_manage(visit, look, world, freelancer):
    page = visit(freelancer)
    page.goto(f"{world.rounds.get_absolute_url()}milestones/")
    page.locator("button[value^='remove:']").first.click()
    page.locator("[data-mode=removed], [data-mode=withdrawn]").wait_for()
    page.locator("button[value=add]").click()
    page.locator(".row-editor input[name$=title]").fill("Νέο")
    page.locator(".row-editor input[name$=amount]").fill("1")
    look(page, "manage, staged")
    page.locator("button[value=save]").click()
    page.locator("[role=alert]").wait_for()
    look(page, "manage, errors")


def test_review(visit, look, world, client):
    page, home = visit(client), world.pumps.get_absolute_url()
    page.goto(f"{home}review/")
    for line, answer in zip(page.locator("section.line").all(), ("approve", "decline", "counter"), strict=True):
        line.locator(f"[data-answer={answer}]").click()
    look(page, "review, answered")
    page.locator("main form .button-primary").last.click()
    look(page, "check")
    propose(world.pumps, "Κάτι")
    page.locator("main form .button-primary").last.click()
    page.locator("[role=alert]").wait_for()
    look(page, "review, stale")


def test_refusals(visit, look, world, client):
    page, home = visit(client), world.pumps.get_absolute_url()
    page.goto(home)
    page.evaluate("document.querySelector('#remind').submit()")
    page.wait_for_url("**/remind/")
    look(page, "refused")
    page.goto(home)
    page.context.clear_cookies(name="csrftoken")
    page.evaluate("document.querySelector('#remind').submit()")
    page.wait_for_url("**/remind/")
    look(page, "forged")
