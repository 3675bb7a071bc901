"""The three tables in the schema `rrm_search`, and all that is said to them but searches. In: values. Out: rows.

state      one row: the generation that counts, what made it, how many passages it has, the words
fiches     what the index keeps of a fiche besides its passages
passages   pieces with their vectors; `born` and `died` are generations, `place` counts within the fiche
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from retrieval.errors import IndexDamaged, RetrievalError
from retrieval.postgres.wire import Connection, knows_vectors

# A row must fit on a page of 8 kB to stand beside the others instead of in a table of its own, which is read far more slowly.
_MOST_DIMS_IN_PLACE, _MOST_DIMS_IN_GRAPH = 1_900, 2_000
_TABLES = """
DROP SCHEMA IF EXISTS rrm_search CASCADE;
CREATE SCHEMA rrm_search;
CREATE TABLE rrm_search.state (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    generation bigint NOT NULL, maker text NOT NULL, passages bigint NOT NULL, words bytea NOT NULL, checksum text NOT NULL
);
CREATE TABLE rrm_search.fiches (slug text COLLATE "C" PRIMARY KEY, entry text NOT NULL);
CREATE TABLE rrm_search.passages (
    id bigint PRIMARY KEY, slug text COLLATE "C" NOT NULL, place integer NOT NULL, piece text NOT NULL,
    embedding vector({dims}) NOT NULL, born bigint NOT NULL, died bigint
);
ALTER TABLE rrm_search.passages ALTER COLUMN embedding SET STORAGE {storage};
"""
# Iterative scans came then: without them a graph gives too few rows where many are filtered out.
OLDEST = (0, 8)
# Neighbours and effort as in `retrieval/vectors_faiss.py`.
_GRAPH = (
    "CREATE INDEX IF NOT EXISTS passages_graph ON rrm_search.passages"
    " USING hnsw (embedding vector_ip_ops) WITH (m = 32, ef_construction = 80)"
)
_PASSAGES = """
    SELECT id, piece FROM rrm_search.passages
    WHERE born <= %(generation)s AND (died IS NULL OR died > %(generation)s) ORDER BY slug, place
"""
_NEXT = """
    SELECT coalesce((SELECT generation + 1 FROM rrm_search.state), (extract(epoch FROM clock_timestamp()) * 1e6)::bigint),
        coalesce(max(id), 0) + 1 FROM rrm_search.passages
