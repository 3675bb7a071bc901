"""The languages of the console: which one a reader gets, and its catalogue.

In: a reader's choice, or what the browser accepts. Out: a `Tongue` that puts the console's texts into that language. The
texts stand in English where they are used; `locale/<code>/LC_MESSAGES/console.po` translates them (see `catalog`).
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale

from routing.languages import LANGUAGES
from routing.letters.catalogues import SOURCE, compiled, locale

LOCALES = Path(__file__).parent / "locale"
_QUALITY = re.compile(r";\s*q=([01](?:\.\d{0,3})?)\s*$")
_MOST_WISHES = 20


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language. ``say(text, **facts)`` translates; ``say.plural(one, many, count, **facts)`` also counts."""

    code: str
    catalogue: gettext.NullTranslations
    locale: Locale

    def __call__(self, text: str, /, **facts: Any) -> str:
        """The text in this language; `%` is doubled in texts, as in every format."""
        return self.catalogue.gettext(text) % facts

    def plural(self, one: str, many: str, count: int, /, **facts: Any) -> str:
        return self.catalogue.ngettext(one, many, count) % {"num": count, **facts}


@cache
def tongue(code: str) -> Tongue:
    """The tongue of one of the network's languages; English for any other."""
    known = code if code in LANGUAGES else SOURCE
    return Tongue(known, compiled(catalogue_path(known), known), locale(known))


def catalogue_path(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "console.po"


def accepted(header: str, offered: Sequence[str]) -> str:
    """The language among `offered` that a browser's Accept-Language likes best; English for none (RFC 9110, 12.5.4)."""
    wishes = [_wish(one) for one in header[:1000].split(",")[:_MOST_WISHES]]
    liked = sorted((wish for wish in wishes if wish[1] > 0 and wish[0] in offered), key=lambda wish: -wish[1])
    return liked[0][0] if liked else SOURCE


def _wish(told: str) -> tuple[str, float]:
    """A language's two letters, and how much it is liked: "el-GR;q=0.8" is ("el", 0.8)."""
    quality = _QUALITY.search(told)
    code = told.partition(";")[0].strip().lower().partition("-")[0]
    return code, float(quality[1]) if quality else 1.0
