"""Whether somebody has asked the same: near in meaning, in whatever language, by the searcher's own embedder.

In: a question and what is open or answered. Out: the one it is the same as, or None; and those that a coordinator is shown as
perhaps the same. The thresholds are measured
(benchmarks/same_questions.py) and stand in the policy; a person can always take two questions apart again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from retrieval import Embedder, concepts_of
from routing.decisions import Same
from routing.models import Answer, Proposal, Question
from routing.policy import SamePolicy
from routing.sharing import consents, slug_of

MOST_REMEMBERED = 5000
MOST_ALIKE = 3


@dataclass(frozen=True, slots=True)
class Other:
    """A question somebody else has asked; `answer` is set where it was answered at `at` and the answer may be offered."""

    question: int
    text: str
    answer: int | None = None
    at: datetime | None = None


def choose(others: Sequence[Other], likeness: Sequence[float], policy: SamePolicy, now: datetime) -> Same | None:
    """The nearest open question that is near enough to be joined, else the nearest answered one whose answer can be offered."""
    oldest = now - timedelta(days=policy.offer_for_days)
    near = sorted(zip(others, likeness, strict=True), key=lambda pair: -pair[1])
    for other, cosine in near:
        if other.answer is None and cosine >= policy.join_at:
            return Same(other.question, None, cosine)
    for other, cosine in near:
        if other.answer is not None and cosine >= policy.offer_at and (other.at is None or other.at > oldest):
            return Same(other.question, other.answer, cosine)
    return None


def perhaps(text: str, others: Sequence[Other], likeness: Sequence[float], policy: SamePolicy) -> tuple[int, ...]:
    """The open questions that a person should compare with this one, nearest first.

    A small model's cosine alone shows too many that are merely of one subject: what both ask about, by the vocabulary of the
    field, tells them apart in any two languages.
    """
    mine = frozenset(concepts_of(text))
    worth = policy.suggest_at - policy.concepts
    near = [
        (cosine + policy.concepts * shared(mine, frozenset(concepts_of(other.text))), other.question)
        for other, cosine in zip(others, likeness, strict=True)
        if other.answer is None and cosine >= worth
    ]
    best = sorted((one for one in near if one[0] >= policy.suggest_at), key=lambda one: (-one[0], one[1]))
    return tuple(question for _, question in best[:MOST_ALIKE])


def shared(one: frozenset[str], other: frozenset[str]) -> float:
    """Of all concepts that two questions name, the share that both name (0 to 1)."""
    return len(one & other) / len(one | other) if one and other else 0.0


def others(session: Session, question: Question) -> tuple[Other, ...]:
    """What this question may be the same as; nothing for one that is sensitive, or was set apart by a person."""
    if question.sensitive or question.thread.get("alone"):
        return ()
    return (*_open(session, question), *_answered(session, question))


class Likeness:
    """Cosines between a question and others; each text is embedded once."""

    def __init__(self, embedder: Embedder):
        self._embedder = embedder
        self._vectors: dict[str, np.ndarray] = {}

    def to(self, text: str, known: Sequence[str]) -> list[float]:
        """Cosine of `text` with each of `known` (-1 to 1)."""
        if not known:
            return []
        if len(self._vectors) > MOST_REMEMBERED:
            self._vectors.clear()
        fresh = [one for one in dict.fromkeys((text, *known)) if one not in self._vectors]
        self._vectors |= dict(zip(fresh, self._embedder.encode_questions(fresh), strict=True)) if fresh else {}
        return [float(self._vectors[text] @ self._vectors[one]) for one in known]


def _open(session: Session, question: Question) -> list[Other]:
    """Questions an expert or coordinator has, asked before this one and not themselves waiting for another's answer."""
    found = select(Question).where(
        Question.state == "assigned",
        Question.merged_into_id.is_(None),
        ~Question.sensitive,
        Question.id < question.id,
    )
    return [Other(one.id, one.full_text) for one in session.scalars(found.order_by(Question.id))]


def _answered(session: Session, question: Question) -> list[Other]:
    """Answers that helped, with the consent of both; those this asker has refused are not offered again."""
    found = (
        select(Answer, Question)
        .join(Question, Question.id == Answer.question_id)
        .where(
            Question.may_be_shared,
            ~Question.sensitive,
            Question.id != question.id,
            Question.state.in_(("answered", "closed")),
            Answer.state == "released",
        )
        .order_by(Answer.id)
    )
    refused = _refused(session, question)
    latest = {asked.id: (answer, asked) for answer, asked in session.execute(found) if slug_of(answer) not in refused}
    offered = [(answer, asked) for answer, asked in latest.values() if consents(session, answer)]
    return [Other(asked.id, asked.full_text, answer.id, answer.released_at) for answer, asked in offered]


def _refused(session: Session, question: Question) -> set[str]:
    proposals = session.scalars(select(Proposal).where(Proposal.question_id == question.id))
    return {match["slug"] for proposal in proposals for match in proposal.matches}
