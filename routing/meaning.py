"""What questions mean, kept in the database: which texts an embedder has not read yet, and writing down what it read.

In: a session, the embedder's edition, texts and what was read of them. Out: batches to read, the latest questions first; rows. A
row is a cache of subject and text: `routing.unread` takes it away when they change or are erased, and none is written for a text
that has changed while it was being read. It holds a byte for each dimension of the vector, and after them a bit for each concept
of the field's vocabulary that the text names: 405 bytes a question with the bundled model, 41 MB for 100,000. Each embedder has
rows of its own, so that workers with different ones do not undo each other's work; what no worker has used for a week goes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, delete, func, or_, select
from sqlalchemy.orm import Session, aliased

from retrieval import Embedder, concept_names, concepts_edition, concepts_of
from routing import cursors
from routing.models import Cursor, Question, QuestionVector
from routing.upserts import insert_into

BATCH = 32
UNUSED = timedelta(days=7)  # so long the rows of an embedder are kept that no worker has any more
SWEPT = 5_000  # rows at a time
_STEPS = 127
# Sorted or counted by a sum, so that no database thinks of walking through all that has been read in the order of the ids.
_WHICH = QuestionVector.question_id + 0
_SERIAL, _USE = "serial of meanings", "use of meanings "
Rows = NDArray[np.uint8]


def edition_of(embedder: Embedder) -> str:
    """Another for every embedder and vocabulary by which the same text would be read otherwise."""
    return hashlib.sha256(f"{embedder.name} {embedder.dims} {concepts_edition()}".encode()).hexdigest()[:12]


def read(embedder: Embedder, texts: Sequence[str]) -> Rows:
    """Texts as rows; outside any transaction, for it takes some ten milliseconds each."""
    return packed(embedder.encode_questions(texts), [named(text) for text in texts])


def to_read(session: Session, edition: str, limit: int = BATCH) -> dict[int, str]:
    """The texts of the latest questions that this edition has not read, by the question's id."""
    waiting = _waiting(edition).order_by(_WHICH.desc()).limit(limit)
    return {one.id: one.full_text for one in session.scalars(select(Question).where(Question.id.in_(waiting)))}


def unread(session: Session, edition: str) -> int:
    """How many questions this edition has not read yet."""
    return session.scalar(_waiting(edition).with_only_columns(func.count(_WHICH.distinct()))) or 0


def write(session: Session, edition: str, texts: Mapping[int, str], rows: Rows, now: datetime) -> int:
    """Write the rows of texts that still stand so; returns how many.

    All of them get one serial, taken under a lock that is held until the commit: who sees a serial sees all below it. What
    somebody is changing is left for the next time: nobody waits for a cache.
    """
    serial = _next_serial(session, now)
    known = select(Question).where(Question.id.in_(texts), Question.id.in_(_waiting(edition)))
    there = session.scalars(known.with_for_update(skip_locked=True, key_share=True)).all()
    row_of = dict(zip(texts, rows, strict=True))
    made = [_row(one.id, edition, serial, row_of[one.id]) for one in there if one.full_text == texts[one.id]]
    if made:
        ids = [row["question_id"] for row in made]
        session.execute(delete(QuestionVector).where(QuestionVector.question_id.in_(ids), QuestionVector.edition == ""))
        session.execute(insert_into(session, QuestionVector).values(made).on_conflict_do_nothing())
    return len(made)


def sweep(session: Session, edition: str, now: datetime) -> int:
    """Note that this edition is in use, and take a part of what nobody has used for long away; returns how many rows.

    Only where this edition has a row of its own: each question keeps one, by which others learn of it.
    """
    used = _uses(session)
    there = set(session.scalars(select(QuestionVector.edition).where(not_of(edition)).distinct())) - {""}
    for one in (edition, *(there - set(used))):  # one of which nothing is known is in use from now on
        _note_use(session, one, now)
    gone = [one for one in there if used.get(one, now) < now - UNUSED]
    mine = select(QuestionVector.question_id).where(QuestionVector.edition == edition)
    theirs = (QuestionVector.edition.in_(gone), QuestionVector.question_id.in_(mine))
    ids = session.scalars(select(QuestionVector.question_id).where(*theirs).limit(SWEPT)).all() if gone else ()
    session.execute(delete(QuestionVector).where(QuestionVector.edition.in_(gone), QuestionVector.question_id.in_(ids)))
    return len(ids)


def packed(vectors: NDArray[np.float32], concepts: Sequence[Collection[int]]) -> Rows:
    """Unit vectors and the places of the concepts that each text names, as rows of bytes.

    Each vector is stretched as far as a signed byte goes; only its direction is kept.
    """
    largest = np.maximum(np.abs(vectors).max(axis=-1, keepdims=True, initial=0.0), 1e-9)
    codes = np.round(vectors / largest * _STEPS).astype(np.int8)
    bits = np.zeros((len(codes), len(concept_names())), bool)
    for row, places in zip(bits, concepts, strict=True):
        row[list(places)] = True
    return np.hstack([codes.view(np.uint8), np.packbits(bits, axis=1)])


def named(text: str) -> frozenset[int]:
    """The concepts that a text names, as places in the list of all."""
    return frozenset(_places()[name] for name in concepts_of(text))


def width(dims: int) -> int:
    """How many bytes a row has."""
    return dims + -(-len(concept_names()) // 8)


def not_of(edition: str) -> ColumnElement[bool]:
    """Two ranges of the index, where <> would read it all."""
    return or_(QuestionVector.edition < edition, QuestionVector.edition > edition)


def _waiting(edition: str) -> Select[int]:
    """Questions that others have read, or nobody, and this edition has not: of one edition alone two empty ranges of an index."""
    mine = aliased(QuestionVector)
    is_read = select(mine.question_id).where(mine.question_id == QuestionVector.question_id, mine.edition == edition).exists()
    return select(QuestionVector.question_id).where(not_of(edition), ~is_read)


def _row(question_id: int, edition: str, serial: int, row: Rows) -> dict[str, Any]:
    return {"question_id": question_id, "edition": edition, "serial": serial, "vector": row.tobytes()}


def _uses(session: Session) -> dict[str, datetime]:
    """The moment at which each edition was last noted to be in use."""
    noted = select(Cursor.name, Cursor.updated_at).where(Cursor.name.startswith(_USE))
    return {name.removeprefix(_USE): at for name, at in session.execute(noted)}


def _note_use(session: Session, edition: str, now: datetime) -> None:
    row = insert_into(session, Cursor).values(name=_USE + edition, value={}, updated_at=now)
    session.execute(row.on_conflict_do_update(index_elements=["name"], set_={"updated_at": now}))


@cache
def _places() -> Mapping[str, int]:
    return {name: place for place, name in enumerate(concept_names())}


def _next_serial(session: Session, now: datetime) -> int:
    known = cursors.load(session, _SERIAL, lock=True) or {}
    serial = int(known.get("serial", 0)) + 1
    cursors.save(session, _SERIAL, {"serial": serial}, now)
    return serial
