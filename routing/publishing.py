"""What the public is told of a month: counts of questions, none of which singles out a few people.

In: the questions of a month that has ended. Out: one row of figures, already anonymised, written once and never counted again:
what changes later could be held against what was published. Sensitive questions are left out of every figure.

Every question is in one month and in one category of each table, so tables share nothing but their sum (`routing.disclosure`
protects each). What depends on how many were answered is published only where that number is: then it follows from nothing else.
No text, no authority and nobody's name is among the figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from routing.calendars import office_calendar
from routing.disclosure import has_enough_beyond, protected, share
from routing.languages import LANGUAGES
from routing.letters.labels import LABELS
from routing.models import Assignment, Authority, Expert, Fiche, Proposal, PublicMonth, Question
from routing.months import Month, due
from routing.office import Office
from routing.reports import BY_FICHE, TIERS, within_which
from routing.upserts import insert_into

THEMES = tuple(LABELS)[:16]
OTHER = ""  # any category that is not on the list, or none
OUTCOMES = ("fiche", "person", "none")
KNOWN = {"themes": (*THEMES, OTHER), "languages": (*LANGUAGES, OTHER), "tiers": TIERS, "outcomes": OUTCOMES}
HALF, MOST = 0.5, 0.9


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as the figures see it: where it stands in each table, and how many minutes it took (None: not yet).

    `taught` is the country of whoever answered; `promise` says whether the first was kept, None where it is not over.
    """

    theme: str = OTHER
    language: str = OTHER
    tier: str = "standard"
    outcome: str = "none"
    country: str = OTHER
    taught: str = OTHER
    promise: bool | None = None
    first_word: int | None = None
    answer: int | None = None


def publish_due(session: Session, office: Office, now: datetime) -> bool:
    """Publish the last month when its moment has come, if the policy says so; whether this call did."""
    month = due(now, office_calendar(office)) if office.policy.public.report else None
    if month is None or session.get(PublicMonth, str(month)) is not None:
        return False
    fewest = office.policy.public.fewest
    figures = anonymised(asked_in(session, month, now), countries(session), fewest)
    row = insert_into(session, PublicMonth).values(month=str(month), fewest=fewest, figures=figures, published_at=now)
    session.execute(row.on_conflict_do_nothing())  # another worker may have published the same at the same moment
    return True


def published(session: Session) -> Sequence[str]:
    """The months that are published, latest first."""
    return session.scalars(select(PublicMonth.month).order_by(PublicMonth.month.desc())).all()


def anonymised(asked: Sequence[Asked], places: Sequence[str], fewest: int) -> dict[str, Any]:
    """The figures as they are published, a value that JSON knows; `places` are the countries of the network's directory.

    {"asked": how many or None, "tables": {name: {category: count or None} or None}, "share": [share, step] or None,
    "first_word" and "answer": {"half", "most": minutes or None}}; countries stand as "IT>GR", asker first.
    """
    if len(asked) < fewest:
        return {"asked": None, "tables": {}, "share": None, "first_word": None, "answer": None}
    stand = {
        "themes": (one.theme for one in asked),
        "languages": (one.language for one in asked),
        "tiers": (one.tier for one in asked),
        "outcomes": (one.outcome for one in asked),
    }
    tables: dict[str, dict[str, int | None] | None]
    tables = {name: protected(_counted(where, KNOWN[name]), fewest) for name, where in stand.items()}
    first_words = [one.first_word for one in asked if one.first_word is not None]
    told = {"asked": len(asked), "tables": tables, "first_word": _times(first_words, fewest)}
    unanswered = (tables["outcomes"] or {}).get("none")
    if unanswered is None:  # how many were answered is not published, so nothing that would tell it
        return told | {"tables": tables | {"learning": None}, "share": None, "answer": None}
    answered = [one for one in asked if one.outcome != "none"]
    return told | {
        "tables": tables | {"learning": _learning(answered, places, fewest)},
        "share": _kept(asked, len(answered), fewest),
        "answer": _times([one.answer for one in answered if one.answer is not None], fewest),
    }


