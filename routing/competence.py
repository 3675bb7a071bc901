"""How near a question is to what each authority knows, by the same embeddings and the same vocabulary as the search.

In come the words of a question and what the directory, the fiches and the history tell of everybody; out come cosines and
counts, nothing is read or written. Texts are embedded once; what a year of questions needs fits in a few megabytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from math import log

import numpy as np

from retrieval import Embedder, concepts_of
from routing.letters import label

# From this cosine on a past question is like the new one: of pairs that no authority shares one in fifty is as near.
LIKE = 0.48
# How sharply the nearest themes stand out; fitted together with the weights of the roster.
SHARPNESS = 20.0
# One shared concept among few says less than the same share of many: as if the question named this much more that nobody has.
UNNAMED = 4.0


@dataclass(frozen=True, slots=True)
class Profile:
    """What an authority is about: its own words, its themes, its evidence (practices it runs, the offices of its experts).

    `says`: everything in which it names what it does, for the vocabulary."""

    about: str
    themes: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    says: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """A question that an expert has answered or accepted."""

    expert: int
    theme: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Near:
    """What the embedder says: by authority its nearness (-1 to 1), by theme its share of the question (sum 1), by expert how
    many questions like this one they have had, by authority how much of what the question names it names too (0 to 1). Empty
    where there was nothing to compare."""

    authorities: Mapping[int, float] = field(default_factory=dict)
    themes: Mapping[str, float] = field(default_factory=dict)
    alike: Mapping[int, int] = field(default_factory=dict)
    named: Mapping[int, float] = field(default_factory=dict)


class Competence:
    """Compares questions with profiles; remembers the vectors of profiles, and of the past questions it was last shown."""

    def __init__(self, embedder: Embedder):
        self._embedder = embedder
        self._passages: dict[str, np.ndarray] = {}
        self._questions: dict[str, np.ndarray] = {}
        self._concepts: dict[str, frozenset[str]] = {}

    def near(self, text: str, profiles: Mapping[int, Profile], answered: Sequence[Answered] = ()) -> Near:
        """Everything that nearness says of the question `text`."""
        if not profiles:
            return Near()
        asked = self._questions = self._asked({text, *(one.text for one in answered)})
        told = self._told({each for profile in profiles.values() for each in (profile.about, *profile.evidence)})
        return Near(
            {authority: _nearness(asked[text], profile, told) for authority, profile in profiles.items()},
            self._shares(asked[text], {theme for profile in profiles.values() for theme in profile.themes}),
            Counter(one.expert for one in answered if float(asked[text] @ asked[one.text]) >= LIKE),
            self._named(text, profiles),
        )

    def _shares(self, question: np.ndarray, themes: Collection[str]) -> dict[str, float]:
        names = {theme: label(theme, "en") for theme in themes}
        words = self._told(set(names.values()))
        heights = {theme: float(np.exp(SHARPNESS * (question @ words[name]))) for theme, name in names.items()}
        whole = sum(heights.values())
        return {theme: height / whole for theme, height in heights.items()}

    def _named(self, text: str, profiles: Mapping[int, Profile]) -> dict[int, float]:
        """By the vocabulary of the field, which knows words the embedder does not; what few authorities name counts more."""
        self._concepts |= {
            one.says: frozenset(concepts_of(one.says)) for one in profiles.values() if one.says not in self._concepts
        }
        known = {authority: self._concepts[profile.says] for authority, profile in profiles.items()}
        having = Counter(concept for concepts in known.values() for concept in concepts)
        weights = {one: log((len(known) + 1) / (having[one] + 0.5)) for one in set(concepts_of(text)) if having[one]}
        whole = sum(weights.values()) + UNNAMED
        return {
            authority: sum(weights[one] for one in weights if one in concepts) / whole for authority, concepts in known.items()
        }

    def _told(self, texts: Collection[str]) -> dict[str, np.ndarray]:
        fresh = [text for text in texts if text not in self._passages]
        if fresh:
            self._passages |= dict(zip(fresh, self._embedder.encode_passages(fresh), strict=True))
        return self._passages

    def _asked(self, texts: Collection[str]) -> dict[str, np.ndarray]:
        known = {text: self._questions[text] for text in texts if text in self._questions}
        fresh = [text for text in texts if text not in known]
        return known | dict(zip(fresh, self._embedder.encode_questions(fresh), strict=True)) if fresh else known


def _nearness(question: np.ndarray, profile: Profile, told: Mapping[str, np.ndarray]) -> float:
    """Half the profile, which says the whole, half the nearest thing of all that it has: a practice, an office."""
    about = float(question @ told[profile.about])
    return (about + max(about, *(float(question @ told[each]) for each in profile.evidence), -1.0)) / 2
