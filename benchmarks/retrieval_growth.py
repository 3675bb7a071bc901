"""What a search costs beyond encoding as a collection grows, with a plot: time, recall of the graph, memory.

    python benchmarks/retrieval_growth.py [--sizes 1000,20000,1000000] [--plot docs/search-growth.svg] [--keep FOLDER]

Each step gets a process of its own; with --keep what was built and measured stays, and only what is missing is done. The vectors
are made of real ones (Tatoeba by the bundled model, read from $RRM_CORPORA or ../shared/corpora): a vector plus half the
difference of two others, so that they lie where texts lie. Questions are real, and never among them. `nearest` is the vector
index alone, `search` the whole of `Searcher.search` less what encoding the same question alone takes, one after the other, on
fiches of eight passages, each with words. Recall is
measured against all inner products. Times are processor time of the searching thread, which works alone: what else the machine
does counts less. A million takes ten minutes to build on two processors, and 6 GB.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.plot import Line, Plot
from retrieval.choosing import embedder_from
from retrieval.embedder import Embedder, Floats
from retrieval.evaluate import corpora_folder
from retrieval.index import Entry, Index, words_of
from retrieval.neutral import read_tatoeba
from retrieval.passages import SECTION, SENTENCE, SUMMARY, Piece
from retrieval.searcher import Searcher
from retrieval.values import WHOLE, Passage
from retrieval.vectors import EXACT_LIMIT
from retrieval.vectors_faiss import VectorIndex

SIZES = (1_000, 10_000, 20_000, 100_000, 1_000_000)
VIEWS = (WHOLE, SUMMARY, SECTION, SECTION, SENTENCE, SENTENCE, SENTENCE, SENTENCE)
LANGUAGES = ("en", "it", "es", "fr", "el", "ro", "hr", "tr")
QUESTIONS, REAL = 200, 4_000


def main(sizes: Sequence[int], plot: Path | None, keep: Path | None) -> None:
    with nullcontext(str(keep)) if keep else tempfile.TemporaryDirectory(prefix="rrm-growth-") as name:
        folder = Path(name)
        folder.mkdir(exist_ok=True)
        if not (folder / "real.npz").exists():
            np.savez(folder / "real.npz", **real_vectors())
        rows = [measured(size, folder) for size in sizes]
    if plot:
        draw(rows, plot)


def measured(size: int, folder: Path) -> dict[str, Any]:
    row: dict[str, Any] = {"size": size, "kind": "exact" if size <= EXACT_LIMIT else "graph"}
    for step in STEPS:
        result = folder / f"{step}-{size}.json"
        if not result.exists():
            child = subprocess.run(
                [sys.executable, __file__, "--child", step, str(size), str(folder.resolve())], stdout=subprocess.PIPE, check=True
            )
            result.write_bytes(child.stdout)
        row |= json.loads(result.read_text())
    show(row)
    return row


def show(row: dict[str, Any]) -> None:
    print(
        f"{row['size']:>9,} vectors, {row['kind']}, built in {row['build_s']:.1f} s, {row['index_mb']:.0f} MiB mapped\n"
        f"    nearest 10: p50 {row['ten_p50']:.2f} ms, p95 {row['ten_p95']:.2f} ms, recall@10 {row['recall']:.4f}; "
        f"nearest 400: p50 {row['many_p50']:.2f} ms, p95 {row['many_p95']:.2f} ms\n"
        f"    whole search beyond encoding: p50 {row['beyond_p50']:.2f} ms, p95 {row['beyond_p95']:.2f} ms; "
        f"encoding p50 {row['encode_p50']:.2f} ms; search / encoding {row['ratio']:.3f}",
        flush=True,
    )


def draw(rows: Sequence[dict[str, Any]], file: Path) -> None:
    lines = [
        Line("encoding the question", [(row["size"], row["encode_p50"]) for row in rows]),
        Line("search beyond encoding", [(row["size"], row["beyond_p50"]) for row in rows]),
        Line("nearest vectors alone", [(row["size"], row["many_p50"]) for row in rows]),
        Line("nearest vectors, 95 %", [(row["size"], row["many_p95"]) for row in rows]),
    ]
    title = "What a search costs as a collection grows (median, one thread)"
    file.write_text(Plot(title, "vectors in the index", "milliseconds", lines).svg(), "utf-8")
    print(f"plot written to {file}")


# ---------------------------------------------------------------------------------------------- in the child


def build(size: int, folder: Path) -> dict[str, Any]:
    """Writes the index, and the ten best rows of each question by all inner products."""
    with np.load(folder / "real.npz") as stored:
        vectors, questions = made_of(stored["passages"], size), stored["questions"]
    began = time.perf_counter()
    VectorIndex.of(vectors).save(folder / f"{size}.faiss")
    built = time.perf_counter() - began
    np.save(folder / f"{size}.best.npy", exact(vectors, questions))
    return {"build_s": built}


def nearest(size: int, folder: Path) -> dict[str, Any]:
    with np.load(folder / "real.npz") as stored:
        questions = stored["questions"]
    best = np.load(folder / f"{size}.best.npy")
    before = resident()
    index = VectorIndex.load(folder / f"{size}.faiss")
    recall = np.mean([len(set(index.nearest(q, 10)[0]) & set(b)) / 10 for q, b in zip(questions, best, strict=True)])
    ten, many = (timed(lambda q, k=k: index.nearest(q, k), questions) for k in (10, 400))
    return {"recall": float(recall), "index_mb": resident() - before, **percentiles("ten", ten), **percentiles("many", many)}


def search(size: int, folder: Path) -> dict[str, Any]:
    with np.load(folder / "real.npz") as stored:
        texts, others = ([str(text) for text in stored[name]] for name in ("texts", "others"))
    beyond, encode, ratio = whole_search(VectorIndex.load(folder / f"{size}.faiss"), texts, others)
    return {**percentiles("beyond", beyond), **percentiles("encode", encode), "ratio": ratio}


STEPS = {"build": build, "nearest": nearest, "search": search}


def made_of(real: Floats, size: int) -> Floats:
    random = np.random.default_rng(7)
    vectors = np.empty((size, real.shape[1]), np.float32)
    for start in range(0, size, 50_000):
        a, b, c = (real[random.integers(0, len(real), min(50_000, size - start))] for _ in range(3))
        block = a + 0.5 * (b - c)
        vectors[start : start + len(block)] = block / np.linalg.norm(block, axis=1, keepdims=True)
    return vectors


def exact(vectors: Floats, questions: Floats) -> NDArray[np.int64]:
    """The ten best rows of each question, by all inner products."""
    best = np.zeros((len(questions), 0), np.int64)
    for start in range(0, len(vectors), 100_000):
        rows = np.arange(start, min(start + 100_000, len(vectors)))
        best = np.concatenate([best, np.broadcast_to(rows, (len(questions), len(rows)))], axis=1)
        scores = np.stack([vectors[own] @ question for own, question in zip(best, questions, strict=True)])
        best = np.take_along_axis(best, np.argpartition(-scores, min(10, len(scores[0]) - 1), axis=1)[:, :10], axis=1)
    return best


def whole_search(vectors: VectorIndex, questions: Sequence[str], others: Sequence[str]) -> tuple[list[float], list[float], float]:
    """Milliseconds beyond encoding, milliseconds of encoding, and the median of whole search over encoding; `others` come first,
    as in a service that has run for an hour."""
    # Each has its own, so that the words of a question are as new to the one as to the other.
    embedder, alone = embedder_from("bundled"), embedder_from("bundled")
    searcher = Searcher.open(tempfile.gettempdir(), embedder, storage=Given(index_with(vectors, questions)))
    spent, encoding = [], []
    for question in [*others, *questions]:
        took, _ = measured_once(lambda question=question: alone.encode_questions([question]))
        encoding.append(took)
        took, found = measured_once(lambda question=question: searcher.search(question))
        spent.append(took)
        assert found.matches and not found.degraded, found
    spent, encoding = spent[len(others) :], encoding[len(others) :]
    ratio = float(np.median([whole / own for whole, own in zip(spent, encoding, strict=True)]))
    return [whole - own for whole, own in zip(spent, encoding, strict=True)], encoding, ratio


def index_with(vectors: VectorIndex, sentences: Sequence[str]) -> Index:
    chance = random.Random(3)
    entries, pieces = [], []
    for number in range(-(-len(vectors) // len(VIEWS))):
        slug, code = f"fiche-{number:07}", chance.choice(LANGUAGES)
        entries.append(Entry(slug, "", code, {code: slug}, {}))
        texts = chance.choices(sentences, k=12)
        shown = Passage(slug, code, "challenge", texts[0])
        pieces += [Piece(shown, " ".join(texts) if view == WHOLE else "", (view,)) for view in VIEWS]
    pieces = pieces[: len(vectors)]
    return Index(tuple(entries), tuple(pieces), vectors, words_of(pieces))


class Given:
    """A storage that holds one index and nothing else."""

    def __init__(self, index: Index):
        self._index = index

    def current(self) -> str:
        return "given"

    def load(self, embedder: Embedder) -> tuple[str, Index]:
        return "given", self._index

    def damage(self, name: str) -> None:
        return None

    def locked(self) -> Any:
        return nullcontext()

    def write(self, *_: object) -> Any:
        raise NotImplementedError


def timed(act: Callable[[Floats], object], questions: Floats) -> list[float]:
    return list(_timed(act, questions))[20:]


def _timed(act: Callable[[Floats], object], questions: Floats) -> Iterator[float]:
    for question in [*questions[:20], *questions]:
        yield measured_once(lambda question=question: act(question))[0]


def measured_once(act: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds of processor time, and what came of it."""
    began = time.thread_time()
    found = act()
    return (time.thread_time() - began) * 1e3, found


