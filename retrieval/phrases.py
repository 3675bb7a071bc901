"""Exact evidence: quoted phrases and identifiers. In: a question. Out: the entries that hold just that.

An embedder blurs "2021-1-RO01-KA220" or a law's number; somebody who types one, or puts words between quotation marks, means it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.index import Index, Rows
from retrieval.text import fold
from retrieval.words import words

# Pairs of quotation marks in our languages; a phrase holds none of them, so each pattern runs in linear time.
_QUOTED = re.compile('"([^"\n]{3,120})"|“([^”“\n]{3,120})”|„([^”“„\n]{3,120})[”“]|«([^«»\n]{3,120})»')
_MARK = re.compile('["“„«]')
_TOKEN = re.compile(r"\S+")
_SHORTEST_IDENTIFIER, _MOST_PHRASES = 5, 8
# Found in more entries than this, a phrase says nothing.
_COMMON = 0.1


def phrases_in(text: str) -> list[tuple[str, ...]]:
    """Quoted phrases and identifiers (tokens with a digit, five characters or more), as folded words."""
    quoted = [next(filter(None, groups)) for groups in _QUOTED.findall(text)] if _MARK.search(text) else []
    numbered = any(map(str.isdigit, text))
    tokens = [token for token in _TOKEN.findall(text) if _is_identifier(token)] if numbered else []
    found = (tuple(words(phrase)) for phrase in quoted + tokens)
    return [phrase for phrase in dict.fromkeys(found) if phrase][:_MOST_PHRASES]


def _is_identifier(token: str) -> bool:
    return len(token) >= _SHORTEST_IDENTIFIER and any(map(str.isdigit, token))


def rows_with(phrase: Sequence[str], index: Index, usable: NDArray[np.bool_] | None = None) -> Rows:
    """The entries of the word index that hold the phrase, word after word; none if many do. Only those `usable`, if given."""
    held = index.words.holding(phrase)
    held = held if usable is None else held[usable[held]]
    if len(held) > max(3, _COMMON * len(index.wholes)):
        return held[:0]
    return held[[_says(phrase, index, int(index.wholes[entry])) for entry in held]] if len(phrase) > 1 else held


def _says(phrase: Sequence[str], index: Index, row: int) -> bool:
    """Whether any piece of this entry, in this language, holds the words next to each other."""
    own = index.pieces[row].passage
    entry = index.entries[int(index.owners[row])]
    pieces = [index.pieces[other].passage for other in index.rows_of(own.fiche)]
    texts = [entry.titles.get(own.language, ""), *(p.text for p in pieces if p.language == own.language)]
    wanted = " ".join(phrase)
    return any(f" {wanted} " in f" {' '.join(words(text))} " for text in texts if phrase[0] in fold(text))
