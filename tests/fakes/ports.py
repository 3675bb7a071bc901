"""Free ports of this machine for servers that cannot bind to port 0 themselves."""

from __future__ import annotations

import socket
import time

HOST = "127.0.0.1"


def free_ports(count: int) -> list[int]:
    """`count` different ports that were free a moment ago, held together so that none is named twice."""
    holders = [socket.create_server((HOST, 0)) for _ in range(count)]
    try:
        return [holder.getsockname()[1] for holder in holders]
    finally:
        for holder in holders:
            holder.close()


def wait_for_port(port: int, *, seconds: float = 20.0) -> bool:
    """True as soon as somebody listens on `port`, False when nobody does within `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
            return True
        except OSError:
            time.sleep(0.05)
    return False
