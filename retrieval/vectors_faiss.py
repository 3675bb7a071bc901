"""Vectors in files, searched by FAISS. The only module, with `vectors_coarse.py`, that imports faiss.

Exact up to 100,000 rows, a graph (HNSW, https://arxiv.org/abs/1603.09320) above. From 5,000 rows on an exact search first reads a
copy in half bytes (see `vectors_coarse.py`), an eighth of the memory traffic, which is what it costs.

What is read from a file is mapped, not copied: processes share its pages, and the system may take them back. A graph cannot
forget, so a row that goes only loses its place (its slot is dead); when too many are dead the graph is built anew.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterable, Iterator
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.embedder import Floats
from retrieval.errors import IndexDamaged
from retrieval.vectors import EXACT_LIMIT, Rows
from retrieval.vectors_coarse import CoarseVectors, use_threads

COARSE_FROM = 5_000
# Of so many slots, one may be dead before a graph is built anew.
DEAD_SHARE = 5
# Among a million made of real vectors an effort of 400 finds .963 of the ten nearest, 800 .979, 1,200 .987, in 2.5, 4.5 and 6.5
# ms on a busy machine. Building it takes twenty minutes of processor time, which hardly counts beside what encoding them takes.
_NEIGHBOURS, _BUILD_EFFORT, _SEARCH_EFFORT = 48, 200, 840
_ADDED = 50_000
_SLOTS = ".slots.npy"


class VectorIndex:
    """`slots[row]` is where FAISS keeps a row; None when each row is in the slot of its number. `file` is what is mapped."""

    def __init__(self, index: Any, slots: Rows | None = None, exact_limit: int = EXACT_LIMIT, file: _Mapped | None = None):
        self._index, self._slots, self._exact_limit, self._file = index, slots, exact_limit, file
        self._is_graph = hasattr(index, "hnsw")

    @classmethod
    def of(cls, vectors: Floats, exact_limit: int = EXACT_LIMIT) -> VectorIndex:
        """From float32 [n, dims]."""
        return cls.of_blocks([vectors], len(vectors), vectors.shape[1], exact_limit)

    @classmethod
    def of_blocks(cls, blocks: Iterable[Floats], count: int, dims: int, exact_limit: int = EXACT_LIMIT) -> VectorIndex:
        """From blocks of float32 [rows, dims] that make `count` rows together."""
        faiss: Any = import_module("faiss")  # its type stubs lack half of what is used here
        if count <= exact_limit:
            return cls(_filled(faiss.IndexFlatIP(dims), blocks, count), None, exact_limit)
        index = faiss.IndexHNSWFlat(dims, _NEIGHBOURS, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction, index.hnsw.efSearch = _BUILD_EFFORT, _SEARCH_EFFORT
        use_threads(os.cpu_count() or 1)
        for many in _together(blocks, _ADDED):
            index.add(many)
        return cls(index, None, exact_limit)

    @classmethod
    def load(cls, file: Path, exact_limit: int = EXACT_LIMIT) -> VectorIndex:
        """Maps a file that `save` wrote. Raises `IndexDamaged`."""
        faiss: Any = import_module("faiss")
        try:
            mapped = _Mapped(file)
            index = faiss.read_index(str(file), faiss.IO_FLAG_MMAP_IFC)
            slots = np.load(_slots_file(file), allow_pickle=False) if _slots_file(file).exists() else None
        except (RuntimeError, OSError, ValueError) as error:
            raise IndexDamaged(f"{file.name} cannot be read: {error}") from error
        return cls(index, slots, exact_limit, mapped)

    def save(self, file: Path) -> None:
        faiss: Any = import_module("faiss")
        faiss.write_index(self._checked(), str(file))
        if self._slots is not None:
            np.save(_slots_file(file), self._slots)

    def replaced(self, kept: Rows, fresh: Floats) -> VectorIndex:
        """A new index whose row i is this one's row `kept[i]`, or the next of `fresh` where that is -1."""
        slots = self._slots_after(kept, len(fresh))
        total = self._index.ntotal + len(fresh)
        if not self._is_graph or len(kept) <= self._exact_limit or total - len(kept) > total // DEAD_SHARE:
            return VectorIndex.of(self._gathered(kept, fresh), self._exact_limit)
        index = self._owned_copy()
        use_threads(os.cpu_count() or 1)
        index.add(np.ascontiguousarray(fresh, np.float32))
        return VectorIndex(index, slots, self._exact_limit)

    def __len__(self) -> int:
        return int(self._index.ntotal) if self._slots is None else len(self._slots)

    @property
    def dims(self) -> int:
        return int(self._index.d)

    def nearest(self, vector: Floats, count: int, allowed: Rows | None = None) -> tuple[Rows, Floats]:
        """The best `count` rows, best first, with their scores; only rows of `allowed` if given."""
        count = min(count, len(self) if allowed is None else len(allowed))
        if count == 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        if allowed is None and self._coarse is not None and (sure := self._coarse.nearest(vector, count, self.scores)):
            return sure
        index, parameters = self._plan(count, allowed)
        use_threads(1)
        scores, slots = index.search(np.ascontiguousarray(vector[None], np.float32), count, params=parameters)
        found = slots[0] >= 0
        return self._rows_at(slots[0][found]), scores[0][found]

    def scores(self, vector: Floats, rows: Rows) -> Floats:
        """Inner products of some rows with a vector."""
        faiss: Any = import_module("faiss")
        slots = np.ascontiguousarray(self._slots_of(rows))
        products = np.empty(len(slots), np.float32)
        asked = np.ascontiguousarray(vector, np.float32)
        if len(slots):
            use_threads(1)
            pointers = (faiss.swig_ptr(asked), len(slots), faiss.swig_ptr(products), faiss.swig_ptr(slots))
            self._flat().compute_distance_subset(1, *pointers)
        return products

    def rows(self, rows: Rows) -> Floats:
        """The stored vectors of some rows, float32 [len(rows), dims]."""
        if not len(rows):
            return np.zeros((0, self.dims), np.float32)
        use_threads(1)
        vectors: Floats = self._checked().reconstruct_batch(self._slots_of(rows))
        return vectors

    @cached_property
    def _coarse(self) -> CoarseVectors | None:
        if self._is_graph or self._slots is not None or len(self) < COARSE_FROM:
            return None
        blocks = np.array_split(np.arange(len(self)), len(self) // 1000)
        return CoarseVectors(self.dims, lambda: map(self.rows, blocks))

    def _plan(self, count: int, allowed: Rows | None) -> tuple[Any, Any]:
        """Where to look and how: a graph is poor at finding few allowed rows among many, so those are compared one by one."""
        faiss: Any = import_module("faiss")
        selector = self._selector(allowed)
        if self._is_graph and (allowed is None or len(allowed) > self._exact_limit):
            return self._checked(), faiss.SearchParametersHNSW(sel=selector, efSearch=max(_SEARCH_EFFORT, count))
        return self._flat(), faiss.SearchParameters(sel=selector) if selector else None

    def _selector(self, allowed: Rows | None) -> Any:
        if allowed is None and self._slots is None:
            return None
        usable = np.zeros(self._index.ntotal, bool)
        usable[self._slots_of(allowed) if allowed is not None else self._slots] = True
        return import_module("faiss").IDSelectorBitmap(np.packbits(usable, bitorder="little"))

    def _flat(self) -> Any:
        """The plain list of vectors, which a graph has inside."""
        index = self._checked()
        return import_module("faiss").downcast_index(index.storage) if self._is_graph else index

    def _checked(self) -> Any:
        if self._file is not None:
            self._file.check()
        return self._index

    def _slots_of(self, rows: Rows) -> Rows:
        rows = np.ascontiguousarray(rows, np.int64)
        return rows if self._slots is None else self._slots[rows]

    def _rows_at(self, slots: Rows) -> Rows:
        return slots if self._slots is None else self._row_by_slot[slots]

    @cached_property
    def _row_by_slot(self) -> Rows:
        rows = np.full(self._index.ntotal, -1, np.int64)
        if self._slots is not None:
            rows[self._slots] = np.arange(len(self._slots))
        return rows

    def _slots_after(self, kept: Rows, fresh: int) -> Rows:
        slots = np.empty(len(kept), np.int64)
        slots[kept >= 0] = self._slots_of(kept[kept >= 0])
        slots[kept < 0] = self._index.ntotal + np.arange(fresh)
        return slots

    def _gathered(self, kept: Rows, fresh: Floats) -> Floats:
        vectors = np.empty((len(kept), self.dims), np.float32)
        vectors[kept >= 0] = self.rows(kept[kept >= 0])
        vectors[kept < 0] = fresh
        return vectors

    def _owned_copy(self) -> Any:
        """An index of our own: adding to a mapped one ends the process, and others may be searching this one."""
        faiss: Any = import_module("faiss")
        self._checked()
        return faiss.clone_index(self._index) if self._file is None else faiss.read_index(str(self._file.path))


class _Mapped:
    """A mapped file. Touching a page beyond the end of a truncated one ends the process (SIGBUS), so its size is asked first."""

    def __init__(self, path: Path):
        self.path = path
        self._descriptor = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._descriptor)
        self._size = os.fstat(self._descriptor).st_size

    def check(self) -> None:
        """Raises `IndexDamaged` when the file has changed its size since it was opened."""
        if os.fstat(self._descriptor).st_size != self._size:
            raise IndexDamaged(f"{self.path.name} was cut short while it was in use")


def _filled(index: Any, blocks: Iterable[Floats], count: int) -> Any:
    """A flat index with these rows, written where they stay: `add` would double the memory each time it runs out."""
    faiss: Any = import_module("faiss")
    index.codes.resize(count * index.d * 4)
    index.ntotal = count
    at = 0
    if count:
        stored = faiss.rev_swig_ptr(index.get_xb(), count * index.d).reshape(count, index.d)
        for block in blocks:
            stored[at : at + len(block)] = block
            at += len(block)
    if at != count:
        raise ValueError(f"{count} vectors were announced, {at} came")
    return index


def _together(blocks: Iterable[Floats], rows: int) -> Iterator[Floats]:
    """The same rows in blocks of at least so many, but for the last: each block that a graph takes costs as if it were large."""
    waiting: list[Floats] = []
    count = 0
    for block in blocks:
        waiting.append(np.asarray(block, np.float32))
        count += len(block)
        if count >= rows:
            yield np.concatenate(waiting)
            waiting, count = [], 0
    if waiting:
        yield np.concatenate(waiting)


def _slots_file(file: Path) -> Path:
    return file.with_name(file.name + _SLOTS)
