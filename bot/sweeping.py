"""The step that does what is due: one look, then every question that is due, and what belongs to no question.

In: the store and the moment. Out: how many questions were acted on; who is told what is written by `routing.sweeps`. When nothing
is due, months that are over are counted for the reports, which nobody waits for.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.clock import Clock
from routing import counting, rules, sweeps
from routing.failpoints import failpoint
from routing.office import Office
from routing.store import Store

log = logging.getLogger(__name__)
AT_ONCE = 10
COUNT_EVERY = timedelta(minutes=10)  # a month that is hardly over still changes all the time


class Sweeping:
    """Does what is due: reminders, escalation, closing, follow-up; in between it counts for the reports."""

    def __init__(self, store: Store, office: Office, clock: Clock):
        self._store, self._office, self._clock = store, office, clock
        self._counted_at: datetime | None = None

    async def step(self) -> bool:
        now = self._clock.now()
        done = await asyncio.to_thread(self.sweep, now)
        if not done:
            await asyncio.to_thread(self.count, now)
        return done > 0

    def sweep(self, now: datetime) -> int:
        """Act on every due question; returns how many. One bad question stops no other.

        Each has a transaction of its own, so that nobody waits for another's. SQLite lets one writer in at a time anyway, and
        waits for the disk at every commit: there a few share one, each behind a savepoint.
        """
        with self._store.snapshot() as session:
            due = sweeps.due_questions(session, now)
        self._keep_house(now)
        if not self._store.is_sqlite:
            return sum(self._act(self._store.transaction(), question_id, now) for question_id in due)
        return sum(self._act_together(due[at : at + AT_ONCE], now) for at in range(0, len(due), AT_ONCE))

    def count(self, now: datetime) -> str | None:
        """Count one month for the reports, and when none is left rest for a while; returns which it was."""
        if self._counted_at is not None and now - self._counted_at < COUNT_EVERY:
            return None
        try:
            with self._store.transaction() as session:
                month = counting.keep_due(session, now)
        except Exception:
            log.exception("counting")
            return None
        self._counted_at = now if month is None else None
        return month

    def _keep_house(self, now: datetime) -> None:
        try:
            with self._store.transaction() as session:
                rules.obey(session, self._office)
                sweeps.housekeeping(session, self._office, now)
        except Exception:
            log.exception("housekeeping")

    def _act_together(self, question_ids: Sequence[int], now: datetime) -> int:
        try:
            with self._store.transaction() as session:
                return sum(self._act(_savepoint(session), question_id, now) for question_id in question_ids)
        except Exception:
            log.exception("sweeping questions %s", question_ids)
            return 0

    def _act(self, step: AbstractContextManager[Session], question_id: int, now: datetime) -> int:
        """`step` keeps what is done, or takes it all back."""
        try:
            with step as session:
                done = sweeps.act(session, self._office, question_id, now)
                failpoint("sweeping.before_commit")
        except Exception:
            log.exception("sweeping question %s", question_id)
            return 0
        if done is not None:
            log.info("question %s: %s", question_id, done)
        return int(done is not None)


@contextmanager
def _savepoint(session: Session) -> Iterator[Session]:
    with session.begin_nested():
        yield session
