"""Reads a mailbox without losing or trusting anything: stored first, then the cursor moves.

In: a mailbox, a cursor that remembers UIDVALIDITY and UID, `accept`, which returns once the raw bytes are committed.
Out: every mail handed to `accept` at least once, under `imap:MAILBOX:UIDVALIDITY:UID`. A crash between `accept` and the
cursor means the same mail again under the same name. Flags decide nothing: other people may read and flag as they like.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any, Protocol, TypeVar

from bot.channels.imap_fetch import Fetcher
from bot.channels.imap_session import ImapSession, ImapTrouble
from bot.channels.imap_settings import ImapSettings
from routing.failpoints import failpoint

log = logging.getLogger(__name__)

Accept = Callable[[str, bytes, dict[str, Any]], Awaitable[bool]]
Alert = Callable[[str, str], Awaitable[None]]  # a code for the machine, words for a person
Clock = Callable[[], datetime]
T = TypeVar("T")
BATCH = 200
REFUSALS = ("login", "encryption", "mailbox")
FIRST_LOOK = 5.0  # seconds in IDLE before a first look of our own; servers forget to tell of what came just before it
SILENCE_AFTER = 7  # lost connections in a row before a person is told: some two minutes with the usual pauses
RENUMBERED = "The mailbox was renumbered by its server. It is being read again; mails known already are recognised."


class Cursor(Protocol):
    """Remembers how far the mailbox was read: ``{"uidvalidity": 17, "uid": 42}``. Both calls may raise."""

    async def load(self) -> Mapping[str, Any] | None: ...

    async def save(self, value: Mapping[str, Any]) -> None: ...


@dataclass(slots=True)
class _Place:
    """Where one session reads: the UIDs of `uidvalidity` up to `uid` are stored."""

    uidvalidity: int
    uid: int
    can_idle: bool
    looks: int = 0  # since the last mail came


@dataclass(frozen=True, slots=True)
class _Hands:
    """A session and the one thread that may touch it."""

    session: ImapSession
    thread: ThreadPoolExecutor

    async def do(self, work: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self.thread, work, *arguments)


class ImapMailbox:
    """Hands every mail of one mailbox to `accept`; survives whatever the server does.

    `alert` is told, once per outage, what only a person can mend; its own errors are logged and swallowed. `heard_at` is
    when the mailbox last answered: at least every `idle` seconds while all is well.
    """

    def __init__(
        self,
        settings: ImapSettings,
        cursor: Cursor,
        *,
        alert: Alert | None = None,
        clock: Clock = lambda: datetime.now(UTC),
        luck: Random | None = None,
    ):
        self._settings, self._cursor, self._alert = settings, cursor, alert
        self._clock, self._luck = clock, luck or Random()
        self.heard_at: datetime | None = None
        self._fetcher = Fetcher(settings.size_limit)
        self._failures = 0
        self._told: set[str] = set()
        self._polls = False

    async def listen(self, accept: Accept) -> None:
        """Read for ever: what is there, then what comes in. Ends only by cancellation."""
        while True:
            try:
                await self._read(accept)
            except ImapTrouble as trouble:
                wait = await self._after_trouble(trouble)
            except Exception as error:  # `accept` or the cursor: the database is away
                log.warning("a mail could not be stored (%s); it stays in the mailbox and is fetched again", type(error).__name__)
                wait = self._pause(self._settings.backoff)
            await asyncio.sleep(wait)

    async def _read(self, accept: Accept) -> None:
        hands = _Hands(ImapSession(self._settings), ThreadPoolExecutor(1, thread_name_prefix="imap"))
        try:
            place = await self._find_place(hands)
            while True:
                await self._drain(hands, place, accept)
                await self._all_is_well()
                await self._wait_for_news(hands, place)
        finally:
            hands.session.abort()
            hands.thread.submit(hands.session.close)
            hands.thread.shutdown(wait=False)

    async def _find_place(self, hands: _Hands) -> _Place:
        selected = await hands.do(hands.session.open)
        stored = await self._cursor.load()
        if stored and stored.get("uidvalidity") == selected.uidvalidity:
            return _Place(selected.uidvalidity, int(stored["uid"]), selected.can_idle)
        if stored:
            log.warning("the mailbox was renumbered (UIDVALIDITY), it is read again from its start")
            await self._tell("renumbered", RENUMBERED)
        await self._cursor.save({"uidvalidity": selected.uidvalidity, "uid": 0})
        return _Place(selected.uidvalidity, 0, selected.can_idle)

    async def _drain(self, hands: _Hands, place: _Place, accept: Accept) -> None:
        """Store everything above the cursor, oldest first."""
        uids = await hands.do(hands.session.uids_after, place.uid)
        place.looks = 0 if uids else place.looks + 1
        for start in range(0, len(uids), BATCH):
            batch = uids[start : start + BATCH]
            sizes = await hands.do(hands.session.sizes, batch)
            for uid in batch:
                await self._take(hands, place, uid, sizes.get(uid), accept)

    async def _take(self, hands: _Hands, place: _Place, uid: int, size: int | None, accept: Accept) -> None:
        fetched = await hands.do(self._fetcher.fetch, hands.session, place.uidvalidity, uid, size)
        if fetched is None:
            log.info("a mail was deleted from the mailbox before it could be fetched")
        else:
            envelope = self._envelope(place, uid, size, fetched.remark)
            failpoint("imap.before_accept")
            await accept(f"imap:{self._settings.mailbox}:{place.uidvalidity}:{uid}", fetched.raw, envelope)
            failpoint("imap.after_accept")
            await self._put_away(hands, uid)
        await self._cursor.save({"uidvalidity": place.uidvalidity, "uid": uid})
        place.uid, self._failures = uid, 0
        self._fetcher.forget(place.uidvalidity, uid)

    def _envelope(self, place: _Place, uid: int, size: int | None, remark: dict[str, Any]) -> dict[str, Any]:
        known: dict[str, Any] = {"mail_from": None, "rcpt_to": [], "peer": self._settings.host, "size": size}
        return known | {"mailbox": self._settings.mailbox, "uidvalidity": place.uidvalidity, "uid": uid} | remark

    async def _put_away(self, hands: _Hands, uid: int) -> None:
        """Flag or move; a folder that is missing or full is told once, and the mail is safe without it."""
        try:
            await hands.do(hands.session.put_away, uid)
        except ImapTrouble as trouble:
            if trouble.kind == "connection":
                raise
            await self._tell_once("put-away", f"Stored mail cannot be flagged or moved in the mailbox: {trouble}")

    async def _wait_for_news(self, hands: _Hands, place: _Place) -> None:
        """In IDLE ever longer while nothing comes, up to the setting; else by asking now and then."""
        if place.can_idle and not self._polls:
            await hands.do(hands.session.idle, min(FIRST_LOOK * 2 ** min(place.looks, 20), self._settings.idle))
        else:
            await asyncio.sleep(self._settings.poll)
            await hands.do(hands.session.noop)

    async def _all_is_well(self) -> None:
        self._failures, self.heard_at = 0, self._clock()
        if self._told - {"put-away"}:
            self._told &= {"put-away"}
            await self._tell("back", "The mailbox can be read again.")

    async def _after_trouble(self, trouble: ImapTrouble) -> float:
        """Tell a person where only a person can help; returns the seconds to stay away."""
        if trouble.kind == "idle":
            self._polls = True  # it offers IDLE and refuses it
        if trouble.kind in REFUSALS:
            log.error("mailbox refused: %s", trouble)
            await self._tell_once(trouble.kind, f"The mailbox cannot be read. {trouble}")
            return self._pause(self._settings.refused_backoff)
        log.warning("mailbox: %s; connecting again", trouble)
        if self._failures + 1 >= SILENCE_AFTER:
            await self._tell_once("connection", f"The mailbox has been out of reach for a while. {trouble}")
        return self._pause(self._settings.backoff)

    async def _tell_once(self, what: str, words: str) -> None:
        if what not in self._told:
            self._told.add(what)
            await self._tell(what, words)

    async def _tell(self, what: str, words: str) -> None:
        if self._alert is None:
            return
        try:
            await self._alert(f"mailbox-{what}", words)
        except Exception as error:
            log.error("nobody could be told about the mailbox (%s)", type(error).__name__)

    def _pause(self, bounds: tuple[float, float]) -> float:
        """Doubling from the first to the second bound, with jitter so that many workers do not come back together."""
        first, last = bounds
        self._failures += 1
        return float(min(last, first * 2 ** min(self._failures - 1, 30)) * self._luck.uniform(0.7, 1.3))
