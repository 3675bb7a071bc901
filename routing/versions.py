"""Versions of a fiche: each saved state with its author, what differs between two, and what a translation has not seen yet.

In: a fiche as it is, or two texts. Out: rows of the table, or pieces of text marked as kept, added or removed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import Text, cast, delete, select
from sqlalchemy.orm import Session, selectinload

from routing.facts import fact
from routing.fiches import as_record
from routing.models import Fiche, FicheRemark, FicheVersion

MOST_WORDS = 4_000  # of one text that are compared one by one; longer ones are compared line by line
_PIECES = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, and whether they were "kept", "added" or "removed"."""

    how: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that changed, by name: what it was, what it is, and which of several stayed; codes as they are stored."""

    name: str
    removed: tuple[Any, ...]
    kept: tuple[Any, ...]
    added: tuple[Any, ...]


def keep(session: Session, fiche: Fiche, by: str, now: datetime) -> None:
    """Store the fiche as it is now, once for each revision."""
    session.flush()
    known = select(FicheVersion.id).where(FicheVersion.fiche_id == fiche.id, FicheVersion.revision == fiche.revision)
    if session.scalars(known).first() is None:
        session.add(FicheVersion(fiche_id=fiche.id, revision=fiche.revision, content=_content(fiche), by=by, at=now))


def of(session: Session, fiche: Fiche) -> Sequence[FicheVersion]:
    """All versions, latest first."""
    found = select(FicheVersion).where(FicheVersion.fiche_id == fiche.id).order_by(FicheVersion.revision.desc())
    return session.scalars(found).all()


def remarks(session: Session, fiche: Fiche) -> Sequence[FicheRemark]:
    return session.scalars(select(FicheRemark).where(FicheRemark.fiche_id == fiche.id).order_by(FicheRemark.id)).all()


def forget(session: Session, fiche: Fiche) -> None:
    """Versions and remarks of a fiche go: they may hold words of somebody who asked to be forgotten."""
    for table in (FicheVersion, FicheRemark):
        session.execute(delete(table).where(table.fiche_id == fiche.id))


def forget_contacts(session: Session, addresses: Iterable[str]) -> None:
    """Somebody who is forgotten may stand as the contact of a fiche, now or in a kept version: contact and version go."""
    for address in addresses:
        session.execute(delete(FicheVersion).where(cast(FicheVersion.content, Text).icontains(address, autoescape=True)))
        named = select(Fiche).where(cast(Fiche.facts, Text).icontains(address, autoescape=True))
        for fiche in session.scalars(named.options(selectinload(Fiche.texts))):
            _without(fiche, "contact")


def forget_author(session: Session, name: str) -> None:
    """So may they as an author who agreed to be named. A role stays, whatever a person calls themselves."""
    if not name.strip():
        return
    kept = select(FicheVersion).where(cast(FicheVersion.content, Text).icontains(name, autoescape=True))
    for version in session.scalars(kept):
        if _is_by(version.content["facts"], name):
            session.delete(version)
    named = select(Fiche).where(fact("author").icontains(name, autoescape=True))
    for fiche in session.scalars(named.options(selectinload(Fiche.texts))):
        if _is_by(fiche.facts, name):
            _without(fiche, "author", "author_agreed")


def _is_by(facts: dict[str, Any], name: str) -> bool:
    return bool(facts.get("author_agreed")) and name.casefold() in facts.get("author", "").casefold()


def _without(fiche: Fiche, *names: str) -> None:
    fiche.facts = {name: told for name, told in fiche.facts.items() if name not in names}
    fiche.content_hash = as_record(fiche).content_hash
    fiche.revision += 1


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, list[Piece]]]:
    """What changed, as (language, field, pieces); fields that stayed as they were are left out."""
    found = []
    for language in sorted({*before.get("texts", {}), *after.get("texts", {})}):
        old, new = _fields(before, language), _fields(after, language)
        for name in [*new, *(name for name in old if name not in new)]:
            if old.get(name, "") != new.get(name, ""):
                found.append((language, name, compare(old.get(name, ""), new.get(name, ""))))
    return found


def facts_changed(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """What changed besides words: facts by name, then the language of the source and the status."""
    old, new = before.get("facts", {}), after.get("facts", {})
    pairs = [(name, old.get(name), new.get(name)) for name in sorted({*old, *new})]
    pairs += [(name, before.get(name), after.get(name)) for name in ("source", "status")]
    return [_change(name, _several(was), _several(now)) for name, was, now in pairs if _several(was) != _several(now)]


def unseen(versions: Sequence[FicheVersion], source: str, language: str) -> list[tuple[str, str, list[Piece]]]:
    """What changed in the source text after the translation was last changed; nothing where there is no translation yet."""
    if not versions or language == source or not _fields(versions[0].content, language):
        return []
    last = versions[0]
    for version in versions:
        if _fields(version.content, language) != _fields(versions[0].content, language):
            break
        last = version
    changed = differences(last.content, versions[0].content)
    return [one for one in changed if one[0] == source]


def compare(before: str, after: str) -> list[Piece]:
    """The two texts as one, word by word."""
    old, new = _cut(before), _cut(after)
    pieces = []
    for how, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if how == "equal":
            pieces.append(Piece("kept", "".join(old[a:b])))
            continue
        pieces += [Piece("removed", "".join(old[a:b]))] if a < b else []
        pieces += [Piece("added", "".join(new[c:d]))] if c < d else []
    return pieces


def _change(name: str, was: tuple[Any, ...], now: tuple[Any, ...]) -> Change:
    removed, kept = tuple(one for one in was if one not in now), tuple(one for one in was if one in now)
    return Change(name, removed, kept, tuple(one for one in now if one not in was))


def _several(value: Any) -> tuple[Any, ...]:
    """No fact and an empty list say the same."""
    return tuple(value) if isinstance(value, list) else () if value in (None, "") else (value,)


def _cut(text: str) -> list[str]:
    words = _PIECES.findall(text)
    return words if len(words) <= MOST_WORDS else text.splitlines(keepends=True)


def _fields(content: dict[str, Any], language: str) -> dict[str, str]:
    text = content.get("texts", {}).get(language)
    return {"title": text["title"], "summary": text["summary"], **text["sections"]} if text else {}


def _content(fiche: Fiche) -> dict[str, Any]:
    texts = {one.language: {"title": one.title, "summary": one.summary, "sections": dict(one.sections)} for one in fiche.texts}
    return {"source": fiche.source_language, "status": fiche.state, "facts": dict(fiche.facts), "texts": texts}
