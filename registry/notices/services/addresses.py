"""Which addresses the registry sends to: never its own network, whatever a name resolves to."""

import ipaddress
import socket
from typing import NamedTuple
from urllib.parse import urlsplit

from registry.errors import Invalid
from registry.messages import Message

_LONGEST = 2_000


class Target(NamedTuple):
    """Where a message goes: the name that was asked for, and the one address it is sent to."""

    scheme: str
    host: str
    port: int
    address: str


class Unreachable(Exception):
    """The name has no address that the registry may send to."""


def checked_url(url: str, *, private: bool) -> str:
    """Return ``url`` when it may be an endpoint; ``Invalid`` on "url" otherwise.

    HTTPS, without a name or password in it. ``private`` lets plain HTTP and private
    addresses pass too, for a trial.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    allowed = ("https", "http") if private else ("https",)
    if parts.scheme not in allowed or not parts.hostname or len(url) > _LONGEST or port == 0:
        raise Invalid.one("url", Message("Write the whole address, beginning with https://."))
    if parts.username or parts.password or parts.fragment:
        raise Invalid.one("url", Message("The address must hold no name, password or fragment."))
    literal = _literal(parts.hostname)
    if not private and ((literal and not _public(literal)) or parts.hostname == "localhost"):
        raise Invalid.one("url", Message("This address is not on the public internet."))
    return url


def resolve(url: str, *, private: bool) -> Target:
    """Return the address to connect to. Raises ``Unreachable``.

    Every address that the name has must be public: a name that also points inside is
    refused as a whole, and what was checked is what is connected to.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"The name cannot be resolved: {error}") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses:
        raise Unreachable("The name has no address.")
    if not private and not all(_public(ipaddress.ip_address(text)) for text in addresses):
        raise Unreachable("The name leads to an address that is not on the public internet.")
    return Target(parts.scheme, host, port, addresses[0])


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is reachable for everybody: not private, loopback, link-local …"""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None and not _public(inner):
            return False
        if address.teredo is not None:
            return False
        # 64:ff9b::/96 leads to whatever IPv4 address stands in its last 32 bits.
        if address in _NAT64:
            return _public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and not address.is_multicast


_NAT64 = ipaddress.ip_network("64:ff9b::/96")
