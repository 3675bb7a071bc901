"""Text as it comes out of a word processor, made plain: what nobody sees is taken out, bullets stay bullets.

In: what was typed or pasted. Out: the same words. Pure.
"""

from __future__ import annotations

import re

# Word keeps a line within a paragraph by a vertical tab, a page by a form feed.
_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff]")
# Bullets of the fonts Symbol and Wingdings, which other fonts show as empty boxes, and those that Word sets itself.
_BULLETS = re.compile(r"^[ \t\u00a0]*[\uf0b7\uf0a7\uf0d8\uf076\uf0fc\uf02d\u00b7\u25aa\u25cf\u2022][ \t\u00a0]+", re.MULTILINE)
_SPACES_AT_END = re.compile(r"[ \t\u00a0]+$", re.MULTILINE)
_EMPTY_LINES = re.compile(r"\n{3,}")


def tidy(text: str) -> str:
    """Paragraphs with at most one empty line between them; quotation marks and dashes stay as they were written."""
    lines = _UNSEEN.sub("", _BREAKS.sub("\n", text))
    return _EMPTY_LINES.sub("\n\n", _SPACES_AT_END.sub("", _BULLETS.sub("• ", lines))).strip("\n").strip()


def tidy_line(text: str) -> str:
    """The same on one line."""
    return " ".join(tidy(text).split())
