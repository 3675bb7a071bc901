"""What the network knows of its experts: directory entries, load, speed and reliability, read for the roster."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from statistics import median

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from retrieval import Embedder
from routing.models import Absence, Address, Assignment, Authority, Expert, Fiche, FicheText, Question
from routing.roster import Candidate

LOOK_BACK = timedelta(days=365)
MONTH = timedelta(days=30)


def candidates(session: Session, now: datetime) -> tuple[Candidate, ...]:
    """Every active expert with what their last year tells; similarity to a question is filled in elsewhere."""
    experts = session.scalars(select(Expert).where(Expert.active).options(joinedload(Expert.authority))).all()
    past, practices = _past(session, now), _practices(session)
    this_month = Counter(one.authority_id for one in experts for past_one in past[one.id] if past_one.created_at > now - MONTH)
    reachable = set(session.scalars(select(Address.person_id).where(Address.dead_at.is_(None))))
    away = _away(session, now)
    return tuple(
        replace(
            _candidate(expert, past[expert.id], expert.person_id in reachable, away.get(expert.id), now),
            own_fiches=tuple(practices.get(expert.authority.place, ())),
            authority_room=expert.authority.capacity_per_month - this_month[expert.authority_id],
        )
        for expert in experts
    )


def profiles(session: Session) -> dict[int, str]:
    """What each authority is about, in words: its profile and the titles of practices at its place."""
    practices = _practices(session)
    authorities = session.scalars(select(Authority).where(Authority.active))
    return {one.id: ". ".join(filter(None, (one.profile or one.name, *practices.get(one.place, ())))) for one in authorities}


def answered_by_theme(session: Session) -> dict[tuple[int, str], int]:
    """How many questions of each theme each expert has answered, by (expert id, theme)."""
    counted = (
        select(Assignment.expert_id, Question.theme, func.count())
        .join(Question, Question.id == Assignment.question_id)
        .where(Assignment.state == "answered", Question.theme.is_not(None))
        .group_by(Assignment.expert_id, Question.theme)
    )
    return {(expert, theme or ""): count for expert, theme, count in session.execute(counted)}


class Competence:
    """How near each authority's profile is to a question, by the searcher's own embedder; profiles are embedded once."""

    def __init__(self, embedder: Embedder):
        self._embedder = embedder
        self._vectors: dict[str, np.ndarray] = {}

    def similarities(self, text: str, known: Mapping[int, str]) -> dict[int, float]:
        """Cosine of `text` with each profile, by authority id."""
        if not known:
            return {}
        fresh = [profile for profile in set(known.values()) if profile not in self._vectors]
        if fresh:
            self._vectors |= dict(zip(fresh, self._embedder.encode_passages(fresh), strict=True))
        question = self._embedder.encode_questions([text])[0]
        return {authority: float(question @ self._vectors[profile]) for authority, profile in known.items()}


def _practices(session: Session) -> dict[str, list[str]]:
    """English titles of published fiches, by place."""
    practices: defaultdict[str, list[str]] = defaultdict(list)
    titles = select(Fiche.facts, FicheText.title).join(FicheText).where(Fiche.status == "published", FicheText.language == "en")
    for facts, title in session.execute(titles):
        practices[facts.get("place", "")].append(title)
    return practices


def _past(session: Session, now: datetime) -> defaultdict[int, list[Assignment]]:
    rows: defaultdict[int, list[Assignment]] = defaultdict(list)
    for assignment in session.scalars(select(Assignment).where(Assignment.created_at > now - LOOK_BACK)):
        rows[assignment.expert_id].append(assignment)
    return rows


def _away(session: Session, now: datetime) -> dict[int, date]:
    today = now.date().isoformat()
    absences = session.scalars(select(Absence).where(Absence.first_day <= today, Absence.last_day >= today))
    return {absence.expert_id: date.fromisoformat(absence.last_day) for absence in absences}


def _candidate(expert: Expert, past: Sequence[Assignment], reachable: bool, away_until: date | None, now: datetime) -> Candidate:
    authority = expert.authority
    states = [assignment.state for assignment in past]
    answered = [assignment for assignment in past if assignment.state == "answered" and assignment.settled_at]
    hours = [(one.settled_at - one.created_at) / timedelta(hours=1) for one in answered if one.settled_at]
    this_month = [one for one in past if one.created_at > now - MONTH]
    return Candidate(
        expert=expert.id,
        authority=authority.id,
        country=authority.country,
        themes=tuple(expert.themes or authority.themes),
        languages=tuple(expert.languages or authority.languages),
        kind=authority.kind,
        rank=expert.rank,
        answered=len(answered),
        declined=states.count("declined"),
        silent=states.count("lapsed"),
        median_response_hours=median(hours) if hours else None,
        open_now=states.count("offered") + states.count("accepted"),
        capacity=expert.monthly_limit,
        assigned_this_month=len(this_month),
        away_until=away_until,
        zone=authority.zone,
        last_assigned_at=max((one.created_at for one in past), default=None),
        dead_address=not reachable,
        active=expert.active and authority.active,
    )
