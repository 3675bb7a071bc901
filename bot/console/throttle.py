"""How often one network may ask for sign-in letters. Kept in memory: it slows a crowd of guesses, it locks nobody out."""

from __future__ import annotations

import ipaddress
import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)
MOST_REQUESTS = 20
MOST_NETWORKS = 10_000


class Throttle:
    """A sliding window for each network: one IPv4 address, or the /64 that one IPv6 customer has."""

    def __init__(self, most: int = MOST_REQUESTS) -> None:
        self._most = most
        self._seen: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def allows(self, host: str, now: datetime) -> bool:
        with self._lock:
            times = self._seen.setdefault(network_of(host), deque())
            self._seen.move_to_end(network_of(host))
            while len(self._seen) > MOST_NETWORKS:
                self._seen.popitem(last=False)
            while times and times[0] <= now - WINDOW:
                times.popleft()
            if len(times) >= self._most:
                return False
            times.append(now)
            return True


def network_of(host: str) -> str:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host[:64]
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
