"""What a simulation measured: times to answer, promises kept, load, first tries. Read from the database it left behind."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from routing.models import Assignment, Question


@dataclass
class Figures:
    """Of one or many seeds. Times in days; `kept` and `answered` by tier; `load` by expert."""

    asked: int = 0
    days: dict[str, list[float]] = field(default_factory=dict)
    kept: Counter = field(default_factory=Counter)
    load: list[int] = field(default_factory=list)
    ginis: list[float] = field(default_factory=list)
    first_tries: int = 0
    assigned: int = 0

    def as_json(self):
        return vars(self) | {"kept": [[tier, in_time, count] for (tier, in_time), count in self.kept.items()]}

    @classmethod
    def from_json(cls, told):
        return cls(**(told | {"kept": Counter({(tier, in_time): count for tier, in_time, count in told["kept"]})}))

    def add(self, other):
        self.asked += other.asked
        for tier, days in other.days.items():
            self.days.setdefault(tier, []).extend(days)
        self.kept += other.kept
        self.load += other.load
        self.ginis += other.ginis
        self.first_tries += other.first_tries
        self.assigned += other.assigned


def measured(store, experts):
    """Figures of one network; `experts` is how many it has."""
    with store.snapshot() as session:
        questions = session.scalars(select(Question)).all()
        assignments = session.scalars(select(Assignment).order_by(Assignment.id)).all()
    told, first = Figures(asked=len(questions)), {}
    for one in assignments:
        first.setdefault(one.question_id, one)
    for question in questions:
        if question.answered_at is None:
            continue
        told.days.setdefault(question.tier, []).append((question.answered_at - question.created_at) / timedelta(days=1))
        if question.id in first:
            told.kept[question.tier, question.answered_at <= first[question.id].deadline_at] += 1
    load = Counter(one.expert_id for one in assignments)
    told.load = [*load.values(), *[0] * (experts - len(load))]
    told.ginis = [gini(told.load)]
    told.assigned = len(first)
    told.first_tries = sum(one.state == "answered" for one in first.values())
    return told


def gini(counts):
    """0 when all have the same, towards 1 when one has everything."""
    ordered, whole = sorted(counts), sum(counts)
    if not whole:
        return 0.0
    return sum((2 * place - len(ordered) + 1) * count for place, count in enumerate(ordered)) / (len(ordered) * whole)
