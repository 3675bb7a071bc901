"""What somebody's prose seems to be: of an expert a promise or a refusal; of an asker thanks or praise; of whoever opens a chat
a greeting, a change of mind, a question about us.

In: somebody's words. Out: a `Sense` for each side they may be of. The embedder reads each sentence and the whole for what it
means, and runs of letters are counted for how it is said; a multinomial logistic model over both, learnt from sentences in the
network's languages (`benchmarks/replies.py`), gives the chance of each kind. One sentence that says what matters (an answer, a
wish, a question) makes the whole do so, so that nothing is held back for what stands around it.
"""

from __future__ import annotations

import hashlib
import logging
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval import Embedder, cache_folder
from routing.languages import LANGUAGES
from routing.letters.vocabulary import plain, read
from routing.unsigned import name_at
from routing.values import Sense
from routing.words import bare

log = logging.getLogger(__name__)

WEIGHTS = Path(__file__).with_name("senses.npz")
EXPERT, ASKER, OPENER = "expert", "asker", "opener"
# Of each side, first what matters, last what merely fills a line. `routing.prose` and `routing.reception` do what follows.
KINDS: Mapping[str, tuple[str, ...]] = {
    EXPERT: ("tells", "later", "away", "declines", "elsewhere", "enclosed", "asks", "us", "fills"),
    ASKER: ("more", "pleased", "unhelpful", "used", "not_yet", "not_used", "accept", "expert", "polite"),
    OPENER: ("ask", "greets", "thanks", "who", "what", "drops", "missed", "language", "idle"),
}
LONGEST = 240  # letters; who writes more has something to say: of 240 replies of experts that are no answer none is longer
SIGN = 0.25  # how much a sign weighs beside a vector of length 1
RUNS, RUN_LENGTHS, RUNS_WEIGH = 4096, (2, 3, 4), 2.0  # places for runs of letters, how long these are, the length of their vector
_FEWEST_LETTERS, _WRAPPED = 2, 50  # a line as long as that, without a stop at its end, goes on in the next
_LINK = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
ASKS = re.compile(r"\?|[\u0370-\u03ff]\s*[;\u037e]\W*$")  # Greek asks with a semicolon
# Of "17.03.2026", "desk@region.example", "12. siječnja".
_INNER_STOP = re.compile(r"(?<=\w)\.(?=[\w/])|(?<=\d)\.(?=\s+[^\W\d_A-Z])")
_SENTENCE = re.compile(r"[^.!?;\u037e…]*[.!?;\u037e…]+[\"'»”)]*|[^.!?;\u037e…]+$")
_ENDED = re.compile(r"[.!?:;…]$")
_HELD = "\u2024"  # stands for a stop that ends nothing
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Model:
    """P(kind) = softmax(x @ weights + bias), x from `read_by`; `weights` float64 [dims + 3 + RUNS, kinds]."""

    kinds: tuple[str, ...]
    weights: Floats
    bias: Floats

    def chances(self, x: Floats) -> Floats:
        """float64 [n, kinds] from float64 [n, dims + 3 + RUNS]."""
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
    """float64 [len(texts), dims + 3 + RUNS]: what a text means; whether it asks, names a mailbox, speaks of a file; its runs."""
    signs = [[ASKS.search(text) is not None, "@" in text, _speaks_of_a_file(text)] for text in texts]
    runs = np.array([_runs(text) for text in texts]).reshape(-1, RUNS)
    return np.hstack([embedder.encode_questions(texts).astype(np.float64), np.array(signs, float).reshape(-1, 3) * SIGN, runs])


def _runs(text: str) -> Floats:
    """float64 [RUNS] of length RUNS_WEIGH: runs of letters within words, hashed (Weinberger et al., 2009, arXiv:0902.2206)."""
    counts = np.zeros(RUNS)
    for run in _runs_of_letters(plain(text)):
        place = zlib.crc32(run.encode())
        counts[place % RUNS] += 1 if place & 0x80000000 else -1
    length = float(np.linalg.norm(counts))
    return counts * (RUNS_WEIGH / length) if length else counts


def _runs_of_letters(said: str) -> Iterator[str]:
    for word in said.split():
        padded = f" {word} "
        for length in RUN_LENGTHS:
            for start in range(max(len(padded) - length, 0) + 1):
                yield padded[start : start + length]


def sentences(own: str) -> list[str]:
    """The sentences of a text without greeting, goodbye and signature; a line that a mail program broke goes on in the next."""
    found: list[str] = []
    for paragraph in _unwrapped(_unsigned(own)):
        found += [part.strip().replace(_HELD, ".") for part in _SENTENCE.findall(_INNER_STOP.sub(_HELD, paragraph))]
    return [one for one in found if sum(map(str.isalnum, one)) >= _FEWEST_LETTERS]


def _unsigned(own: str) -> str:
    """Without the name at the end and the lines below it, which say neither what is meant nor who is asked."""
    lines = own.rstrip().split("\n")
    at = name_at(lines)
    return "\n".join(lines[:at]) if at is not None and any(map(str.strip, lines[:at])) else own


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
    return cache_folder() / f"senses-{hashlib.sha256(embedder.name.encode()).hexdigest()[:12]}.npz"


def keep(file: Path, embedder: Embedder, models: Mapping[str, Model]) -> None:
    """Write what `learnt_for` reads: the embedder's name, and of each side its weights and, as their last row, its bias."""
    told = {side: np.vstack([model.weights, model.bias]).astype(np.float16) for side, model in models.items()}
    np.savez_compressed(file, allow_pickle=False, embedder=np.array(embedder.name), **told)


@cache
def _read(file: Path) -> tuple[str, Mapping[str, Model]]:
    """The name of the embedder, and the models; a damaged file is told of, and no reason not to serve."""
    try:
        with np.load(file, allow_pickle=False) as told:
            return str(told["embedder"]), {side: _model(side, told[side].astype(np.float64)) for side in KINDS}
    except FileNotFoundError:
        return "", {}
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, zlib.error) as problem:
        log.warning("%s cannot be read (%s): prose is taken as it stands; learn it again", file, problem)
        return "", {}


def _model(side: str, rows: Floats) -> Model:
    return Model(KINDS[side], rows[:-1], rows[-1])
