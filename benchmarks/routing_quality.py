"""Measure who is asked first: labelled questions in eight languages, against round robin and theme-only routing.

    ./run bench routing_quality [--rounds 2] [--seed 1]

The questions of data/collections/vet-practices/routing_questions.jsonl name the authorities that should answer; their author
did not write the roster. Those with an odd number (r-en-001) are for development, the others were only ever measured. Each
system ranks the same people: the roster as the service runs it (search, embedding, decision, on a real database), experts
in turn, and experts in turn among those who share the question's theme. Shown: how often a right authority comes first and
among the first three, with 95 % intervals (bootstrap over questions). Load is measured apart: every authority gets two twins
that differ in nothing but their name, questions stream in over months and are answered, and the Gini coefficient tells how
evenly twins share the work that reaches them.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from retrieval import Findings, Searcher, embedder_from, load_collection
from routing import briefing, deciding, directory, fiches
from routing.cases import open_question, settle_assignment
from routing.competence import Competence, Near
from routing.migrate import upgrade
from routing.models import Assignment, Authority, Expert, Question
from routing.office import Office
from routing.people import address_of
from routing.policy import load_policy
from routing.store import Store

FOLDER = Path(__file__).resolve().parent.parent / "data" / "collections" / "vet-practices"
START = datetime(2026, 9, 7, 8, tzinfo=UTC)
TWINS = 3
SYSTEMS = ("roster", "theme only", "round robin")
PROMISED = {"first": 0.70, "among three": 0.90, "Gini": 0.25}


@dataclass(frozen=True)
class Labelled:
    """One question with the slugs of the authorities that should answer it."""

    id: str
    language: str
    text: str
    authorities: frozenset[str]

    @property
    def is_dev(self) -> bool:
        return int(self.id.rpartition("-")[2]) % 2 == 1


class Network:
    """The shipped directory on a database of its own, every authority `twins` times."""

    def __init__(self, folder: Path, twins: int = 1):
        self.store = Store(f"sqlite:///{folder / f'rrm-{twins}.db'}")
        upgrade(self.store)
        policy = load_policy()  # one asker asks everything here
        policy = replace(policy, caps=replace(policy.caps, open_questions_per_asker=1_000_000))
        self.office = Office(policy, "Bench", "q@network.example", "reply.network.example", "https://rrm.example")
        with self.store.transaction() as session:
            directory.import_authorities(session, _twinned("authorities.csv", "slug", twins), START)
            directory.import_experts(session, _twinned("experts.csv", "authority", twins), START)
            fiches.import_records(session, load_collection(FOLDER), START)
            self.asker = address_of(session, "email", "asker@town.example", now=START, language="en", proven=True)
            self.slugs = {one.id: one.slug for one in session.scalars(select(Authority))}

    @contextmanager
    def dry_run(self) -> Iterator[Session]:
        """A transaction of which nothing stays."""
        with self.store.transaction() as session, session.begin_nested() as inner:
            yield session
            session.flush()
            inner.rollback()


class Systems:
    """The three ways to choose; each gives the authorities in the order in which they would be asked, as ids."""

    def __init__(self, network: Network, searcher: Searcher, competence: Competence):
        self._network, self._searcher, self._competence = network, searcher, competence
        self._found: dict[str, tuple[Findings, Near]] = {}

    def order(self, system: str, session: Session, labelled: Labelled, turn: int, now: datetime) -> tuple[Question, list[int]]:
        """The question as written down, and the authorities in order."""
        question = open_question(
            session, address=self._network.asker, language=labelled.language, subject="", text=labelled.text,
            inbox_id=None, thread={"wish": "expert"}, now=now,
        )  # fmt: skip
        known = briefing.brief(session, question.id, now)
        assert known is not None
        findings, near = self._look(labelled, known)
        deciding.apply(session, self._network.office, briefing.with_nearness(known, near), findings, now)
        if system == "roster":
            return question, list(dict.fromkeys(row["authority"] for row in question.roster))
        free = [one for one in known.candidates if one.assigned_this_month < one.capacity]
        if system == "theme only":
            free = [one for one in free if question.theme in one.themes]
        ids = sorted({one.authority for one in free})
        return question, ids[turn % len(ids) :] + ids[: turn % len(ids)] if ids else []

    def _look(self, labelled: Labelled, known: briefing.Brief) -> tuple[Findings, Near]:
        """What was found is the same for every system and does not change while nobody publishes."""
        if labelled.id not in self._found:
            found = self._searcher.search(known.text, language=known.language)
            self._found[labelled.id] = found, self._competence.near(known.text, known.profiles)
        findings, near = self._found[labelled.id]
        return findings, replace(near, alike=self._competence.near(known.text, known.profiles, known.answered).alike)


def main(rounds: int, seed: int) -> int:
    questions = _questions()
    with tempfile.TemporaryDirectory() as folder:
        embedder = embedder_from("bundled")
        searcher = Searcher.open(Path(folder) / "index", embedder)
        searcher.reconcile(load_collection(FOLDER))
        places = {system: placed(Network(_made(folder, system)), system, searcher, questions) for system in SYSTEMS}
        print(f"{len(questions)} questions, {sum(one.is_dev for one in questions)} of them for development (seed {seed})\n")
        print(f"{'':<13}{'questions':<13}{'first':<22}among three")
        rows = [(system, part, _shares(places[system], part, seed)) for system in SYSTEMS for part in ("dev", "test", "all")]
        for system, part, (first, three) in rows:
            print(f"{system:<13}{part:<13}{first:<22}{three}")
        print(f"\nload among twins, {TWINS} of each authority, {rounds} x {len(questions)} questions")
        ginis = {system: gini_of_twins(system, searcher, questions, rounds, seed) for system in SYSTEMS}
        for system, (gini, asked) in ginis.items():
            print(f"{system:<13}Gini {gini:.3f}   ({asked} assignments)")
    return 0 if _is_kept(places["roster"], ginis["roster"][0]) else 1


def placed(network: Network, system: str, searcher: Searcher, questions: Sequence[Labelled]) -> dict[Labelled, int]:
    """For each question the place (0: first) of the first right authority, each asked of an idle network."""
    systems = Systems(network, searcher, _competence(searcher))
    places = {}
    for turn, labelled in enumerate(questions):
        with network.dry_run() as session:
            _, order = systems.order(system, session, labelled, turn, START)
            right = [place for place, one in enumerate(order) if network.slugs[one] in labelled.authorities]
            places[labelled] = min(right, default=len(network.slugs))
    network.store.close()
    return places


def gini_of_twins(system: str, searcher: Searcher, questions: Sequence[Labelled], rounds: int, seed: int) -> tuple[float, int]:
    """The mean Gini coefficient of the load within each set of twins, weighted by their load; and how many were asked."""
    luck, now = Random(seed), START
    with tempfile.TemporaryDirectory() as folder:
        network = Network(Path(folder), TWINS)
        systems, load = Systems(network, searcher, _competence(searcher)), Counter[str]()
        for turn in range(rounds * len(questions)):
            now += timedelta(hours=luck.expovariate(1 / 6))
            with network.store.transaction() as session:
                _answer_all(session, now, luck)
                _, order = systems.order(system, session, luck.choice(questions), turn, now)
                if order:
                    load[network.slugs[order[0]]] += _asked(session, order[0], system, now)
        network.store.close()
    return _weighted_gini(load), sum(load.values())


def _asked(session: Session, authority: int, system: str, now: datetime) -> int:
    """The roster's own assignment stands; for the others it is moved to the one they chose."""
    given = session.scalars(select(Assignment).order_by(Assignment.id.desc()).limit(1)).one_or_none()
    if given is None or given.created_at != now:
        return 0
    if system != "roster":
        given.expert_id = session.scalars(select(Expert.id).where(Expert.authority_id == authority).order_by(Expert.rank)).first()
    return 1


