"""Values of the environment that are there but wrong: each is named when the site starts, in plain words."""

import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.http.request import split_domain_port, validate_host

SHORTEST_KEY = 50
"""Characters, as Django's own check wants them."""


def check(*keys: str, hosts: Sequence[str], origin: str) -> None:
    """Errors: ImproperlyConfigured."""
    if any(len(key) < SHORTEST_KEY for key in keys):
        raise ImproperlyConfigured(
            f"SECRET_KEY must have {SHORTEST_KEY} random characters or more; so must each of SECRET_KEY_FALLBACKS. "
            "It guards sessions, calendars and the links of mails."
        )
    for host in hosts:
        if not host or any(mark in host for mark in "/ ") or split_domain_port(host)[1]:
            raise ImproperlyConfigured(f"ALLOWED_HOSTS names {host!r}; it takes names alone, like tranche.example.")
    parts = urlsplit(origin)
    if parts.scheme != "https" or not parts.hostname or origin != f"https://{parts.netloc}":
        raise ImproperlyConfigured(f"SITE_ORIGIN is {origin!r}; it must be like https://tranche.example, no more.")
    if not validate_host(parts.hostname, hosts):
        raise ImproperlyConfigured(f"SITE_ORIGIN is {origin!r}, whose host ALLOWED_HOSTS does not name.")


def check_database(url: str, name: str) -> None:
    """Errors: ImproperlyConfigured when it is set and no Postgres."""
    if url and not url.startswith(("postgresql://", "postgres://")):
        raise ImproperlyConfigured(f"{name} must name a Postgres database (postgresql://…).")


def whole_number(name: str, otherwise: int, *, least: int = 0) -> int:
    """Errors: SystemExit, which says what is wrong with it."""
    text = os.environ.get(name, "") or str(otherwise)
    if not (text.isascii() and text.isdecimal() and int(text) >= least):
        raise SystemExit(f"{name} is {text!r}; it must be a whole number from {least}.")
    return int(text)


def why_not_writable(folder: Path) -> str:
    """Why files cannot be kept there, or nothing. A folder that is not there yet is made when it is needed."""
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return ""
    return f"MEDIA_ROOT is {folder}, where this process cannot write: files in chats will be refused."
