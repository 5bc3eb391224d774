import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError

from accounts.models import User


def test_create_user_writes_the_address_in_lower_case(db):
    person = User.objects.create_user(" Ada@Example.COM ", display_name="Ada Park")

    assert person.email == "ada@example.com"
    assert User.objects.get_by_natural_key("ADA@example.com") == person


def test_address_is_taken_in_any_case(db):
    User.objects.create_user("ada@example.com", display_name="Ada")

    with pytest.raises(IntegrityError):
        User.objects.create_user("ADA@example.com", display_name="Eve")


def test_database_refuses_an_address_in_upper_case(ben):
    with pytest.raises(IntegrityError, match="accounts_user_email_lower_case"):
        User.objects.filter(pk=ben.pk).update(email="BEN@example.com")


def test_create_user_without_a_password_opens_to_none(db):
    User.objects.create_user("ada@example.com", display_name="Ada")

    assert authenticate(None, email="ada@example.com", password="") is None
    assert authenticate(None, email="ada@example.com", password=None) is None


@pytest.mark.parametrize(
    ("display_name", "full", "short"),
    [
        ("Ada Park", "Ada Park", "Ada"),
        ("Ada", "Ada", "Ada"),
        ("", "ada@example.com", "ada@example.com"),
        ("  ", "ada@example.com", "ada@example.com"),
    ],
)
def test_names(display_name, full, short):
    person = User(email="ada@example.com", display_name=display_name)

    assert (person.get_full_name(), person.get_short_name()) == (full, short)
