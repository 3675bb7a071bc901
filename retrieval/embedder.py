"""The embedder port, and the one place that chooses among its adapters.

In: a setting such as "bundled". Out: something that turns questions and passages into unit vectors of one space.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ModelError

Floats = NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into L2-normalised vectors. `name` changes whenever equal texts would get other vectors."""

    name: str
    dims: int

    def encode_questions(self, texts: Sequence[str]) -> Floats:
        """float32 [len(texts), dims]"""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Floats:
        """float32 [len(texts), dims]"""
        ...


def embedder_from(setting: str, progress: Callable[[str], None] | None = None) -> Embedder:
    """ "bundled", "hash" (deterministic, for tests), or "st:NAME" with a sentence-transformers model's name or folder.

    Models come with their language-neutral projection where one is shipped or was fitted (see `retrieval.neutral`).
    Raises `ModelError` for an unknown setting or a model that cannot be loaded.
    """
    from retrieval.neutral import neutralised

    kind, _, name = setting.partition(":")
    if kind == "bundled" and not name:
        from retrieval.bundled.embedder import BundledEmbedder

        return neutralised(BundledEmbedder(progress))
    if kind == "hash" and not name:
        from retrieval.hashing import HashEmbedder

        return HashEmbedder()
    if kind == "st" and name:
        from retrieval.sentence import SentenceEmbedder

        return neutralised(SentenceEmbedder(name))
    raise ModelError(f'"{setting}" names no embedder; use "bundled", "hash" or "st:NAME_OR_FOLDER"')
