"""Short replies: "accept", "decline: on leave", "yes", "2", "3 more days", in every language of the network.

In: what somebody wrote, without quotations. Out: a `Word`, or None. A word counts only where it stands alone, apart
from greeting, sign-off, courtesy and punctuation; everything else is an answer, and answers are never interpreted.
The words are data: `letters/locale/<language>/words.toml`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from routing.letters.catalogues import LOCALES, SOURCE, known, languages

ALONE = ("accept", "decline", "yes", "no", "not_yet", "thanks", "stop", "ask_expert", "status", "help", "forget", "export")
MEANINGS = (*ALONE, "choice", "more_days", "away_until", "ask_back")
WORKING_DAYS_OF_A_WEEK = 5
_NEVER_AN_ANSWER = {"accept", "decline", "stop", "ask_expert", "more_days", "away_until", "status", "help", "forget", "export"}
_LONGEST_WORD, _LONGEST_REASON, _LONGEST_DATE, _MOST_DAYS, _MOST_NAME_LINES = 200, 240, 40, 60, 6
_SHORTEST_NUMBER, _MOST_CHOICES = 3, 9  # "a", "o", "un", "on" count days, but choose nothing when alone
_FACES = {"👍": "yes", "👌": "yes", "✅": "yes", "👎": "no", "❌": "no", "🙏": "thanks", "❤": "thanks"}
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
class Word:
    """What a short reply means (one of `MEANINGS`), its number (choice, working days), its text (reason, date, question)."""

    meaning: str
    number: int | None = None
    text: str = ""


def understand(text: str, language: str | None = None) -> Word | None:
    """The meaning of a short reply, or None when the text is anything more. `language` decides only between homographs."""
    own = _without_signature(unicodedata.normalize("NFC", text))
    for code in _in_turn(language):
        if found := _ask_back(own, _vocabulary(code)):
            return found
    body = _without_courtesies(own)
    if not body or "?" in body or body.endswith(";"):
        return None
    return _face(body) or _first(body, language)


def word_for(meaning: str, language: str) -> str:
    """The word our letters suggest for a meaning, as `understand` will read it."""
    return str(_read(known(language))[meaning][0])


def _first(body: str, language: str | None) -> Word | None:
    head, names = _without_name(body)
    for candidate, sure in ((body, True), (head, names)):
        for code in _in_turn(language):
            found = _read_as(candidate, _vocabulary(code)) if candidate else None
            if found and (sure or found.meaning in _NEVER_AN_ANSWER):
                return found
    return None


def _read_as(body: str, words: _Vocabulary) -> Word | None:
    if len(body) <= _LONGEST_WORD:
        plain = words.without_politeness(_plain(body))
        if meaning := words.meaning(plain):
            return Word(meaning)
        if found := words.numbered(plain) or _away(body, words):
            return found
    return _declined(body, words)


def _declined(body: str, words: _Vocabulary) -> Word | None:
    """ "Decline: on leave": the word, a stop, a short reason."""
    found = words.declining.match(_fold(body)) if len(body) <= _LONGEST_WORD + _LONGEST_REASON else None
    reason = body[found.end() :].strip() if found else ""
    if not 0 < len(reason) <= _LONGEST_REASON or _has_any(reason, words.but):
        return None  # "I cannot answer in full, but …": what follows may well be the answer
    return Word("decline", text=reason)


def _away(body: str, words: _Vocabulary) -> Word | None:
    flat = " ".join(body.split()).rstrip(" .!")
    found = words.away.fullmatch(_fold(flat))
    if not found:
        return None
    first, last = next(span for span in map(found.span, range(1, len(found.groups()) + 1)) if span[0] >= 0)
    date = flat[first:last].strip()
    return Word("away_until", text=date) if 0 < len(date) <= _LONGEST_DATE and len(date.split()) <= 5 else None


def _ask_back(own: str, words: _Vocabulary) -> Word | None:
    """A prefix and a colon, then the question: it goes to the asker, so only greeting and sign-off are cut from it."""
    body = _without_greeting(own)
    found = words.asking_back.match(_fold(body[:_LONGEST_WORD]))
    question = _without_closing(body[found.end() :]).strip() if found else ""
    return Word("ask_back", text=question) if question else None


def _face(body: str) -> Word | None:
    """A lone emoji; skin tones and the emoji variation selector do not matter."""
    bare = {c for c in body[:_LONGEST_WORD] if not c.isspace() and unicodedata.category(c) not in {"Sk", "Mn", "Cf"}}
    return Word(_FACES[bare.pop()]) if len(bare) == 1 and len(body) <= _LONGEST_WORD and bare <= _FACES.keys() else None


# --------------------------------------------------------------------------------------------- around the word


def _without_courtesies(own: str) -> str:
    return _without_closing(_without_greeting(own)).strip()


def _without_signature(text: str) -> str:
    """Up to the signature delimiter "-- " (RFC 3676, section 4.3)."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")
    end = next((at for at, line in enumerate(lines) if line.rstrip() == "--"), len(lines))
    return "\n".join(lines[:end]).strip()


