"""The place where the demo plays: the real service, and around it a Telegram, a mail server and a clock of its own.

Nothing of the service is replaced: `bot.app.build` makes it from settings. Only what lies outside is local: letters go to
`PostOffice` by SMTP, mail comes in by LMTP, chat goes through `BotApiServer`, and the clock can be moved. In: a folder and a
port. Out: a town that is open until it is closed; everything on 127.0.0.1.
"""

from __future__ import annotations

import asyncio
import csv
import random
import socket
import time
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from bot import app
from bot.clock import MovableClock
from bot.demo.botapi import BotApiServer
from bot.demo.botapi_people import Phone
from bot.demo.postoffice import BORDER, HOST, PostOffice
from bot.settings import Settings, load
from retrieval import load_collection
from routing import directory, fiches
from routing.models import InboxMessage, OutboxMessage, Question
from routing.queries import Case, whole_case
from routing.store import Store

T = TypeVar("T")
# A Wednesday before a long weekend: 7 and 8 December are public holidays in Málaga.
OPENING = datetime(2026, 12, 2, 8, 41, tzinfo=UTC)
COORDINATOR = "coordinator@rrm.example"
PATIENCE_S = 90.0
# A day without a word from Telegram would be an alarm: it forgets updates after 24 hours.
LONGEST_STEP = timedelta(hours=20)
QUIET_PORTS = range(20_000, 32_000)


class TookTooLong(Exception):
    """Something that should have happened has not; the message says what."""


