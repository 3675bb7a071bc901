"""Letters of thanks: a few sentences that say thank you and praise the answer, and want nothing.

In: what an asker wrote, without quotations. Out: `Word("thanks")`, or None where anything else may be meant: taking a question
for thanks would lose it, taking thanks for a question only disturbs an expert. So a single word that wants something, a number or
a question mark is enough for None. The words are data, as those of `routing.words`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from routing.letters.vocabulary import Vocabulary, plain, vocabulary
from routing.words import Word, bare, in_turn, is_name_line

PRAISED = "praised"  # the text of the word: not only thanks were said, the answer was found good
_LONGEST, _MOST_SENTENCES, _MOST_WORDS, _MOST_OF_THANKS = 400, 5, 25, 9
_SENTENCE = re.compile(r"[.!…\n]+")
_ASKS = re.compile(r"[?;\d]")  # ";" is the question mark of Greek


def thanks_in(text: str, language: str | None = None) -> Word | None:
    """What a letter of thanks says; `language` is tried first."""
    own = _without_names(bare(text))
    if not own or len(own) > _LONGEST or _ASKS.search(own):
        return None
    sentences = [said for said in map(plain, _SENTENCE.split(own)) if said]
    if not 0 < len(sentences) <= _MOST_SENTENCES or any(len(said.split()) > _MOST_WORDS for said in sentences):
        return None
    return next((found for code in in_turn(language) if (found := _read(sentences, vocabulary(code)))), None)


def praises(text: str) -> bool:
    """Whether thanks or praise stand anywhere in it, whatever else does."""
    said = plain(text)
    return any(_names(said, words.thanks + words.praise) for words in map(vocabulary, in_turn(None)))


def _read(sentences: Sequence[str], words: Vocabulary) -> Word | None:
    """Every sentence thanks or praises, one of them thanks, none wants anything."""
    told = [(_thanks(said, words), _without(said, words.praise)) for said in sentences]
    praises = [rest != said for said, (_, rest) in zip(sentences, told, strict=True)]
    if not any(thanks for thanks, _ in told) or any(_names(rest, words.wanting + words.but) for _, rest in told):
        return None
    for said, (thanks, _), praise in zip(sentences, told, praises, strict=True):
        if not praise and not (thanks and len(said.split()) <= _MOST_OF_THANKS):  # long thanks may hold a wish
            return None
    return Word("thanks", text=PRAISED if any(praises) else "")


def _thanks(said: str, words: Vocabulary) -> bool:
    """Begins or, as in Turkish, ends with thanks."""
    return any(f"{said} ".startswith(f"{phrase} ") or f" {said}".endswith(f" {phrase}") for phrase in words.thanks)


def _names(said: str, phrases: Iterable[str]) -> bool:
    return any(f" {phrase} " in f" {said} " for phrase in phrases)


def _without(said: str, phrases: Iterable[str]) -> str:
    """Praise may name what was wanted: "exactly what we needed"."""
    rest = f" {said} "
    for phrase in phrases:
        rest = rest.replace(f" {phrase} ", "  ")
    return rest.strip()


def _without_names(own: str) -> str:
    """Lines at the end that are a name and a place of work."""
    lines = own.split("\n")
    while len(lines) > 1 and (not lines[-1].strip() or (is_name_line(lines[-1].strip()) and len(lines[-1].split()) <= 4)):
        lines.pop()
    return "\n".join(lines)
