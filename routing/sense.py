"""Whether a reply in prose tells something, or only that its writer will answer later, is away, declines, names somebody else.

In: an expert's words. Out: a `Sense`. The embedder reads each sentence and the whole, and a multinomial logistic model over
vectors and signs, learnt from sentences in the network's languages (`benchmarks/expert_replies.py`), gives the chance of each
kind. One sentence that tells something makes the whole an answer, so that nothing is held back for what stands around it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval import Embedder
from routing.languages import LANGUAGES
from routing.letters.vocabulary import plain, read
from routing.values import Sense
from routing.words import bare

WEIGHTS = Path(__file__).with_name("senses.json")
TELLS, FILLS = "tells", "fills"  # the other kinds are those of `routing.prose`
KINDS = (TELLS, "later", "away", "declines", "elsewhere", "enclosed", "asks", "us", FILLS)
LONGEST = 240  # letters; who writes more has something to tell: of 240 replies that are no answer none is longer
SIGN = 0.25  # how much a sign weighs beside a vector of length 1
_FEWEST_LETTERS, _WRAPPED = 2, 50  # a line as long as that, without a stop at its end, goes on in the next
_LINK = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
_ASKS = re.compile(r"\?|[\u0370-\u03ff]\s*[;\u037e]\W*$")  # Greek asks with a semicolon
_INNER_STOP = re.compile(r"(?<=\w)\.(?=[\w/])")  # of "17.03.2026", "desk@region.example"
_SENTENCE = re.compile(r"[^.!?;\u037e…]*[.!?;\u037e…]+[\"'»”)]*|[^.!?;\u037e…]+$")
_ENDED = re.compile(r"[.!?:;…]$")
_HELD = "\u2024"  # stands for a stop that ends nothing
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Model:
    """P(kind) = softmax(x @ weights + bias), x from `read_by`; `weights` float64 [dims + 3, kinds], learnt for one embedder."""

    embedder: str
    weights: Floats
    bias: Floats

    def chances(self, x: Floats) -> Floats:
        """float64 [n, kinds] from float64 [n, dims + 3]."""
        told = x @ self.weights + self.bias
        grown = np.exp(told - told.max(axis=1, keepdims=True))
        shares: Floats = grown / grown.sum(axis=1, keepdims=True)
        return shares

    def as_json(self) -> Mapping[str, Any]:
        numbers = {name: np.round(getattr(self, name), 3).tolist() for name in ("weights", "bias")}
        return {"embedder": self.embedder, "kinds": list(KINDS), **numbers}


class Senses:
    """What replies seem to be, by one embedder; `model` is the shipped one where it was learnt for that embedder."""

    def __init__(self, embedder: Embedder, model: Model | None = None):
        self._embedder, self._model = embedder, model or learnt_for(embedder)

    def of(self, text: str) -> Sense | None:
        """None where nothing can be said: another embedder than the weights were learnt for, a long text, one without words."""
        own = bare(text)
        if self._model is None or len(own) > LONGEST or not (parts := sentences(own)):
            return None
        if _LINK.search(own):
            return Sense(TELLS, 1.0)  # where to read on is an answer
        return sense_of(self._model.chances(read_by(self._embedder, [*parts, " ".join(parts)])))


def sense_of(chances: Floats) -> Sense:
    """From the chances of the sentences and, in the last row, of the whole: it tells as much as the best of them.

    Else it is the likeliest kind; what merely fills counts only alone.
    """
    told = chances[:-1].mean(axis=0) + chances[-1]
    likeliest, *others = (KINDS[place] for place in told.argsort()[::-1] if KINDS[place] != TELLS)
    kind = others[0] if likeliest == FILLS and len(chances) > 2 else likeliest
    return Sense(kind, float(chances[:, KINDS.index(TELLS)].max()))


def read_by(embedder: Embedder, texts: Sequence[str]) -> Floats:
    """float64 [len(texts), dims + 3]: what a text means, and whether it asks, has a mail address, speaks of a file."""
    signs = [[_ASKS.search(text) is not None, "@" in text, _speaks_of_a_file(text)] for text in texts]
    return np.hstack([embedder.encode_questions(texts).astype(np.float64), np.array(signs, np.float64).reshape(-1, 3) * SIGN])


def sentences(own: str) -> list[str]:
    """The sentences of a text without greeting and goodbye; a line that a mail program broke goes on in the next."""
    found: list[str] = []
    for paragraph in _unwrapped(own):
        found += [part.strip().replace(_HELD, ".") for part in _SENTENCE.findall(_INNER_STOP.sub(_HELD, paragraph))]
    return [one for one in found if sum(map(str.isalnum, one)) >= _FEWEST_LETTERS]


def _unwrapped(own: str) -> list[str]:
    paragraphs: list[str] = []
    goes_on = False
    for line in (one.strip() for one in own.split("\n")):
        if goes_on and line:
            paragraphs[-1] += f" {line}"
        elif line:
            paragraphs.append(line)
        goes_on = len(line) >= _WRAPPED and not _ENDED.search(line)
    return paragraphs


def _speaks_of_a_file(text: str) -> bool:
    return any(word.startswith(_stems()) for word in plain(text).split())


@cache
def _stems() -> tuple[str, ...]:
    return tuple(plain(stem) for code in LANGUAGES for stem in read(code).get("enclosed", ()))


def learnt_for(embedder: Embedder) -> Model | None:
    """The shipped weights, if they are this embedder's."""
    model = _shipped()
    return model if model.embedder == embedder.name else None


@cache
def _shipped() -> Model:
    told = json.loads(WEIGHTS.read_text("utf-8"))
    return Model(told["embedder"], np.array(told["weights"], np.float64), np.array(told["bias"], np.float64))
