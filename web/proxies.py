"""What the proxy in front forgets is said once, in plain words: from the pages alone nobody would guess it."""

import logging

from django.conf import settings
from django.http.request import HttpRequest, split_domain_port, validate_host  # noqa: TID251 (it looks at requests)

FORGOTTEN = {
    "X-Forwarded-For": "so everybody shares one address, and with it the limits on signing in",
    "X-Forwarded-Proto": "so each page leads to itself for ever, or is refused",
}

logger = logging.getLogger(__name__)
_said: set[str] = set()


def look_at(request: HttpRequest) -> None:
    if not settings.BEHIND_PROXY:
        return
    for header, consequence in FORGOTTEN.items():
        if header not in request.headers:
            _say(header, f"A request came without {header}, {consequence}. The proxy must set it (BEHIND_PROXY).")
    domain, _port = split_domain_port(request.META.get("HTTP_HOST", ""))
    if not validate_host(domain, settings.ALLOWED_HOSTS):
        _say(
            "Host", f"A request came for the host {domain[:100]!r}. The proxy must pass on the Host that was asked for."
        )


def _say(what: str, sentence: str) -> None:
    if what not in _said:
        _said.add(what)
        logger.warning(sentence)
