"""In production the admin opens only to a session that has shown a second factor."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from tests import site
from tests.accounts.test_second_factor import PASSWORD, switch_on
from tests.accounts.test_sign_up import sign_in, verify
from tests.factories import fresh

pytestmark = pytest.mark.django_db(transaction=True)  # what allauth does once the act is committed is done at once


@pytest.fixture(autouse=True)
def asks(settings):
    settings.ADMIN_SECOND_FACTOR = True


@pytest.fixture
def staff(staff):
    staff.set_password(PASSWORD)
    staff.save()
    return verify(staff)


def admin_of(client: Client) -> object:
    """The status of the admin, or where it leads in the end."""
    reply = client.get("/admin/", follow=True)
    return reply.redirect_chain[-1][0] if reply.redirect_chain else reply.status_code


def test_admin_leads_staff_to_switch_it_on(staff):
    client = Client()
    sign_in(client, staff.email)

    assert admin_of(client).startswith(reverse("account_reauthenticate"))
    client.post(admin_of(client), {"password": PASSWORD})
    assert admin_of(client) == f"{reverse('mfa_activate_totp')}?next=%2Fadmin%2F"
    assert "The admin needs two-factor sign-in." in client.get("/admin/", follow=True).text


def test_admin_opens_once_it_is_switched_on(staff):
    client = Client()
    sign_in(client, staff.email)

    switch_on(client)

    assert admin_of(client) == 200


def test_admin_opens_after_a_sign_in_with_it(staff):
    """By a recovery code: the app's code of this half minute has been used."""
    first, client = Client(), Client()
    sign_in(first, staff.email)
    switch_on(first)
    spare = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).wrap().get_unused_codes()[0]

    sign_in(client, staff.email)
    client.post(reverse("mfa_authenticate"), {"code": spare})

    assert admin_of(client) == 200


def test_admin_asks_a_session_that_has_not_shown_it(staff, as_):
    first = Client()
    sign_in(first, staff.email)
    switch_on(first)

    assert admin_of(as_(fresh(staff))).startswith(reverse("mfa_reauthenticate"))


def test_admin_is_closed_again_when_it_is_switched_off(staff, as_):
    client = Client()
    sign_in(client, staff.email)
    switch_on(client)

    Authenticator.objects.all().delete()

    assert client.get("/admin/").status_code == 302
    assert client.post("/admin/accounts/user/add/", {}).status_code == 302


def test_admin_stays_closed_to_all_others(ben, as_):
    assert as_(ben).get("/admin/login/").status_code == 403


def test_production_asks_and_others_do_not():
    code = "import config.settings as s; print(s.ADMIN_SECOND_FACTOR)"

    assert site.run(["-c", code], site.PRODUCTION).stdout.strip() == "True"
    assert site.run(["-c", code], site.PRODUCTION | {"ADMIN_SECOND_FACTOR": "off"}).stdout.strip() == "False"


def test_switching_it_on_ends_the_other_sessions(staff, as_):
    other, client = as_(staff), Client()
    sign_in(client, staff.email)

    switch_on(client)

    assert other.get(reverse("accounts:settings")).status_code == 302
    assert client.get(reverse("accounts:settings")).status_code == 200