class Town:
    """`service` is the running service; `post` and `telegram` are what it talks to; `phones` are the people who chat."""

    def __init__(self, folder: Path, port: int, overrides: Mapping[str, object] | None = None):
        self.folder, self.port, self.overrides = folder, port or free_port(), overrides or {}
        self.clock = MovableClock(OPENING)
        self.telegram = BotApiServer()
        self.lmtp_port = free_port()
        self.post = PostOffice(self.clock.now, self.lmtp_port)
        self.phones: dict[int, Phone] = {}
        self.stamps: dict[tuple[int, int], datetime] = {}
        self._moving = asyncio.Lock()
        self._closing = False
        self._at_work: asyncio.Task[Any] | None = None

    async def open(self, progress: Callable[[int, int], None]) -> None:
        """Start everything, with the shipped directory and collection; `progress` counts fiches."""
        self.loop = asyncio.get_running_loop()
        await self.telegram.start()
        await self.post.start()
        self.settings = self._settings()
        self.store = Store(self.settings.store_url)
        self.service = await self._in_thread(partial(app.build, self.settings, clock=self.clock, store=self.store))
        await self._in_thread(partial(self._furnish, progress))

    async def start(self) -> None:
        await self.service.start()
        await self.until(self._listens, "the service listens for mail")

    async def close(self) -> None:
        self._closing = True
        if self._at_work is not None:
            await asyncio.wait([self._at_work])
        if hasattr(self, "service"):
            await self.service.stop()
            self.service.searcher.close()
        if hasattr(self, "store"):
            self.store.close()
        await self.telegram.stop()
        await self.post.stop()

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    # ------------------------------------------------------------------------------------------ people

    def phone(self, number: int, name: str, language: str) -> Phone:
        return self.phones.setdefault(number, self.telegram.user(number, name, language))

    def stamped(self, phone: Phone, message_id: int) -> datetime:
        """When a bubble came, by the town's clock: Telegram's own dates know nothing of it."""
        self._stamp()
        return self.stamps[phone.id, message_id]

    def _stamp(self) -> None:
        now = self.clock.now()
        for phone in self.phones.values():
            for bubble in phone.screen():
                self.stamps.setdefault((phone.id, bubble.message_id), now)

    # ------------------------------------------------------------------------------------------ time

    async def move_to(self, target: datetime) -> None:
        """Move the clock forward from due moment to due moment; at each, what is due happens and is over."""
        async with self._moving:
            await self.settle()
            while self.clock.now() < target:
                self._stamp()
                self.clock.move_to(min(self.next_moment() or target, target, self.clock.now() + LONGEST_STEP))
                await self.settle()
                await self.telegram.world.updates.answer_now()

    async def settle(self) -> None:
        """Until everything that is due now has been done."""
        self.service.wake()
        await self.until(self._is_idle, "the service has done what is due")

    async def until(self, look: Callable[[], T | None], what: str, patience: float = PATIENCE_S) -> T:
        """Look again and again until there is something; raises `TookTooLong`."""
        end = time.monotonic() + patience
        while not (found := look()):
            if time.monotonic() > end:
                raise TookTooLong(f"waited {patience:.0f} seconds in vain until {what}")
            await asyncio.sleep(0.05)
        self._stamp()
        return found

    def next_moment(self) -> datetime | None:
        now = self.clock.now()
        with self.store.snapshot() as session:
            moments = (
                session.scalar(select(func.min(Question.next_action_at)).where(Question.next_action_at > now)),
                session.scalar(
                    select(func.min(OutboxMessage.next_attempt_at)).where(
                        OutboxMessage.state == "queued", OutboxMessage.next_attempt_at > now
                    )
                ),
            )
        return min((moment for moment in moments if moment), default=None)

    def _is_idle(self) -> bool:
        now = self.clock.now()
        with self.store.snapshot() as session:
            return not any(session.scalar(select(func.count()).where(busy)) for busy in _business(now))

    def run(self, doing: Coroutine[Any, Any, T]) -> T:
        """Do something on the town's loop from a thread of the console; at most as long as a browser waits."""
        return asyncio.run_coroutine_threadsafe(doing, self.loop).result(2 * PATIENCE_S)

    # ------------------------------------------------------------------------------------------ truth

    def case(self, number: str) -> Case:
        with self.store.snapshot() as session:
            found = whole_case(session, number)
        if found is None:
            raise TookTooLong(f"there is no question {number}")
        return found

    def newest(self) -> str | None:
        with self.store.snapshot() as session:
            return session.scalar(select(Question.number).order_by(Question.id.desc()).limit(1))

    def read(self, look: Callable[[Session], T]) -> T:
        with self.store.snapshot() as session:
            return look(session)

    # ------------------------------------------------------------------------------------------ making it

    async def _in_thread(self, work: Callable[[], T]) -> T:
        """Work that `close` waits for: a cancelled thread goes on, and would write into a folder that is being removed."""
        self._at_work = asyncio.create_task(asyncio.to_thread(work))
        return await asyncio.shield(self._at_work)

    def _furnish(self, progress: Callable[[int, int], None]) -> None:
        folder, records = self.settings.collection_folder, load_collection(self.settings.collection_folder)
        now = self.clock.now()
        with self.store.transaction() as session:
            directory.import_authorities(session, rows(folder / "authorities.csv"), now)
            directory.import_experts(session, rows(folder / "experts.csv"), now)
            directory.add_user(session, COORDINATOR, "coordinator", now, name="Coordination desk")
            fiches.import_records(session, records, now)
        self.service.searcher.reconcile(records, partial(self._count, progress))

    def _count(self, progress: Callable[[int, int], None], done: int, total: int) -> None:
        if self._closing:  # a thread cannot be cancelled, but it can be told
            raise TookTooLong("the demo was stopped while it was reading the fiches")
        progress(done, total)

    def _settings(self) -> Settings:
        return load(overrides=self._overrides(), environment={"RRM_TELEGRAM__TOKEN": self.telegram.token}, folder=self.folder)

    def _overrides(self) -> Mapping[str, object]:
        return {
            "network.base_url": self.address,
            "database.url": f"sqlite:///{self.folder / 'rrm.db'}",
            "search.index_folder": str(self.folder / "index"),
            "telegram.enabled": True,
            "telegram.base_url": self.telegram.root,
            "telegram.poll_seconds": 5,
            "smtp.enabled": True,
            "smtp.port": self.post.port,
            "smtp.tls": "off-for-loopback",
            "listener.enabled": True,
            "listener.port": self.lmtp_port,
            "identity.authserv_id": BORDER,
            "console.host": HOST,
            "console.port": self.port,
            # The clock is moved by days, and nobody wants to sign in again each time.
            "console.session_hours": 24 * 366,
            "worker.name": "demo",
            **self.overrides,
        }

    def _listens(self) -> bool:
        with socket.socket() as one:
            return one.connect_ex((HOST, self.lmtp_port)) == 0


def _business(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Conditions that each say: something is still to be done at this moment."""
    return (
        InboxMessage.state == "new",
        Question.next_action_at <= now,
        or_(OutboxMessage.state == "claimed", (OutboxMessage.state == "queued") & (OutboxMessage.next_attempt_at <= now)),
    )


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def free_port() -> int:
    """From below those that systems hand out to connections: nobody takes it before our server starts, or while it restarts."""
    for port in random.sample(QUIET_PORTS, 100):
        with socket.socket() as one, suppress(OSError):
            one.bind((HOST, port))
            return port
    raise TookTooLong("a hundred ports were tried and every one is taken; say one with --port")