def percentiles(name: str, times: Sequence[float]) -> dict[str, float]:
    return {f"{name}_p50": float(np.percentile(times, 50)), f"{name}_p95": float(np.percentile(times, 95))}


def resident() -> float:
    """MiB of this process in memory, mapped files included."""
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


# ---------------------------------------------------------------------------------------------- once for all


def real_vectors() -> dict[str, Any]:
    """Vectors of real passages and questions, and the questions' texts; sentences of about twenty words serve as questions."""
    pairs = read_tatoeba(corpora_folder() / "tatoeba")
    sentences = sorted({side for some in pairs.values() for pair in some for side in pair})
    random.Random(5).shuffle(sentences)
    passages, rest = sentences[:REAL], sentences[REAL:]
    asked = [" ".join(" ".join(rest[start : start + 6]).split()[:20]) for start in range(0, 12 * QUESTIONS, 6)]
    asked, others = asked[:QUESTIONS], asked[QUESTIONS:]
    embedder = embedder_from("bundled")
    return {
        "passages": embedder.encode_passages(passages),
        "questions": embedder.encode_questions(asked),
        "texts": np.array(asked),
        "others": np.array(others),
    }


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        print(json.dumps(STEPS[sys.argv[2]](int(sys.argv[3]), Path(sys.argv[4]))))
        raise SystemExit
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--keep", type=Path)
    told = parser.parse_args()
    main([int(size) for size in told.sizes.split(",")], told.plot, told.keep)
