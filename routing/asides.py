"""What an asker says beside their questions: "any news?", "please cancel it", "it is urgent", "I forgot to say …", "hello".

In: a message. Out: which of these it is, or None for all that may be a question. An aside is made of known phrases and of words
that say nothing by themselves, so one word with a meaning of its own is enough for None: an aside taken for a question disturbs
an expert, a question taken for an aside would be lost. The words are data: `letters/locale/<language>/asides.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from routing.letters.catalogues import LOCALES, SOURCE, known
from routing.letters.vocabulary import plain
from routing.words import bare, in_turn

NEWS = "news"  # wants to know where their question stands
WITHDRAW = "withdraw"  # needs no answer any longer
URGENT, PATIENT = "urgent", "patient"  # the answer must come soon, or may take its time
ADDING = "adding"  # says more about the question before
SERVICE = "service"  # greets, or asks about us
NOTED = "noted"  # "OK", "I see", a face: nobody need do anything
KINDS = (NEWS, WITHDRAW, URGENT, PATIENT, ADDING, SERVICE, NOTED)
_MOST_WORDS, _MOST_BEFORE, _FEWEST_ADDED = 25, 4, 2
_ASKS = ("?", ";", "\u037e")  # Greek asks with a semicolon


@dataclass(frozen=True, slots=True)
class _Asides:
    """One language's phrases, folded, the longest first; of `around` whole words, and stems that others begin with."""

    phrases: Mapping[str, Sequence[str]]
    around: Collection[str]
    stems: tuple[str, ...]

    def says(self, said: str, kind: str) -> bool:
        """One of these phrases, and nothing else but words around it and greetings."""
        rest = _without(f" {said} ", self.phrases[kind])
        if rest.split() == said.split():
            return False
        return all(map(self._says_nothing, _without(rest, self.phrases[SERVICE]).split()))

    def begins(self, words: Sequence[str]) -> bool:
        """With words of somebody who goes on, and goes on."""
        for before in range(min(len(words), _MOST_BEFORE)):
            rest = " ".join(words[before:])
            begun = next((phrase for phrase in self.phrases[ADDING] if rest.startswith(f"{phrase} ")), None)
            if begun is not None:
                return len(rest.split()) - len(begun.split()) >= _FEWEST_ADDED
            if not self._says_nothing(words[before]) and words[before] not in self.phrases[SERVICE]:
                return False
        return False

    def _says_nothing(self, word: str) -> bool:
        return word in self.around or word.isdecimal() or word.startswith(self.stems)


def aside_in(text: str, language: str | None = None) -> str | None:
    """One of the kinds above, or None; `language` is tried first."""
    said = plain(bare(text) or text)
    words = said.split()
    asks = any(mark in text for mark in _ASKS)
    if not words and text.strip():
        return NEWS if asks else NOTED  # "??", "…", a thumb
    is_short = 0 < len(words) <= _MOST_WORDS
    for asides in map(_asides, in_turn(language)):
        if is_short and asides.says(said, NEWS):
            return NEWS
        for kind in (WITHDRAW, PATIENT, URGENT):  # "not urgent" holds "urgent"
            if is_short and not asks and asides.says(said, kind):
                return kind
        if is_short and asides.says(said, SERVICE):
            return SERVICE
        if is_short and not asks and asides.says(said, NOTED):
            return NOTED
        if not asks and asides.begins(words):
            return ADDING
    return None


def says_all(text: str) -> bool:
    """ "All of them", in any language; short, for "all" stands in many a question."""
    said = f" {plain(text)} "
    return any(f" {plain(word)} " in said for code in in_turn(None) for word in _read(code)["all"])


def word_to_withdraw(language: str) -> str:
    """The word that our letters suggest, as `aside_in` will read it."""
    return str(_read(known(language))[WITHDRAW][0])


def _without(said: str, phrases: Iterable[str]) -> str:
    for phrase in phrases:
        said = said.replace(f" {phrase} ", "  ")
    return said


@cache
def _asides(code: str) -> _Asides:
    told = _read(code)
    phrases = {kind: tuple(sorted(map(plain, told[kind]), key=len, reverse=True)) for kind in KINDS}
    stems = tuple(plain(word) for word in told["around"] if word.endswith("*"))
    return _Asides(phrases, frozenset(plain(word) for word in told["around"] if not word.endswith("*")), stems)


@cache
def _read(code: str) -> Mapping[str, Sequence[str]]:
    path = LOCALES / code / "asides.toml"
    return tomllib.loads((path if path.exists() else LOCALES / SOURCE / "asides.toml").read_text("utf-8"))
