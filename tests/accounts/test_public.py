"""Which pages of ours and of the sign-in library open without a sign-in: exactly these."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

PUBLIC = {
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "accounts:theme",
    "admin:login",
    "mfa_authenticate",
    "notifications:unsubscribe",
}
OURS = ("account_", "mfa_", "accounts:", "notifications:", "admin:")


def views(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)
        else:
            yield f"{space}{pattern.name}", pattern


def test_public_views_are_exactly_these():
    public = {
        name
        for name, pattern in views(get_resolver().url_patterns)
        if name.startswith(OURS) and not getattr(pattern.callback, "login_required", True)
    }

    assert public == PUBLIC


@pytest.mark.parametrize(
    "name",
    [
        "home",
        "accounts:settings",
        "account_email",
        "account_change_password",
        "account_set_password",
        "account_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_reauthenticate",
        "notifications:list",
        "notifications:preferences",
    ],
)
def test_other_pages_lead_to_the_sign_in(client, name):
    assert client.get(reverse(name)).url == f"{reverse('account_login')}?next={reverse(name)}"


def test_staff_sign_in_like_everybody_else(client):
    assert client.get("/admin/").url == "/admin/login/?next=/admin/"
    assert client.get("/admin/login/?next=/admin/").url == f"{reverse('account_login')}?next=%2Fadmin%2F"
    assert client.post("/admin/login/", {"username": "a", "password": "b"}).url.startswith(reverse("account_login"))


def test_admin_is_closed_to_people_who_are_not_staff(ben, as_):
    assert as_(ben).get("/admin/login/").status_code == 403
    assert as_(ben).get("/admin/accounts/user/").status_code == 302


@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password"])
def test_public_pages_open(db, client, name):
    assert client.get(reverse(name)).status_code == 200


def test_home_leads_to_the_contracts(ben, as_):
    assert as_(ben).get("/").url == reverse("contracts:list")
