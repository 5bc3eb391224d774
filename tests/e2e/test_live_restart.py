"""The stream server is killed while two people work, and started again."""

import uuid

import pytest
from playwright.sync_api import expect

from messaging import actions as messaging
from tests import factories as do
from tests.factories import ContractFactory
from tests.serving import SiteProcess


@pytest.fixture
def site(transactional_db):
    site = SiteProcess()
    site.start()
    yield site
    site.kill()


def test_both_pages_catch_up_with_nothing_missing_and_nothing_twice(site, page_for, ben, mara):
    contract = ContractFactory(title="Pump housing", client=ben, freelancer=mara)
    people = {person: page_for(person) for person in (ben, mara)}
    for page in people.values():
        page.goto(contract.get_absolute_url())
        expect(page.get_by_role("log")).to_be_visible()
        expect(page.locator("live-stream")).to_have_attribute("state", "open")
    says(contract, ben, "Before")

    site.kill()
    for person in (mara, ben, mara):
        says(contract, person, f"Meanwhile, {person.get_short_name()}")
    do.propose(contract, "Stress check")
    for page in people.values():
        expect(page.get_by_text("Not live. Trying again…")).to_be_visible()
    site.start()

    for page in people.values():
        expect(page.get_by_role("heading", name="Stress check")).to_be_visible(timeout=60_000)
        expect(page.get_by_text("Not live. Trying again…")).to_be_hidden()
    says(contract, ben, "After")
    for page in people.values():
        expect(page.locator(".message-body").last).to_have_text("After")
        told = [text.strip() for text in page.locator(".message-body").all_inner_texts()]
        assert told == ["Before", "Meanwhile, Mara", "Meanwhile, Ben", "Meanwhile, Mara", "After"]
        expect(page.get_by_role("log").get_by_text("Mara made")).to_have_count(1)
        expect(page.get_by_role("heading", name="Stress check")).to_have_count(1)


def says(contract, person, text):
    messaging.post(contract, by=person, text=text, client_id=uuid.uuid4())
