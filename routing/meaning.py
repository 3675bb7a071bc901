"""What questions mean, kept in the database: which texts an embedder has not read yet, and writing down what it read.

In: a session, the embedder's edition, texts and what was read of them. Out: batches to read, the latest questions first; rows. A
row is a cache of subject and text: `routing.unread` takes it away when they change or are erased, and none is written for a text
that has changed while it was being read. It holds a byte for each dimension of the vector, and after them a bit for each concept
of the field's vocabulary that the text names: 405 bytes a question with the bundled model, 41 MB for 100,000.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from retrieval import Embedder, concept_names, concepts_edition, concepts_of
from routing import cursors
from routing.models import Question, QuestionVector

BATCH = 32
_STEPS = 127
_SERIAL = "serial of meanings"
Rows = NDArray[np.uint8]


def edition_of(embedder: Embedder) -> str:
    """Another for every embedder and vocabulary by which the same text would be read otherwise."""
    return hashlib.sha256(f"{embedder.name} {embedder.dims} {concepts_edition()}".encode()).hexdigest()[:12]


def read(embedder: Embedder, texts: Sequence[str]) -> Rows:
    """Texts as rows; outside any transaction, for it takes some ten milliseconds each."""
    return packed(embedder.encode_questions(texts), [named(text) for text in texts])


def to_read(session: Session, edition: str, limit: int = BATCH) -> dict[int, str]:
    """The texts of the latest questions that this edition has not read, by the question's id."""
    # Sorted by a sum, so that no database thinks of walking through all that has been read in the order of the ids.
    latest = (QuestionVector.question_id + 0).desc()
    waiting = select(QuestionVector.question_id).where(not_of(edition)).order_by(latest).limit(limit)
    return {one.id: one.full_text for one in session.scalars(select(Question).where(Question.id.in_(waiting)))}


def unread(session: Session, edition: str) -> int:
    """How many questions this edition has not read yet."""
    return session.scalar(select(func.count()).select_from(QuestionVector).where(not_of(edition))) or 0


def write(session: Session, edition: str, texts: Mapping[int, str], rows: Rows, now: datetime) -> int:
    """Write the rows of texts that still stand so; returns how many.

    All of them get one serial, taken under a lock that is held until the commit: who sees a serial sees all below it. What
    somebody is changing is left for the next time: nobody waits for a cache.
    """
    serial = _next_serial(session, now)
    found = select(QuestionVector, Question).join(Question, Question.id == QuestionVector.question_id)
    found = found.where(QuestionVector.question_id.in_(texts), not_of(edition))
    row_of = dict(zip(texts, rows, strict=True))
    written = 0
    for kept, question in session.execute(found.with_for_update(skip_locked=True, key_share=True)):
        if question.full_text == texts[question.id]:
            kept.edition, kept.serial, kept.vector = edition, serial, row_of[question.id].tobytes()
            written += 1
    return written


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


@cache
def _places() -> Mapping[str, int]:
    return {name: place for place, name in enumerate(concept_names())}


def _next_serial(session: Session, now: datetime) -> int:
    known = cursors.load(session, _SERIAL, lock=True) or {}
    serial = int(known.get("serial", 0)) + 1
    cursors.save(session, _SERIAL, {"serial": serial}, now)
    return serial
