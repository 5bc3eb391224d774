import re
from typing import TYPE_CHECKING, TypeGuard

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from accounts.models import User


class Request(HttpRequest):
    """A request behind the login: the user is a person, never anonymous."""

    user: "User"
    htmx: HtmxDetails


_KEY = re.compile(r"[0-9]{1,18}")


def key_of(text: str | None) -> int | None:
    """The key of a row, or another number, as a browser sends it: digits, and no more of them than a key has."""
    return int(text) if text and _KEY.fullmatch(text) else None


def on_this_site(url: str | None, request: HttpRequest) -> TypeGuard[str]:
    """Whether a redirect to `url`, which came with the request, would stay on this site."""
    return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
