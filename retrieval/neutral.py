"""Makes a multilingual model blind to the language of a text.

Multilingual encoders put a text's language into its vector, so that a question finds fiches of its own language first. Sentences
that say the same in two languages differ by just that; the span of those mean differences is removed from every vector.
In: an embedder and parallel sentences. Out: an embedder of the same dims whose vectors have lost the language directions.

    python -m retrieval.neutral bundled FOLDER_OF_TATOEBA_PAIRS     fits and stores the directions of a model

No language is identified at run time. See Yang et al. 2021, https://arxiv.org/abs/2109.04740, which removes principal
directions per language; here they are found jointly, from translations, for questions and passages at once.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from retrieval.bundled.cache import cache_folder
from retrieval.embedder import Embedder, Floats

SHIPPED = Path(__file__).parent / "share"
Pairs = Mapping[str, Sequence[tuple[str, str]]]


class NeutralEmbedder:
    """An embedder followed by the projection I - U'U; `directions` U is float32 [k, dims] with orthonormal rows."""

    def __init__(self, embedder: Embedder, directions: Floats):
        self._embedder, self._directions = embedder, directions
        self.dims = embedder.dims
        self.name = f"{embedder.name}+neutral-{hashlib.sha256(directions.tobytes()).hexdigest()[:8]}"

    def encode_questions(self, texts: Sequence[str]) -> Floats:
        return project(self._embedder.encode_questions(texts), self._directions)

    def encode_passages(self, texts: Sequence[str]) -> Floats:
        return project(self._embedder.encode_passages(texts), self._directions)


def neutralised(embedder: Embedder) -> Embedder:
    """The embedder with its projection, where one is shipped or was fitted on this machine; else as it is."""
    for folder in (SHIPPED, cache_folder()):
        file = folder / _file_name(embedder)
        if file.is_file():
            directions = np.load(file, allow_pickle=False).astype(np.float32)
            return NeutralEmbedder(embedder, directions)
    return embedder


def project(vectors: Floats, directions: Floats) -> Floats:
    """Unit vectors without their components along `directions`."""
    rest = vectors - (vectors @ directions.T) @ directions
    projected: Floats = rest / np.maximum(np.linalg.norm(rest, axis=1, keepdims=True), 1e-9)
    return projected


def fit_directions(embedder: Embedder, pairs: Pairs) -> Floats:
    """The language directions, float32 [2 * languages, dims], from (text, English) pairs per other language."""
    differences = []
    for encode in (embedder.encode_questions, embedder.encode_passages):
        for texts in pairs.values():
            own, english = (encode([pair[side] for pair in texts]) for side in (0, 1))
            differences.append((own - english).mean(0))
    _, sizes, rows = np.linalg.svd(np.stack(differences), full_matrices=False)
    directions: Floats = rows[sizes > 1e-6].astype(np.float32)
    return directions


def read_tatoeba(folder: Path) -> dict[str, list[tuple[str, str]]]:
    """Sentence pairs with English by ISO 639-3 code, from files `tatoeba.ita-eng.ita` and `tatoeba.ita-eng.eng`."""
    pairs = {}
    for file in sorted(folder.glob("tatoeba.*-eng.*")):
        code = file.suffix[1:]
        if code != "eng":
            lines = (path.read_text("utf-8").split("\n") for path in (file, file.with_suffix(".eng")))
            pairs[code] = [(own, english) for own, english in zip(*lines, strict=True) if own.strip() and english.strip()]
    return pairs


def _file_name(embedder: Embedder) -> str:
    """One file per model; the bundled model's bits make no difference to its language directions."""
    name = embedder.name.split("-int")[0].replace("/", "_").replace(":", "_")
    return f"neutral-{name}.npy"


def main(setting: str, folder: str) -> None:
    from retrieval.bundled.embedder import BundledEmbedder
    from retrieval.sentence import SentenceEmbedder

    embedder = BundledEmbedder() if setting == "bundled" else SentenceEmbedder(setting.removeprefix("st:"))
    directions = fit_directions(embedder, read_tatoeba(Path(folder)))
    target = (SHIPPED if setting == "bundled" else cache_folder()) / _file_name(embedder)
    target.parent.mkdir(parents=True, exist_ok=True)
    np.save(target, directions)
    print(f"{len(directions)} directions written to {target}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
