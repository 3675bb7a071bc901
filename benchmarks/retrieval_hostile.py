"""Asks hostile texts and one ordinary question, and prints how many times longer each takes: none may take ten times as long.

    python benchmarks/retrieval_hostile.py [--rounds 5]

With the bundled model on the shipped collection. Processor time of the searching thread, the median of rounds that alternate with
the ordinary question. Ends with 1 if a text takes more than ten times as long.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from retrieval import Searcher, embedder_from, load_collection
from tests.retrieval.test_hostile import HOSTILE, ORDINARY

COLLECTION = Path(__file__).resolve().parents[1] / "data" / "collections" / "vet-practices"
BAR = 10.0


def main(rounds: int) -> int:
    with tempfile.TemporaryDirectory(prefix="rrm-hostile-") as folder:
        searcher = Searcher.open(folder, embedder_from("bundled"))
        searcher.reconcile(load_collection(COLLECTION)[:8])
        searcher.search(ORDINARY, language="en")
        ratios = {name: ratio(searcher, text, rounds) for name, text in HOSTILE.items()}
    for name, times in sorted(ratios.items(), key=lambda pair: -pair[1]):
        print(f"{times:6.2f} times an ordinary question: {name}")
    return int(max(ratios.values()) > BAR)


def ratio(searcher: Searcher, text: str, rounds: int) -> float:
    # A new word each time: what was tokenised once is remembered.
    pairs = [(spent(searcher, f"{ORDINARY} w{number}x"), spent(searcher, f"{text} w{number}x")) for number in range(rounds)]
    return statistics.median(hostile / ordinary for ordinary, hostile in pairs)


def spent(searcher: Searcher, text: str) -> float:
    began = time.thread_time()
    findings = searcher.search(text)
    assert findings.degraded is None, findings.degraded
    return time.thread_time() - began


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    raise SystemExit(main(parser.parse_args().rounds))
