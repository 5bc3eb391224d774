"""From where a request comes, as far as it can be believed."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings

NETWORK = 56
"""The bits of an IPv6 address that one customer of a provider has at most. Source: RIPE-690."""


def network_of(peer: str, forwarded: str | None) -> str:
    """The address that counts as one: an IPv4 address, or the network of an IPv6 address.

    `peer` holds the connection; `forwarded` is X-Forwarded-For, whose last part our own proxy wrote. It is believed
    only behind a proxy: whoever speaks to us directly writes there what they like.
    """
    said = forwarded.rpartition(",")[2].strip() if forwarded and settings.BEHIND_PROXY else ""
    try:
        address = ip_address(said or peer)
    except ValueError:
        return peer
    if not isinstance(address, IPv6Address):
        return str(address)
    inside = address.ipv4_mapped
    return str(inside or ip_network((address, NETWORK), strict=False))
