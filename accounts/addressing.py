"""How a person stands in the head of a mail."""

from email.header import Header
from email.utils import formataddr

from django.utils.encoding import punycode


def addressed(name: str, email: str) -> str:
    """`Name <address>` in one line, whatever was typed; a domain like exämple.com as mail servers know it.

    Letters beyond ASCII are encoded in words of at most 75 signs (RFC 2047, 2); Python's `formataddr` makes one of all.
    """
    box, _at, domain = email.rpartition("@")
    name, address = " ".join(name.split()), f"{box}@{punycode(domain)}"
    if name.isascii():
        return formataddr((name, address))
    words = Header(name, "utf-8", maxlinelen=75).encode(linesep="")
    return f"{words} <{address}>"
