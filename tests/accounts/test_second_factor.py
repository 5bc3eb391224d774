import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse

PASSWORD = "a long walk by the river"


def code(secret: str) -> str:
    """Of this half minute, with as many good ones before it as after it."""
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counters[len(counters) // 2]))


def password_given(person) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    return client


def switch_on(client: Client) -> str:
    """What the phone then keeps."""
    url = reverse("mfa_activate_totp")
    asked = client.get(url)
    client.post(asked["Location"], {"password": PASSWORD})
    secret = re.sub(r"\s", "", client.get(url).context["form"].secret)
    client.post(url, {"code": code(secret)})
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()
    return secret


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture
def guarded(ben):
    """Ben, who has turned two-factor sign-in on, step by step; `secret` is what his phone keeps."""
    ben.set_password(PASSWORD)
    ben.save()
    EmailAddress.objects.create(user=ben, email=ben.email, verified=True, primary=True)
    ben.secret = switch_on(password_given(ben))
    return ben


def test_page_leads_whoever_has_no_password_to_one(ben, as_):
    page = reverse("mfa_index")
    ben.set_password(PASSWORD)
    ben.save()
    assert f'href="{reverse("mfa_activate_totp")}"' in as_(ben).get(page).content.decode()

    ben.set_unusable_password()
    ben.save()

    said = as_(ben).get(page).content.decode()
    assert f'href="{reverse("account_set_password")}"' in said
    assert f'href="{reverse("mfa_activate_totp")}"' not in said


def test_sign_in_asks_for_the_code(guarded):
    client = password_given(guarded)

    assert not signed_in(client)
    assert client.get(reverse("accounts:settings"))["Location"].startswith(reverse("account_login"))
    assert client.get(reverse("mfa_authenticate")).status_code == 200


def test_sign_in_refuses_a_wrong_code(guarded):
    client = password_given(guarded)

    client.post(reverse("mfa_authenticate"), {"code": "000000"})

    assert not signed_in(client)


def test_sign_in_takes_a_recovery_code_once(guarded):
    recovery = Authenticator.objects.get(user=guarded, type=Authenticator.Type.RECOVERY_CODES).wrap()
    spare = recovery.get_unused_codes()[0]
    first, second = password_given(guarded), password_given(guarded)

    first.post(reverse("mfa_authenticate"), {"code": spare})
    second.post(reverse("mfa_authenticate"), {"code": spare})

    assert signed_in(first)
    assert not signed_in(second)
