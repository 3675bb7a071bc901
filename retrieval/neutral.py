"""Makes a multilingual model blind to the language of a text and to what all texts share.

Multilingual encoders put a text's language into its vector, so that a question finds fiches of its own language first. Sentences
that say the same in two languages differ by just that: the span of those mean differences is removed from every vector. What is
left still points mostly one way, whatever the text says, and passages near that point win too often ("hubs"): so a share of the
mean question and of the mean passage is taken away as well.

In: an embedder and parallel sentences. Out: an embedder of the same dims; no language is identified at run time.

    python -m retrieval.neutral bundled FOLDER_OF_TATOEBA_PAIRS     fits and stores the correction of a model ("st:NAME" likewise)

See Yang et al. 2021, https://arxiv.org/abs/2109.04727 (language directions, found there per language from unpaired text) and
Radovanović et al. 2010, https://www.jmlr.org/papers/v11/radovanovic10a.html (hubs).
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.bundled.cache import cache_folder
from retrieval.embedder import Embedder, Floats
from retrieval.work import shortened

SHIPPED = Path(__file__).parent / "share"
QUESTION_SHARE, PASSAGE_SHARE = 0.8, 0.6
Pairs = Mapping[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class Correction:
    """`directions` float32 [k, dims]: orthonormal rows to remove; `question`, `passage` float32 [dims]: means to subtract."""

    directions: Floats
    question: Floats
    passage: Floats

    @property
    def digest(self) -> str:
        return hashlib.sha256(np.concatenate([self.directions, [self.question], [self.passage]]).tobytes()).hexdigest()

    def save(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        np.save(file, np.concatenate([self.directions, [self.question], [self.passage]]).astype(np.float32))

    @classmethod
    def load(cls, file: Path) -> Correction:
        rows = np.load(file, allow_pickle=False).astype(np.float32)
        return cls(rows[:-2], rows[-2], rows[-1])


class NeutralEmbedder:
    """An embedder followed by its correction."""

    def __init__(self, embedder: Embedder, correction: Correction):
        self._embedder, self._correction = embedder, correction
        self.dims = embedder.dims
        self.name = f"{embedder.name}+neutral-{correction.digest[:8]}"

    def encode_questions(self, texts: Sequence[str]) -> Floats:
        neutral = project(self._embedder.encode_questions(texts), self._correction.directions)
        return unit(neutral - QUESTION_SHARE * self._correction.question)

    def shortened(self, question: str, tokens: int) -> tuple[str, int]:
        """As much of a question as costs at most `tokens`; see `retrieval.work`."""
        return shortened(self._embedder, question, tokens)

    def encode_passages(self, texts: Sequence[str]) -> Floats:
        neutral = project(self._embedder.encode_passages(texts), self._correction.directions)
        return unit(neutral - PASSAGE_SHARE * self._correction.passage)


def neutralised(embedder: Embedder) -> Embedder:
    """The embedder with its correction, where one is shipped or was fitted on this machine; else as it is."""
    for folder in (SHIPPED, cache_folder()):
        file = folder / _file_name(embedder)
        if file.is_file():
            return NeutralEmbedder(embedder, Correction.load(file))
    return embedder


def project(vectors: Floats, directions: Floats) -> Floats:
    """Unit vectors without their components along `directions`."""
    return unit(vectors - (vectors @ directions.T) @ directions)


def unit(vectors: NDArray[np.floating[Any]]) -> Floats:
    """Rows scaled to length 1; a row of zeros stays one."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)


def fit_correction(embedder: Embedder, pairs: Pairs) -> Correction:
    """From (text, English) pairs for each other language: two directions per language, one of questions and one of passages."""
    roles = (embedder.encode_questions, embedder.encode_passages)
    vectors = [[_both_sides(encode, texts) for texts in pairs.values()] for encode in roles]
    differences = np.stack([(own - english).mean(0) for role in vectors for own, english in role])
    _, sizes, rows = np.linalg.svd(differences, full_matrices=False)
    directions = rows[sizes > 1e-6].astype(np.float32)
    question, passage = (
        project(np.concatenate([side for pair in role for side in pair]), directions).mean(0) for role in vectors
    )
    return Correction(directions, question, passage)


def read_tatoeba(folder: Path) -> dict[str, list[tuple[str, str]]]:
    """Sentence pairs with English by ISO 639-3 code, from files `tatoeba.ita-eng.ita` and `tatoeba.ita-eng.eng`."""
    pairs = {}
    for file in sorted(folder.glob("tatoeba.*-eng.*")):
        code = file.suffix[1:]
        if code != "eng":
            lines = (path.read_text("utf-8").split("\n") for path in (file, file.with_suffix(".eng")))
            pairs[code] = [(own, english) for own, english in zip(*lines, strict=True) if own.strip() and english.strip()]
    return pairs


def _both_sides(encode: Callable[[Sequence[str]], Floats], texts: Sequence[tuple[str, str]]) -> tuple[Floats, Floats]:
    return encode([own for own, _ in texts]), encode([english for _, english in texts])


def _file_name(embedder: Embedder) -> str:
    """One file per model; how the bundled one is computed makes no difference to its language directions."""
    name = embedder.name.split("-int")[0].replace("/", "_").replace(":", "_")
    return f"neutral-{name}.npy"


def main(setting: str, folder: str) -> None:
    from retrieval.bundled.embedder import BundledEmbedder
    from retrieval.sentence import SentenceEmbedder

    embedder = BundledEmbedder() if setting == "bundled" else SentenceEmbedder(setting.removeprefix("st:"))
    correction = fit_correction(embedder, read_tatoeba(Path(folder)))
    target = (SHIPPED if setting == "bundled" else cache_folder()) / _file_name(embedder)
    correction.save(target)
    print(f"{len(correction.directions)} directions written to {target}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