"""
_EXTENSION = """
    SELECT coalesce(installed_version, default_version), installed_version IS NOT NULL,
        (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
            OR has_database_privilege(current_database(), 'CREATE') AND EXISTS (
                SELECT FROM pg_available_extension_versions v
                WHERE v.name = e.name AND v.version = e.default_version AND v.trusted),
        has_database_privilege(current_database(), 'CREATE') OR EXISTS (
            SELECT FROM pg_namespace WHERE nspname = 'rrm_search' AND pg_has_role(nspowner, 'USAGE'))
    FROM pg_available_extensions e WHERE name = 'vector'
"""
COUNT = (
    "SELECT (SELECT count(*) FROM rrm_search.passages"
    " WHERE born <= state.generation AND (died IS NULL OR died > state.generation)), passages FROM rrm_search.state"
)


@dataclass(frozen=True, slots=True)
class State:
    generation: int
    maker: dict[str, Any]
    passages: int
    words: bytes


def lack(reader: Connection) -> str | None:
    """What has to change before an index can be kept here: the extension, its version, or our rights."""
    found = reader.execute(_EXTENSION).fetchone()
    if found is None:
        return "the server does not have the extension pgvector"
    version, installed, may_install, may_create = found
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST:
        return f"the extension pgvector is {version}; {'.'.join(map(str, OLDEST))} or newer is needed"
    if not installed and not may_install:
        return "the extension pgvector is not switched on in this database, and this user may not do it"
    return None if may_create else "this user may not create a schema in this database"


def make(writer: Connection, dims: int) -> None:
    """New, empty tables, whatever was there. Raises `RetrievalError` with what an administrator has to do."""
    try:
        with writer.transaction():
            writer.execute("CREATE EXTENSION IF NOT EXISTS vector")
    except psycopg.Error as error:
        raise RetrievalError(
            f"PostgreSQL cannot keep vectors: {error}. Install pgvector 0.8 or newer there, and let an administrator"
            " run CREATE EXTENSION vector in this database; or set search.index to files."
        ) from error
    writer.execute(_TABLES.format(dims=int(dims), storage="PLAIN" if dims <= _MOST_DIMS_IN_PLACE else "EXTERNAL"))
    knows_vectors(writer)


def next_numbers(writer: Connection) -> tuple[int, int]:
    """The next generation and the next passage's id. After a new beginning generations follow the clock, so none comes twice."""
    row = writer.execute(_NEXT).fetchone()
    return row or (1, 1)


def retire(writer: Connection, kept: Sequence[int], generation: int) -> None:
    """All but these passages go with this generation; those that went before it are nobody's any more."""
    writer.execute("DELETE FROM rrm_search.passages WHERE died < %s", [generation])
    writer.execute("UPDATE rrm_search.passages SET died = %s WHERE died IS NULL AND NOT id = ANY(%s)", [generation, list(kept)])


def write_passages(writer: Connection, generation: int, rows: Iterable[tuple[int, str, int, str, Any]]) -> None:
    """Rows of id, slug, place, piece and vector."""
    columns = "(id, slug, place, piece, embedding, born)"
    with writer.cursor().copy(f"COPY rrm_search.passages {columns} FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(["int8", "text", "int4", "text", "vector", "int8"])
        for row in rows:
            copy.write_row((*row, generation))


def write_entries(writer: Connection, entries: Sequence[tuple[str, str]]) -> None:
    writer.execute("DELETE FROM rrm_search.fiches")
    with writer.cursor().copy("COPY rrm_search.fiches (slug, entry) FROM STDIN") as copy:
        for entry in entries:
            copy.write_row(entry)


def write_state(writer: Connection, generation: int, maker: dict[str, Any], passages: int, words: bytes) -> None:
    writer.execute("DELETE FROM rrm_search.state")
    writer.execute(
        "INSERT INTO rrm_search.state (generation, maker, passages, words, checksum) VALUES (%s, %s, %s, %s, %s)",
        [generation, json.dumps(maker), passages, words, hashlib.sha256(words).hexdigest()],
    )


def mind_graph(writer: Connection, wanted: bool, dims: int) -> None:
    """A graph over the vectors when there are many; while few, comparing all is exact and as fast."""
    if wanted and dims <= _MOST_DIMS_IN_GRAPH:
        writer.execute("SET LOCAL maintenance_work_mem = '512MB'")
        writer.execute(_GRAPH)
    else:
        writer.execute("DROP INDEX IF EXISTS rrm_search.passages_graph")


def read_state(reader: Connection) -> State | None:
    """Raises `IndexDamaged` when the words are not as they were written."""
    row = reader.execute("SELECT generation, maker, passages, words, checksum FROM rrm_search.state").fetchone()
    if row is None:
        return None
    generation, maker, passages, words, checksum = row
    if hashlib.sha256(words).hexdigest() != checksum:
        raise IndexDamaged("damaged: words")
    return State(generation, json.loads(maker), passages, words)


def read_entries(reader: Connection) -> list[dict[str, Any]]:
    return [json.loads(entry) for (entry,) in reader.execute("SELECT entry FROM rrm_search.fiches ORDER BY slug")]


def read_passages(reader: Connection, generation: int) -> list[tuple[int, list[Any]]]:
    """Of each passage of a generation its id and its piece, fiche after fiche."""
    return [(id, json.loads(piece)) for id, piece in reader.execute(_PASSAGES, {"generation": generation})]
