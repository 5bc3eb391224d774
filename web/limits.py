"""How often the same person, address or thing may do something that nobody else watches over."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest  # noqa: TID251 (an address is counted by its requests)


def is_within(request: HttpRequest, what: str, rates: str, *, key: str = "") -> bool:
    """Count this request, and say whether it may go on.

    `rates` is as allauth writes them: "5/10m/ip" is five in ten minutes from one address, "60/h/key" sixty an hour of
    one `key`. The counters are those of the sign-in, in the cache that all processes share; a GET counts too.
    """
    used = ratelimit.consume(request, app="tranche", action=what, config={what: rates}, key=key or None, limit_get=True)
    return used is not None
