"""Who counts as one network when letters are asked for, and who says where a request comes from."""

import socket
import threading
import time
from datetime import timedelta

import httpx
import pytest
import uvicorn

from bot.console.throttle import MOST_NETWORKS, MOST_REQUESTS, WINDOW, Throttle, network_of
from tests.fakes.bureau import BASE, csrf_of
from tests.world import COORDINATOR, MONDAY


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2::7", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::7", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
        ("x" * 500, "x" * 64),
        ("", ""),
    ],
)
def test_one_customer_is_one_network(host, network):
    assert network_of(host) == network


def test_a_customer_with_a_million_addresses_gets_no_more_than_others():
    throttle = Throttle()
    allowed = [throttle.allows(f"2001:db8:1:2::{n:x}", MONDAY) for n in range(1000)]
    assert sum(allowed) == MOST_REQUESTS
    assert throttle.allows("2001:db8:1:3::1", MONDAY), "a neighbour is not locked out"
    assert throttle.allows("2001:db8:1:2::1", MONDAY + WINDOW), "and after a while they may ask again"


def test_asking_while_refused_does_not_prolong_the_wait():
    throttle = Throttle()
    for minute in range(30):
        for _ in range(5):
            throttle.allows("192.0.2.7", MONDAY + timedelta(minutes=minute))
    assert throttle.allows("192.0.2.7", MONDAY + timedelta(minutes=30) + WINDOW)


def test_a_crowd_of_networks_fills_no_memory():
    throttle = Throttle()
    for n in range(MOST_NETWORKS + 500):
        assert throttle.allows(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}", MONDAY)
    assert len(throttle._seen) == MOST_NETWORKS


@pytest.mark.parametrize(("trusted", "statuses"), [([], [200] * 20 + [429] * 3), (["127.0.0.1"], [200] * 23)])
def test_only_our_own_proxy_says_who_is_calling(bureau, trusted, statuses):
    """Forged X-Forwarded-For headers make nobody many; behind a proxy of ours each caller is one."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        bureau.console.app,
        log_config=None,
        lifespan="off",
        proxy_headers=bool(trusted),
        forwarded_allow_ips=trusted,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.02)
    try:
        with httpx.Client(
            base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=120, headers={"origin": BASE}
        ) as client:
            token = {"csrf": csrf_of(client.get("/sign-in"))}
            told = []
            for n in range(23):
                forged = {
                    "x-forwarded-for": f"198.51.100.{n}",
                    "forwarded": f"for=198.51.100.{n}",
                    "x-real-ip": f"198.51.100.{n}",
                }
                told.append(client.post("/sign-in", data=token | {"email": COORDINATOR}, headers=forged).status_code)
    finally:
        server.should_exit = True
        thread.join(30)
    assert told == statuses