def _without_greeting(text: str) -> str:
    """A first line that greets goes; on one line ("Hello, yes") only what stands before the comma."""
    first, newline, rest = text.partition("\n")
    if not _starts_with_any(first, _all("greetings")) or len(first.split()) > 8:
        return text
    if newline and rest.strip():
        return rest.strip()
    _, comma, tail = first.partition(",")
    return tail.strip() if comma and tail.strip() else text


def _without_closing(text: str) -> str:
    """From a line that says goodbye on, all goes; such a line must be short, and something must stand before it."""
    lines = text.split("\n")
    for at in range(max(1, len(lines) - 3 * _MOST_NAME_LINES), len(lines)):
        few = len([rest for rest in lines[at:] if rest.strip()]) <= _MOST_NAME_LINES + 1
        if few and _is_closing(lines[at]):
            return "\n".join(lines[:at]).strip()
    return text


def _is_closing(line: str) -> bool:
    """ "Regards", "Thanks, Maria", "With kind regards from the office"; never a sentence that begins with one such word."""
    plain, words = _plain(line), len(line.split())
    for phrase in _all("closings") | _all("thanks"):
        many = " " in phrase or "," in line
        if plain == phrase or (many and words <= 8 and plain.startswith(f"{phrase} ") and not line.rstrip().endswith(".")):
            return True
    return False


def _without_name(body: str) -> tuple[str, bool]:
    """The first line, when what follows is only a few short lines as under a letter; True when they are surely names."""
    first, *rest = (line.strip() for line in body.split("\n") if line.strip())
    if not rest or len(rest) > _MOST_NAME_LINES or not all(_is_name_line(line) for line in rest):
        return "", False
    return first, all(word[:1].isupper() or word[:1] in "+0(" or len(word) <= 3 for line in rest for word in line.split())


def _is_name_line(line: str) -> bool:
    return len(line) <= 60 and len(line.split()) <= 6 and not line.endswith((".", ":", "!")) and line[:1].upper() == line[:1]


def _has_any(text: str, phrases: Iterable[str]) -> bool:
    plain = f" {_plain(text)} "
    return any(f" {phrase} " in plain for phrase in phrases)


def _starts_with_any(line: str, phrases: Iterable[str]) -> bool:
    plain = _plain(line) + " "
    return any(plain.startswith(f"{phrase} ") for phrase in phrases)


