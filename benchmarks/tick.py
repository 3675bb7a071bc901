"""Measure one tick of the sweep over 100,000 open assignments, on SQLite and on PostgreSQL.

    ./run bench tick [--assignments 100000] [--due 50]

Shown: the tick that finds nothing, and the one that finds `--due` questions and acts on each in its own transaction.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import insert, text

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bot.clock import SystemClock
from bot.sweeping import Sweeping
from routing import directory
from routing.migrate import upgrade
from routing.models import Assignment, Question
from routing.office import Office
from routing.people import address_of
from routing.policy import shipped_policy
from routing.store import Store
from tests.fakes.postgres import fresh_database, postgres_server
from tests.simulation import people

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
PROMISED_SECONDS = 1.0


def main(assignments: int, due: int) -> int:
    slowest = 0.0
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        server = stack.enter_context(postgres_server())
        for name, url in (("SQLite", f"sqlite:///{folder}/rrm.db"), ("PostgreSQL", fresh_database(server))):
            store = Store(url)
            _fill(store, assignments, due)
            for words, now in (("nothing due", NOW - timedelta(hours=1)), (f"{due} due", NOW)):
                seconds, done = _tick(store, now)
                slowest = max(slowest, seconds)
                print(f"{name:<11} {assignments:,} open assignments, {words:<12} {seconds:7.3f} s, {done} acted on", flush=True)
            store.close()
    return 0 if slowest < PROMISED_SECONDS else 1


def _tick(store: Store, now: datetime) -> tuple[float, int]:
    office = Office(shipped_policy(), "Bench", "q@network.example", "reply.network.example", "https://rrm.example")
    sweeping, began = Sweeping(store, office, SystemClock()), time.perf_counter()
    done = sweeping.sweep(now)
    return time.perf_counter() - began, done


def _fill(store: Store, assignments: int, due: int) -> None:
    """Questions with one open assignment each; `due` of them wait for a reminder at `NOW`, the others until later."""
    luck = Random(1)
    upgrade(store)
    with store.transaction() as session:
        size = people.Size()
        directory.import_authorities(session, people.authorities(size, luck), NOW)
        directory.import_experts(session, people.experts(size, luck), NOW)
        directory.add_user(session, "coordinator@network.example", "coordinator", NOW)
        asker = address_of(session, "email", "asker@town.example", now=NOW, language="en", proven=True)
        ids = range(1, assignments + 1)
        moments = {one: NOW if one <= due else NOW + timedelta(hours=1 + one % 400) for one in ids}
        session.execute(insert(Question), [_question(one, asker.person_id, asker.id, moments[one]) for one in ids])
        session.execute(insert(Assignment), [_assignment(one, size.experts, moments[one]) for one in ids])
    with store.transaction() as session:
        session.execute(text("ANALYZE"))


def _question(number: int, person: int, address: int, at: datetime) -> dict[str, object]:
    return {
        "id": number, "number": f"2026-{number:06d}", "asker_id": person, "address_id": address, "thread": {}, "roster": [],
        "language": "en", "subject": "", "text": f"Question {number}", "tier": "standard", "sensitive": False,
        "state": "assigned",
        "waiting_for": "expert", "next_action": "watch assignments", "next_action_at": at, "promised_at": at + timedelta(days=5),
        "revision": 1, "created_at": NOW - timedelta(days=3),
    }  # fmt: skip


def _assignment(number: int, experts: int, at: datetime) -> dict[str, object]:
    reminders = [{"at": at.isoformat(), "stage": "halfway"}]
    return {
        "question_id": number, "expert_id": 1 + number % experts, "state": "accepted", "reasons": [], "stage": 0, "remind_at": at,
        "reminders": reminders, "escalate_at": at + timedelta(days=6), "deadline_at": at + timedelta(days=5), "explanation": {},
        "created_at": NOW - timedelta(days=3),
    }  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--assignments", type=int, default=100_000)
    parser.add_argument("--due", type=int, default=50)
    told = parser.parse_args()
    raise SystemExit(main(told.assignments, told.due))
