"""What the network knows of its experts: directory entries, load, speed and reliability, read for the roster."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from statistics import median
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from routing.absences import away
from routing.competence import Answered, Competence, Near, Profile
from routing.models import Address, Assignment, Authority, Expert, Question
from routing.practices import practices
from routing.roster import Candidate

__all__ = ["Answered", "Competence", "Near", "Profile", "answered", "candidates", "profiles"]

LOOK_BACK = timedelta(days=365)
MONTH = timedelta(days=30)


class Past(NamedTuple):
    """One assignment of the last year."""

    state: str
    created_at: datetime
    settled_at: datetime | None


def candidates(session: Session, now: datetime) -> tuple[Candidate, ...]:
    """Every active expert with what their last year tells; nearness to a question is filled in elsewhere."""
    experts = session.scalars(select(Expert).where(Expert.active).options(joinedload(Expert.authority))).all()
    past = _past(session, now)
    this_month = Counter(one.authority_id for one in experts for past_one in past[one.id] if past_one.created_at > now - MONTH)
    reachable = set(session.scalars(select(Address.person_id).where(Address.dead_at.is_(None))))
    absent = away(session, now)
    return tuple(
        replace(
            _candidate(expert, past[expert.id], expert.person_id in reachable, absent.get(expert.id), now),
            authority_room=expert.authority.capacity_per_month - this_month[expert.authority_id],
        )
        for expert in experts
    )


def profiles(session: Session) -> dict[int, Profile]:
    """What each authority is about: its profile, and as evidence the practices it runs and the offices of its experts."""
    run, offices = practices(session), _offices(session)
    authorities = session.scalars(select(Authority).where(Authority.active))
    return {
        one.id: Profile(
            one.profile or one.name,
            tuple(one.themes),
            (*(text for practice in run[one.id] for text in practice.texts), *filter(None, ["; ".join(offices[one.id])])),
            "; ".join((one.profile, one.name, one.kind, *offices[one.id])),
        )
        for one in authorities
    }


def answered(session: Session, now: datetime) -> tuple[Answered, ...]:
    """The questions that each expert has answered or accepted in the last year."""
    rows = session.execute(
        select(Assignment.expert_id, Question.theme, Question.text)
        .join(Question, Question.id == Assignment.question_id)
        .where(Assignment.state.in_(("answered", "accepted")), Assignment.created_at > now - LOOK_BACK)
        .order_by(Assignment.id)
    )
    return tuple(Answered(expert, theme, text) for expert, theme, text in rows)


def _offices(session: Session) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for authority, role in session.execute(
        select(Expert.authority_id, Expert.role).where(Expert.active).order_by(Expert.rank, Expert.id)
    ):
        found[authority].append(role)
    return found


def _past(session: Session, now: datetime) -> defaultdict[int, list[Past]]:
    """Columns, not objects: a busy network has tens of thousands of assignments a year."""
    rows: defaultdict[int, list[Past]] = defaultdict(list)
    columns = select(Assignment.expert_id, Assignment.state, Assignment.created_at, Assignment.settled_at)
    recent = columns.where(Assignment.created_at > now - LOOK_BACK).order_by(Assignment.id)
    for expert, state, created_at, settled_at in session.execute(recent):
        rows[expert].append(Past(state, created_at, settled_at))
    return rows


def _candidate(expert: Expert, past: Sequence[Past], reachable: bool, away_until: date | None, now: datetime) -> Candidate:
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
        authority_themes=tuple(authority.themes),
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
