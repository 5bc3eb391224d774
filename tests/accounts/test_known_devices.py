"""Strangers who try an address do not keep its owner out of the browser where the owner has been."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.devices import COOKIE
from tests.accounts.test_sign_up import PASSWORD, link, sign_in, signed_in, verify

pytestmark = pytest.mark.django_db
MOST = 5


@pytest.fixture
def ben(ben):
    ben.set_password(PASSWORD)
    ben.save()
    return verify(ben)


@pytest.fixture
def known(ben):
    """A browser in which Ben has signed in before."""
    client = Client()
    sign_in(client, ben.email)
    client.post(reverse("account_logout"))
    return client


def try_out(email: str, times: int = MOST) -> None:
    """A stranger, each time from another address."""
    for attempt in range(times):
        sign_in(Client(REMOTE_ADDR=f"198.51.100.{attempt + 1}"), email, "wrong")


def test_owner_signs_in_where_they_have_been(ben, known):
    try_out(ben.email)

    stranger = Client(REMOTE_ADDR="198.51.100.99")
    sign_in(stranger, ben.email)
    sign_in(known, ben.email)

    assert (signed_in(stranger), signed_in(known)) == (False, True)


def test_known_browser_may_try_as_often_as_any(ben, known):
    for _attempt in range(MOST):
        sign_in(known, ben.email, "wrong")

    sign_in(known, ben.email)

    assert not signed_in(known)


def test_known_browser_is_known_for_its_person_alone(ben, mara, known):
    mara.set_password(PASSWORD)
    mara.save()
    verify(mara)
    try_out(mara.email)

    sign_in(known, mara.email)

    assert not signed_in(known)


@pytest.mark.parametrize("cookie", ["", "ben", "W10:1uZ:x"])
def test_cookie_that_we_did_not_sign_opens_nothing(ben, cookie):
    try_out(ben.email)
    client = Client(REMOTE_ADDR="198.51.100.99")
    client.cookies[COOKIE] = cookie

    sign_in(client, ben.email)

    assert not signed_in(client)


def test_cookie_holds_no_address_and_is_out_of_the_reach_of_scripts(ben, known):
    cookie = known.cookies[COOKIE]

    assert "ben" not in cookie.value
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_new_password_makes_the_browser_known(ben, mailoutbox):
    client = Client()
    client.post(reverse("account_reset_password"), {"email": ben.email})
    form = client.get(link(mailoutbox[0]))
    client.post(form.url, {"password1": PASSWORD, "password2": PASSWORD})
    try_out(ben.email)

    sign_in(client, ben.email)

    assert signed_in(client)
