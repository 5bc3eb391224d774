"""What EMAIL_URL means: an SMTP server, or a provider that django-anymail speaks to."""

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

import dj_email_url
from django.core.exceptions import ImproperlyConfigured

SECONDS = 20
"""How long a server may take to answer, before the mail is tried again later."""


def settings(url: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """Django's settings for sending mail.

    smtp://host:25 speaks openly; submission://user:password@host:587 begins with STARTTLS, and with ?ssl=1 it is TLS
    from the first byte; anymail://postmark is the provider of that name in django-anymail, with its settings in
    variables like ANYMAIL_POSTMARK_SERVER_TOKEN. Errors: ImproperlyConfigured, rather than to print mails somewhere.
    """
    parts = urlsplit(url)
    if parts.scheme == "anymail":
        return _of_provider(parts.netloc, environment)
    if parts.scheme in ("smtp", "submission"):
        server = dj_email_url.parse(url)
        transport = server.pop("EMAIL_BACKEND")
        return {**server, "MAIL_TRANSPORT": transport, "EMAIL_TIMEOUT": SECONDS}
    raise ImproperlyConfigured(
        "EMAIL_URL must begin with submission:// or smtp:// (a server) or anymail:// (a provider, like postmark)."
    )


def _of_provider(name: str, environment: Mapping[str, str]) -> dict[str, Any]:
    if not name.isidentifier() or not find_spec(f"anymail.backends.{name}"):
        raise ImproperlyConfigured(f"EMAIL_URL names {name!r}, which django-anymail does not know.")
    own = {key.removeprefix("ANYMAIL_"): value for key, value in environment.items() if key.startswith("ANYMAIL_")}
    return {
        "MAIL_TRANSPORT": f"anymail.backends.{name}.EmailBackend",
        "ANYMAIL": {**own, "REQUESTS_TIMEOUT": SECONDS},
    }