def _answer_all(session: Session, now: datetime, luck: Random) -> None:
    """Everybody answers alike: two days on average."""
    for one in session.scalars(select(Assignment).where(Assignment.state == "offered")):
        if luck.random() < 1 - 2 ** (-(now - one.created_at) / timedelta(days=1.4)):
            settle_assignment(session, one, "answered", "answered", now)


def _weighted_gini(load: Mapping[str, int]) -> float:
    sets: defaultdict[str, list[int]] = defaultdict(list)
    for slug, count in load.items():
        sets[slug.partition("--")[0]].append(count)
    told = [(gini(counts + [0] * (TWINS - len(counts))), sum(counts)) for counts in sets.values()]
    return sum(value * weight for value, weight in told) / (sum(weight for _, weight in told) or 1)


def gini(counts: Sequence[int]) -> float:
    """0 when all are equal, towards 1 when one has everything (mean absolute difference over twice the mean)."""
    values = np.asarray(counts, float)
    return float(np.abs(values[:, None] - values[None, :]).mean() / (2 * values.mean())) if values.sum() else 0.0


def _shares(places: Mapping[Labelled, int], part: str, seed: int) -> tuple[str, str]:
    told = [place for labelled, place in places.items() if part == "all" or labelled.is_dev == (part == "dev")]
    return _interval(told, lambda place: place < 1, seed), _interval(told, lambda place: place < 3, seed)


def _interval(places: Sequence[int], hit: Callable[[int], bool], seed: int) -> str:
    """The share and its 95 % interval over 10,000 resampled sets of questions."""
    hits = np.array([hit(place) for place in places], float)
    means = np.random.default_rng(seed).choice(hits, (10_000, len(hits))).mean(axis=1)
    low, high = np.percentile(means, (2.5, 97.5))
    return f"{hits.mean():.3f} [{low:.2f}, {high:.2f}]"


def _is_kept(places: Mapping[Labelled, int], load: float) -> bool:
    first, three = (np.mean([place < among for place in places.values()]) for among in (1, 3))
    return bool(first >= PROMISED["first"] and three >= PROMISED["among three"] and load < PROMISED["Gini"])


def _questions() -> list[Labelled]:
    lines = (FOLDER / "routing_questions.jsonl").read_text("utf-8").splitlines()
    rows = (json.loads(line) for line in lines)
    return [Labelled(row["id"], row["language"], row["text"], frozenset(row["authorities"])) for row in rows]


def _twinned(file: str, key: str, twins: int) -> Iterator[dict[str, str]]:
    with (FOLDER / file).open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield row
            for number in range(1, twins):
                yield row | {key: f"{row[key]}--{number}"} | ({"email": f"{number}.{row['email']}"} if "email" in row else {})


def _competence(searcher: Searcher) -> Competence:
    return Competence(embedder_from("bundled"))


def _made(folder: str, system: str) -> Path:
    made = Path(folder) / system.replace(" ", "-")
    made.mkdir()
    return made


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    raise SystemExit(main(told.rounds, told.seed))
