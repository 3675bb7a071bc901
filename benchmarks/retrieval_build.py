"""Builds an index of 5,000 fiches with the bundled model, is killed on the way, goes on, and updates single fiches.

    python benchmarks/retrieval_build.py [--fiches 5000] [--kill-at 0.4] [--limit-mib 250]

Fiches of real sentences (Tatoeba, from $RRM_CORPORA or ../shared/corpora): title, summary, two sections; eight languages in turn.
Prints what was done before the kill, what was embedded again after it (none), seconds for one update, and the peak of memory of
the building process over a bare interpreter. Ends with 1 if the peak is above the limit.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from retrieval import FicheRecord, FicheText, Searcher, embedder_from
from retrieval.evaluate import corpora_folder
from retrieval.neutral import read_tatoeba

CODES = {"ita": "it", "spa": "es", "fra": "fr", "ell": "el", "ron": "ro", "hrv": "hr", "tur": "tr"}


def main(count: int, kill_at: float, limit: float) -> int:
    with tempfile.TemporaryDirectory(prefix="rrm-build-") as folder:
        first = subprocess.Popen(command("build", count, folder), stdout=subprocess.PIPE, text=True)
        done = total = 0
        while not total or done < kill_at * total:
            done, total = map(int, said(first).split())
        first.send_signal(signal.SIGKILL)
        first.wait()
        print(f"killed when {done:,} of {total:,} passages were embedded", flush=True)
        second = subprocess.Popen(command("build", count, folder), stdout=subprocess.PIPE, text=True)
        began = time.monotonic()
        while (line := said(second)) and line[0] != "{":
            bar(*map(int, line.split()))
        told = json.loads(line)
        print(f"\nwent on, done in {time.monotonic() - began:.0f} s: {told['fiches']:,} fiches, {told['passages']:,} passages")
        print(f"embedded again: {told['encoded'] - (total - done):,} passages (those whose fiche was not yet kept)")
        print(f"one fiche updated, added, removed: {told['update_s']:.2f}, {told['add_s']:.2f}, {told['remove_s']:.2f} s")
        print(f"peak of memory while indexing: {told['peak_mib']:.0f} MiB over a bare interpreter")
        return int(told["peak_mib"] > limit)


def command(what: str, count: int, folder: str) -> list[str]:
    return [sys.executable, __file__, "--child", what, str(count), folder]


def said(child: subprocess.Popen[str]) -> str:
    line = child.stdout.readline() if child.stdout else ""
    if not line:
        raise SystemExit("the build broke off")
    return line


def bar(done: int, total: int) -> None:
    filled = 40 * done // max(1, total)
    print(f"\r[{'#' * filled}{'.' * (40 - filled)}] {done:,} of {total:,}", end="", file=sys.stderr, flush=True)


# ---------------------------------------------------------------------------------------------- in the child


class Counting:
    def __init__(self) -> None:
        self._embedder, self.encoded = embedder_from("bundled"), 0
        self.name, self.dims = self._embedder.name, self._embedder.dims

    def encode_questions(self, texts):  # type: ignore[no-untyped-def]
        self.encoded += len(texts)
        return self._embedder.encode_questions(texts)

    def encode_passages(self, texts):  # type: ignore[no-untyped-def]
        self.encoded += len(texts)
        return self._embedder.encode_passages(texts)


def build(count: int, folder: str, bare: float) -> None:
    embedder = Counting()
    searcher = Searcher.open(folder, embedder)
    made = fiches(count + 1)
    searcher.reconcile(made[:count], lambda done, total: print(done, total, flush=True))
    peak, encoded = resident("VmHWM") - bare, embedder.encoded
    status = searcher.status()
    changed = [FicheRecord(made[0].slug, made[0].source_language, {"year_start": 2020}, made[1].texts), *made[1:count]]
    times = [timed(searcher, some) for some in (changed, [*changed, made[count]], changed[1:])]
    told = dict(zip(("update_s", "add_s", "remove_s"), times, strict=True))
    print(json.dumps({"fiches": status.fiches, "passages": status.passages, "peak_mib": peak, "encoded": encoded, **told}))


def timed(searcher: Searcher, fiches: list[FicheRecord]) -> float:
    began = time.monotonic()
    searcher.reconcile(fiches)
    return time.monotonic() - began


def fiches(count: int) -> list[FicheRecord]:
    pairs = read_tatoeba(corpora_folder() / "tatoeba")
    sentences = {CODES[code]: [own for own, _ in some] for code, some in pairs.items()}
    sentences["en"] = [english for some in pairs.values() for _, english in some]
    chance, codes = random.Random(2), sorted(sentences)
    return [fiche(number, codes[number % len(codes)], sentences[codes[number % len(codes)]], chance) for number in range(count)]


def fiche(number: int, code: str, sentences: list[str], chance: random.Random) -> FicheRecord:
    title, *rest = chance.choices(sentences, k=7)
    sections = {"challenge": " ".join(rest[2:4]), "results": " ".join(rest[4:])}
    return FicheRecord(f"fiche-{number:05}", code, {}, (FicheText(code, f"{title[:80]} {number}", " ".join(rest[:2]), sections),))


def resident(what: str) -> float:
    """MiB of this process, now (VmRSS) or at most (VmHWM)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(what)).split()[1]) / 1024


if __name__ == "__main__":
    if sys.argv[1:3] == ["--child", "build"]:
        # A bare interpreter holds about nine MiB; what was imported above is counted as ours.
        build(int(sys.argv[3]), sys.argv[4], 9.0)
        raise SystemExit
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fiches", type=int, default=5000)
    parser.add_argument("--kill-at", type=float, default=0.4)
    parser.add_argument("--limit-mib", type=float, default=250.0)
    told = parser.parse_args()
    raise SystemExit(main(told.fiches, told.kill_at, told.limit_mib))
