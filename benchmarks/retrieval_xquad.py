"""Measures the search and its peers on XQuAD and prints a table.

    python benchmarks/retrieval_xquad.py [--sample N] [--draws N] [--protocols single,near,far] [--systems rrm,bm25]

XQuAD is read in place from $RRM_CORPORA, else from ../shared/corpora. All questions, all systems: about half an hour on one core.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

from retrieval.bundled.embedder import BundledEmbedder
from retrieval.evaluate import DRAWS, PROTOCOLS, run, system
from retrieval.peers import Bare, Bm25, FullText, RankFusion
from retrieval.plain import System

SYSTEMS: dict[str, Callable[[], System]] = {
    "rrm": system,
    "bm25": Bm25,
    "fts5": FullText,
    "e5": lambda: Bare(BundledEmbedder()),
    "rrf": lambda: RankFusion(Bare(BundledEmbedder()), Bm25()),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int)
    parser.add_argument("--draws", type=int, default=DRAWS)
    parser.add_argument("--protocols", default=",".join(PROTOCOLS))
    parser.add_argument("--systems", default=",".join(SYSTEMS))
    chosen = parser.parse_args()
    systems = {name: SYSTEMS[name] for name in chosen.systems.split(",")}
    for row in run(systems, protocols=chosen.protocols.split(","), sample=chosen.sample, draws=chosen.draws):
        print(f"{row.protocol:8} {row.system:6} {row.measure:48} {row.value:.3f}  ({row.count})", flush=True)


if __name__ == "__main__":
    main()
