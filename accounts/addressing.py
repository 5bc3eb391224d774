"""How a person stands in the head of a mail."""

from email.utils import formataddr

from django.utils.encoding import punycode


def addressed(name: str, email: str) -> str:
    """`Name <address>` in one line, whatever was typed; a domain like exämple.com as mail servers know it."""
    box, _at, domain = email.rpartition("@")
    return formataddr((" ".join(name.split()), f"{box}@{punycode(domain)}"))
