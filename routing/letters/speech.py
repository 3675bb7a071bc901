"""How letters say moments, places, languages and other people's words, in each language.

Other people's text never stands bare in a letter: it is cleaned of control characters and either quoted line by line
or put between the language's quotation marks.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_time, format_timedelta, get_timezone_location
from babel.numbers import format_decimal, format_percent

from retrieval import short_code
from routing.letters.catalogues import known, locale

_Unit = Literal["day", "hour", "minute"]
# From how many minutes on a unit is said, and how many minutes it has.
_UNITS: tuple[tuple[int, int, _Unit], ...] = ((72 * 60, 24 * 60, "day"), (120, 60, "hour"), (0, 1, "minute"))
_NO_LARGER = 10_000  # so many of a unit before Babel would take the next larger one
_QUOTES = {
    "en": "“%s”",
    "it": "«%s»",
    "es": "«%s»",
    "fr": "«\N{NO-BREAK SPACE}%s\N{NO-BREAK SPACE}»",
    "el": "«%s»",
    "ro": "„%s”",
    "hr": "„%s”",
    "tr": "“%s”",
}
_COUNTRIES = {"EL": "GR", "UK": "GB"}  # the European Union's own codes beside ISO 3166
_LINE_END = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")  # all that some program takes for a new line
_TOKEN = re.compile(r"(ref:[ ]?|reply\+)[0-9A-Za-z]{26,30}")
_KEPT = "\n\t\u200c\u200d"  # joiners are part of spelling in some scripts
_TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "BN"}
_RIGHT_TO_LEFT = {"R", "AL"}
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"  # FSI, PDI: https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates


def format_day(moment: datetime, zone: str, language: str) -> str:
    """The day of an aware moment as people at `zone` call it: "Friday, 8 January 2027"."""
    return day_words(moment.astimezone(ZoneInfo(zone)).date(), language)


def format_moment(moment: datetime, zone: str, language: str) -> str:
    """Day, time and place of an aware moment: "Friday, 8 January 2027, 17:00 (Rome)"."""
    there = moment.astimezone(ZoneInfo(zone))
    code = known(language)
    place = get_timezone_location(ZoneInfo(zone), locale=locale(code), return_city=True)
    return f"{day_words(there.date(), code)}, {format_time(there.timetz(), 'HH:mm', locale=locale(code))} ({place})"


def day_words(day: date, language: str) -> str:
    code = known(language)
    return _first_of_month(format_date(day, "full", locale=locale(code)), code)


def day_and_month(day: date, language: str) -> str:
    code = known(language)
    return _first_of_month(format_skeleton("MMMMd", day, locale=locale(code)), code)


def month_words(day: date, language: str) -> str:
    """The month of a day as a heading says it: "October 2026"."""
    return str(format_skeleton("yMMMM", day, locale=locale(known(language))))


def span_words(minutes: int, language: str) -> str:
    """A stretch of whole minutes in the unit one would say, never less than it was: "45 minutes", "5 hours", "3 days".

    One that seems to end before it begins, because a clock was wrong meanwhile, is a minute.
    """
    minutes = max(minutes, 0)
    size, unit = next((size, unit) for least, size, unit in _UNITS if minutes >= least)
    whole = timedelta(minutes=max(-(-minutes // size), 1) * size)
    return str(format_timedelta(whole, unit, threshold=_NO_LARGER, format="long", locale=locale(known(language))))


def amount_words(number: int, language: str) -> str:
    return str(format_decimal(number, locale=locale(known(language))))


def percent_words(share: float, language: str) -> str:
    return str(format_percent(share, locale=locale(known(language))))


def language_name(code: str, in_language: str) -> str:
    """The name of a language in a language; the bare code where CLDR has no name for it."""
    return str(locale(known(in_language)).languages.get(short_code(code), code))


def own_name(code: str) -> str:
    """What a language calls itself, as a label of its own: "Italiano"."""
    name = language_name(code, code)
    return name[:1].upper() + name[1:]


def country_name(code: str, language: str) -> str:
    upper = code.strip().upper()
    return str(locale(known(language)).territories.get(_COUNTRIES.get(upper, upper), code))


def colon(language: str) -> str:
    """The colon as the language sets it after a word; French puts a space before it."""
    return "\N{NO-BREAK SPACE}:" if known(language) == "fr" else ":"


def clean(text: str) -> str:
    """Somebody's text, tidied, without control characters that could hide or turn around words, and without reply tokens.

    A token that a mail program quoted from one reader's letter must not reach another reader.
    """
    kept = "".join(c for c in _LINE_END.sub("\n", str(text)) if c in _KEPT or not _is_control(c))
    return tidy(_TOKEN.sub(r"\1…", kept))


def tidy(text: str) -> str:
    """No blank at a line's end, at most one empty line in a row, none at the ends."""
    lines: list[str] = []
    for line in (line.rstrip() for line in text.split("\n")):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).rstrip("\n")


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut at a space where there is one near, with an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[:limit]
    space = head.rfind(" ")
    return (head[:space] if space > limit // 2 else head).rstrip() + "…"


def quoted(text: str, limit: int | None = None) -> str:
    """Somebody's text, each line behind "> "."""
    kept = clean(text)
    return "\n".join(f"> {line}".rstrip() for line in (shorten(kept, limit) if limit else kept).split("\n"))


def inline(text: str, language: str, limit: int = 300) -> str:
    """Somebody's text on one line between the language's quotation marks; right-to-left text is kept to itself."""
    return in_quotes(one_line(text, limit), language)


def in_quotes(text: str, language: str) -> str:
    return _QUOTES.get(known(language), "“%s”") % text


def one_line(text: str, limit: int = 300) -> str:
    """Somebody's text on one line without quotation marks, for a title or a name."""
    flat = shorten(" ".join(clean(text).split()), limit)
    return f"{_ISOLATE}{flat}{_END_ISOLATE}" if any(unicodedata.bidirectional(c) in _RIGHT_TO_LEFT for c in flat) else flat


def _first_of_month(words: str, code: str) -> str:
    """French says "1er janvier"; CLDR has no such form in its patterns."""
    return re.sub(r"(?<!\d)1 (?=[^\W\d_])", "1er ", words) if code == "fr" else words


def _is_control(character: str) -> bool:
    """Control characters, and the invisible ones that turn text around (U+202A-202E, U+2066-2069)."""
    return unicodedata.category(character) in {"Cc", "Cs", "Co"} or unicodedata.bidirectional(character) in _TURNING
