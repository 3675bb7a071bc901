"""The directory as the console reads it: authorities, their experts with what they have open now, and who may sign in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from routing import absences
from routing.cases import OPEN_ASSIGNMENT
from routing.models import Absence, Address, Assignment, Authority, ConsoleUser, Expert, Person


@dataclass(frozen=True, slots=True)
class ExpertLine:
    """An expert as the directory shows them: what they have open now, until when they are away, and when they will be."""

    expert: Expert
    address: Address | None
    open_now: int
    away_until: str | None
    absences: Sequence[Absence] = ()


def directory_ids(session: Session, words: str = "") -> Sequence[int]:
    """The authorities whose name, place, country, themes or experts' roles say all the words, by country and name."""
    roles: dict[int, str] = {}
    for authority, role in session.execute(select(Expert.authority_id, Expert.role).order_by(Expert.rank, Expert.id)):
        roles[authority] = f"{roles.get(authority, '')} {role}"
    columns = (Authority.id, Authority.name, Authority.place, Authority.country, Authority.themes)
    asked, found = words.lower().split(), []
    for authority, name, place, country, themes in session.execute(select(*columns).order_by(Authority.country, Authority.name)):
        text = f"{name} {place} {country} {' '.join(themes)} {roles.get(authority, '')}".lower()
        if all(word in text for word in asked):
            found.append(authority)
    return found


def authorities(session: Session, ids: Sequence[int]) -> Sequence[Authority]:
    """These authorities, in this order."""
    known = {one.id: one for one in session.scalars(select(Authority).where(Authority.id.in_(ids)))}
    return [known[one] for one in ids if one in known]


def authority_names(session: Session) -> Sequence[tuple[int, str]]:
    """Authorities by name, for a choice."""
    return [(found, name) for found, name in session.execute(select(Authority.id, Authority.name).order_by(Authority.name))]


def expert_lines(session: Session, now: datetime, authority_ids: Sequence[int]) -> dict[int, list[ExpertLine]]:
    """The experts of these authorities, by authority, in the order of the ladder."""
    found = select(Expert).where(Expert.authority_id.in_(authority_ids)).order_by(Expert.rank, Expert.id)
    there = session.scalars(found.options(joinedload(Expert.person).selectinload(Person.addresses))).all()
    ids = [one.id for one in there]
    load, away, ahead = _open_now(session, ids), _away(session, now, ids), absences.ahead(session, now, ids)
    lines: dict[int, list[ExpertLine]] = {}
    for expert in there:
        best = next((one for one in expert.person.addresses if one.dead_at is None), next(iter(expert.person.addresses), None))
        line = ExpertLine(expert, best, load.get(expert.id, 0), away.get(expert.id), ahead.get(expert.id, ()))
        lines.setdefault(expert.authority_id, []).append(line)
    return lines


def experts(session: Session, words: str = "", limit: int = 12) -> Sequence[Expert]:
    """Active experts whose role, authority or place says all the words."""
    found = select(Expert).join(Expert.authority).where(Expert.active).options(joinedload(Expert.authority))
    for word in words.split()[:6]:
        columns = (Expert.role, Authority.name, Authority.place, Authority.country)
        found = found.where(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    return session.scalars(found.order_by(Authority.name, Expert.rank, Expert.id).limit(limit)).all()


def experts_by_id(session: Session, ids: set[int]) -> Mapping[int, Expert]:
    found = select(Expert).where(Expert.id.in_(ids)).options(joinedload(Expert.authority))
    return {expert.id: expert for expert in session.scalars(found)}


def loads(session: Session, now: datetime, expert_ids: Sequence[int]) -> tuple[dict[int, int], dict[int, str]]:
    """Open assignments of each of these experts, and the last day of absence of those who are away."""
    return _open_now(session, expert_ids), _away(session, now, expert_ids)


def users(session: Session) -> Sequence[tuple[ConsoleUser, str]]:
    rows = session.execute(select(ConsoleUser, Person.name).join(Person).order_by(ConsoleUser.email))
    return [(user, name) for user, name in rows]


def _open_now(session: Session, expert_ids: Sequence[int]) -> dict[int, int]:
    open_now = (Assignment.expert_id.in_(expert_ids), Assignment.state.in_(OPEN_ASSIGNMENT))
    rows = session.execute(select(Assignment.expert_id, func.count()).where(*open_now).group_by(Assignment.expert_id))
    return {expert_id: count for expert_id, count in rows}


def _away(session: Session, now: datetime, expert_ids: Sequence[int]) -> dict[int, str]:
    return {expert_id: last_day.isoformat() for expert_id, last_day in absences.away(session, now, expert_ids).items()}