def asked_in(session: Session, month: Month, now: datetime) -> list[Asked]:
    """Every question of a month that is not sensitive, as it stands `now`."""
    taught = _teachers(session, month)
    columns = (Question.id, Question.theme, Question.language, Question.tier, Question.country, Question.closed_because)
    moments = (Question.state, Question.created_at, Question.first_promised_at, Question.first_word_at, Question.answered_at)
    rows = session.execute(select(*columns, *moments).where(*_of(month), ~Question.sensitive))
    return [_one(row, taught.get(row.id, OTHER), now) for row in rows]


def countries(session: Session) -> Sequence[str]:
    """Those of the directory: a list that does not depend on who has asked."""
    return sorted(session.scalars(select(Authority.country).distinct()))


def _counted(categories: Iterable[str], known: Sequence[str]) -> dict[str, int]:
    """Every known category with its count; what is not known is counted as other."""
    counts = Counter(one if one in known else OTHER for one in categories)
    return {one: counts[one] for one in known}


def _learning(answered: Sequence[Asked], places: Sequence[str], fewest: int) -> dict[str, int | None] | None:
    known = (*places, OTHER)
    pairs = (f"{_in(one.country, known)}>{_in(one.taught, known)}" for one in answered)
    return protected(_counted(pairs, [f"{asks}>{teaches}" for asks in known for teaches in known]), fewest)


def _in(place: str, known: Sequence[str]) -> str:
    return place if place in known else OTHER


def _kept(asked: Sequence[Asked], answered: int, fewest: int) -> list[float] | None:
    """The share of promises kept, decided by what everybody knows: how many were answered."""
    over = [one.promise for one in asked if one.promise is not None]
    told = share(sum(over), max(len(over), 1), fewest) if answered >= 4 * fewest else None
    return list(told) if told else None


def _times(minutes: Sequence[int], fewest: int) -> dict[str, int | None]:
    """Within how long half of them and nine in ten came, in minutes, rounded up as one says it; None where too few are beyond."""
    taken = sorted(Counter(map(_said, minutes)).items())
    told = {"half": HALF, "most": MOST}
    return {
        name: within_which(taken, part) if has_enough_beyond(len(minutes), part, fewest) else None for name, part in told.items()
    }


def _said(minutes: int) -> int:
    """Two hours and more in whole hours, three days and more in whole days, as `span_words` says them."""
    unit = 1440 if minutes >= 72 * 60 else 60 if minutes >= 120 else 1
    return -(-minutes // unit) * unit


def _one(row: Any, taught: str, now: datetime) -> Asked:
    outcome = "fiche" if row.closed_because == BY_FICHE else "person" if row.answered_at else "none"
    return Asked(
        theme=row.theme or OTHER,
        language=row.language,
        tier=row.tier,
        outcome=outcome,
        country=(row.country or OTHER).upper(),
        taught=taught,
        promise=_promise(row, now),
        first_word=_minutes(row.created_at, row.first_word_at),
        answer=_minutes(row.created_at, row.answered_at),
    )


def _promise(row: Any, now: datetime) -> bool | None:
    if row.answered_at is not None:
        return row.first_promised_at is None or bool(row.answered_at <= row.first_promised_at)
    is_late = row.state != "closed" and row.first_promised_at is not None and row.first_promised_at < now
    return False if is_late else None


def _minutes(start: datetime, end: datetime | None) -> int | None:
    return None if end is None else int((end - start).total_seconds() // 60)


def _teachers(session: Session, month: Month) -> dict[int, str]:
    """The country of whoever answered first, or of the fiche that was accepted, by question."""
    fiches = {slug: str(facts.get("country") or OTHER) for slug, facts in session.execute(select(Fiche.slug, Fiche.facts))}
    accepted = select(Proposal.question_id, Proposal.accepted_fiche).join(Question, Question.id == Proposal.question_id)
    rows = session.execute(accepted.where(*_of(month), Proposal.state == "accepted"))
    found = {question: fiches.get(slug or "", OTHER).upper() for question, slug in rows}
    given = select(Assignment.question_id, Authority.country).join(Question, Question.id == Assignment.question_id)
    given = given.join(Expert, Expert.id == Assignment.expert_id).join(Authority, Authority.id == Expert.authority_id)
    given = given.where(*_of(month), Assignment.state == "answered").order_by(Assignment.settled_at.desc())
    return found | {question: country.upper() for question, country in session.execute(given)}


def _of(month: Month) -> tuple[ColumnElement[bool], ...]:
    return Question.created_at >= month.begins, Question.created_at < month.ends
