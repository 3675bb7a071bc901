"""Where our own requests may go: public addresses over HTTPS, and what a network allows besides; nothing is followed elsewhere.

In: an address that a person typed, and the private networks that the settings allow (`webhooks.private_networks`). Out: the
checked address to connect to, or `NotAllowed`. The name is resolved once and the connection goes to what was checked, so that a
name that resolves differently a moment later leads nowhere (OWASP, Server-Side Request Forgery Prevention).
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class NotAllowed(Exception):
    """We do not connect to this address; the message says why."""


@dataclass(frozen=True, slots=True)
class Target:
    """What to connect to: `url` holds the checked address in the place of the name, `host` is what the name was."""

    url: str
    host: str
    name: str


async def checked(url: str, allowed: Sequence[Network]) -> Target:
    """Raises `NotAllowed`, or OSError when the name does not resolve."""
    parts = urlsplit(url)
    name, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    found = await asyncio.get_running_loop().getaddrinfo(name, port, type=socket.SOCK_STREAM)
    addresses = [ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    for address in addresses:
        refuse(parts.scheme, address, allowed)
    literal = f"[{addresses[0]}]" if addresses[0].version == 6 else str(addresses[0])
    return Target(parts._replace(netloc=f"{literal}:{port}", fragment="").geturl(), parts.netloc, name)


def refuse(scheme: str, address: Address, allowed: Sequence[Network]) -> None:
    """Raises `NotAllowed` for what is neither public nor allowed; without HTTPS only what is allowed."""
    inner = getattr(address, "ipv4_mapped", None) or address
    if any(inner in network for network in allowed):
        return
    if not inner.is_global or inner.is_multicast:
        raise NotAllowed("its name leads into a private network")
    if scheme != "https":
        raise NotAllowed("it must begin with https://")
