"""`rrm serve` as a process of its own, with the shipped collection and directory, and everybody it talks to in this one.

Used by the measurements of throughput and memory: SQLite, the bundled model, Telegram by polling, mail in by LMTP, out by SMTP.
"""

from __future__ import annotations

import asyncio
import contextlib
import csv
import email.policy
import os
import smtplib
import sys
import time
from email.message import EmailMessage
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import func, or_, select

from bot.clock import SystemClock
from bot.demo.botapi import BotApiServer
from retrieval import Searcher, embedder_from, load_collection
from routing import directory, fiches
from routing.migrate import upgrade
from routing.models import InboxMessage, OutboxMessage, Question
from routing.store import Store
from tests.fakes.history import History, check, remember_confirmed
from tests.fakes.ports import free_ports, wait_for_port
from tests.fakes.smtp_peer import SmtpPeer

ROOT = Path(__file__).resolve().parent.parent
COLLECTION = ROOT / "data" / "collections" / "vet-practices"
BORDER, DESK = "mx.network.example", "questions@network.example"
MEBIBYTE = 1024 * 1024


class Served:
    """The service and its peers; `history` is what the peers know. `index_first`: build the index here, not in the service."""

    def __init__(self, folder: Path, *, index_first: bool = True):
        self.folder, self.index_first = folder, index_first
        self.url = f"sqlite:///{folder}/rrm.db"
        self.port = free_ports(1)[0]
        self.telegram, self.mail, self.history = BotApiServer(), SmtpPeer(), History()

    async def __aenter__(self):
        await self.mail.start()
        await self.telegram.start()
        self.history.bot_id = self.telegram.world.bot["id"]
        remember_confirmed(self.telegram.world.updates, self.history)
        self.store = Store(self.url)
        await asyncio.to_thread(self._furnish)
        await self.start()
        return self

    async def __aexit__(self, *_error):
        await self.stop()
        await self.telegram.stop()
        await self.mail.stop()
        self.store.close()

    async def start(self):
        with (self.folder / "service.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "serve", cwd=ROOT, env=self._environment(), stdout=log, stderr=log
            )
        if not await asyncio.to_thread(wait_for_port, self.port, seconds=120):
            raise RuntimeError((self.folder / "service.log").read_text()[-2000:])

    async def stop(self):
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()
        await self.process.wait()

    def _furnish(self):
        upgrade(self.store)
        records, now = load_collection(COLLECTION), SystemClock().now()
        with self.store.transaction() as session:
            directory.import_authorities(session, _rows("authorities.csv"), now)
            directory.import_experts(session, _rows("experts.csv"), now)
            directory.add_user(session, "coordinator@network.example", "coordinator", now)
            fiches.import_records(session, records, now)
        if self.index_first:
            with self.store.snapshot() as session:
                published = fiches.published(session)
            searcher = Searcher.open(self.folder / "index", embedder_from("bundled"))
            searcher.reconcile(published)
            searcher.close()

    def _environment(self):
        return {key: value for key, value in os.environ.items() if not key.startswith("RRM_")} | {
            "PYTHONPATH": str(ROOT),
            "RRM_HOME": str(self.folder),
            "RRM_NETWORK__MAIL_ADDRESS": DESK,
            "RRM_DATABASE__URL": self.url,
            "RRM_SEARCH__INDEX_FOLDER": "index",
            "RRM_TELEGRAM__ENABLED": "true",
            "RRM_TELEGRAM__BASE_URL": self.telegram.root,
            "RRM_TELEGRAM__TOKEN": self.telegram.token,
            "RRM_SMTP__ENABLED": "true",
            "RRM_SMTP__PORT": str(self.mail.port),
            "RRM_SMTP__TLS": "off-for-loopback",
            "RRM_LISTENER__ENABLED": "true",
            "RRM_LISTENER__PORT": str(self.port),
            "RRM_IDENTITY__AUTHSERV_ID": BORDER,
            "RRM_CONSOLE__PORT": "0",
        }

    # ------------------------------------------------------------------ asking

    def ask_by_chat(self, number: int, text: str) -> None:
        self.telegram.user(number, f"Desk {number}", "en").say(text)

    async def ask_by_mail(self, number: int, text: str) -> None:
        """Returns once it was answered 250."""
        domain = f"town{number}.example"
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = f"policy-desk@{domain}", DESK, "A question"
        message["Date"], message["Message-ID"] = SystemClock().now(), f"<{number}@{domain}>"
        message.set_content(text)
        word = f"Authentication-Results: {BORDER}; dmarc=pass header.from={domain}; dkim=pass header.d={domain}\r\n"
        raw = word.encode() + message.as_bytes(policy=email.policy.SMTP)
        await asyncio.to_thread(_deliver, self.port, raw, f"policy-desk@{domain}")
        self.history.mails.add((raw, DESK))

    def left(self) -> dict[str, int]:
        """What is still to be done now."""
        now = SystemClock().now()
        due = or_(
            OutboxMessage.state == "claimed", (OutboxMessage.state == "queued") & (OutboxMessage.next_attempt_at <= now)
        )  # fmt: skip
        with self.store.snapshot() as session:
            counts = {
                "inbox": session.scalar(select(func.count()).where(InboxMessage.state == "new")),
                "questions": session.scalar(select(func.count()).where(Question.next_action_at <= now)),
                "letters": session.scalar(select(func.count()).where(due)),
            }
        return {key: many for key, many in counts.items() if many} | (
            {"updates": len(self.telegram.world.updates.pending)} if self.telegram.world.updates.pending else {}
        )

    async def settled(self, seconds: float) -> bool:
        """Wait until nothing is left to be done; False when that takes longer than `seconds`."""
        deadline, calm = time.monotonic() + seconds, 0
        while calm < 3 and time.monotonic() < deadline:
            calm = 0 if await asyncio.to_thread(self.left) else calm + 1
            await asyncio.sleep(0.3)
        return calm == 3

    def verdict(self):
        self.history.hear(self.mail.mails, self.telegram.world.chats.values())
        return check(self.store, self.history, SystemClock().now())

    # ------------------------------------------------------------------ memory

    def memory(self) -> dict[str, tuple[float, float]]:
        """(PSS, RSS) in MiB of every process of the service, by what it runs."""
        found = {}
        for pid in _family(self.process.pid):
            with contextlib.suppress(OSError, ValueError):
                words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().split()
                found[f"{' '.join(words[1:])} [{pid}]"] = (_kib(pid, "smaps_rollup", "Pss:"), _kib(pid, "status", "VmRSS:"))
        return found

    def peak(self) -> float:
        """The most that the service's own process ever held, in MiB."""
        return _kib(self.process.pid, "status", "VmHWM:")


def _rows(name):
    with (COLLECTION / name).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def _deliver(port, raw, sender):
    with smtplib.LMTP("127.0.0.1", port, timeout=60) as server:
        server.sendmail(sender, [DESK], raw)


def _family(pid):
    """The process and its descendants."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in task.read_text().split():
                yield from _family(int(child))


def _kib(pid, file, name):
    for line in Path(f"/proc/{pid}/{file}").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024 / MEBIBYTE
    raise ValueError(name)
