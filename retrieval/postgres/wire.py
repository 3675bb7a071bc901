"""Connections that speak vectors. In: an address. Out: connections to borrow, and float32 arrays instead of pgvector's bytes.

The binary form of a vector is its number of dimensions and an unused field (both 16 bits), then float32 numbers, all big-endian
(https://github.com/pgvector/pgvector/blob/master/src/vector.c, vector_send).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import Dumper, Loader
from psycopg.pq import Format
from psycopg.types import TypeInfo

from retrieval.embedder import Floats

CONNECT_SECONDS = 10
Connection = psycopg.Connection[tuple[Any, ...]]


class Connections:
    """Lends connections, each to one thread at a time, keeps those that come back whole. `address` as libpq takes it."""

    def __init__(self, address: str):
        self._address = address
        self._idle: list[Connection] = []
        self._guard = threading.Lock()

    @contextmanager
    def one(self) -> Iterator[Connection]:
        """A connection in autocommit mode. Raises `psycopg.OperationalError` when the server does not answer."""
        connection = self._borrowed()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        with self._guard:
            self._idle.append(connection)

    def close(self) -> None:
        with self._guard:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _borrowed(self) -> Connection:
        """An idle connection that still answers (the server may have been started anew), else a new one."""
        while True:
            with self._guard:
                idle = self._idle.pop() if self._idle else None
            if idle is None:
                return psycopg.connect(self._address, autocommit=True, connect_timeout=CONNECT_SECONDS)
            if _is_alive(idle):
                return idle
            idle.close()


def knows_vectors(connection: Connection) -> bool:
    """Whether the database has the type `vector`; from then on the connection takes and gives float32 arrays."""
    if connection.adapters.types.get("vector") is not None:
        return True
    info = TypeInfo.fetch(connection, "vector")
    if info is None:
        return False
    info.register(connection)
    dumper = type("VectorDumper", (_VectorDumper,), {"oid": info.oid})
    connection.adapters.register_dumper(np.ndarray, dumper)
    connection.adapters.register_loader(info.oid, _VectorLoader)
    return True


class _VectorDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: Floats) -> Buffer:
        return np.array([len(obj), 0], ">i2").tobytes() + np.asarray(obj, ">f4").tobytes()


class _VectorLoader(Loader):
    format = Format.BINARY

    def load(self, data: Buffer) -> Floats:
        return np.frombuffer(data, ">f4", offset=4).astype(np.float32)


def _is_alive(connection: Connection) -> bool:
    try:
        connection.execute("SELECT 1")
        return True
    except psycopg.Error:
        return False
