"""Compares the bundled model with sentence-transformers in float32 from the same weights, one thread each.

    python benchmarks/retrieval_speed.py [--pairs 5] [--questions 24] [--entries 6]

Pairs of fresh processes, one of each kind, one after the other, on the same texts: questions of twenty words, entries of 225
words (XQuAD, from $RRM_CORPORA or ../shared/corpora). The ratio of each pair is printed and the median counts; it is of processor
time, which a busy machine disturbs least, with the wall-clock beside it. Ends with 1 below four times (questions) or three
(indexing).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from retrieval.evaluate import corpora_folder

LANGUAGES = ("en", "es", "ro", "el", "tr")
QUESTION_WORDS, ENTRY_WORDS = 20, 225
QUESTION_BAR, INDEXING_BAR = 4.0, 3.0
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}


def main(pairs: int, questions: int, entries: int) -> int:
    from tests.retrieval.reference import build_reference

    with tempfile.TemporaryDirectory(prefix="rrm-speed-") as name:
        folder = Path(name)
        (folder / "texts.json").write_text(json.dumps(texts(questions, entries)), "utf-8")
        reference = build_reference(folder / "reference") if (folder / "reference").mkdir() is None else folder
        found = [(child("bundled", folder), child(str(reference), folder)) for _ in progress(pairs)]
    return tell(found)


def tell(found: Sequence[tuple[dict[str, float], dict[str, float]]]) -> int:
    missed = 0
    for what, bar in (("question", QUESTION_BAR), ("entry", INDEXING_BAR)):
        for clock in ("cpu", "wall"):
            key = f"{what}_{clock}"
            ratios = sorted(theirs[key] / ours[key] for ours, theirs in found)
            ours, theirs = (statistics.median(pair[side][key] for pair in found) for side in (0, 1))
            median = statistics.median(ratios)
            print(
                f"{what:8} {clock:4}: {ours:7.1f} ms here, {theirs:7.1f} ms there; "
                f"{median:.2f} times faster (pairs {', '.join(f'{ratio:.2f}' for ratio in ratios)})"
            )
            missed += clock == "cpu" and median < bar
    return int(missed > 0)


def progress(pairs: int) -> Any:
    for pair in range(pairs):
        print(f"pair {pair + 1} of {pairs}", file=sys.stderr, flush=True)
        yield pair


def child(setting: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, __file__, "--child", setting, str(folder / "texts.json")]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, env={**os.environ, **ONE_THREAD, "HF_HUB_OFFLINE": "1"})
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def texts(questions: int, entries: int) -> dict[str, list[str]]:
    asked, told = [], []
    for language in LANGUAGES:
        file = corpora_folder() / "xquad" / f"xquad.{language}.json"
        paragraphs = [one for article in json.loads(file.read_text("utf-8"))["data"] for one in article["paragraphs"]]
        words = " ".join(one["question"] for paragraph in paragraphs for one in paragraph["qas"]).split()
        asked.append([" ".join(words[i : i + QUESTION_WORDS]) for i in range(0, QUESTION_WORDS * questions, QUESTION_WORDS)])
        words = " ".join(paragraph["context"] for paragraph in paragraphs).split()
        told.append([" ".join(words[i : i + ENTRY_WORDS]) for i in range(0, ENTRY_WORDS * entries, ENTRY_WORDS)])
    mixed = [[text for together in zip(*some, strict=True) for text in together] for some in (asked, told)]
    return {"questions": mixed[0][:questions], "entries": mixed[1][:entries]}


# ---------------------------------------------------------------------------------------------- in the child


def measure(setting: str, file: Path) -> dict[str, float]:
    given = json.loads(file.read_text("utf-8"))
    embedder = made(setting)
    embedder.encode_passages(given["entries"][:1])
    for question in given["questions"][:3]:
        embedder.encode_questions([question])
    question = [timed(embedder.encode_questions, [text]) for text in given["questions"]]
    entry = [timed(embedder.encode_passages, [text]) for text in given["entries"]]
    return {
        f"{what}_{clock}": statistics.median(one[place] for one in times)
        for what, times in (("question", question), ("entry", entry))
        for place, clock in enumerate(("cpu", "wall"))
    }


def made(setting: str) -> Any:
    if setting == "bundled":
        from retrieval.bundled.embedder import BundledEmbedder

        return BundledEmbedder(workers=1)
    import torch

    from retrieval.sentence import SentenceEmbedder

    torch.set_num_threads(1)
    return SentenceEmbedder(setting, precision="float32", device="cpu")


def timed(act: Callable[[Sequence[str]], object], given: Sequence[str]) -> tuple[float, float]:
    """Milliseconds of processor and of wall-clock."""
    cpu, wall = time.process_time(), time.perf_counter()
    act(given)
    return (time.process_time() - cpu) * 1e3, (time.perf_counter() - wall) * 1e3


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        print(json.dumps(measure(sys.argv[2], Path(sys.argv[3]))))
        raise SystemExit
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--questions", type=int, default=24)
    parser.add_argument("--entries", type=int, default=6)
    told = parser.parse_args()
    raise SystemExit(main(told.pairs, told.questions, told.entries))
