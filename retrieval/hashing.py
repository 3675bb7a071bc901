"""A deterministic embedder without a model, for tests and for machines without one: hashed character trigrams.

In: texts. Out: vectors in which texts that share word pieces are near; it knows nothing of meaning or translation.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from retrieval.embedder import Floats
from retrieval.text import PASSAGE_LIMIT, clean, fold, squeeze

_GRAM = 3


class HashEmbedder:
    def __init__(self, dims: int = 256):
        self.dims = dims
        self.name = f"hash-trigrams-{dims}"

    def encode_questions(self, texts: Sequence[str]) -> Floats:
        return self._encode(texts)

    def encode_passages(self, texts: Sequence[str]) -> Floats:
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> Floats:
        vectors = np.zeros((len(texts), self.dims), np.float32)
        for row, text in zip(vectors, texts, strict=True):
            padded = f" {squeeze(fold(clean(text, PASSAGE_LIMIT)))} "
            for start in range(max(1, len(padded) - _GRAM + 1)):
                code = zlib.crc32(padded[start : start + _GRAM].encode())
                row[code % self.dims] += 1 if code & 0x8000_0000 else -1
            row /= max(float(np.linalg.norm(row)), 1e-9)
        return vectors
