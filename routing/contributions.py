"""Who gave the answers, in numbers: what each authority was asked and how it kept its deadlines, and who learns from whom.

In: a session and a span of time. Out: tables (`routing.reports`), or the counts of which they are made. What is given to an
expert or offered to an asker counts at the moment at which that happened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from operator import add

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from routing.care import EVERYTHING, Care, covers_authority
from routing.letters.labels import N_
from routing.models import Assignment, Authority, Expert, Fiche, Proposal, Question
from routing.reports import Span, Table, how_many


def by_people(session: Session, span: Span) -> list[tuple[str, str, int]]:
    """(asker's country, authority's country, answers) of what experts were given in the span."""
    return [(asks or "", answers, count) for asks, answers, count in session.execute(_answered_by_people(span))]


def by_fiches(session: Session, span: Span) -> list[tuple[str, str, int]]:
    """(asker's country, fiche, answers) of what was offered in the span."""
    return [(asks or "", slug or "", count) for asks, slug, count in session.execute(_answered_by_fiches(span))]


def who_learns(session: Session, people: Iterable[tuple[str, str, int]], fiches: Iterable[tuple[str, str, int]]) -> Table:
    """Who learns from whom: the asker's country against that of the authority or the fiche that answered."""
    pairs, countries = defaultdict[tuple[str, str], int](int), _countries_of_fiches(session)
    for asks, answers, count in people:
        pairs[asks, answers] += count
    for asks, slug, count in fiches:
        pairs[asks, countries.get(slug, "")] += count
    rows, columns = (sorted({pair[side] for pair in pairs if pair[side]}) for side in (0, 1))
    table = [(one, *(pairs.get((one, other), 0) for other in columns)) for one in rows]
    return Table("learning", (N_("asked in"), *columns), table)


def authorities(session: Session, span: Span, care: Care = EVERYTHING) -> Table:
    """What each authority in somebody's care was asked in this time, and how it kept its deadlines; most asked first."""
    return load(session, by_experts(session, span), care)


def by_experts(session: Session, span: Span) -> list[tuple[int, ...]]:
    """(expert, asked, answered, in time, declined, let lapse, open now) of what was given in the span."""
    answered = Assignment.state == "answered"
    sums = (
        func.count(),
        how_many(answered),
        how_many(answered & (Assignment.settled_at <= Assignment.deadline_at)),
        how_many(Assignment.state == "declined"),
        how_many(Assignment.state.in_(("lapsed", "bounced"))),
        how_many(Assignment.state.in_(("offered", "accepted"))),
    )
    given = select(Assignment.expert_id, *sums).where(Assignment.created_at >= span.first, Assignment.created_at < span.last)
    return [tuple(map(int, row)) for row in session.execute(given.group_by(Assignment.expert_id))]


def load(session: Session, given: Iterable[Sequence[int]], care: Care = EVERYTHING) -> Table:
    """The sums of experts as those of their authorities."""
    homes = select(Expert.id, Authority.id, Authority.name).join(Authority, Authority.id == Expert.authority_id)
    known = {expert: (authority, name) for expert, authority, name in session.execute(homes)}
    totals: dict[int, list[int]] = {}
    for expert, *numbers in given:
        if covers_authority(care, known[expert][0]):
            total = totals.setdefault(known[expert][0], [0] * len(numbers))
            total[:] = map(add, total, numbers)
    names = dict(known.values())
    columns = (
        N_("authority"),
        N_("asked"),
        N_("answered"),
        N_("of these in time"),
        N_("declined"),
        N_("let lapse"),
        N_("open now"),
    )
    rows = [(names[authority], *numbers) for authority, numbers in totals.items()]
    return Table("authorities", columns, sorted(rows, key=lambda row: (-row[1], row[0])))


def _answered_by_people(span: Span) -> Select[str | None, str, int]:
    found = select(Question.country, Authority.country, func.count()).select_from(Assignment)
    found = found.join(Question, Question.id == Assignment.question_id).join(Expert, Expert.id == Assignment.expert_id)
    found = found.join(Authority, Authority.id == Expert.authority_id).where(Assignment.state == "answered")
    found = found.where(Assignment.created_at >= span.first, Assignment.created_at < span.last)
    return found.group_by(Question.country, Authority.country)


def _answered_by_fiches(span: Span) -> Select[str | None, str | None, int]:
    found = select(Question.country, Proposal.accepted_fiche, func.count()).join(Question, Question.id == Proposal.question_id)
    found = found.where(Proposal.state == "accepted", Proposal.created_at >= span.first, Proposal.created_at < span.last)
    return found.group_by(Question.country, Proposal.accepted_fiche)


def _countries_of_fiches(session: Session) -> dict[str, str]:
    return {slug: str(facts.get("country") or "") for slug, facts in session.execute(select(Fiche.slug, Fiche.facts))}
