"""The vector index in PostgreSQL (https://github.com/pgvector/pgvector), with the same answers as the one in files.

In: unit vectors. Out: rows by inner product. Exact, by comparing all, up to 100,000 rows; above, the writer adds an HNSW graph.

A passage says in which generation it came and in which it went, so a reader that still has the last generation in memory is
answered from that one while the next is already there. Whoever is two behind is told, and opens the index anew.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from retrieval.embedder import Floats
from retrieval.errors import IndexDamaged
from retrieval.postgres.wire import Connections, knows_vectors
from retrieval.vectors import Rows

# In one statement: pgvector looks at no more of its graph than this.
MOST_EFFORT = 1000
_SEARCH_EFFORT = 400
_NEAREST = """
    SELECT id, -(embedding <#> %(vector)s) FROM rrm_search.passages
    WHERE born <= %(generation)s AND (died IS NULL OR died > %(generation)s)
        AND (%(allowed)s::bigint[] IS NULL OR id = ANY(%(allowed)s))
    ORDER BY embedding <#> %(vector)s, id LIMIT %(count)s
"""
_SCORES = """
    SELECT id, -(embedding <#> %(vector)s) FROM rrm_search.passages
    WHERE id = ANY(%(ids)s) AND born <= %(generation)s AND (died IS NULL OR died > %(generation)s)
"""
_ROWS = """
    SELECT id, embedding FROM rrm_search.passages
    WHERE id = ANY(%(ids)s) AND born <= %(generation)s AND (died IS NULL OR died > %(generation)s)
"""
_EFFORT = (
    "SELECT set_config('hnsw.ef_search', %s, false), set_config('hnsw.iterative_scan', 'strict_order', false),"
    " set_config('hnsw.max_scan_tuples', '100000', false)"
)


class PgVectors:
    """Row i of the index is the passage `ids[i]` as it is in `generation`."""

    def __init__(self, connections: Connections, generation: int, ids: Rows, dims: int):
        self._connections, self._generation, self.ids, self._dims = connections, generation, ids, dims
        self._order = np.argsort(ids)

    @property
    def dims(self) -> int:
        return self._dims

    def __len__(self) -> int:
        return len(self.ids)

    def nearest(self, vector: Floats, count: int, allowed: Rows | None = None) -> tuple[Rows, Floats]:
        """The best `count` rows, best first, with their scores; only rows of `allowed` if given."""
        count = min(count, len(self) if allowed is None else len(allowed))
        if count == 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        ids = None if allowed is None else self.ids[allowed].tolist()
        found = self._ask(_NEAREST, vector=vector, count=count, allowed=ids)
        return self._rows_of([id for id, _ in found]), np.array([score for _, score in found], np.float32)

    def scores(self, vector: Floats, rows: Rows) -> Floats:
        """Inner products of some rows with a vector."""
        found = self._ask(_SCORES, vector=vector, ids=self.ids[rows].tolist())
        return self._in_order(rows, [id for id, _ in found], np.array([score for _, score in found], np.float32))

    def rows(self, rows: Rows) -> Floats:
        """The stored vectors of some rows, float32 [len(rows), dims]."""
        found = self._ask(_ROWS, ids=self.ids[rows].tolist())
        vectors = np.array([vector for _, vector in found], np.float32).reshape(-1, self.dims)
        return self._in_order(rows, [id for id, _ in found], vectors)

    def _ask(self, statement: str, **values: object) -> list[tuple[int, object]]:
        with self._connections.one() as connection:
            if not knows_vectors(connection):
                raise IndexDamaged("the database has lost the extension pgvector")
            cursor = connection.cursor(binary=True)  # it knows what its connection knew when it was made
            cursor.execute(_EFFORT, [str(min(MOST_EFFORT, max(_SEARCH_EFFORT, int(str(values.get("count", 0))))))])
            return list(cursor.execute(statement, {"generation": self._generation, **values}))

    def _rows_of(self, ids: Sequence[int]) -> Rows:
        wanted = np.array(ids, np.int64)
        places = np.searchsorted(self.ids, wanted, sorter=self._order).clip(max=len(self) - 1)
        rows: Rows = self._order[places]
        if not np.array_equal(self.ids[rows], wanted):
            raise IndexDamaged("the index holds passages that it did not have")
        return rows

    def _in_order(self, rows: Rows, ids: Sequence[int], values: Floats) -> Floats:
        """What was found, in the order of `rows`; every one must have been."""
        place = {id: i for i, id in enumerate(ids)}
        try:
            return values[[place[id] for id in self.ids[rows].tolist()]]
        except KeyError:
            raise IndexDamaged("the index has moved on since it was opened") from None
