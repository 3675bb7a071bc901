"""The field's own vocabulary, across languages. In: a text. Out: the concepts that its words name.

A small embedder does not tell a bursary from a budget in a language it knows little of; the words themselves do. The list
(`share/concepts.txt`) holds what policy makers in vocational education talk about, in all the network's languages, so that a
Turkish "burs" and a Croatian "stipendija" count as the same term. Texts on other subjects name few concepts and lose nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path

from retrieval.languages import LANGUAGES
from retrieval.text import fold

LIST = Path(__file__).parent / "share" / "concepts.txt"
_WORD = re.compile(r"\w+")
_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff][\u0300-\u036f\u0370-\u03ff\u1f00-\u1fff]*")
_LONGEST_WORD = 64
_REMEMBERED = 10_000
# A word to begin with (or to be, where it is no stem), for each word of an expression.
Expression = tuple[tuple[str, bool], ...]
# A concept, an expression of it (or what is left of one), and the languages that have it.
Named = tuple[str, Expression, frozenset[str]]


def concepts(text: str, language: str | None = None, *, or_of_any: bool = False) -> list[str]:
    """The names of the concepts, in order, each as often as it is named. Linear in the length of the text.

    With a `language` of the list only its own words count: without accents, a word of one is another word of the next (the
    Croatian "plaće", wages, an English "place"). Where it is unknown or the list has nothing in it, the words of all do; so
    they do `or_of_any`, where its own name nothing. Words in Greek letters are Greek in any case.
    """
    words, greek = _WORD.findall(fold(text)), _in_greek_letters(text)
    found = [
        (name, languages)
        for place, word in enumerate(words)
        for name, rest, languages in _begun_by(word[:_LONGEST_WORD])
        if (not rest or _says(rest, words, place + 1)) and (word not in greek or "el" in languages)
    ]
    own = [name for name, languages in found if language in languages]
    return own if language in _listed() and (own or not or_of_any) else [name for name, _ in found]


def says(text: str, expressions: Iterable[str]) -> bool:
    """Whether a text says one of these expressions, written as in the list: whole words side by side, "*" ends a stem."""
    words = _WORD.findall(fold(text))
    wanted = [one for one in map(_expression, expressions) if one]
    return any(_says(one, words, place) for place in range(len(words)) for one in wanted)


@lru_cache(maxsize=1)
def edition() -> str:
    """Another for every change of the list: whatever was counted by an older one is to be counted anew."""
    return hashlib.sha256(LIST.read_bytes()).hexdigest()[:12]


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """All concepts, in the order of the list."""
    return tuple(name for name, _ in read_list(LIST.read_text("utf-8")))


def read_list(text: str) -> Iterator[tuple[str, list[list[Expression]]]]:
    """Each concept with its expressions, one list for each language."""
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, rest = line.partition(":")
            yield name, [[_expression(one) for one in group.split(",") if one.strip()] for group in rest.split("|")]


def _in_greek_letters(text: str) -> frozenset[str]:
    """The words, folded, that are written so: "παραδοσιακός" (traditional) is no Spanish "parado" (unemployed)."""
    return frozenset() if text.isascii() else frozenset(_WORD.findall(fold(" ".join(_GREEK.findall(text)))))


@lru_cache(maxsize=_REMEMBERED)
def _begun_by(word: str) -> tuple[Named, ...]:
    """The expressions that begin with this word, each without it. People use the same words over and over."""
    table, beginnings = _table(), _beginnings()
    begun: list[Named] = []
    for end in range(1, len(word) + 1):
        if word[:end] not in beginnings:
            break
        begun += table.get(word[:end], ())
    return tuple((name, one[1:], languages) for name, one, languages in begun if _says(one[:1], [word], 0))


def _says(expression: Expression, words: list[str], place: int) -> bool:
    """Whether the words from this place on are those of the expression."""
    if place + len(expression) > len(words):
        return False
    for at, (wanted, is_stem) in enumerate(expression, place):
        if not (words[at].startswith(wanted) if is_stem else words[at] == wanted):
            return False
    return True


def _expression(text: str) -> Expression:
    parts: list[tuple[str, bool]] = []
    for token in text.split():
        folded = _WORD.findall(fold(token))
        parts += [(word, token.endswith("*") and place == len(folded) - 1) for place, word in enumerate(folded)]
    return tuple(parts)


@cache
def _listed() -> frozenset[str]:
    """The languages in which the list has words; their places in it are those in `LANGUAGES`."""
    groups = [groups for _, groups in read_list(LIST.read_text("utf-8"))]
    return frozenset(code for place, code in enumerate(LANGUAGES) if any(any(told[place : place + 1]) for told in groups))


@cache
def _beginnings() -> frozenset[str]:
    """Whatever a first word or stem of the table begins with."""
    return frozenset(word[:end] for word in _table() for end in range(1, len(word) + 1))


@cache
def _table() -> dict[str, list[Named]]:
    """All expressions by their first word or stem; one that several languages share is there once."""
    table: dict[str, list[Named]] = {}
    for name, groups in read_list(LIST.read_text("utf-8")):
        for expression in dict.fromkeys(one for group in groups for one in group):
            languages = frozenset(code for code, group in zip(LANGUAGES, groups, strict=False) if expression in group)
            table.setdefault(expression[0][0], []).append((name, expression, languages))
    return table
