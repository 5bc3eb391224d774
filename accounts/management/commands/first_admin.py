"""The first administrator of a new site, who can sign in before any mail can be sent."""

import getpass
import sys
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse

from accounts.models import User


class Command(BaseCommand):
    help = "Make the first administrator. The address counts as verified: no mail is needed to sign in with it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address to sign in with")
        parser.add_argument("name", help="the name that others see")

    def handle(self, *_arguments: Any, email: str, name: str, **_options: Any) -> None:
        if User.objects.filter(is_superuser=True, is_active=True).exists():
            raise CommandError("There is an administrator already, who makes all others in the admin.")
        person = User(email=User.objects.normalize_email(email), display_name=name, is_staff=True, is_superuser=True)
        password = _password()
        try:
            validate_password(password, person)
            person.set_password(password)
            person.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        with transaction.atomic():
            person.save()
            EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        sign_in = settings.SITE_ORIGIN + reverse("account_login")
        self.stdout.write(f"{person.email} can sign in at {sign_in}")
        if settings.ADMIN_SECOND_FACTOR:
            self.stdout.write("The admin then asks for two-factor sign-in: have an authenticator app at hand.")


def _password() -> str:
    """Typed twice at a terminal, or else the first line of the input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Password again: ") != password:
        raise CommandError("The two passwords differ.")
    return password