# --------------------------------------------------------------------------------------------- vocabulary


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """One language's words, folded: matching is table look-up and anchored patterns, linear in the text."""

    alone: Mapping[str, str]
    polite: tuple[str, ...]
    but: tuple[str, ...]
    numbers: Mapping[str, int]
    more: re.Pattern[str]
    weeks: re.Pattern[str]
    number_words: tuple[str, ...]
    away: re.Pattern[str]
    declining: re.Pattern[str]
    asking_back: re.Pattern[str]

    def meaning(self, plain: str) -> str | None:
        """What a phrase means alone, also after a "yes" or "no" that says the same: "yes, I accept", "no, not yet"."""
        if plain in self.alone:
            return self.alone[plain]
        first, _, rest = plain.partition(" ")
        same = {"yes": {"yes", "accept"}, "no": {"no", "not_yet", "decline"}}.get(self.alone.get(first, ""), set())
        return self.alone[rest] if self.alone.get(rest) in same else None

    def without_politeness(self, plain: str) -> str:
        """ "yes please", "no thank you", "thanks, accept": courtesy falls away where another word remains."""
        for _ in range(2):
            for phrase in self.polite:
                if plain not in self.alone:
                    plain = plain.removeprefix(f"{phrase} ").removesuffix(f" {phrase}")
        return plain

    def numbered(self, plain: str) -> Word | None:
        for said in (plain, *(plain.removeprefix(f"{phrase} ") for phrase in self.number_words)):
            choice = self._number(said) if said.isdecimal() or len(said) >= _SHORTEST_NUMBER else None
            if choice is not None and 0 < choice <= _MOST_CHOICES:
                return Word("choice", number=choice)
        return self._days(plain)

    def _days(self, plain: str) -> Word | None:
        for pattern, factor in ((self.more, 1), (self.weeks, WORKING_DAYS_OF_A_WEEK)):
            if found := pattern.fullmatch(plain):
                said = next((group for group in found.groups() if group), "1")
                days = (self._number(said) or 0) * factor
                return Word("more_days", number=days) if 0 < days <= _MOST_DAYS else None
        return None

    def _number(self, plain: str) -> int | None:
        return int(plain) if plain.isdecimal() and len(plain) <= 2 else self.numbers.get(plain)


@cache
def _vocabulary(code: str) -> _Vocabulary:
    read = _read(code)
    phrases = {meaning: _folded(read[meaning]) for meaning in read if meaning not in {"numbers", "number_words"}}
    number = "|".join(["[0-9]{1,2}", *sorted(map(re.escape, map(_plain, read["numbers"])), key=len, reverse=True)])
    stops = "|".join(rf"\s+{re.escape(word)}\b" for word in phrases["because"])
    return _Vocabulary(
        alone={phrase: meaning for meaning in reversed(ALONE) for phrase in phrases[meaning]},
        polite=tuple(sorted({*phrases["please"], *phrases["thanks"]}, key=len, reverse=True)),
        but=phrases["but"],
        numbers={_plain(word): value for word, value in read["numbers"].items()},
        more=_pattern(read["more_days"], "{n}", f"({number})"),
        weeks=_pattern(read["more_weeks"], "{n}", f"({number})"),
        number_words=_folded(read["number_words"]["before"]),
        away=_pattern(read["away_until"], "{date}", r"([^\n,;:]{1,60})"),
        declining=re.compile(rf"(?:(?:{_any(phrases['please'])})[,.!]? )?(?:{_any(phrases['decline'])})(?: ?[:,;.!\n-]|{stops})"),
        asking_back=re.compile(rf"(?:{_any(phrases['ask_back'])}) ?[:\n]"),
    )


def _pattern(phrases: Iterable[str], hole: str, filling: str) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(
        "|".join(filling.join(re.escape(_plain(half, " ")) for half in phrase.split(hole)) for phrase in longest_first)
    )


def _any(phrases: Iterable[str]) -> str:
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))


def _folded(phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(_plain(phrase) for phrase in phrases)


@cache
def _read(code: str) -> Mapping[str, Any]:
    path = LOCALES / code / "words.toml"
    return tomllib.loads((path if path.exists() else LOCALES / SOURCE / "words.toml").read_text("utf-8"))


@cache
def _all(name: str) -> frozenset[str]:
    return frozenset(phrase for code in languages() for phrase in _folded(_read(code)[name]))


def _in_turn(language: str | None) -> Iterator[str]:
    """The language first, then English, then the others: people answer in the language that comes to mind."""
    first = known(language)
    yield from dict.fromkeys((first, SOURCE, *sorted(languages())))


def _plain(text: str, edge: str = "") -> str:
    """Folded, without punctuation and emoji, one space between words; a space in `edge` keeps those at the ends."""
    words = " ".join(re.findall(r"\+?\w[\w']*|\+", _fold(text)))
    if not edge:
        return words
    return (" " if text[:1].isspace() else "") + words + (" " if words and text[-1:].isspace() else "")


def _fold(text: str) -> str:
    """Lower case without accents, letter for letter (so positions stay): "SÌ" and "si", "İ", "ı" and "i", "ς" and "σ"."""
    return "".join(_fold_letter(letter) for letter in text)


@cache
def _fold_letter(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter.lower())[:1].casefold()[:1] or letter
    return _ODD.get(base, base)
