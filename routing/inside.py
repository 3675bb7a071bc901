"""Answers written into our own letter, where no quote mark tells them from it: found by what we did not write. Pure.

In: the quoted letter as the mail was read, and everything that was said about the question before. Out: the lines that hold
words nobody had said. We know what we sent, which no mail client does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from retrieval import fold

_FEWEST = 3  # new words of a line: fewer are a line that was wrapped, or a name that a client wrote
_WORD = re.compile(r"[^\W\d_]+")
_LINK = re.compile(r"[\d/@=]")  # what no mere word holds


def strange_lines(quoted: str, known: Iterable[str]) -> list[str]:
    """The lines of `quoted` in which somebody else has written; case, diacritics and line ends do not matter."""
    said = {word for text in known for word in _words(text)}
    return [line for line in quoted.split("\n") if len(_words(line) - said) >= _FEWEST]


def _words(text: str) -> set[str]:
    """Not those of links and tokens, whole or torn: gateways rewrite them, and a button's is not in the text that we keep."""
    return {word for piece in text.split() if not _LINK.search(piece) for word in _WORD.findall(fold(piece))}
