"""How well experts' prose that is no answer ("I will look into it", "ask the chamber") is told from answers.

    ./run bench expert_replies [write]

The weights are learnt from single sentences (benchmarks/replies, one file a language) and judged on whole replies by another
writer, who knew neither the sentences nor the code (tests/routing/prose.jsonl): 160 answers, half of them with words of the other
kinds, and 240 replies that are none. Prints for several limits how many answers would be held back, how many of the others are
seen, and how many of these as what they are. With `write` the weights are kept for `routing.sense`.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from retrieval import Embedder, embedder_from
from routing.prose import ANSWER_FROM
from routing.sense import FILLS, KINDS, TELLS, WEIGHTS, Model, Senses, read_by
from routing.values import Sense

HERE = Path(__file__).resolve().parent
SENTENCES = HERE / "replies"
REPLIES = HERE.parent / "tests" / "routing" / "prose.jsonl"
HELD_TO = 0.08  # how strongly weights are held to 0
ROUNDS = 3_000
LIMITS = (0.3, ANSWER_FROM, 0.7, 0.8)


def main(order: str = "") -> int:
    embedder = embedder_from("bundled")
    texts, kinds = learnable()
    model = learn(embedder, texts, kinds)
    print(f"{len(texts)} sentences, {kinds.count(TELLS)} of them tell something")
    replies = [json.loads(line) for line in REPLIES.read_text("utf-8").splitlines()]
    tell(replies, [Senses(embedder, model).of(reply["text"]) for reply in replies])
    if order == "write":
        WEIGHTS.write_text(json.dumps(model.as_json()), "utf-8")
    return 0


def learnable() -> tuple[list[str], list[str]]:
    found = [
        (text, kind)
        for file in sorted(SENTENCES.glob("*.toml"))
        for kind, texts in tomllib.loads(file.read_text("utf-8")).items()
        for text in texts
    ]
    return [text for text, _ in found], [kind for _, kind in found]


def learn(embedder: Embedder, texts: Sequence[str], kinds: Sequence[str]) -> Model:
    """Multinomial logistic regression by Nesterov's accelerated descent, from 0; convex, so it ends at one place."""
    x = read_by(embedder, texts)
    centre = x.mean(axis=0)
    x = x - centre
    wanted = np.eye(len(KINDS))[[KINDS.index(kind) for kind in kinds]]
    step = 1 / (0.5 * float(np.linalg.norm(x, 2)) ** 2 + 0.5 * len(x) + HELD_TO)
    weights, bias = np.zeros((x.shape[1], len(KINDS))), np.zeros(len(KINDS))
    ahead, ahead_bias = weights, bias
    for round_ in range(ROUNDS):
        error = Model("", ahead, ahead_bias).chances(x) - wanted
        next_ = ahead - step * (x.T @ error + HELD_TO * ahead), ahead_bias - step * error.sum(axis=0)
        pace = round_ / (round_ + 3)
        ahead, ahead_bias = next_[0] + pace * (next_[0] - weights), next_[1] + pace * (next_[1] - bias)
        weights, bias = next_
    return Model(embedder.name, weights, bias - centre @ weights)


def tell(replies: Sequence[Mapping[str, str]], found: Sequence[Sense | None]) -> None:
    others = sum(reply["kind"] != TELLS for reply in replies)
    print(f"{len(replies) - others} answers, {others} replies that are none")
    for limit in LIMITS:
        seen: Counter[str] = Counter()
        for reply, sense in zip(replies, found, strict=True):
            if sense is None or sense.tells >= limit or sense.kind == FILLS:
                continue
            seen["held back" if reply["kind"] == TELLS else "seen"] += 1
            seen["as such"] += reply["kind"] == sense.kind
        print(f"below {limit}: {seen['held back']} answers held back, {seen['seen']} others seen, {seen['as such']} as such")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
