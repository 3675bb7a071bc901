"""A build that was killed goes on where it stopped, fiche by fiche; no kill leaves anything but the old index or the new one."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from retrieval import Searcher
from retrieval.journal import Journal
from retrieval.passages import pieces_of
from tests.retrieval.many import Counting, many

ROOT = Path(__file__).resolve().parents[2]
BUILD = """
import sys, time
sys.path.insert(0, {root!r})
from pathlib import Path
from retrieval import Searcher
from tests.retrieval.many import Counting, many
class Slow(Counting):
    def encode_passages(self, texts):
        time.sleep({pause})
        return super().encode_passages(texts)
searcher = Searcher.open({folder!r}, Slow())
print("ready", flush=True)
searcher.reconcile(many({count}, {edition}), lambda done, total: print(done, total, flush=True))
print("done", flush=True)
"""


def builder(folder, count, edition=0, pause=0.0):
    code = BUILD.format(root=str(ROOT), folder=str(folder), count=count, edition=edition, pause=pause)
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "ready\n"
    return child


def kill(child):
    child.send_signal(signal.SIGKILL)
    child.wait(30)
    child.stdout.close()


def test_a_killed_build_goes_on_where_it_stopped(tmp_path):
    child = builder(tmp_path, 60, pause=0.01)
    while int(child.stdout.readline().split()[0]) < 60:  # of three pieces each, so a third is done
        pass
    kill(child)
    embedder = Counting()
    searcher = Searcher.open(tmp_path, embedder)
    assert searcher.search("Practice 7").degraded == "there is no index yet"
    seen = []
    searcher.reconcile(many(60), lambda done, total: seen.append((done, total)))
    assert seen[-1] == (180, 180)
    assert 0 < embedder.encoded <= 2 * 41, "two passages of each fiche that was not done yet; summaries count as questions"
    assert searcher.status().fiches == 60 and not (tmp_path / "journal").exists()


def test_a_kill_at_any_moment_leaves_the_old_index_or_the_new(tmp_path):
    """Five kills of an update of every fiche; whatever came of it, what is there answers, and the last update is whole."""
    chance = random.Random(11)
    Searcher.open(tmp_path, Counting()).reconcile(many(40))
    for edition in range(1, 6):
        child = builder(tmp_path, 40, edition, pause=0.0005)
        time.sleep(chance.uniform(0, 0.15))
        kill(child)
        searcher = Searcher.open(tmp_path, Counting())
        findings = searcher.search("What did town 7 do?", limit=40)
        assert findings.degraded is None and len(findings.matches) == 40
    embedder = Counting()
    searcher = Searcher.open(tmp_path, embedder)
    searcher.reconcile(many(40, 99))
    fresh = Searcher.open(tmp_path / "fresh", Counting())
    fresh.reconcile(many(40, 99))
    assert searcher.search("Edition 99", limit=40) == fresh.search("Edition 99", limit=40)
    assert len(list(tmp_path.glob("*generation-*"))) == 1


def test_an_update_embeds_only_what_changed(tmp_path):
    embedder = Counting()
    searcher = Searcher.open(tmp_path, embedder)
    searcher.reconcile(many(50))
    for place in (0, 25, 49):
        embedder.encoded = 0
        changed = many(50)
        changed[place] = many(50, edition=7)[place]
        searcher.reconcile(changed)
        assert embedder.encoded == (2 if place == 0 else 4), "its own two passages, and those of the one that changed back"


def kept_in(journal, pieces):
    key = journal.key(pieces)
    return journal.read(key) if journal.has(key, 8) else None


@pytest.mark.parametrize("cut", [1, 30, 45, 200, 900, 1500])
def test_a_journal_cut_anywhere_gives_what_is_whole(tmp_path, cut):
    file = tmp_path / "journal"
    fiches = [pieces_of(fiche) for fiche in many(5)]
    vectors = [np.full((len(pieces), 8), number, np.float32) for number, pieces in enumerate(fiches)]
    with Journal(file, "model") as journal:
        for pieces, own in zip(fiches, vectors, strict=True):
            journal.keep(journal.key(pieces), own)
    os.truncate(file, max(0, file.stat().st_size - cut))
    with Journal(file, "model") as journal:
        found = [kept_in(journal, pieces) for pieces in fiches]
        whole = [own is not None for own in found]
        assert whole == sorted(whole, reverse=True) and not all(whole)
        for own, right in zip(found, vectors, strict=True):
            assert own is None or np.array_equal(own, right)
        journal.keep(journal.key(fiches[-1]), vectors[-1])
        assert np.array_equal(kept_in(journal, fiches[-1]), vectors[-1])
    with Journal(file, "model") as journal:
        assert np.array_equal(kept_in(journal, fiches[-1]), vectors[-1])
    with Journal(file, "another model") as journal:
        assert kept_in(journal, fiches[-1]) is None


def test_a_journal_of_noise_is_forgotten(tmp_path):
    file = tmp_path / "journal"
    file.write_bytes(random.Random(1).randbytes(5000))
    with Journal(file, "model") as journal:
        assert kept_in(journal, pieces_of(many(1)[0])) is None
    assert file.stat().st_size == 0
