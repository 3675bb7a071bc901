"""How fast the console answers with years of questions behind it: queue, filters, search, question page, reports.

    python benchmarks/console.py [--questions 100000] [--messages 1000000] [--database sqlite|postgresql|both] [--rounds 30]
                                 [--at FOLDER] [--limit 200] [--only NAME]

Fills a database, serves the real console on 127.0.0.1 and asks for each page by HTTP, one request after the other, with other
words, numbers and filters each time. Prints the times (p50, p95, slowest; milliseconds), the processor time of one answer (mean
of this process, the asking included) and sizes (largest; kB); on a busy machine only the processor time says something. `--at`
keeps an SQLite database for the next run. For the search by meaning every question gets the vector of the shipped question from
which its text was made, a little shaken; what is typed is read by the bundled model, each time anew. Ends with 1 when a page's
p95 is over `--limit` ms or a page is over 150 kB.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import httpx
import numpy as np
import uvicorn
from sqlalchemy import delete, insert, select

from bot.console.app import create_console
from bot.settings import load
from retrieval import embedder_from
from routing import counting
from routing.meaning import edition_of, named, packed
from routing.migrate import upgrade
from routing.models import Question, QuestionVector
from routing.nearness import Meanings
from routing.office import Office
from routing.policy import load_policy
from routing.store import Store
from tests.fakes.archive import cookie, fill
from tests.fakes.clocks import StillClock
from tests.fakes.ports import free_ports
from tests.fakes.postgres import fresh_database, postgres_server
from tests.world import MONDAY

MOST_KB = 150
SHAKEN = 0.6  # cosines of about .86 with what it was made from
MEANT = (
    "small firms that take apprentices", "obuka mladih za posao", "atölye kurmak için para", "ateliers mobiles pour les villages",
    "borse di studio per mestieri", "μαθητεία σε μικρές επιχειρήσεις", "orientación para jóvenes", "centru de competențe",
    "recognition of migrants' skills", "second chance school",
)  # fmt: skip
ASIDE = ("", "in 2025", "per i giovani")
WORDS = ("apprentices", "welding", "δήμος", "formazione", "jeunes", "başka", "școală", "mladi", "empresas", "workshop")


def main() -> int:
    told = _arguments()
    bad = 0
    for kind in ("sqlite", "postgresql") if told.database == "both" else (told.database,):
        with ExitStack() as stack:
            store = _filled(kind, told, stack)
            bad += _measure(kind, store, told)
            store.close()
    return int(bool(bad))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=100_000)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--at", type=Path)
    parser.add_argument("--limit", type=float, default=200.0)
    parser.add_argument("--only", default="")
    return parser.parse_args()


def _filled(kind: str, told: argparse.Namespace, stack: ExitStack) -> Store:
    if kind == "postgresql":
        url = fresh_database(stack.enter_context(postgres_server()))
    else:
        folder = told.at or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rrm-console-")))
        folder.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{folder / 'console.db'}"
    store = Store(url)
    upgrade(store)
    with store.snapshot() as session:
        is_new = session.query(Question).first() is None
    if is_new:
        began = time.monotonic()
        written = fill(store, told.questions, told.messages, MONDAY, say=_say if sys.stdout.isatty() else lambda text: None)
        print(f"{kind}: {told.questions} questions, {written} messages, written in {time.monotonic() - began:.0f} s", flush=True)
    _give_meaning(store)
    _count_months(kind, store)
    return store


def _give_meaning(store: Store) -> None:
    """Vectors for all questions, unless they are there."""
    embedder, dice = embedder_from("bundled"), np.random.default_rng(7)
    edition = edition_of(embedder)
    with store.snapshot() as session:
        rows = session.execute(select(Question.id, Question.text).order_by(Question.id)).all()
        if session.query(QuestionVector).filter_by(edition=edition).count() == len(rows):
            return
    made_from = [text.rsplit(" ", 6)[0] for _, text in rows]
    known = {text: place for place, text in enumerate(dict.fromkeys(made_from))}
    vectors, concepts = np.asarray(embedder.encode_questions(list(known))), {text: named(text) for text in known}
    with store.transaction() as session:
        session.execute(delete(QuestionVector))
    for first in range(0, len(rows), 5000):
        part = vectors[[known[text] for text in made_from[first : first + 5000]]]
        shaken = part + SHAKEN / part.shape[1] ** 0.5 * dice.normal(size=part.shape).astype(np.float32)
        read = packed(shaken, [concepts[text] for text in made_from[first : first + 5000]])
        given = [
            {"question_id": row.id, "edition": edition, "serial": 1 + first, "vector": one.tobytes()}
            for row, one in zip(rows[first : first + 5000], read, strict=True)
        ]
        with store.transaction() as session:
            session.execute(insert(QuestionVector), given)
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:  # as a database does by itself
        connection.exec_driver_sql("ANALYZE question_vector" if store.is_sqlite else "VACUUM ANALYZE question_vector")


def _say(text: str) -> None:
    print(f"\r  {text}", end="", flush=True)


def _count_months(kind: str, store: Store) -> None:
    """What the running service does in its sweeps: each month that is over is counted once (`routing.counting`)."""
    began, months = time.monotonic(), 0
    while True:
        with store.transaction() as session:
            if counting.keep_due(session, MONDAY) is None:
                break
        months += 1
    print(f"{kind}: {months} months counted in {time.monotonic() - began:.1f} s", flush=True)


def _measure(kind: str, store: Store, told: argparse.Namespace) -> int:
    bad = 0
    print(f"{kind}, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    print(f"{'page':<24} {'p50':>7} {'p95':>7} {'slowest':>8} {'cpu':>6} {'kB':>7}")
    with _served(store) as (base, secret), httpx.Client(base_url=base, cookies={"rrm-session": secret}, timeout=60) as client:
        client.get("/queue?tab=all&words=hello").raise_for_status()  # the service has read model and vectors before anybody asks
        for name, addresses in _pages(told).items():
            if told.only in name:
                busy = time.process_time()
                times, size = _ask(client, [addresses(one) for one in range(told.rounds)])
                p95 = times[min(int(len(times) * 0.95), len(times) - 1)]
                is_bad = p95 > told.limit or size > MOST_KB * 1000
                bad += is_bad
                row = f"{name:<24} {times[len(times) // 2]:>7.0f} {p95:>7.0f} {times[-1]:>8.0f}"
                row += f" {(time.process_time() - busy) * 1000 / told.rounds:>6.0f} {size / 1000:>7.1f}"
                print(row + "  !" * is_bad, flush=True)
    return bad


def _pages(told):
    """Each page with the address of its n-th round."""
    last = told.questions
    themes = ("guidance", "mobility", "inclusion", "infrastructure", "governance-partnerships")
    tabs = ("me", "overdue", "today", "expert", "asker", "open", "closed")
    return {
        "queue": lambda n: "/queue",
        "queue, each tab": lambda n: f"/queue?tab={tabs[n % 7]}",
        "queue, page of closed": lambda n: f"/queue?tab=closed&page={1 + n % 20}",
        "filters, open": lambda n: f"/queue?tab=open&language={('en', 'el', 'tr')[n % 3]}&theme={themes[n % 5]}",
        "filters, closed": lambda n: f"/queue?tab=closed&language={('en', 'el', 'tr')[n % 3]}&theme={themes[n % 5]}",
        "filters, channel": lambda n: f"/queue?tab=closed&channel={('email', 'telegram')[n % 2]}&tier=urgent",
        "search, open": lambda n: f"/queue?tab=open&words={WORDS[n % 10]}",
        "search, closed": lambda n: f"/queue?tab=closed&words={WORDS[n % 10]}",
        "search, nothing found": lambda n: f"/queue?tab=closed&words=xyzzy{n}",
        "by meaning": lambda n: f"/queue?tab=all&words={quote(_meant(n))}",
        "by meaning, one language": lambda n: f"/queue?tab=closed&language=tr&words={quote(_meant(n))}",
        "find a number": lambda n: f"/find?words={1 + (n * 7919) % last}",
        "question": lambda n: f"/questions/{_number(1 + (n * 7919) % last, told)}",
        "question, open": lambda n: f"/questions/{_number(last - n, told)}",
        "held": lambda n: "/held",
        "outbox": lambda n: f"/outbox?tab={('trouble', 'waiting', 'sent')[n % 3]}",
        "fiches": lambda n: "/fiches",
        "directory": lambda n: "/directory",
        "record": lambda n: f"/record?before={500_000 if n % 2 else ''}",
        "health": lambda n: "/health",
        "reports": lambda n: f"/reports?months={(12, 24, 6)[n % 3]}",
    }


def _meant(n):
    """What nobody has typed before in this run, for thirty rounds."""
    return f"{MEANT[n % len(MEANT)]} {ASIDE[n // len(MEANT) % len(ASIDE)]}".strip()


def _number(question, told):
    from datetime import timedelta

    began = MONDAY - timedelta(days=3 * 365)
    return f"{(began + (MONDAY - began) * (question / (told.questions + 1))).year}-{question:04d}"


def _ask(client, addresses):
    times, size = [], 0
    for address in addresses:
        began = time.perf_counter()
        response = client.get(address)
        times.append((time.perf_counter() - began) * 1000)
        size = max(size, len(response.content))
        if response.status_code not in (200, 303):
            raise SystemExit(f"{address} answers {response.status_code}")
    return sorted(times), size


class _served:
    """The console over `store`, served on a free port."""

    def __init__(self, store: Store):
        self.store = store

    def __enter__(self):
        port = free_ports(1)[0]
        base = f"http://127.0.0.1:{port}"
        office = Office(load_policy(), "Network", "questions@network.example", "reply.network.example", base)
        service = SimpleNamespace(
            store=self.store, office=office, clock=StillClock(MONDAY), channels={}, wake=lambda: None, is_alive=lambda: True,
            searcher=SimpleNamespace(status=lambda: "not asked"), meanings=Meanings(self.store, embedder_from("bundled")),
            settings=load(overrides={"network.base_url": base}, environment={}),
        )  # fmt: skip
        self.server = uvicorn.Server(
            uvicorn.Config(create_console(service).app, host="127.0.0.1", port=port, log_level="warning", lifespan="off")
        )
        service.meanings.follow()  # as the running service's loop does from its start on
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.02)
        return base, cookie(self.store, "coordinator@network.example", MONDAY)

    def __exit__(self, *trouble):
        self.server.should_exit = True
        self.thread.join(20)


if __name__ == "__main__":
    os.environ.setdefault("TZ", "UTC")
    raise SystemExit(main())
