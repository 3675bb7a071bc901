"""The words of short replies, as data and folded for comparison: `locale/<language>/words.toml`.

In: a language. Out: its `Vocabulary`; matching is table look-up and anchored patterns, linear in the text.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from routing.letters.catalogues import LOCALES, SOURCE

ALONE = (
    "accept", "decline", "yes", "no", "not_yet", "thanks", "stop", "start", "ask_expert", "status", "help", "forget", "export",
)  # fmt: skip
WORKING_DAYS_OF_A_WEEK = 5
_MOST_DAYS = 60
_A_FEW_DAYS = 3  # "a few more days", "more time"
_LONGEST_NUMBER = 3  # digits
_SHORTEST_NUMBER, _MOST_CHOICES = 3, 9  # "a", "o", "un", "on" count days, but choose nothing when alone
_ODD = {
    **dict.fromkeys("’ʼ`´", "'"),
    **dict.fromkeys("–—‑", "-"),
    "\u00a0": " ",
    "\u202f": " ",
    "ı": "i",
    "đ": "d",
    "ł": "l",
    "ø": "o",
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One language's words, folded; `alone` says what a phrase means that stands alone.

    `when` follows a promise ("I will answer by"), `praise` is said in thanks for an answer, `wanting` where somebody wishes to
    know or to have something.
    """

    alone: Mapping[str, str]
    polite: tuple[str, ...]
    but: tuple[str, ...]
    when: tuple[str, ...]
    unhelpful: frozenset[str]
    thanks: tuple[str, ...]
    praise: tuple[str, ...]
    wanting: tuple[str, ...]
    numbers: Mapping[str, int]
    first: tuple[str, ...]
    last: tuple[str, ...]
    more: re.Pattern[str]
    weeks: re.Pattern[str]
    some_time: tuple[str, ...]
    number_words: tuple[str, ...]
    away: re.Pattern[str]
    declining: re.Pattern[str]
    asking_back: re.Pattern[str]
    suggesting: re.Pattern[str]

    def meaning(self, said: str) -> str | None:
        """What a phrase means alone, also after a "yes" or "no" that says the same: "yes, I accept", "no, not yet"."""
        if said in self.alone:
            return self.alone[said]
        first, _, rest = said.partition(" ")
        same = {"yes": {"yes", "accept"}, "no": {"no", "not_yet", "decline"}}.get(self.alone.get(first, ""), set())
        return self.alone[rest] if self.alone.get(rest) in same else None

    def calls_unhelpful(self, said: str) -> bool:
        """Says of an answer that it does not help, with or without a "no" before it."""
        return said in self.unhelpful or said.partition(" ")[2] in self.unhelpful

    def without_politeness(self, said: str) -> str:
        """ "yes please", "no thank you", "thanks, accept": courtesy falls away where another word remains."""
        for _ in range(2):
            for phrase in self.polite:
                if said not in self.alone:
                    said = said.removeprefix(f"{phrase} ").removesuffix(f" {phrase}")
        return said

    def choice(self, said: str) -> int | None:
        """The number of what was chosen: "2", "number 2", "the second"."""
        for number in (said, *(said.removeprefix(f"{phrase} ") for phrase in self.number_words)):
            choice = self._number(number) if number.isdecimal() or len(number) >= _SHORTEST_NUMBER else None
            if choice is not None and 0 < choice <= _MOST_CHOICES:
                return choice
        return None

    def days(self, said: str) -> int | None:
        """How many more working days were asked for, at most 60: of "two or three" three, and a few where no number is said."""
        for pattern, factor in ((self.more, 1), (self.weeks, WORKING_DAYS_OF_A_WEEK)):
            if found := pattern.fullmatch(said):
                numbers = [self._number(group) or 0 for group in found.groups("") if group]
                return min(max(numbers, default=1) * factor, _MOST_DAYS) or None
        return _A_FEW_DAYS if said in self.some_time else None

    def _number(self, said: str) -> int | None:
        return int(said) if said.isdecimal() and len(said) <= _LONGEST_NUMBER else self.numbers.get(said)


@cache
def vocabulary(code: str) -> Vocabulary:
    words = read(code)
    phrases = {meaning: _folded(words[meaning]) for meaning in words if meaning not in {"numbers", "number_words"}}
    number = rf"[0-9]{{1,{_LONGEST_NUMBER}}}|{_any(_folded(words['numbers']))}"
    between = _any(_folded(words["number_words"]["range"]))
    # "two or three", "2-3"; lazily, since "on iki" is twelve and no ten to two.
    count = rf"(?:({number})(?: (?:{between}))? )??({number})"
    stops = "|".join(rf"\s+{re.escape(word)}\b" for word in phrases["because"])
    return Vocabulary(
        alone=dict.fromkeys(phrases["unhelpful"], "no")
        | dict.fromkeys(phrases["no_idea"], "decline")  # only alone: "I do not know. About forty firms" holds an answer
        | dict.fromkeys(phrases["welcome"], "thanks")  # a courtesy in return: "not at all"
        | {phrase: meaning for meaning in reversed(ALONE) for phrase in phrases[meaning]},
        polite=tuple(sorted({*phrases["please"], *phrases["thanks"]}, key=len, reverse=True)),
        but=phrases["but"],
        when=phrases["when"],
        unhelpful=frozenset(phrases["unhelpful"]),
        thanks=phrases["thanks"],
        praise=phrases["praise"],
        wanting=phrases["wanting"],
        numbers={plain(word): value for word, value in words["numbers"].items()},
        first=phrases["first"],
        last=phrases["last"],
        more=_pattern(words["more_days"], "{n}", count),
        weeks=_pattern(words["more_weeks"], "{n}", count),
        some_time=phrases["more_time"],
        number_words=_folded(words["number_words"]["before"]),
        away=_pattern(words["away_until"], "{date}", r"([^\n,;:]{1,60})"),
        declining=re.compile(rf"(?:(?:{_any(phrases['please'])})[,.!]? )?(?:{_any(phrases['decline'])})(?: ?[:,;.!\n-]|{stops})"),
        asking_back=re.compile(rf"(?:{_any(phrases['ask_back'])}) ?[:\n]"),
        suggesting=re.compile(rf"(?:{_any(phrases['suggest'])}) ?:"),
    )


def _pattern(phrases: Iterable[str], hole: str, filling: str) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(
        "|".join(filling.join(re.escape(plain(half, " ")) for half in phrase.split(hole)) for phrase in longest_first)
    )


def _any(phrases: Iterable[str]) -> str:
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))


def _folded(phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(plain(phrase) for phrase in phrases)


def suggested(meaning: str, code: str) -> str:
    """The first word of a list: the one our letters name."""
    return str(read(code)[meaning][0])


@cache
def read(code: str) -> Mapping[str, Any]:
    path = LOCALES / code / "words.toml"
    return tomllib.loads((path if path.exists() else LOCALES / SOURCE / "words.toml").read_text("utf-8"))


def plain(text: str, edge: str = "") -> str:
    """Folded, without punctuation and emoji, one space between words; a space in `edge` keeps those at the ends."""
    words = " ".join(re.findall(r"\+?\w[\w']*|\+", fold(text)))
    if not edge:
        return words
    return (" " if text[:1].isspace() else "") + words + (" " if words and text[-1:].isspace() else "")


def fold(text: str) -> str:
    """Lower case without accents, letter for letter (so positions stay): "SÌ" and "si", "İ", "ı" and "i", "ς" and "σ"."""
    return "".join(_fold_letter(letter) for letter in text)


@cache
def _fold_letter(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter.lower())[:1].casefold()[:1] or letter
    return _ODD.get(base, base)
