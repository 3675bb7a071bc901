"""Names of public holidays in the reader's language. In: the English name that the calendar gives. Out: ours, else that one."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from routing.languages import LANGUAGES

LIST = Path(__file__).parent / "holidays.toml"
OTHERS = tuple(code for code in LANGUAGES if code != "en")
# A day off in place of a holiday that falls on a weekend bears its name, and this.
_OBSERVED = " (observed)"


def holiday_name(name: str, language: str) -> str:
    """Two holidays on one day are parted by "; " and named both."""
    return "; ".join(_names(language).get(one.removesuffix(_OBSERVED), one) for one in name.split("; "))


@cache
def _names(language: str) -> Mapping[str, str]:
    if language not in OTHERS:
        return {}
    place = OTHERS.index(language)
    return {name: told[place] for name, told in tomllib.loads(LIST.read_text("utf-8")).items() if place < len(told)}
