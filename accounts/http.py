from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class Request(HttpRequest):
    """A request behind the login: the user is a person, never anonymous."""

    user: User
    htmx: HtmxDetails
