"""Which practices each authority runs: the published fiches that name it, or its place, or that grew from its own answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

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
    fiches = session.scalars(select(Fiche).where(Fiche.status == "published").options(selectinload(Fiche.texts))).all()
    authorities, answered = session.scalars(select(Authority).where(Authority.active)).all(), _answered(session)
    return {
        one.id: tuple(_practice(fiche) for fiche in fiches if _runs(one, fiche) or fiche.question_id in answered[one.id])
        for one in authorities
    }


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


def _runs(authority: Authority, fiche: Fiche) -> bool:
    """The fiche's owner is this body, or it happened in the body's own place; same words elsewhere mean nothing."""
    facts = fiche.facts
    if facts.get("country") != authority.country:
        return False
    owner, place = folded(facts.get("owner", "")), folded(facts.get("place", ""))
    names = (folded(part) for part in (authority.name, *authority.name.split(" – ")))
    own = any(_says(owner, name) or _says(name, owner) for name in names)
    return own or _says(place, folded(authority.place))


def _says(text: str, words: str) -> bool:
    return bool(words) and words in text


def _practice(fiche: Fiche) -> Practice:
    titles = {text.language: text.title for text in fiche.texts}
    title = titles.get("en") or titles.get(fiche.source_language) or fiche.slug
    return Practice(fiche.slug, title, _told(fiche))


def _told(fiche: Fiche) -> tuple[str, ...]:
    wanted: Iterable[str] = {fiche.source_language, "en"}
    return tuple(f"{text.title}. {text.summary}" for text in fiche.texts if text.language in wanted)
