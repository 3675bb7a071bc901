"""How well automatic notices that no header marks are told from answers, on texts the weights were not learnt from.

    python -m benchmarks.mail_notices [write]

Beside them stand sentences of Tatoeba (tatoeba.org, CC BY 2.0 FR; from $RRM_CORPORA or ../shared/corpora), a sample of
what people write when they write of anything. The texts are divided by chance into ten parts; each part is judged by
weights learnt from the other nine. Prints for several limits how many notices and how many answers are above them.
With `write` the weights are learnt from all texts and kept for `bot.mail`.
"""

from __future__ import annotations

import random
import re
import sys
from pathlib import Path

import numpy as np

from bot.mail.likeness import HEADER, PLACES, WEIGHTS, places_of
from retrieval.evaluate import corpora_folder
from tests.bot.mail.generator import TONGUES
from tests.bot.mail.sorts import CASES
from tests.bot.mail.topics import ANSWERS
from tests.courtesies import CLOSINGS, CONTENT, THANKS
from tests.routing.test_words import ANSWERS as SAID
from tests.routing.test_words import SHORT

HERE = Path(__file__).resolve().parents[1]
TEXTS = HERE / "tests" / "bot" / "mail"
FICHES = HERE / "data" / "collections" / "vet-practices" / "fiches"
SEED, PARTS, ROUNDS = 7, 10, 30
EACH = 40  # texts of a file
RATE, DECAY = 0.3, 2e-4
MACHINES, PEOPLE = {"auto-reply", "acknowledgement"}, {"reply", "question"}
Weights = tuple[np.ndarray, float]


def main(order: str = "") -> int:
    texts = labelled() + [(text, False) for text in everyday(corpora_folder() / "tatoeba")]
    parts = np.random.default_rng(SEED).integers(0, PARTS, len(texts))
    scores = np.empty(len(texts))
    for part in range(PARTS):
        learnt = learn([text for text, there in zip(texts, parts, strict=True) if there != part])
        for at in np.flatnonzero(parts == part):
            scores[at] = score(learnt, texts[at][0])
    notices = np.array([is_notice for _, is_notice in texts])
    print(f"{notices.sum()} notices, {(~notices).sum()} answers and other sentences")
    for limit in (-1, 0, 1, 2, 3):
        above = scores > limit
        print(f"above {limit:2}: {above[notices].mean():.3f} of the notices, {above[~notices].mean():.4f} of the others")
    if order == "write":
        WEIGHTS.write_bytes(kept(learn(texts)))
    return 0


def labelled() -> list[tuple[str, bool]]:
    """Each text, and whether a machine wrote it."""
    notices = [*_lines("notices.txt"), *(case["body"] for _, case in CASES if set(case["kinds"]) <= MACHINES)]
    answers = [*_lines("answers.txt"), *ANSWERS.values(), *(sentence for tongue in TONGUES for sentence in tongue.own)]
    answers += [text for texts in (CLOSINGS, CONTENT, THANKS) for spoken in texts.values() for text in spoken]
    answers += [*SAID, *(text for _, text, word in SHORT if word.meaning != "away_until")]
    answers += [case["body"] for _, case in CASES if set(case["kinds"]) <= PEOPLE and not case["held"]]
    answers += [
        sentence
        for file in sorted(FICHES.glob("*.toml"))
        for sentence in re.split(r"(?<=[.!;])\s+", re.sub(r"\s+", " ", file.read_text(encoding="utf-8")))
        if 15 < len(sentence) < 250
    ]
    return [(text, True) for text in notices if text] + [(text, False) for text in answers if text]


def everyday(folder: Path) -> list[str]:
    """One, two or three sentences at a time, as many from each file."""
    chance = random.Random(SEED)
    texts = []
    for file in sorted(folder.glob("tatoeba.*")):
        lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line]
        texts += [" ".join(chance.sample(lines, chance.choice((1, 2, 3)))) for _ in range(EACH)]
    return texts


def _lines(name: str) -> list[str]:
    return (TEXTS / name).read_text(encoding="utf-8").splitlines()


def learn(texts: list[tuple[str, bool]]) -> Weights:
    """Logistic regression by stochastic descent, each weight with a pace of its own (Duchi, Hazan and Singer 2011)."""
    known = [(np.array(places_of(text), dtype=np.int64), is_notice) for text, is_notice in texts]
    weights, pace, base = np.zeros(PLACES), np.full(PLACES, 1e-6), 0.0
    order = np.random.default_rng(SEED)
    for _ in range(ROUNDS):
        for at in order.permutation(len(known)):
            places, is_notice = known[at]
            if not len(places):
                continue
            size = np.sqrt(len(places))
            error = 1 / (1 + np.exp(-(weights[places].sum() / size + base))) - is_notice
            slope = error / size + DECAY * weights[places]
            pace[places] += slope * slope
            weights[places] -= RATE * slope / np.sqrt(pace[places])
            base -= 0.02 * error
    return weights, float(base)


def score(learnt: Weights, text: str) -> float:
    weights, base = learnt
    places = places_of(text)
    return float(weights[places].sum() / np.sqrt(len(places)) + base) if places else base


def kept(learnt: Weights) -> bytes:
    """The weights as `bot.mail.likeness` reads them: 127 steps on either side of 0."""
    weights, base = learnt
    step = float(np.abs(weights).max()) / 127
    return HEADER.pack(step, base) + np.rint(weights / step).astype(np.int8).tobytes()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
