"""Measures the search and its peers on XQuAD and prints a table.

    python benchmarks/retrieval_xquad.py [--sample N] [--draws N] [--protocols single,near,far] [--systems rrm,bm25]

XQuAD is read in place from $RRM_CORPORA, else from ../shared/corpora. All questions, all systems: about half an hour on one core.
"""

from __future__ import annotations

import argparse

from retrieval.bundled.embedder import BundledEmbedder
from retrieval.choosing import embedder_from
from retrieval.evaluate import DRAWS, POINT, PROTOCOLS, run
from retrieval.peers import peers


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int)
    parser.add_argument("--draws", type=int, default=DRAWS)
    parser.add_argument("--protocols", default=",".join(PROTOCOLS))
    parser.add_argument("--systems", default="rrm,bm25,fts5,e5,rrf")
    chosen = parser.parse_args()
    known = peers(BundledEmbedder(), embedder_from("bundled"))
    systems = {name: known[name] for name in chosen.systems.split(",")}
    for row in run(systems, protocols=chosen.protocols.split(","), sample=chosen.sample, draws=chosen.draws):
        if not row.measure.startswith(POINT):
            print(f"{row.protocol:8} {row.system:6} {row.measure:48} {row.value:.3f}  ({row.count})", flush=True)


if __name__ == "__main__":
    main()
