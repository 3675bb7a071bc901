"""Webhooks: told by a real HTTP request to a receiver that takes, fails, sends elsewhere, sleeps or wants no more."""

import asyncio
import base64
import hashlib
import hmac
import json
import re
from contextlib import asynccontextmanager
from datetime import timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from bot.outward import NotAllowed, refuse
from bot.webhooks import Webhooks, signature
from routing import directory, webhooks
from routing.history import note
from routing.models import Question, Webhook, WebhookCall
from tests.fakes.clocks import StillClock
from tests.world import ASKER_MAIL, OTHER_QUESTION, SmallWorld

LOOPBACK = ("127.0.0.0/8",)
PATIENCE = 60


class Receiver:
    """An HTTP server that answers as it is told and keeps what it was sent."""

    def __init__(self):
        self.answers, self.got, self.address = [], [], ""

    async def serve(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lines = (line.partition(": ") for line in head.split("\r\n")[1:] if line)
        headers = {name.lower(): value for name, _, value in lines}
        body = await reader.readexactly(int(headers["content-length"]))
        self.got.append((head.split(" ")[1], headers, body.decode()))
        answer = self.answers.pop(0) if self.answers else "200 OK"
        if answer == "silence":
            await reader.read()  # until the other side has had enough
        else:
            writer.write(f"HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
            await writer.drain()
        writer.close()


@asynccontextmanager
async def receiving():
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield receiver


@pytest.fixture
def small(store):
    small = SmallWorld(store)
    with store.transaction() as session:
        directory.add_user(session, "admin@network.example", "admin", small.now)
    return small


def made(small, url, events=("question.received",)):
    with small.store.transaction() as session:
        return webhooks.make(session, 1, "Minutes", url, events, small.now)[1]


def telling(small, allowed=LOOPBACK, seconds=PATIENCE):
    return Webhooks(small.store, small.office, StillClock(small.now), allowed, seconds)


def calls(small):
    return [(one.state, one.attempts) for one in small.all(WebhookCall)]


def opened(body, headers, secret):
    """What a receiver does: checks the signature before it believes a word."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert hmac.compare_digest(headers["webhook-signature"], expected)
    return json.loads(body)


async def test_a_program_is_told_once_signed_and_without_peoples_words(small):
    async with receiving() as receiver:
        secret = made(small, f"{receiver.address}/rrm?team=1")
        small.mail(ASKER_MAIL, OTHER_QUESTION, subject="Welding")
        assert await telling(small).step() and not await telling(small).step()
    ((path, headers, body),) = receiver.got
    told = opened(body, headers, secret)
    assert path == "/rrm?team=1" and told["type"] == "question.received"
    assert told["data"]["question"] == small.question().number and calls(small) == [("sent", 1)]
    assert not any(word in body for word in ("welding", "Welding", ASKER_MAIL))


async def test_what_fails_is_told_again_later_under_the_same_id(small):
    async with receiving() as receiver:
        made(small, receiver.address)
        receiver.answers += ["500 No", "302 Found\r\nLocation: http://127.0.0.1:1/elsewhere", "204 Taken"]
        small.mail(ASKER_MAIL, OTHER_QUESTION)
        for state in (("queued", 1), ("queued", 2), ("sent", 3)):
            assert await telling(small).step() and calls(small) == [state]
            assert not await telling(small).step(), "not before its moment"
            small.now += timedelta(hours=2)
    assert len(receiver.got) == 3 and len({headers["webhook-id"] for _, headers, _ in receiver.got}) == 1
    assert len({body for _, _, body in receiver.got}) == 1 and small.all(Webhook)[0].failing_since is None


async def test_a_receiver_that_sleeps_has_failed(small):
    async with receiving() as receiver:
        made(small, receiver.address)
        receiver.answers += ["silence"]
        small.mail(ASKER_MAIL, OTHER_QUESTION)
        await telling(small, seconds=0.5).step()
    assert calls(small) == [("queued", 1)] and "no answer" in small.all(WebhookCall)[0].last_error


async def test_after_lasting_failure_it_is_told_no_more_and_administrators_hear_of_it(small):
    async with receiving() as receiver:
        made(small, receiver.address)
        receiver.answers += ["500 No"] * 2
        small.mail(ASKER_MAIL, OTHER_QUESTION)
        await telling(small).step()
        small.now += timedelta(days=30)
        await telling(small).step()
    assert calls(small) == [("failed", 2)] and small.all(Webhook)[0].ended_because == "failing"
    assert len(small.letters("co_webhook", "admin@network.example")) == 1
    small.chat("Who leases a lorry?")
    assert len(calls(small)) == 1, "nothing more is told"
    with small.store.transaction() as session:
        webhooks.resume(session, 1, by="user:1", now=small.now)
        note(session, session.get(Question, small.question().id), "closed", actor="user:1", now=small.now)
    assert len(calls(small)) == 1, "only of what was chosen"


async def test_a_receiver_that_wants_no_more_is_left_alone_at_once(small):
    async with receiving() as receiver:
        made(small, receiver.address)
        receiver.answers += ["410 Gone"]
        small.mail(ASKER_MAIL, OTHER_QUESTION)
        await telling(small).step()
    assert small.all(Webhook)[0].ended_because == "gone" and calls(small) == [("failed", 1)]


async def test_private_addresses_are_refused_before_anything_is_sent(small):
    async with receiving() as receiver:
        made(small, receiver.address.replace("127.0.0.1", "localhost"))
        small.mail(ASKER_MAIL, OTHER_QUESTION)
        await telling(small, allowed=()).step()
    assert receiver.got == [] and "private network" in small.all(WebhookCall)[0].last_error


async def test_a_lease_that_was_lost_settles_nothing(small):
    made(small, "https://127.0.0.1:1/")
    small.mail(ASKER_MAIL, OTHER_QUESTION)
    with small.store.transaction() as session:
        (first,) = webhooks.claim(session, small.now)
    small.now += timedelta(minutes=3)
    with small.store.transaction() as session:
        (second,) = webhooks.claim(session, small.now)
        assert first.message_id == second.message_id
    with small.store.transaction() as session:
        assert not webhooks.settle_sent(session, first, small.now)
        assert webhooks.settle_failure(session, small.office, first, "late", small.now) is None
        assert webhooks.settle_sent(session, second, small.now)
    assert calls(small) == [("sent", 2)]


def test_an_event_that_is_taken_back_is_told_to_nobody(small):
    made(small, "https://receiver.example/")
    with pytest.raises(RuntimeError), small.store.transaction() as session:
        note(session, None, "question-received", actor="system", now=small.now)
        session.flush()
        raise RuntimeError("taken back")
    assert calls(small) == []


@pytest.mark.parametrize(
    ("address", "fine"),
    [
        ("93.184.215.14", True), ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True), ("127.0.0.1", False), ("10.1.2.3", False),
        ("169.254.169.254", False), ("192.168.1.1", False), ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False),
        ("::1", False), ("fe80::1", False), ("fd00::1", False), ("::ffff:127.0.0.1", False), ("::ffff:10.0.0.1", False),
    ],
)  # fmt: skip
def test_only_public_addresses_are_reached(address, fine):
    found = ip_address(address)
    if fine:
        refuse("https", found, [])
        with pytest.raises(NotAllowed, match="https"):
            refuse("http", found, [])
        return
    with pytest.raises(NotAllowed):
        refuse("https", found, [])
    inner = getattr(found, "ipv4_mapped", None) or found
    refuse("http", found, [ip_network(inner)])


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example",
        "https://",
        "https://user:word@a.example/",
        "https://a.example:99999/",
        "https://a b.example/",
        "x" * 600,
    ],
)
def test_what_is_no_address_is_refused(small, url):
    with pytest.raises(webhooks.NotAWebhook):
        made(small, url)


def test_the_example_of_the_readme_tells_ours_from_others():
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    example = next(block for block in re.findall(r"```python\n(.*?)```", readme, re.DOTALL) if "is_ours" in block)
    there = {}
    exec(compile(example, "README.md", "exec"), there)
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", '{"test": 1}'
    headers = {"webhook-id": "msg_1", "webhook-timestamp": "1614265330"}
    headers["webhook-signature"] = signature(secret, "msg_1", 1614265330, body)
    assert there["is_ours"](headers, body.encode(), secret) and not there["is_ours"](headers, b"{}", secret)


def test_the_signature_is_that_of_the_standards_own_example():
    """https://github.com/standard-webhooks/standard-webhooks: the vector of its reference libraries."""
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", '{"test": 2432232314}'
    assert (
        signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )
