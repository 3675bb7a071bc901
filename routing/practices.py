"""Which practices each authority runs: the published fiches that name it, or its place, or that grew from its own answers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from routing.countries import folded
from routing.models import Assignment, Authority, Expert, Fiche


@dataclass(frozen=True, slots=True)
class Practice:
    """A fiche as it speaks for an authority: `title` for people (English where there is one), `texts` for the embedder."""

    slug: str
    title: str
    texts: tuple[str, ...]


def practices(session: Session) -> dict[int, tuple[Practice, ...]]:
    """The practices of every active authority, by its id."""
    authorities = [_Body(*row) for row in session.execute(_BODIES)]
    fiches, answered = _published(session), _answered(session)
    runs = _runs_of(tuple(authorities), fiches)
    return {
        body.id: tuple(one.practice for one in fiches if one.practice.slug in runs[body.id] or one.question in answered[body.id])
        for body in authorities
    }


class _Body(NamedTuple):
    """What a practice is told by to be an authority's own."""

    id: int
    name: str
    place: str
    country: str


class _Told(NamedTuple):
    """A published fiche: what it says, where it happened, and the question that it grew from."""

    practice: Practice
    owner: str
    place: str
    country: str
    question: int | None


_BODIES = select(Authority.id, Authority.name, Authority.place, Authority.country).where(Authority.active)
_EDITION = select(Fiche.id, Fiche.content_hash, Fiche.question_id).where(Fiche.status == "published").order_by(Fiche.id)
# What was read last, with the contents that it was read from: every question asks, and fiches change seldom.
_last: tuple[object, tuple[_Told, ...]] = (None, ())


def _published(session: Session) -> tuple[_Told, ...]:
    global _last
    edition = tuple(map(tuple, session.execute(_EDITION)))
    known, fiches = _last
    if known != edition:
        read = select(Fiche).where(Fiche.status == "published").options(selectinload(Fiche.texts)).order_by(Fiche.id)
        fiches = tuple(map(_told, session.scalars(read)))
        _last = edition, fiches
    return fiches


def _answered(session: Session) -> defaultdict[int, set[int]]:
    """The questions that became fiches, by the authority whose expert answered them."""
    rows = session.execute(
        select(Expert.authority_id, Assignment.question_id)
        .join(Assignment, Assignment.expert_id == Expert.id)
        .join(Fiche, Fiche.question_id == Assignment.question_id)
        .where(Assignment.state == "answered")
    )
    found: defaultdict[int, set[int]] = defaultdict(set)
    for authority, question in rows:
        found[authority].add(question)
    return found


@lru_cache(maxsize=4)
def _runs_of(bodies: tuple[_Body, ...], fiches: tuple[_Told, ...]) -> dict[int, frozenset[str]]:
    """For each authority the fiches that name it or its place."""
    return {body.id: frozenset(one.practice.slug for one in fiches if _runs(body, one)) for body in bodies}


def _runs(body: _Body, fiche: _Told) -> bool:
    """The fiche's owner is this body, or it happened in the body's own place; same words elsewhere mean nothing."""
    if fiche.country != body.country:
        return False
    names = (folded(part) for part in (body.name, *body.name.split(" – ")))
    own = any(_says(fiche.owner, name) or _says(name, fiche.owner) for name in names)
    return own or _says(fiche.place, folded(body.place))


def _says(text: str, words: str) -> bool:
    return bool(words) and words in text


def _told(fiche: Fiche) -> _Told:
    titles = {text.language: text.title for text in fiche.texts}
    title = titles.get("en") or titles.get(fiche.source_language) or fiche.slug
    wanted = {fiche.source_language, "en"}
    texts = tuple(f"{text.title}. {text.summary}" for text in fiche.texts if text.language in wanted)
    owner, place = folded(fiche.facts.get("owner", "")), folded(fiche.facts.get("place", ""))
    return _Told(Practice(fiche.slug, title, texts), owner, place, fiche.facts.get("country", ""), fiche.question_id)
