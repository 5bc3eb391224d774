"""Browsers in which a person has signed in before: a cookie says so, which nobody else can make.

Wrong passwords are counted for an address. From a known browser they are counted apart, so strangers who try an address
keep its owner out only where the owner has never been.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse  # noqa: TID251 (a browser is known by its requests)
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User

COOKIE = "device"
_SALT = "accounts.devices"
_ONE_YEAR = 365 * 24 * 60 * 60  # seconds


def known(request: HttpRequest, email: str) -> str:
    """The name of this browser, if the person with that address has signed in with it; else empty."""
    try:
        of, name = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_ONE_YEAR)
    except (signing.BadSignature, TypeError, ValueError):
        return ""
    return str(name) if constant_time_compare(str(of), _whose(email)) else ""


def remember(request: HttpRequest, response: HttpResponse, person: User) -> None:
    name = known(request, person.email) or secrets.token_urlsafe(12)
    response.set_cookie(
        COOKIE,
        signing.dumps([_whose(person.email), name], salt=_SALT),
        max_age=_ONE_YEAR,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _whose(email: str) -> str:
    """The cookie is signed but can be read, so it holds no address."""
    return salted_hmac(_SALT, email.strip().lower(), algorithm="sha256").hexdigest()
