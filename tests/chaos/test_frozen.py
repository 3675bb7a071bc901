"""A worker that sleeps past its lease and wakes up: another has taken its letters over, and it can spoil nothing."""

import asyncio
import contextlib
import os
import signal
import sqlite3
import time
from pathlib import Path

import pytest
from sqlalchemy import select, text

from routing.models import Heartbeat, OutboxMessage
from tests.chaos.siege import PAST_EVERY_LEASE, Siege

PATIENCE = 150.0


@pytest.mark.slow
@pytest.mark.parametrize("asleep_at", ["outbox.claimed", "outbox.brink", "outbox.sent"])
def test_letters_are_taken_over_once_and_the_late_worker_settles_nothing(asleep_at, store_url, tmp_path):
    asyncio.run(taken_over(store_url, tmp_path, asleep_at))


async def taken_over(url, folder, asleep_at):
    async with Siege(url, folder, workers=2, seed=5, say=print) as siege:
        sleeper, other = siege.names
        await siege.start(sleeper, f"{asleep_at}=pause:8")
        siege._ask_by_mail()
        await until(lambda: any(is_there(siege, row, asleep_at) for row in claimed(siege)))
        await freeze(siege, sleeper)
        begun = claimed(siege)
        siege.clock.advance(PAST_EVERY_LEASE)
        leapt = siege.clock.now()
        await siege.start(other)
        await until(lambda: all(row.state == "sent" for row in again(siege, begun)))
        settled = [(row.fence, row.ambiguities, row.sent_at) for row in again(siege, begun)]
        assert [one[:2] for one in settled] == [(2, int(row.brink_at is not None)) for row in begun]
        os.kill(siege.alive[sleeper], signal.SIGCONT)
        await until(lambda: last_beat(siege, sleeper) > leapt)
        assert [(row.fence, row.ambiguities, row.sent_at) for row in again(siege, begun)] == settled
        await siege.settle()
        verdict = siege.verdict()
    assert siege.crashed == 0
    assert verdict.breaches == []


async def freeze(siege, name):
    """Stop the worker where it holds no lock: one stopped in the middle of a commit stops all others of any database."""
    deadline = time.monotonic() + PATIENCE
    await stop(siege.alive[name])
    while await asyncio.to_thread(somebody_writes, siege.store):
        assert time.monotonic() < deadline, "the worker writes without an end"
        os.kill(siege.alive[name], signal.SIGCONT)
        await asyncio.sleep(0.02)
        await stop(siege.alive[name])


async def stop(pid):
    """Until its last thread stands still: one that is in a system call comes to its end first, and may take a lock there."""
    os.kill(pid, signal.SIGSTOP)
    while any(state_of(task) not in "Tt" for task in Path(f"/proc/{pid}/task").iterdir()):
        await asyncio.sleep(0.001)


def state_of(task):
    return (task / "stat").read_text().rpartition(") ")[2][0]


def somebody_writes(store):
    if not store.is_sqlite:
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> "
        with store.snapshot() as session:
            return session.scalar(text(others + "pg_backend_pid()")) > 0
    connection = sqlite3.connect(store.engine.url.database, timeout=0, isolation_level=None)
    with contextlib.closing(connection):
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
    return False


def claimed(siege):
    with siege.store.snapshot() as session:
        rows = select(OutboxMessage).where(OutboxMessage.state == "claimed", OutboxMessage.leased_by == siege._living["w0"])
        return list(session.scalars(rows.order_by(OutboxMessage.id)))


def is_there(siege, row, point):
    """Whether the worker that holds `row` has come to where it falls asleep."""
    if point == "outbox.claimed":
        return True
    return row.brink_at is not None and (point == "outbox.brink" or bool(siege.mail.mails))


def again(siege, rows):
    with siege.store.snapshot() as session:
        return [session.get_one(OutboxMessage, row.id) for row in rows]


def last_beat(siege, name):
    with siege.store.snapshot() as session:
        return session.get_one(Heartbeat, f"{siege._living[name]}/delivery").at


async def until(look):
    deadline = time.monotonic() + PATIENCE
    while not (found := await asyncio.to_thread(look)):
        assert time.monotonic() < deadline, "it did not come to pass in time"
        await asyncio.sleep(0.05)
    return found
