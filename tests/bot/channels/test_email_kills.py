"""kill -9 at every step of taking in and sending, over the real database: what was acknowledged is there, once."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from routing.models import InboxMessage
from routing.store import Store
from tests.fakes.imap_peer import ImapPeer
from tests.fakes.ports import free_ports
from tests.fakes.smtp_peer import SmtpPeer
from tests.fakes.waiting import until

ROOT = Path(__file__).parents[3]
MAILS = [f"From: a@city.example\r\nSubject: mail {number}\r\n\r\ntext\r\n".encode() for number in range(3)]


async def worker(*arguments, failpoints=""):
    environment = os.environ | {"RRM_FAILPOINTS": failpoints, "PYTHONPATH": str(ROOT)}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.fakes.mail_worker",
        *map(str, arguments),
        env=environment,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )


async def ends_killed(process):
    async with asyncio.timeout(60):
        said, _ = await process.communicate()
    assert process.returncode == -signal.SIGKILL
    return said.decode().split()


def rows(url):
    store = Store(url)
    try:
        with store.snapshot() as session:
            found = session.execute(select(InboxMessage.external_id, InboxMessage.raw).order_by(InboxMessage.id)).all()
            return [(name, raw) for name, raw in found]
    finally:
        store.close()


@pytest.mark.parametrize("failpoint", ["imap.before_accept", "imap.after_accept"])
async def test_a_mailbox_is_read_to_its_end_whatever_dies(store_url, failpoint):
    async with ImapPeer() as peer:
        await peer.deliver(*MAILS)
        await ends_killed(await worker(store_url, "imap", peer.port, failpoints=f"{failpoint}=kill@2"))
        stored = len(rows(store_url))
        assert stored == (1 if failpoint == "imap.before_accept" else 2)
        again = await worker(store_url, "imap", peer.port)
        try:
            await until(lambda: len(rows(store_url)) == 3)
            await until(lambda: peer.idling)
        finally:
            again.kill()
            await again.wait()
    assert [raw for _, raw in rows(store_url)] == MAILS
    assert peer.fetched == [1, 2, 2, 3], "the one in hand comes again, under the same name"


async def test_a_server_that_hears_no_250_brings_the_mail_again_and_it_is_one(store_url):
    (port,) = free_ports(1)
    for failpoints in ("lmtp.after_accept=kill", ""):
        process = await worker(store_url, "lmtp", port, failpoints=failpoints)
        try:
            replies = await deliver(port, MAILS[0])
        finally:
            if not failpoints:
                process.kill()
            await process.wait()
        assert ("250 2.0.0 stored" in replies[-1]) == (not failpoints)
    assert [raw for _, raw in rows(store_url)] == [MAILS[0]]


async def deliver(port, raw):
    """Offer one mail as a server would; returns the replies heard until the end."""
    async with asyncio.timeout(60):
        while True:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                break
            except ConnectionRefusedError:
                await asyncio.sleep(0.1)
        heard = [await reader.readline()]
        for line in (b"HELO x", b"MAIL FROM:<a@city.example>", b"RCPT TO:<desk@network.example>", b"DATA", raw + b"."):
            writer.write(line + b"\r\n")
            heard.append(await reader.readline())
        writer.close()
    return [line.decode() for line in heard]


@pytest.mark.parametrize("failpoint", ["smtp.after_dot", "smtp.after_250"])
async def test_killed_past_the_brink_the_brink_was_written_down(failpoint):
    """The only window of doubt: the brink came first, so whoever looks at the outbox knows that this letter is in it."""
    async with SmtpPeer() as peer:
        said = await ends_killed(await worker("sqlite://", "smtp", peer.port, failpoints=f"{failpoint}=kill"))
        await until(lambda: not peer.is_busy)
    assert said == ["brink"] and len(peer.mails) <= 1 and (peer.mails or failpoint == "smtp.after_dot")
