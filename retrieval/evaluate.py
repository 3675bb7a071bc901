"""Measures the search on public questions and on a collection's own. In: folders of data. Out: rows of numbers, not printed.
The rows of a step (a system under a protocol) come together, so that a run can be taken up again where it broke off.

Protocols, after LAReQA (Roy et al. 2020, https://arxiv.org/abs/2004.05484):
pair    questions in one language, entries in one language; the mean over equal and over different languages
single  every entry exists in one language, drawn at random: the case of a network in which each writes in its own
all     every entry exists in every language, and every translation of the right one must come before anything else (mAP)
near    as single, but half of the entries are gone, so half of the questions have no answer though their neighbours do
far     as near, but whole topics are gone
XQuAD is https://github.com/google-deepmind/xquad, CC BY-SA 4.0. The language correction and the confidence are not fitted to it,
but the few weights set by hand (the shares in `neutral`, the weights in `ranking`, the length of a piece) were chosen with its
`single` protocol in view, and with the shipped collection's questions: read those figures as development figures.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from retrieval.calibration import Calibration
from retrieval.embedder import Embedder
from retrieval.notebook import Notebook
from retrieval.own import run_collection
from retrieval.parallel import read_squad
from retrieval.plain import PlainSystem, System
from retrieval.protocols import PROTOCOLS, measure
from retrieval.trust import POINT, Row

__all__ = ["DRAWS", "POINT", "PROTOCOLS", "XQUAD_LANGUAGES", "Row", "corpora_folder", "run", "run_collection", "system"]
XQUAD_LANGUAGES = ("en", "es", "el", "ro", "tr")
DRAWS = 3
Progress = Callable[[str, str], None]


def system(embedder: Embedder | None = None, calibration: Calibration | None = None) -> PlainSystem:
    """The whole search over plain texts: `fit(texts, langs)`, then `search(texts, langs, k)` -> ids, scores, confidence."""
    return PlainSystem(embedder, calibration)


def run(
    systems: Mapping[str, Callable[[], System]] | None = None,
    *,
    protocols: Sequence[str] = PROTOCOLS,
    corpora: Path | None = None,
    sample: int | None = None,
    draws: int = DRAWS,
    seed: int = 0,
    notebook: Notebook | None = None,
    progress: Progress | None = None,
) -> Iterator[Row]:
    """Runs protocols over XQuAD for each system; `sample` takes that many questions of each language at random.

    `notebook` keeps what is measured and is asked first; `progress` is told system and protocol before each step.
    Raises FileNotFoundError without XQuAD in `corpora` (default: $RRM_CORPORA, else ../shared/corpora beside the project).
    """
    data = read_squad({code: (corpora or corpora_folder()) / "xquad" / f"xquad.{code}.json" for code in XQUAD_LANGUAGES})
    data = data.sampled(sample, seed)
    for name, make in (systems or {"rrm": system}).items():
        made: System | None = None
        for protocol in protocols:
            rows = notebook.rows(name, protocol) if notebook else None
            if rows is None:
                if progress:
                    progress(name, protocol)
                made = made or make()
                rows = list(measure(protocol, name, made, data, draws, seed))
                if notebook:
                    notebook.add(name, protocol, rows)
            yield from rows


def corpora_folder() -> Path:
    own = os.environ.get("RRM_CORPORA")
    return Path(own) if own else Path(__file__).resolve().parents[1] / ".." / "shared" / "corpora"
