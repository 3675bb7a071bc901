"""The composition root: everything of one process is made, joined, started and stopped here, and nowhere else.

`build` makes the parts from settings; a `Service` runs them. `serve` runs one until a signal says stop.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import wiring
from bot.clock import Clock, SystemClock, jumped
from bot.console.app import Console, create_console
from bot.delivery import Delivery
from bot.learning import Learning, labelled_by_hand
from bot.loops import Loop
from bot.making import make_channels
from bot.meaning import Meaning
from bot.ports import Channel
from bot.searching import floor_of, open_searcher
from bot.settings import Settings
from bot.signs import SignsOfLife
from bot.sweeping import Sweeping
from bot.webhooks import Webhooks
from bot.webserver import WebServer
from bot.working import Indexing, Intake, Searching
from retrieval import Embedder, Searcher, embedder_from
from routing import migrate, rules
from routing.experience import Competence
from routing.nearness import Meanings
from routing.office import Office
from routing.sameness import Likeness
from routing.sense import Senses
from routing.store import Store

log = logging.getLogger(__name__)

TICK_SECONDS = 15
LOOK_SECONDS = 1.0
INDEX_SECONDS = 60
LARGEST_CLOCK_JUMP = timedelta(minutes=15)
STOP_WITHIN_SECONDS = 25


class Service:
    """One running process of the mechanism; use it as ``async with Service(…) as service``."""

    def __init__(
        self,
        *,
        settings: Settings,
        store: Store,
        office: Office,
        clock: Clock,
        searcher: Searcher,
        competence: Competence,
        channels: Sequence[Channel],
        likeness: Likeness | None = None,
        embedder: Embedder | None = None,
    ):
        self.settings, self.store, self.office, self.clock = settings, store, office, clock
        self.searcher = searcher
        near_at = floor_of(settings)
        self.meanings = Meanings(store, embedder, near_at)
        self.meaning = Meaning(store, embedder if near_at is not None else None, clock, self.meanings)
        self.channels: Mapping[str, Channel] = {channel.name: channel for channel in channels}
        self.worker = settings.worker.name or f"{socket.gethostname()}-{os.getpid()}"
        senses = Senses(embedder) if embedder is not None else None
        self.intake = Intake(store, office, clock, self.channels, settings.worker.readers, senses)
        self.searching = Searching(store, office, clock, searcher, competence, likeness)
        self.sweeping = Sweeping(store, office, clock)
        self.indexing = Indexing(store, searcher)
        self.learning = Learning(store, searcher, partial(labelled_by_hand, settings.collection_folder))
        self.delivery = Delivery(store, office, clock, self.channels, self.worker, settings.worker.senders)
        self.webhooks = Webhooks(store, office, clock, settings.webhooks.private_networks)
        self.console: Console = create_console(self)
        self._signs = SignsOfLife(store, clock, self.worker, TICK_SECONDS)
        self.loops = {
            "intake": Loop("intake", self._take_in, pause=LOOK_SECONDS, beat=self._signs.give),
            "searching": Loop("searching", self._search, pause=LOOK_SECONDS, beat=self._signs.give),
            "sweeping": Loop("sweeping", self._sweep, pause=TICK_SECONDS, beat=self._signs.give),
            "delivery": Loop("delivery", self.delivery.step, pause=LOOK_SECONDS, beat=self._signs.give),
            "webhooks": Loop("webhooks", self.webhooks.step, pause=LOOK_SECONDS, beat=self._signs.give),
            "indexing": Loop("indexing", self._follow, pause=INDEX_SECONDS, beat=self._signs.give),
            "meaning": Loop("meaning", self.meaning.step, pause=TICK_SECONDS, beat=self._signs.give),
        }
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        self._listeners: list[asyncio.Task[None]] = []
        self._web = WebServer(settings.console)
        self._seen = (clock.now(), time.monotonic())

    async def _follow(self) -> bool:
        """The index follows the fiches, and the confidence what people say of them."""
        return await self.indexing.step() or await self.learning.step()

    async def __aenter__(self) -> Service:
        await self.start()
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start console, channels, loops and ticks; the index follows in the background."""
        await self._web.start(self.console.app)
        for channel in self.channels.values():
            await channel.start()
            self._listeners.append(asyncio.create_task(self._listen(channel), name=f"listen {channel.name}"))
        for loop in self.loops.values():
            loop.start()
        for name in ("intake", "searching", "sweeping", "delivery", "webhooks"):
            self._scheduler.add_job(self.loops[name].wake, "interval", seconds=TICK_SECONDS, id=name)
        self._scheduler.add_job(self.loops["indexing"].wake, "interval", seconds=INDEX_SECONDS, id="indexing")
        self._scheduler.start()
        log.info("worker %s is running", self.worker)

    async def stop(self) -> None:
        """Stop taking in, finish what is in hand, give the rest back; well within thirty seconds."""
        self._scheduler.shutdown(wait=False) if self._scheduler.running else None
        for task in self._listeners:
            task.cancel()
        await asyncio.gather(*self._listeners, return_exceptions=True)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(*(loop.stop() for loop in self.loops.values())), STOP_WITHIN_SECONDS)
        for channel in self.channels.values():
            await channel.close()
        await self._web.stop()
        with contextlib.suppress(Exception):
            await self._signs.end()
        log.info("worker %s has stopped", self.worker)

    @property
    def console_port(self) -> int:
        """The port the console listens on, also when any free one was asked for."""
        return self._web.port

    def wake(self) -> None:
        """Somebody changed something: look at once."""
        for loop in self.loops.values():
            loop.wake()

    def is_alive(self) -> bool:
        """True while every loop and listener runs; a dead one must not hide behind a living process."""
        listeners = all(not task.done() for task in self._listeners)
        channels = not any(getattr(channel, "stopped", None) for channel in self.channels.values())
        return listeners and channels and all(loop.is_running for loop in self.loops.values())

    # ------------------------------------------------------------------------------------------ steps

    async def _take_in(self) -> bool:
        more = await self.intake.step()
        if more:
            self.loops["searching"].wake()
            self.loops["delivery"].wake()
        return more

    async def _search(self) -> bool:
        more = await self.searching.step()
        if more:
            self.loops["delivery"].wake()
            self.loops["meaning"].wake()
        return more

    async def _sweep(self) -> bool:
        if self._clock_is_wrong():
            return False
        more = await self.sweeping.step()
        if more:
            self.loops["delivery"].wake()
        return more

    def _clock_is_wrong(self) -> bool:
        """A wall clock that leaps forward must not escalate everything at once: one tick is skipped and the leap is logged."""
        now, monotonic = self.clock.now(), time.monotonic()
        leap = jumped(self._seen[0], now, self._seen[1], monotonic)
        self._seen = (now, monotonic)
        if leap <= LARGEST_CLOCK_JUMP or not isinstance(self.clock, SystemClock):
            return False
        log.error("the clock leapt forward by %s; nothing is escalated in this tick, check the machine's time", leap)
        return True

    async def _listen(self, channel: Channel) -> None:
        """A channel that stops listening is started again, later and later."""
        wait = 1.0
        while True:
            try:
                await channel.listen(partial(self._accept, channel.name))
                log.error("channel %s stopped listening", channel.name)
            except OSError as problem:  # the machine's trouble, such as a port that is taken: its words say it all
                log.error("channel %s: %s", channel.name, problem, exc_info=log.isEnabledFor(logging.DEBUG))
            except Exception:
                log.exception("channel %s", channel.name)
            await asyncio.sleep(wait)
            wait = min(wait * 2, 60.0)

    async def _accept(self, channel: str, external_id: str, raw: bytes, envelope: Mapping[str, object]) -> bool:
        stored = await self.intake.accept(channel, external_id, raw, envelope)
        if stored:
            self.loops["intake"].wake()
        return stored


def build(
    settings: Settings, *, clock: Clock | None = None, channels: Sequence[Channel] | None = None, store: Store | None = None
) -> Service:
    """Make a service from settings. The database is brought to the newest schema first."""
    clock = clock or SystemClock()
    store = store or Store(settings.store_url)
    migrate.upgrade(store)
    office = wiring.office(settings)
    with store.snapshot() as session:
        rules.obey(session, office)
    embedder = embedder_from(settings.search.embedder)
    searcher = open_searcher(settings, embedder)
    chosen = make_channels(settings, store, clock, office) if channels is None else channels
    return Service(
        settings=settings,
        store=store,
        office=office,
        clock=clock,
        searcher=searcher,
        competence=Competence(embedder),
        channels=chosen,
        likeness=Likeness(embedder),
        embedder=embedder,
    )


async def serve(settings: Settings) -> None:
    """Run a service until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with build(settings):
        await stop.wait()
