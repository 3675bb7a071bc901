"""Keeps the index in PostgreSQL. In: a draft. Out: the same index for every worker that shares the database.

Three tables in a schema of their own, made on the first write: a cache, which no migration ever has to carry over. One worker
writes at a time (an advisory lock); what it writes appears in one transaction. Readers keep pieces and words in memory and
ask the database for vectors. Needs the extension pgvector 0.8 or newer; its graphs take at most 2,000 dims.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import psycopg

from retrieval.building import Draft
from retrieval.embedder import Embedder
from retrieval.errors import IndexDamaged
from retrieval.index import NEW, Entry, Index, Rows, current_words, piece_of, piece_row
from retrieval.postgres import tables
from retrieval.postgres.vectors import PgVectors
from retrieval.postgres.wire import Connection, Connections, knows_vectors
from retrieval.storage import check_maker, maker
from retrieval.vectors import EXACT_LIMIT
from retrieval.words import WordIndex


class PostgresStorage:
    def __init__(self, address: str, exact_limit: int = EXACT_LIMIT):
        """`address` as libpq takes it, without SQLAlchemy's "+psycopg". Nothing is connected to before it is needed."""
        self._connections, self._exact_limit = Connections(address), exact_limit
        self._writer: Connection | None = None

    def current(self) -> str | None:
        """The generation that counts; None also when the database cannot say, and then `load` says why."""
        try:
            with self._connections.one() as connection:
                row = connection.execute("SELECT generation FROM rrm_search.state").fetchone()
        except psycopg.Error:
            return None
        return str(row[0]) if row else None

    def load(self, embedder: Embedder) -> tuple[str, Index]:
        """Everything but the vectors, in one snapshot. Raises `IndexDamaged`."""
        try:
            with self._connections.one() as connection:
                if not knows_vectors(connection):
                    raise IndexDamaged("there is no index yet, nor the extension pgvector")
                with connection.transaction():
                    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                    return self._read(connection, embedder)
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName) as error:
            raise IndexDamaged("there is no index yet") from error
        except psycopg.Error as error:
            raise IndexDamaged(f"the database does not give the index: {error}") from error

    def damage(self, name: str) -> str | None:
        """Counts what is there."""
        try:
            with self._connections.one() as connection:
                row = connection.execute(tables.COUNT).fetchone()
        except psycopg.Error as error:
            return f"the database does not give the index: {error}"
        if row is None:
            return "there is no index any more"
        return None if row[0] == row[1] else f"{row[0]} passages are left of {row[1]}"

    def salvaged(self, index: Index) -> None:
        """Nothing: the vectors are in the very tables that are damaged."""
        return None

    def write(self, draft: Draft, old: Index | None, embedder: Embedder) -> tuple[str, Index]:
        """One transaction: old passages go, new ones come, and the next generation counts."""
        writer = self._writer
        if writer is None:
            raise RuntimeError("write only while locked")
        with writer.transaction():
            generation, ids = _write_passages(writer, draft, old, embedder)
            tables.write_entries(writer, [(entry.slug, json.dumps(asdict(entry))) for entry in draft.entries])
            tables.write_state(writer, generation, maker(embedder), len(ids), _packed(draft.words))
            tables.mind_graph(writer, len(ids) > self._exact_limit, embedder.dims)
        writer.execute("ANALYZE rrm_search.passages")
        vectors = PgVectors(self._connections, generation, ids, embedder.dims)
        return str(generation), Index(draft.entries, draft.pieces, vectors, draft.words)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """The lock goes with its connection: a writer that loses it cannot write."""
        with self._connections.one() as connection:
            connection.execute("SELECT pg_advisory_lock(hashtext('rrm_search'))")
            self._writer = connection
            try:
                yield
            finally:
                self._writer = None
            connection.execute("SELECT pg_advisory_unlock(hashtext('rrm_search'))")

    def lack(self) -> str | None:
        """What the database lacks to keep an index; None when it lacks nothing."""
        try:
            with self._connections.one() as connection:
                return tables.lack(connection)
        except psycopg.Error as error:
            return f"the database does not answer: {error}"

    def close(self) -> None:
        self._connections.close()

    def _read(self, connection: Connection, embedder: Embedder) -> tuple[str, Index]:
        state = tables.read_state(connection)
        if state is None:
            raise IndexDamaged("there is no index yet")
        check_maker(state.maker, embedder)
        entries = tuple(Entry(**row) for row in tables.read_entries(connection))
        rows = tables.read_passages(connection, state.generation)
        if len(rows) != state.passages:
            raise IndexDamaged(f"{len(rows)} passages are left of {state.passages}")
        ids = np.array([id for id, _ in rows], np.int64)
        vectors = PgVectors(self._connections, state.generation, ids, embedder.dims)
        try:
            index = Index(entries, tuple(piece_of(piece) for _, piece in rows), vectors, _unpacked(state.words))
        except (ValueError, TypeError) as error:
            raise IndexDamaged(f"the list of passages cannot be read: {error}") from error
        return str(state.generation), index.checked()


def _write_passages(writer: Connection, draft: Draft, old: Index | None, embedder: Embedder) -> tuple[int, Rows]:
    """The number of the new generation and the ids of its passages, old ones where they stay."""
    new = draft.kept == NEW
    if old is None or not isinstance(old.vectors, PgVectors):
        tables.make(writer, embedder.dims)
        old_ids = np.zeros(0, np.int64)
    else:
        old_ids = old.vectors.ids
    generation, first = tables.next_numbers(writer)
    ids = np.empty(len(new), np.int64)
    ids[~new] = old_ids[draft.kept[~new]]
    ids[new] = first + np.arange(draft.fresh.count)
    tables.retire(writer, ids[~new].tolist(), generation)
    tables.write_passages(writer, generation, _fresh_rows(draft, ids))
    return generation, ids


def _fresh_rows(draft: Draft, ids: Rows) -> Iterator[tuple[int, str, int, str, Any]]:
    """Of each new passage: id, slug, place in its fiche, piece, vector. All passages of a fiche are new, or none."""
    slug, place = "", 0
    for row, vector in zip(np.flatnonzero(draft.kept == NEW).tolist(), chain.from_iterable(draft.fresh.blocks()), strict=True):
        piece = draft.pieces[row]
        place = place + 1 if piece.passage.fiche == slug else 0
        slug = piece.passage.fiche
        yield int(ids[row]), slug, place, json.dumps(piece_row(piece)), vector


def _packed(words: WordIndex) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        words.save(Path(folder) / "words.npz")
        return (Path(folder) / "words.npz").read_bytes()


def _unpacked(content: bytes) -> WordIndex:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "words.npz").write_bytes(content)
        return current_words(Path(folder) / "words.npz")
