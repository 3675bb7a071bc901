"""How well prose that needs nobody ("I must ask my colleague", "very useful, thanks", "hello") is told from answers and wishes.

    ./run bench replies [--embedder st:NAME] [--write]

For each side, experts, askers and whoever opens a chat, weights are learnt from single sentences (benchmarks/sentences, one file
a language) and judged on whole messages by other writers, who knew neither the sentences nor the code (tests/routing). Prints
for several limits how much of what matters would be kept back, how many of the others are seen, and how many of these as what
they are. With --write the weights are kept for `routing.sense`: the bundled model's with it, others' in the user's cache.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from retrieval import Embedder, embedder_from
from routing import prose, reception, smalltalk
from routing.sense import ASKER, EXPERT, KINDS, OPENER, WEIGHTS, Floats, Model, Senses, keep, kept_for, read_by
from routing.values import Sense

HERE = Path(__file__).resolve().parent
SENTENCES = {side: HERE / "sentences" / f"{side}s" for side in KINDS}
TESTS = HERE.parent / "tests" / "routing"
REPLIES = {side: TESTS / f"prose_{side}s.jsonl" for side in KINDS}
QUESTIONS = sorted((HERE.parent / "data" / "collections" / "vet-practices").glob("*questions.jsonl"))
HELD_TO = 0.08  # how strongly weights are held to 0
ROUNDS = 400
HEEDED = {EXPERT: prose.HEEDED, ASKER: reception.HEEDED, OPENER: smalltalk.HEEDED}
LIMITS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5)


def main(told: argparse.Namespace) -> int:
    embedder = embedder_from(told.embedder)
    models = {side: learn(embedder, side, *learnable(side)) for side in SENTENCES}
    senses = Senses(embedder, models)
    for side, file in REPLIES.items():
        replies = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        tell(side, replies, [senses.of(reply["text"]).get(side) for reply in replies])
    if told.write:
        file = WEIGHTS if told.embedder == "bundled" else kept_for(embedder)
        keep(file, embedder, models)
        print(f"written to {file}")
    return 0


def learnable(side: str) -> tuple[list[str], list[str]]:
    """The sentences, and of which kind each is; what is asked of the shipped collection, often in mere keywords, are wishes."""
    found = [
        (text, kind)
        for file in sorted(SENTENCES[side].glob("*.toml"))
        for kind, texts in tomllib.loads(file.read_text("utf-8")).items()
        for text in texts
    ]
    for file in QUESTIONS if side != EXPERT else ():
        found += [(json.loads(line)["text"], KINDS[side][0]) for line in file.read_text("utf-8").splitlines()]
    return [text for text, _ in found], [kind for _, kind in found]


def learn(embedder: Embedder, side: str, texts: Sequence[str], kinds: Sequence[str]) -> Model:
    """Multinomial logistic regression by Nesterov's accelerated descent, from 0; convex, so it ends at one place."""
    print(f"{side}s: {len(texts)} sentences, {kinds.count(KINDS[side][0])} of them matter")
    x = read_by(embedder, texts)
    centre = x.mean(axis=0)
    x = (x - centre).astype(np.float32)
    wanted = np.eye(len(KINDS[side]), dtype=np.float32)[[KINDS[side].index(kind) for kind in kinds]]
    step = np.float32(1 / (0.5 * _steepest(x) + 0.5 * len(x) + HELD_TO))
    weights, bias = np.zeros((x.shape[1], len(KINDS[side])), np.float32), np.zeros(len(KINDS[side]), np.float32)
    ahead, ahead_bias = weights, bias
    for round_ in range(ROUNDS):
        error = Model(KINDS[side], ahead, ahead_bias).chances(x) - wanted
        next_ = ahead - step * (x.T @ error + np.float32(HELD_TO) * ahead), ahead_bias - step * error.sum(axis=0)
        pace = np.float32(round_ / (round_ + 3))
        ahead, ahead_bias = next_[0] + pace * (next_[0] - weights), next_[1] + pace * (next_[1] - bias)
        weights, bias = next_
    return Model(KINDS[side], weights.astype(np.float64), bias - centre @ weights)


def _steepest(x: Floats, rounds: int = 50) -> float:
    """A little over the largest eigenvalue of x.T @ x, by von Mises' power iteration."""
    direction = np.random.default_rng(1).normal(size=x.shape[1]).astype(np.float32)
    for _ in range(rounds):
        direction = x.T @ (x @ (direction / np.linalg.norm(direction)))
    return 1.05 * float(np.linalg.norm(direction))


def tell(side: str, replies: Sequence[Mapping[str, str]], found: Sequence[Sense | None]) -> None:
    matters = KINDS[side][0]
    others = sum(reply["kind"] != matters for reply in replies)
    print(f"{side}s: {len(replies) - others} replies that matter, {others} others")
    for limit in LIMITS:
        seen: Counter[str] = Counter()
        for reply, sense in zip(replies, found, strict=True):
            if sense is not None and sense.matters < limit and sense.kind in HEEDED[side]:
                seen["kept back" if reply["kind"] == matters else "seen"] += 1
                seen["as such"] += reply["kind"] == sense.kind
        print(f"  below {limit}: {seen['kept back']} kept back, {seen['seen']} others seen, {seen['as such']} as what they are")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--embedder", default="bundled")
    parser.add_argument("--write", action="store_true")
    sys.exit(main(parser.parse_args()))
