"""The first administrator signs in before any mail can be sent."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from tests.accounts.test_sign_up import PASSWORD, sign_in, signed_in

pytestmark = pytest.mark.django_db


def make(monkeypatch, password: str = PASSWORD, email: str = "Ada@Example.com") -> str:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    said = io.StringIO()
    call_command("first_admin", email, "Ada Park", stdout=said)
    return said.getvalue()


def test_first_admin_signs_in_without_a_mail(monkeypatch, mailoutbox):
    said = make(monkeypatch)
    client = Client()
    sign_in(client, "ada@example.com")

    assert signed_in(client)
    assert client.get("/admin/").status_code == 200
    assert mailoutbox == []
    assert said == "ada@example.com can sign in at http://localhost:8000/accounts/login/\n"


@pytest.mark.parametrize(
    ("password", "email", "sentence"),
    [
        ("short", "ada@example.com", "too short"),
        ("password123", "ada@example.com", "too common"),
        ("", "ada@example.com", "too short"),
        (PASSWORD, "ada", "valid email address"),
    ],
)
def test_first_admin_needs_a_good_password_and_an_address(monkeypatch, password, email, sentence):
    with pytest.raises(CommandError, match=sentence):
        make(monkeypatch, password, email)

    assert not User.objects.exists()


def test_first_admin_is_the_first(staff, monkeypatch):
    with pytest.raises(CommandError, match="There is an administrator already"):
        make(monkeypatch)


def test_first_admin_hears_of_the_second_factor(monkeypatch, settings):
    settings.ADMIN_SECOND_FACTOR = True

    assert "two-factor sign-in" in make(monkeypatch)
