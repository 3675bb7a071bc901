"""What was embedded on the way to the next index, so that a build that was killed goes on where it stopped.

In: the vectors of one fiche after another. Out: those of a fiche whose pieces are the same, by the same model, as last time; and
all of them when the index is written, so that a great collection's need not stay in memory meanwhile.
One file, written to its end only; a record that was cut short, and whatever follows it, counts for nothing.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np

from retrieval.embedder import Floats
from retrieval.passages import Piece

# key, rows, dims, checksum of the vectors that follow
_HEAD = struct.Struct("<32sIII")


class Journal:
    """Use it as `with journal:`; only one process may write at a time. No file is made before there is something to keep."""

    def __init__(self, file: Path, model: str):
        self._file, self._model = file, model
        self._known: dict[bytes, tuple[int, int, int]] = {}
        self._opened: BinaryIO | None = None

    def __enter__(self) -> Journal:
        if self._file.exists():
            self._opened = self._file.open("r+b")
            records = _records(self._opened, self._file.stat().st_size)
            self._known = {key: (at, rows, dims) for key, at, rows, dims in records}
            self._opened.truncate()
        return self

    def __exit__(self, *_: object) -> None:
        if self._opened is not None:
            self._opened.close()

    def has(self, key: bytes, dims: int) -> bool:
        """Whether vectors of so many dimensions were kept under this key."""
        return self._opened is not None and key in self._known and self._known[key][2] == dims

    def read(self, key: bytes) -> Floats:
        """The vectors that were kept, float32 [pieces, dims]. Raises KeyError for others."""
        at, rows, dims = self._known[key]
        if self._opened is None:
            raise KeyError(key)
        self._opened.seek(at)
        return np.frombuffer(self._opened.read(4 * rows * dims), "<f4").reshape(rows, dims)

    def keep(self, key: bytes, vectors: Floats) -> None:
        if self._opened is None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._opened = self._file.open("w+b")
        content = np.ascontiguousarray(vectors, "<f4").tobytes()
        start = self._opened.seek(0, 2)
        self._opened.write(_HEAD.pack(key, *vectors.shape, zlib.crc32(content)) + content)
        self._opened.flush()  # a killed process keeps what the system has
        self._known[key] = (start + _HEAD.size, *vectors.shape)

    def clear(self) -> None:
        """The index is written; nothing has to be remembered."""
        self._known = {}
        self._file.unlink(missing_ok=True)

    def key(self, pieces: Sequence[Piece]) -> bytes:
        """The name of exactly these pieces, embedded by this model."""
        content = hashlib.sha256(self._model.encode())
        for piece in pieces:
            text = piece.embedded.encode("utf-8", "surrogatepass")
            content.update(struct.pack("<?Q", piece.as_question, len(text)) + text)
        return content.digest()


def _records(opened: BinaryIO, size: int) -> Iterator[tuple[bytes, int, int, int]]:
    """Each whole record's key, place, rows and dims; leaves the file at the end of the last one."""
    while (start := opened.tell()) + _HEAD.size < size:
        key, rows, dims, checksum = _HEAD.unpack(opened.read(_HEAD.size))
        length = 4 * rows * dims
        if not 0 < length <= size - opened.tell() or zlib.crc32(opened.read(length)) != checksum:
            opened.seek(start)
            return
        yield key, start + _HEAD.size, rows, dims
