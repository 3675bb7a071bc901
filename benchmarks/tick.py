"""Measure one tick of the sweep over 100,000 open assignments, on SQLite and on PostgreSQL.

    ./run bench tick [--assignments 100000] [--due 50]

Each assignment has had its letters. Shown: the tick that finds nothing; the first one of a process that finds `--due` questions,
and acts on each of them; and a later one. Beside them, once, how long it takes to count a month for the reports, which a tick
leaves to a moment when nothing is due.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import String, cast, insert, literal, select, text

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bot.clock import SystemClock
from bot.sweeping import Sweeping
from routing import directory
from routing.migrate import upgrade
from routing.models import Assignment, OutboxMessage, Question
from routing.office import Office
from routing.people import address_of
from routing.policy import load_policy
from routing.store import Store
from tests.fakes.postgres import fresh_database, postgres_server
from tests.simulation import people

NOW, LATER = datetime(2026, 11, 23, 10, tzinfo=UTC), timedelta(minutes=30)
PROMISED_SECONDS = 1.0
# The letter by which each assignment was given, sent long ago.
LETTER = {
    "effect_key": literal("assignment:") + cast(Assignment.id, String), "message_id": literal("m") + cast(Assignment.id, String),
    "kind": literal("assignment"), "channel": literal("email"), "address_id": literal(1), "person_id": literal(1),
    "question_id": Assignment.question_id, "assignment_id": Assignment.id, "language": literal("en"),
    "subject": literal("A question"), "text": literal("A question has come in."),
    "buttons": Assignment.reasons, "files": Assignment.reasons,
    "references": Assignment.reasons, "automatic": Assignment.panel, "state": literal("sent"), "attempts": literal(1),
    "fence": literal(1), "ambiguities": literal(0), "next_attempt_at": Assignment.created_at, "created_at": Assignment.created_at,
    "sent_at": Assignment.created_at,
}  # fmt: skip


def main(assignments: int, due: int) -> int:
    slowest = 0.0
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        server = stack.enter_context(postgres_server())
        for name, url in (("SQLite", f"sqlite:///{folder}/rrm.db"), ("PostgreSQL", fresh_database(server))):
            store = Store(url)
            _fill(store, assignments, due)
            office = Office(load_policy(), "Bench", "q@network.example", "reply.network.example", "https://rrm.example")
            sweeping = Sweeping(store, office, SystemClock())
            ticks = (("nothing due", NOW - LATER), (f"{due} due", NOW), (f"{due} more due", NOW + LATER))
            for words, now in ticks:
                seconds, done = _timed(sweeping.sweep, now)
                slowest = max(slowest, seconds)
                print(f"{name:<11} {assignments:,} open assignments, {words:<12} {seconds:7.3f} s, {done} acted on", flush=True)
            seconds, month = _timed(sweeping.count, NOW + LATER)
            print(f"{name:<11} counting {month}, when nothing is due: {seconds:.3f} s", flush=True)
            store.close()
    return 0 if slowest < PROMISED_SECONDS else 1


def _timed(act: Callable[[datetime], Any], now: datetime) -> tuple[float, Any]:
    began = time.perf_counter()
    done = act(now)
    return time.perf_counter() - began, done


def _fill(store: Store, assignments: int, due: int) -> None:
    """Questions of two months with one open assignment each: `due` wait for a reminder at `NOW`, as many a little later."""
    luck = Random(1)
    upgrade(store)
    with store.transaction() as session:
        size = people.Size()
        directory.import_authorities(session, people.authorities(size, luck), NOW)
        directory.import_experts(session, people.experts(size, luck), NOW)
        directory.add_user(session, "coordinator@network.example", "coordinator", NOW)
        asker = address_of(session, "email", "asker@town.example", now=NOW, language="en", proven=True)
        ids = range(1, assignments + 1)
        due_at = {one: NOW if one <= due else NOW + LATER for one in range(1, 2 * due + 1)}
        moments = {one: due_at.get(one, NOW + timedelta(hours=1 + one % 400)) for one in ids}
        session.execute(insert(Question), [_question(one, asker.person_id, asker.id, moments[one]) for one in ids])
        session.execute(insert(Assignment), [_assignment(one, size.experts, moments[one]) for one in ids])
        session.execute(insert(OutboxMessage).from_select(list(LETTER), select(*LETTER.values()).select_from(Assignment)))
    with store.transaction() as session:
        session.execute(text("ANALYZE"))


def _question(number: int, person: int, address: int, at: datetime) -> dict[str, object]:
    return {
        "id": number, "number": f"2026-{number:06d}", "asker_id": person, "address_id": address, "thread": {}, "roster": [],
        "language": "en", "subject": "", "text": f"Question {number}", "tier": "standard", "sensitive": False,
        "state": "assigned",
        "waiting_for": "expert", "next_action": "watch assignments", "next_action_at": at, "promised_at": at + timedelta(days=5),
        "revision": 1, "created_at": NOW - timedelta(days=number % 60),
    }  # fmt: skip


def _assignment(number: int, experts: int, at: datetime) -> dict[str, object]:
    reminders = [{"at": at.isoformat(), "stage": "halfway"}]
    return {
        "question_id": number, "expert_id": 1 + number % experts, "state": "accepted", "reasons": [], "stage": 0, "remind_at": at,
        "reminders": reminders, "escalate_at": at + timedelta(days=6), "deadline_at": at + timedelta(days=5), "explanation": {},
        "created_at": NOW - timedelta(days=number % 60),
    }  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--assignments", type=int, default=100_000)
    parser.add_argument("--due", type=int, default=50)
    told = parser.parse_args()
    raise SystemExit(main(told.assignments, told.due))
