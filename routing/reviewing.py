"""Answers judged by people: which wait for a coordinator before they go out, and the monthly sample that is scored.

The nine criteria are our own wording of what legal-advice and helpdesk services score (a monthly random tenth on nine
criteria at Your Europe Advice). A criterion is met (2), partly met (1) or not met (0).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, joinedload

from routing.care import EVERYTHING, Care, within
from routing.errors import NotFound, RoutingError, StaleAction
from routing.history import note
from routing.letters.labels import N_
from routing.models import Answer, Authority, Question, Review
from routing.office import Office

CRITERIA: Mapping[str, str] = {
    "question": N_("answers the question that was asked"),
    "correct": N_("is correct, as far as can be checked"),
    "complete": N_("leaves out nothing the asker needs"),
    "practical": N_("says what was done, by whom and at what cost"),
    "sources": N_("names its sources, or says that it is experience"),
    "transferable": N_("says what would differ elsewhere"),
    "clear": N_("can be read without knowing the country's terms"),
    "neutral": N_("is impartial and promotes nobody"),
    "private": N_("holds no personal or confidential data"),
}
MARKS = {"2": N_("met"), "1": N_("partly"), "0": N_("not met")}
_MOST_REMARK = 2000
# Asked at every tick: whether a month's sample is drawn, and of which answers it is.
_DRAWN = select(Review.id).where(Review.sort == "sample", Review.month == bindparam("month")).limit(1)
_RELEASED = select(Answer.id).where(Answer.state == "released", Answer.released_at >= bindparam("begin"))
_RELEASED = _RELEASED.where(Answer.released_at < bindparam("end"))


class NotScored(RoutingError):
    """The nine marks are incomplete or none that exists."""


def why_review(office: Office, question: Question, authority: Authority) -> str | None:
    """Why an answer waits for a coordinator first; None when it goes straight on. The authority's entry outweighs the tier."""
    if authority.review == "review":
        return "answers of this authority are reviewed"
    if authority.review == "straight":
        return None
    return "policy asks for a review" if office.policy.tiers[question.tier].review == "review" else None


def sample_of(ids: Sequence[int], share: float, seed: str) -> list[int]:
    """The share of `ids` (rounded up) that a seed draws; the same seed and the same ids give the same sample, in any order."""
    wanted = min(len(ids), math.ceil(len(ids) * share))
    return sorted(sorted(ids, key=lambda one: hashlib.sha256(f"{seed}:{one}".encode()).digest())[:wanted])


def draw_sample(session: Session, office: Office, now: datetime) -> int:
    """Once a month, draw the sample of last month's answers; returns how many were drawn now."""
    first = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    begin = (first - timedelta(days=1)).replace(day=1)
    month = f"{begin:%Y-%m}"
    if session.scalars(_DRAWN, {"month": month}).first() is not None or office.policy.sample.share == 0:
        return 0
    released = session.scalars(_RELEASED, {"begin": begin, "end": first}).all()
    chosen = sample_of(released, office.policy.sample.share, f"{office.policy.sample.seed}:{month}")
    session.add_all(Review(answer_id=one, sort="sample", month=month, created_at=now) for one in chosen)
    return len(chosen)


def keep_checklist(session: Session, written: Answer, scores: Mapping[str, str], by: str, now: datetime) -> None:
    """The coordinator's marks at release; only those that were given."""
    given = {name: int(mark) for name, mark in scores.items() if name in CRITERIA and mark in MARKS}
    if given:
        review = Review(answer_id=written.id, sort="release", scores=given, by=by, created_at=now, done_at=now)
        session.add(review)


def score(session: Session, review_id: int, scores: Mapping[str, str], remark: str, *, by: str, now: datetime) -> Review:
    """Nine marks for one sampled answer; raises `NotScored` or `StaleAction`."""
    review = session.get(Review, review_id, with_for_update=True)
    if review is None or review.sort != "sample":
        raise NotFound("There is no such answer in the sample.")
    if review.done_at is not None:
        raise StaleAction("This answer has already been scored.")
    if any(scores.get(name) not in MARKS for name in CRITERIA):
        raise NotScored("Score every criterion.")
    review.scores = {name: int(scores[name]) for name in CRITERIA}
    review.remark, review.by, review.done_at = remark.strip()[:_MOST_REMARK], by, now
    answer = session.get_one(Answer, review.answer_id)
    note(
        session,
        session.get(Question, answer.question_id),
        "answer-scored",
        actor=by,
        now=now,
        answer=answer.id,
        sum=sum(review.scores.values()),
    )
    return review


def open_sample(session: Session, care: Care = EVERYTHING) -> Sequence[tuple[Review, Question]]:
    """Sampled answers that wait for their marks, oldest first, each with its question."""
    found = select(Review, Question).join(Answer, Answer.id == Review.answer_id).join(Question, Question.id == Answer.question_id)
    waiting = found.where(Review.sort == "sample", Review.done_at.is_(None), *within(care, Question.id))
    waiting = waiting.options(joinedload(Review.answer))
    return [(review, question) for review, question in session.execute(waiting.order_by(Review.id))]


def results(session: Session) -> list[tuple[str, int, int, dict[str, float]]]:
    """By month, latest first: (month, drawn, scored, share of full marks by criterion)."""
    drawn = select(Review.month, func.count()).where(Review.sort == "sample").group_by(Review.month)
    counts = {month: count for month, count in session.execute(drawn)}
    scored: dict[str, list[dict[str, int]]] = {month: [] for month in counts}
    done = select(Review.month, Review.scores).where(Review.sort == "sample", Review.done_at.is_not(None))
    for month, scores in session.execute(done):
        scored[month].append(scores)
    return [(month, counts[month], len(scored[month]), _shares(scored[month])) for month in sorted(counts, reverse=True)]


def _shares(scores: Sequence[Mapping[str, int]]) -> dict[str, float]:
    return {name: sum(one.get(name, 0) for one in scores) / (2 * len(scores)) for name in CRITERIA} if scores else {}
