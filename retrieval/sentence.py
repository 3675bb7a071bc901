"""Adapter for any sentence-transformers model (the optional extra `semantic`). In: a name or folder. Out: an embedder.

`encode_query` and `encode_document` are used, so that prompts come from the model's own configuration: e5, bge-m3 and
EmbeddingGemma all want others. torch is imported only when such a model is asked for. It runs on the graphics processor if there
is one, in bfloat16 wherever the hardware computes in it: twice as fast, and vectors agree with float32 to a cosine of .9999, so
that workers with and without may share an index. docs/models.md says which models we would take, and how to fit and measure each.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from retrieval.embedder import Floats
from retrieval.errors import ModelError
from retrieval.text import PASSAGE_LIMIT, clean

Precision = Literal["float32", "bfloat16"]


class SentenceEmbedder:
    def __init__(self, name_or_folder: str, precision: Precision | None = None, device: str | None = None):
        """By default the best that this machine has. Raises `ModelError` when the package or the model is missing."""
        try:
            import torch
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise ModelError(
                f'"st:{name_or_folder}" needs the extra "semantic": pip install "rapid-response-mechanism[semantic]"'
            ) from error
        self.device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        self.precision = precision or _best_precision(torch, self.device)
        kind = {"dtype": getattr(torch, self.precision)}
        try:
            self._model = SentenceTransformer(name_or_folder, device=self.device, model_kwargs=kind)
        except Exception as error:  # the library raises OSError, ValueError and hub errors of its own
            raise ModelError(f'the model "{name_or_folder}" cannot be loaded: {error}') from error
        self.dims = int(self._model.get_embedding_dimension() or 0)
        self.name = f"st:{name_or_folder}"

    def encode_questions(self, texts: Sequence[str]) -> Floats:
        return self._as_floats(self._model.encode_query(_clean(texts), **_PLAIN))

    def encode_passages(self, texts: Sequence[str]) -> Floats:
        return self._as_floats(self._model.encode_document(_clean(texts), **_PLAIN))

    def shortened(self, question: str, tokens: int) -> tuple[str, int]:
        """As much of a question, from its beginning, as has at most `tokens` tokens; and how many those are."""
        words = clean(question, tokens * _LONGEST_PIECES).split()
        kept = len(words)
        while kept and (cost := self._tokens(" ".join(words[:kept]))) > tokens:
            kept = min(kept - 1, kept * tokens // cost)
        if not kept:
            return question[:tokens], tokens
        short = question if kept == len(question.split()) else " ".join(words[:kept])
        return short, self._tokens(short)

    def _tokens(self, text: str) -> int:
        return len(self._model.tokenizer.tokenize(text))

    def _as_floats(self, vectors: Any) -> Floats:
        floats: Floats = np.array(vectors, np.float32).reshape(-1, self.dims)
        floats /= np.maximum(np.linalg.norm(floats, axis=1, keepdims=True), np.float32(1e-9))
        return floats


# bfloat16 does not reach numpy, and its rounding leaves vectors a little off unit length: they are scaled again above.
_PLAIN: dict[str, Any] = {"normalize_embeddings": True, "show_progress_bar": False, "convert_to_numpy": True}
# As in `retrieval/tokeniser.py`.
_LONGEST_PIECES = 12


def _best_precision(torch: Any, device: str) -> Precision:
    if device == "cuda":
        return "bfloat16" if torch.cuda.is_bf16_supported() else "float32"
    return "bfloat16" if computes_bfloat16() else "float32"


def computes_bfloat16(flags: Path = Path("/proc/cpuinfo")) -> bool:
    """Whether the processor has instructions for it; without them torch imitates it, slowly."""
    try:
        told = flags.read_text().split()
    except OSError:
        return False
    return "avx512_bf16" in told or "amx_bf16" in told


def _clean(texts: Sequence[str]) -> list[str]:
    return [clean(text, PASSAGE_LIMIT) for text in texts]
