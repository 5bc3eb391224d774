"""A session that ends while somebody works costs them nothing that they typed."""

from urllib.parse import quote

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client

from milestones.models import Change
from tests.factories import ContractFactory, State, milestone_at
from tests.milestones.browsing import HTMX, Visitor, proposes, typed

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
UNSENT = "/settings/unsent/"


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    cache.clear()


@pytest.fixture
def contract(ben, mara):
    for person in (ben, mara):
        person.set_password(PASSWORD)
        person.save()
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return ContractFactory(client=ben, freelancer=mara)


@pytest.fixture
def url(contract) -> str:
    return f"{contract.get_absolute_url()}milestones/"


@pytest.fixture
def entries(mara, as_, url) -> dict[str, list[str]]:
    """What Mara's page would send: one milestone proposed."""
    page = proposes(Visitor(as_(mara)), url, "Stress check", "650")
    page.field("Description").typed = "first line\r\nsecond & <third>"
    return typed(page, "Save")


def sign_in(client: Client, person, then: str):
    return client.post("/accounts/login/", {"login": person.email, "password": PASSWORD, "next": then}, follow=True)


def sent_signed_out(url: str, entries: dict[str, list[str]], **options) -> tuple[Visitor, str]:
    """Somebody without a session sends this, and where they are led."""
    visitor = Visitor(Client())
    answer = visitor.post(url, entries, **options)
    return visitor, answer.headers.get("HX-Redirect") or answer["Location"]


def test_what_was_sent_waits_behind_the_sign_in_and_is_sent_again(url, entries, mara, contract):
    visitor, place = sent_signed_out(url, entries)
    assert place == f"/accounts/login/?next={UNSENT}"
    assert not contract.amendments.exists()

    page = visitor._read(sign_in(visitor.client, mara, UNSENT), UNSENT)
    visitor.press(page, "Send it again")

    change = Change.objects.get()
    assert (change.milestone.title, change.milestone.description) == ("Stress check", "first line\nsecond & <third>")
    assert visitor.client.get(UNSENT).status_code == 302  # it is sent, and kept no longer


def test_htmx_is_led_there_too(url, entries):
    _visitor, place = sent_signed_out(url, entries, headers=HTMX)

    assert place == f"/accounts/login/?next={UNSENT}"


def test_another_person_gets_nothing_of_it(url, entries, ben):
    visitor, _place = sent_signed_out(url, entries)

    answer = sign_in(visitor.client, ben, UNSENT)

    assert "Stress check" not in answer.text
    assert answer.redirect_chain[-1][0] == "/contracts/"
    assert visitor.client.session.get("unsent") is None


def test_it_can_be_discarded(url, entries, mara, contract):
    visitor, _place = sent_signed_out(url, entries)
    page = visitor._read(sign_in(visitor.client, mara, UNSENT), UNSENT)

    visitor.press(page, "Discard")

    assert visitor.client.get(UNSENT).status_code == 302
    assert not contract.amendments.exists()


def test_what_is_huge_or_names_nobody_is_not_kept(url, entries):
    page = "http://testserver/contracts/"
    for sent in (entries | {"message": ["x" * 200_001]}, entries | {"person": ["me"]}, {"do": ["save"]}):
        visitor, place = sent_signed_out(url, sent, headers={"Referer": page})
        assert place == "/accounts/login/?next=http%3A//testserver/contracts/"
        assert "unsent" not in visitor.client.session


def test_an_answer_that_moves_money_is_not_kept_but_leads_back_to_the_review(contract, ben):
    check = f"{contract.get_absolute_url()}review/check/"
    sent_from = {"Referer": f"http://testserver{check}"}
    visitor, place = sent_signed_out(f"{contract.get_absolute_url()}review/decide/", {"do": ["go"]}, headers=sent_from)
    assert "unsent" not in visitor.client.session

    answer = sign_in(visitor.client, ben, place.partition("next=")[2].replace("%3A", ":"))

    assert answer.redirect_chain[-1][0] == f"{contract.get_absolute_url()}review/"
    assert answer.status_code == 200


def test_an_approval_that_pays_is_not_kept_but_leads_back_to_its_page(contract, ben, as_):
    work = milestone_at(State.SUBMITTED, contract)
    page = f"http://testserver{contract.get_absolute_url()}release/{work.pk}/"
    form = typed(Visitor(as_(ben)).open(page), "Approve and release $100.00")

    visitor, place = sent_signed_out(page, form, headers={"Referer": page})

    assert place == f"/accounts/login/?next={quote(page)}"
    assert "unsent" not in visitor.client.session


def test_one_address_cannot_make_us_keep_without_end(url, entries):
    kept = ["unsent" in sent_signed_out(url, entries)[0].client.session for _number in range(61)]

    assert kept == [True] * 60 + [False]


def test_a_stranger_cannot_make_us_keep_without_a_token(url, entries):
    strict = Client(enforce_csrf_checks=True)

    assert Visitor(strict).post(url, entries).status_code == 403
    assert "unsent" not in strict.session
