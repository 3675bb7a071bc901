"""The steps of the service's loops: handle what came in, search what was asked, keep the index in step."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from typing import Any

from bot.clock import Clock
from bot.ports import Channel
from retrieval import Findings, Searcher
from routing import briefing, deciding, fiches, intake, judge, sweeps
from routing.decisions import Decision
from routing.errors import Refused
from routing.experience import Competence, Near
from routing.failpoints import failpoint
from routing.models import InboxMessage
from routing.office import Office
from routing.pairing import names_something
from routing.sameness import Likeness
from routing.sense import Senses
from routing.store import Store
from routing.values import AttachedFile, Incoming, Kind, Unreadable

log = logging.getLogger(__name__)


class Intake:
    """Takes in raw messages durably, and handles those that are stored."""

    def __init__(
        self,
        store: Store,
        office: Office,
        clock: Clock,
        channels: Mapping[str, Channel],
        readers: int = 4,
        senses: Senses | None = None,
    ):
        self._store, self._office, self._clock = store, office, clock
        self._channels, self._readers, self._senses = channels, readers, senses

    async def accept(self, channel: str, external_id: str, raw: bytes, envelope: Mapping[str, Any]) -> bool:
        """Commit raw bytes; returns False for a repeat, raises when the database will not take them."""
        stored = await asyncio.to_thread(self._receive, channel, external_id, raw, dict(envelope))
        failpoint("intake.after_commit")
        return stored

    async def step(self) -> bool:
        """Handle one batch; True when there was one."""
        taken = await asyncio.to_thread(self._claim)
        failpoint("handling.claimed")
        await asyncio.gather(*(self._handle(one) for one in taken))
        return bool(taken)

    def _receive(self, channel: str, external_id: str, raw: bytes, envelope: dict[str, Any]) -> bool:
        reader = self._channels.get(channel)
        sender = reader.sender_of(raw, envelope) if reader is not None else None
        with self._store.transaction() as session:
            number = intake.receive(
                session,
                channel=channel,
                external_id=external_id,
                raw=raw,
                now=self._clock.now(),
                envelope=envelope,
                sender=sender,
            )
        return number is not None

    def _claim(self) -> list[intake.Taken]:
        with self._store.transaction() as session:
            return intake.claim(session, self._clock.now(), limit=self._readers, channels=tuple(self._channels))

    async def _handle(self, taken: intake.Taken) -> None:
        try:
            item = await self._read(taken)
            failpoint("handling.read")
            facts = await asyncio.to_thread(self._accept, taken, item)
            failpoint("handling.accepted")
            await self._acknowledge(taken, item, facts)
        except Exception as error:
            log.exception("inbox message %s", taken.id)
            await asyncio.to_thread(self._give_up, taken, f"{type(error).__name__}: {error}")

    async def _read(self, taken: intake.Taken) -> Incoming | Unreadable:
        channel = self._channels.get(taken.channel)
        if channel is None:
            return Unreadable(taken.channel, f"No channel {taken.channel!r} is switched on; switch it on and try again.")
        reading = channel.read(taken.raw, taken.envelope)
        item = await reading if isinstance(reading, Awaitable) else reading
        if not isinstance(item, Incoming):
            return item
        item = await _with_files(channel, item) if item.facts.get("files") else item
        return await asyncio.to_thread(self._with_senses, item)

    def _with_senses(self, item: Incoming) -> Incoming:
        """With what a reply seems to be by its meaning; where that cannot be told, its words are all that counts."""
        is_reply = item.channel == "telegram" or item.references or names_something(item)
        if self._senses is None or item.kind is not Kind.MESSAGE or not is_reply:
            return item
        try:
            return replace(item, senses=self._senses.of(item.text))
        except Exception:
            log.exception("looking for what a reply means")
            return item

    def _accept(self, taken: intake.Taken, item: Incoming | Unreadable) -> Mapping[str, Any]:
        """Judge and act; returns what is known of the message now, for the word that a pressed button is answered with."""
        with self._store.transaction() as session:
            outcome = judge.accept(session, self._office, taken, item, self._clock.now())
            failpoint("handling.before_commit")
            log.info("inbox message %s: %s", taken.id, outcome)
            row = session.get_one(InboxMessage, taken.id)
            return dict(row.facts) if outcome else {}

    async def _acknowledge(self, taken: intake.Taken, item: Incoming | Unreadable, facts: Mapping[str, Any]) -> None:
        """A pressed Telegram button shows a spinner until it is answered; then it goes, for it works only once."""
        channel = self._channels.get(taken.channel)
        if not isinstance(item, Incoming) or item.kind is not Kind.BUTTON or not item.callback_id:
            return
        if (acknowledge := getattr(channel, "acknowledge", None)) is not None:
            await acknowledge(item.callback_id, str(facts.get("toast", "")))
        if facts.get("spent") and (retire := getattr(channel, "retire_buttons", None)) is not None:
            await retire(item.sender, item.facts.get("message"))

    def _give_up(self, taken: intake.Taken, error: str) -> None:
        with self._store.transaction() as session:
            intake.give_up(session, taken, error, self._clock.now())


async def _with_files(channel: Channel, item: Incoming) -> Incoming:
    """Telegram sends files as names; their bytes are fetched here.

    A file that cannot be had now makes the message wait; one that is refused for good (too large, gone) is left out and named.
    """
    fetch = getattr(channel, "fetch", None)
    if fetch is None:
        return item
    files, refused = [], []
    for told in item.facts["files"]:
        try:
            files.append(AttachedFile(told["name"], told["media_type"], await fetch(told["file_id"])))
        except Refused:
            refused.append(told["name"])
    facts = {**item.facts, "files_refused": refused} if refused else item.facts
    return replace(item, attachments=(*item.attachments, *files), facts=facts)


class Searching:
    """Searches for received questions and writes down what follows."""

    def __init__(
        self,
        store: Store,
        office: Office,
        clock: Clock,
        searcher: Searcher,
        competence: Competence,
        likeness: Likeness | None = None,
    ):
        self._store, self._office, self._clock = store, office, clock
        self._searcher, self._competence, self._likeness = searcher, competence, likeness

    async def step(self) -> bool:
        due = await asyncio.to_thread(self._due)
        for question_id in due:
            await asyncio.to_thread(self.decide, question_id)
        return bool(due)

    def decide(self, question_id: int) -> Decision | None:
        """Search for one question outside any transaction, then write the decision in one."""
        with self._store.snapshot() as session:
            known = briefing.brief(session, question_id, self._clock.now())
        if known is None:
            return None
        findings = self._find(known)
        known = briefing.with_nearness(known, self._near(known))
        known = self._in_parts(self._compared(known))
        failpoint("searching.found")
        with self._store.transaction() as session:
            decision = deciding.apply(session, self._office, known, findings, self._clock.now())
            failpoint("searching.before_commit")
        log.info("question %s: %s", question_id, type(decision).__name__)
        return decision

    def _due(self) -> list[int]:
        with self._store.snapshot() as session:
            return list(sweeps.due_searches(session, self._clock.now()))

    def _find(self, known: briefing.Brief) -> Findings | None:
        """Retrieval fails open to a person: no findings, but never an error that would leave the question lying."""
        try:
            return self._searcher.search(known.text, language=known.language)
        except Exception:
            log.exception("searching for question %s", known.question_id)
            return None

    def _compared(self, known: briefing.Brief) -> briefing.Brief:
        """With whether somebody else has asked the same; where that cannot be told, the question goes on alone."""
        if self._likeness is None or not known.others:
            return known
        try:
            likeness = self._likeness.to(known.text, [other.text for other in known.others])
        except Exception:
            log.exception("comparing question %s with others", known.question_id)
            return known
        return briefing.with_likeness(known, likeness, self._office.policy.same, self._clock.now())

    def _in_parts(self, known: briefing.Brief) -> briefing.Brief:
        """With whether one message holds several questions; where that cannot be told, it is one."""
        if self._likeness is None:
            return known
        try:
            return briefing.with_parts(known, self._likeness.to, self._office.policy.same)
        except Exception:
            log.exception("looking for several questions in %s", known.question_id)
            return known

    def _near(self, known: briefing.Brief) -> Near:
        try:
            return self._competence.near(known.text, known.profiles, known.answered)
        except Exception:
            log.exception("comparing question %s with authorities", known.question_id)
            return Near()


class Indexing:
    """Keeps the index in step with the published fiches; the database is the truth."""

    def __init__(self, store: Store, searcher: Searcher):
        self._store, self._searcher = store, searcher

    async def step(self) -> bool:
        await asyncio.to_thread(self.reconcile)
        return False

    def reconcile(self) -> None:
        with self._store.snapshot() as session:
            records = fiches.published(session)
        report = self._searcher.reconcile(records)
        if report.changed:
            log.info("index: %s", report)
