"""What a reply in prose seems to be: of an expert a promise, an absence, a refusal; of an asker thanks, praise, a choice.

In: somebody's words. Out: a `Sense` for each side they may be of. The embedder reads each sentence and the whole, and a
multinomial logistic model over vectors and signs, learnt from sentences in the network's languages (`benchmarks/replies.py`),
gives the chance of each kind. One sentence that says what matters (an answer, a wish) makes the whole do so, so that nothing is
held back for what stands around it.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval import Embedder, cache_folder
from routing.languages import LANGUAGES
from routing.letters.vocabulary import plain, read
from routing.values import Sense
from routing.words import bare

log = logging.getLogger(__name__)

WEIGHTS = Path(__file__).with_name("senses.json")
EXPERT, ASKER = "expert", "asker"
# Of each side, first what matters, last what merely fills a line. `routing.prose` and `routing.reception` do what follows.
KINDS: Mapping[str, tuple[str, ...]] = {
    EXPERT: ("tells", "later", "away", "declines", "elsewhere", "enclosed", "asks", "us", "fills"),
    ASKER: ("more", "pleased", "unhelpful", "used", "not_yet", "not_used", "accept", "expert", "polite"),
}
LONGEST = 240  # letters; who writes more has something to say: of 240 replies of experts that are no answer none is longer
SIGN = 0.25  # how much a sign weighs beside a vector of length 1
_FEWEST_LETTERS, _WRAPPED = 2, 50  # a line as long as that, without a stop at its end, goes on in the next
_LINK = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
ASKS = re.compile(r"\?|[\u0370-\u03ff]\s*[;\u037e]\W*$")  # Greek asks with a semicolon
_INNER_STOP = re.compile(r"(?<=\w)\.(?=[\w/])")  # of "17.03.2026", "desk@region.example"
_SENTENCE = re.compile(r"[^.!?;\u037e…]*[.!?;\u037e…]+[\"'»”)]*|[^.!?;\u037e…]+$")
_ENDED = re.compile(r"[.!?:;…]$")
_HELD = "\u2024"  # stands for a stop that ends nothing
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Model:
    """P(kind) = softmax(x @ weights + bias), x from `read_by`; `weights` float64 [dims + 3, kinds]."""

    kinds: tuple[str, ...]
    weights: Floats
    bias: Floats

    def chances(self, x: Floats) -> Floats:
        """float64 [n, kinds] from float64 [n, dims + 3]."""
        told = x @ self.weights + self.bias
        grown = np.exp(told - told.max(axis=1, keepdims=True))
        shares: Floats = grown / grown.sum(axis=1, keepdims=True)
        return shares

    def sense(self, x: Floats) -> Sense:
        """From the rows of the sentences and, the last, of the whole: it matters as much as the one of them that does most.

        Else it is the likeliest kind; what merely fills counts only alone.
        """
        chances = self.chances(x)
        told = chances[:-1, 1:].mean(axis=0) + chances[-1, 1:]
        likeliest, second = (self.kinds[1 + place] for place in told.argsort()[:-3:-1])
        kind = second if likeliest == self.kinds[-1] and len(x) > 2 else likeliest
        return Sense(kind, float(chances[:, 0].max()))


class Senses:
    """What replies seem to be, by one embedder; `models` are the shipped ones where they were learnt for that embedder."""

    def __init__(self, embedder: Embedder, models: Mapping[str, Model] | None = None):
        self._embedder, self._models = embedder, learnt_for(embedder) if models is None else models

    def of(self, text: str) -> Mapping[str, Sense]:
        """By the side. Empty where nothing can be said: not the embedder that was learnt for, a long text, one without words."""
        own = bare(text)
        if not self._models or len(own) > LONGEST or not (parts := sentences(own)):
            return {}
        if _LINK.search(own):
            return {side: Sense(model.kinds[0], 1.0) for side, model in self._models.items()}  # where to read on matters
        x = read_by(self._embedder, [*parts, " ".join(parts)])
        return {side: model.sense(x) for side, model in self._models.items()}


def read_by(embedder: Embedder, texts: Sequence[str]) -> Floats:
    """float64 [len(texts), dims + 3]: what a text means, and whether it asks, has a mail address, speaks of a file."""
    signs = [[ASKS.search(text) is not None, "@" in text, _speaks_of_a_file(text)] for text in texts]
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


def learnt_for(embedder: Embedder) -> Mapping[str, Model]:
    """The models that were learnt for this embedder: the shipped ones, or those in the user's cache; {} where there are none."""
    for file in (WEIGHTS, kept_for(embedder)):
        name, models = _read(file)
        if name == embedder.name:
            return models
    return {}


def kept_for(embedder: Embedder) -> Path:
    """Where what was learnt for another embedder than the shipped one is kept."""
    return cache_folder() / f"senses-{hashlib.sha256(embedder.name.encode()).hexdigest()[:12]}.json"


def as_json(embedder: Embedder, models: Mapping[str, Model]) -> Mapping[str, Any]:
    """What such a file holds."""
    told = {
        side: {"weights": np.round(model.weights, 3).tolist(), "bias": np.round(model.bias, 3).tolist()}
        for side, model in models.items()
    }
    return {"embedder": embedder.name, **told}


@cache
def _read(file: Path) -> tuple[str, Mapping[str, Model]]:
    """The name of the embedder, and the models; a damaged file is told of, and no reason not to serve."""
    try:
        told = json.loads(file.read_text("utf-8"))
        return told["embedder"], {side: _model(side, told[side]) for side in KINDS}
    except FileNotFoundError:
        return "", {}
    except (OSError, ValueError, KeyError, TypeError) as problem:
        log.warning("%s cannot be read (%s): prose is taken as it stands; learn it again", file, problem)
        return "", {}


def _model(side: str, told: Mapping[str, Any]) -> Model:
    return Model(KINDS[side], np.array(told["weights"], np.float64), np.array(told["bias"], np.float64))
