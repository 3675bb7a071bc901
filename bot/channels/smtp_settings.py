"""Where and how letters are handed over to a mail server; what would send them in the clear is refused here."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Literal, get_args

from bot.secrets import Secret

TlsPolicy = Literal["require", "starttls", "implicit", "off-for-loopback"]
IMPLICIT_PORT = 465


@dataclass(frozen=True, slots=True)
class SmtpTimeouts:
    """Seconds. `offer` bounds all steps before DATA together, `body` all from DATA to the last byte before the dot.

    RFC 5321 section 4.5.3.2.6 asks for ten minutes after the dot. `offer` must end within the outbox lease, `body` and
    `dot` together within the longer lease that holds from the brink on, or a second carrier takes the letter meanwhile.
    `settle` is how long we listen for a broken connection after the text and before the dot: the cheapest way to keep a
    cut from becoming ambiguous.
    """

    connect: float = 30.0
    command: float = 60.0
    offer: float = 100.0
    body: float = 110.0
    settle: float = 0.2
    dot: float = 600.0


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """Where letters are handed over. Raises ValueError for a plain connection to anything but this machine.

    `tls`: ``implicit`` from the first byte, ``starttls`` before anything else, ``require`` one of both by the port
    (465 means implicit), ``off-for-loopback`` none, which a server on this machine alone may have.
    """

    host: str
    port: int = 587
    tls: TlsPolicy = "require"
    user: str | None = None
    password: Secret | None = None
    ca_file: str | None = None
    helo: str = "localhost"
    timeouts: SmtpTimeouts = SmtpTimeouts()

    def __post_init__(self) -> None:
        if self.tls not in get_args(TlsPolicy):
            raise ValueError(f"smtp tls is one of {', '.join(get_args(TlsPolicy))}, not {self.tls!r}")
        if self.tls == "off-for-loopback" and not is_loopback(self.host):
            raise ValueError("smtp tls 'off-for-loopback' needs a host on this machine (127.0.0.1, ::1 or localhost)")

    @property
    def is_implicit(self) -> bool:
        return self.tls == "implicit" or (self.tls == "require" and self.port == IMPLICIT_PORT)

    @property
    def starts_tls(self) -> bool:
        return self.tls != "off-for-loopback" and not self.is_implicit


def is_loopback(host: str) -> bool:
    """True for names and numbers that cannot leave this machine."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"
