"""Free ports of this machine for servers that cannot bind to port 0 themselves, and for those that must come back on theirs.

A port that was free a moment ago may be gone when its server starts: the system hands it to the next connection or to the
next server bound to port 0. So these come from below the range that it hands out, and each stays promised to the process
that asked until that process ends.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import random
import socket
import tempfile
import time
from functools import lru_cache
from pathlib import Path

HOST = "127.0.0.1"
MANY = 16_000  # how far below the range handed out by the system
_ours: set[int] = set()


def free_ports(count: int) -> list[int]:
    """`count` different ports that nobody listens on and no other process of these tests was promised."""
    found = list(itertools.islice(filter(_mine, _candidates()), count))
    assert len(found) == count, f"only {len(found)} of {count} ports below those that the system hands out are free"
    return found


def _candidates() -> list[int]:
    """In no order, so that processes seldom meet."""
    first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    below = range(max(1024, first - MANY), first)
    return random.sample(below, len(below))


def _mine(port: int) -> bool:
    """Whether nobody has it; if so it is ours until this process ends, which lets go of its locks."""
    if port in _ours:
        return False
    promises = _promises()
    try:
        fcntl.lockf(promises, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
        socket.create_server((HOST, port)).close()
    except OSError:
        return False
    _ours.add(port)
    return True


@lru_cache
def _promises() -> int:
    """A file that all processes of these tests share: who has locked its byte number N was promised port N."""
    return os.open(Path(tempfile.gettempdir()) / f"rrm-test-ports-{os.getuid()}", os.O_CREAT | os.O_RDWR, 0o600)


def wait_for_port(port: int, *, seconds: float = 90.0) -> bool:
    """True as soon as somebody listens on `port`, False when nobody does within `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
            return True
        except OSError:
            time.sleep(0.05)
    return False
