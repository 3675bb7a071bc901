"""Days as people write them in a mail: "2027-01-08", "8.1.2027", "8 January", "8 ianuarie", in the network's languages."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import cache

from babel import Locale

from routing.languages import LANGUAGES

_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_NUMERIC = re.compile(r"\b(\d{1,2})[./-](\d{1,2})(?:[./-](\d{4}|\d{2}))?")
_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th|º|er|\.|η|ης)? ?(?:de |of |d')?([^\W\d_]{3,})(?: ?(?:de )?(\d{4}))?")
_NAMED_FIRST = re.compile(r"([^\W\d_]{3,}) (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?")


def day_in(text: str, today: date) -> date | None:
    """The first day named in `text`, the one nearest to `today` where the year is missing; None if there is none.

    So early in November "15 January" lies ahead, and "1 November" on the 23rd was a slip, not a year's absence.
    """
    plain = _fold(text)
    if found := _ISO.search(plain):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMERIC.search(plain):
        return _nearest(found[3], int(found[2]), int(found[1]), today)
    for pattern, day, month in ((_NAMED, 1, 2), (_NAMED_FIRST, 2, 1)):
        for found in pattern.finditer(plain):
            number = _months().get(found[month]) or _months().get(found[month][:4])
            if number:
                return _nearest(found[3], number, int(found[day]), today)
    return None


def _nearest(year: str | None, month: int, day: int, today: date) -> date | None:
    if year:
        return _day(int(year) + (2000 if len(year) == 2 else 0), month, day)
    near = (_day(year, month, day) for year in (today.year - 1, today.year, today.year + 1))
    return min((one for one in near if one is not None), key=lambda one: abs(one - today), default=None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@cache
def _months() -> dict[str, int]:
    """Names of months in every language, in full as spoken after a day, alone, and cut to four letters."""
    names: dict[str, int] = {}
    for language in LANGUAGES:
        months = Locale(language).months
        for context, width in (("format", "wide"), ("stand-alone", "wide"), ("format", "abbreviated")):
            for number, name in months[context][width].items():
                folded = _fold(name).rstrip(".")
                names.setdefault(folded, number)
                if len(folded) > 4:
                    names.setdefault(folded[:4], number)
    return names


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower().replace("ı", "i"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
