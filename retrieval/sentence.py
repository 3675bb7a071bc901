"""Adapter for any sentence-transformers model (the optional extra `semantic`). In: a name or folder. Out: an embedder.

`encode_query` and `encode_document` are used, so that prompts come from the model's own configuration: e5, bge-m3 and
EmbeddingGemma all want others. torch is imported only when such a model is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from retrieval.embedder import Floats
from retrieval.errors import ModelError
from retrieval.text import PASSAGE_LIMIT, clean


class SentenceEmbedder:
    def __init__(self, name_or_folder: str):
        """Raises `ModelError` when the package or the model is missing."""
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise ModelError(
                f'"st:{name_or_folder}" needs the extra "semantic": pip install "rapid-response-mechanism[semantic]"'
            ) from error
        try:
            self._model = SentenceTransformer(name_or_folder, device="cpu")
        except Exception as error:  # the library raises OSError, ValueError and hub errors of its own
            raise ModelError(f'the model "{name_or_folder}" cannot be loaded: {error}') from error
        self.dims = int(self._model.get_embedding_dimension() or 0)
        self.name = f"st:{name_or_folder}"

    def encode_questions(self, texts: Sequence[str]) -> Floats:
        return self._as_floats(self._model.encode_query(_clean(texts), normalize_embeddings=True, show_progress_bar=False))

    def encode_passages(self, texts: Sequence[str]) -> Floats:
        return self._as_floats(self._model.encode_document(_clean(texts), normalize_embeddings=True, show_progress_bar=False))

    def _as_floats(self, vectors: object) -> Floats:
        return np.asarray(vectors, np.float32).reshape(-1, self.dims)


def _clean(texts: Sequence[str]) -> list[str]:
    return [clean(text, PASSAGE_LIMIT) for text in texts]
