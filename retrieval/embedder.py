"""The embedder port: what turns questions and passages into unit vectors of one space."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

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
