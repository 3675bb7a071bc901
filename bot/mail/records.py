"""TXT records by DNS, bounded in number and time: a mail cannot make us ask without end.

In: the names of records. Out: their text, or None; `silent` tells that an answer may exist but did not come (so that
nobody calls a signature bad because a name server slept).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

import dns.exception
import dns.nameserver
import dns.rdatatype
import dns.resolver

MOST_QUESTIONS = 12
SECONDS_EACH = 3.0
SECONDS_IN_ALL = 8.0
PORT = 53


class TooManyQuestions(Exception):
    """One mail asks for more records than an honest one needs."""


class Records:
    """The records one mail may ask for. A callable as dkimpy wants it: `records(name, timeout=…)`."""

    def __init__(
        self,
        servers: Iterable[str] = (),
        *,
        most: int = MOST_QUESTIONS,
        seconds: float = SECONDS_IN_ALL,
        now: Callable[[], float] = time.monotonic,
    ):
        self._servers, self._left, self._now, self._deadline = tuple(servers), most, now, now() + seconds
        self._resolver: dns.resolver.Resolver | None = None
        self.silent = False

    def __call__(self, name: bytes | str, timeout: float = SECONDS_EACH) -> bytes | None:
        """The key record at `name`. One that says it only tests (t=y) counts as none (RFC 6376 section 3.6.1)."""
        found = self.all(name, timeout)
        key = next((one for one in found if one.startswith(b"v=DKIM1")), next(iter(found), None))
        return None if key is not None and _only_tests(key) else key

    def all(self, name: bytes | str, timeout: float = SECONDS_EACH) -> list[bytes]:
        """Every text at `name`; empty where there is none or no answer came. Raises TooManyQuestions."""
        if self._left <= 0:
            raise TooManyQuestions
        self._left -= 1
        patience = min(timeout, SECONDS_EACH, self._deadline - self._now())
        if patience <= 0:
            self.silent = True
            return []
        try:
            answer = self._asking().resolve(_text(name), dns.rdatatype.TXT, lifetime=patience, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, UnicodeError):
            return []
        except (dns.exception.DNSException, OSError, ValueError):
            self.silent = True
            return []
        return [b"".join(record.strings) for record in answer]

    def _asking(self) -> dns.resolver.Resolver:
        if self._resolver is None:
            self._resolver = dns.resolver.Resolver(configure=not self._servers)
            if self._servers:
                self._resolver.nameservers = [_server(one) for one in self._servers]
        return self._resolver


def _text(name: bytes | str) -> str:
    return name.decode("ascii") if isinstance(name, bytes) else name


def _only_tests(key: bytes) -> bool:
    flags = [tag.partition(b"=")[2] for tag in key.replace(b" ", b"").split(b";") if tag.startswith(b"t=")]
    return any(b"y" in flag.split(b":") for flag in flags)


def _server(said: str) -> dns.nameserver.Nameserver:
    """`192.0.2.53`, `192.0.2.53:5353` or `[2001:db8::53]:5353`. Raises ValueError for anything else."""
    host, port = said.strip(), str(PORT)
    if host.startswith("["):
        host, _, rest = host[1:].partition("]")
        port = rest.removeprefix(":") or port
    elif host.count(":") == 1:
        host, port = host.split(":")
    return dns.nameserver.Do53Nameserver(host, int(port))
