"""The policy in words: what its tables are about, what a value means, and what may be written for it.

In: keys, values and limits as `routing.rules` gives them. Out: words in a reader's language, beside what stays as it is written
in the file. The explanation of each key comes from the shipped file itself, which the catalogues read (see `catalog`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from bot.console import clocks
from bot.console.wordlists import TIERS
from bot.console.words import Words
from routing.checked import Allowed
from routing.errors import RoutingError
from routing.hours import parse_hours
from routing.languages import LANGUAGES
from routing.letters.labels import N_
from routing.numbers import parse_term

TABLES = {
    "confidence": N_("When fiches are offered"),
    "asker": N_("What askers may choose"),
    "scope": N_("Questions that belong elsewhere"),
    "same": N_("The same question twice"),
    "sample": N_("The monthly sample"),
    "directory": N_("Entries of the directory"),
    "ladder": N_("When an expert is silent, late or declines"),
    "patience": N_("How long we wait"),
    "outbox.email": N_("When a mail does not go out"),
    "outbox.telegram": N_("When a message to Telegram does not go out"),
    "caps": N_("The most we send and accept"),
    "identity": N_("Who may answer"),
    "roster": N_("Who is asked"),
    "roster.weights": N_("What counts when an expert is chosen"),
    "languages": N_("Languages"),
    "hours": N_("Working hours and quiet hours"),
    "fiches": N_("Fiches"),
    "public": N_("Public figures"),
}
# What a value that is a word means.
MEANINGS: Mapping[str, str] = {
    "true": N_("yes"),
    "false": N_("no"),
    "straight": N_("to the asker at once"),
    "review": N_("a coordinator releases it first"),
    "hold": N_("held for a coordinator"),
    "accept": N_("treated as authenticated"),
    "reminder": N_("a reminder"),
    "deputy": N_("a deputy at the same authority"),
    "next_authority": N_("the next authority"),
    "coordinator": N_("a coordinator"),
    "zone": N_("those of the country of the time zone"),
    "none": N_("none"),
    **TIERS,
}
TAKES = {
    ("int", False): N_("A whole number from %(low)s to %(high)s."),
    ("int", True): N_("Whole numbers from %(low)s to %(high)s, in square brackets."),
    ("float", False): N_("A number from %(low)s to %(high)s."),
    ("float", True): N_("Numbers from %(low)s to %(high)s, in square brackets."),
    ("str", False): N_("A text."),
    ("str", True): N_("Texts in quotation marks, in square brackets."),
    ("bool", False): N_("One of these words:"),
    ("choice", False): N_("One of these words:"),
    ("choice", True): N_("Some of these words in quotation marks, in square brackets:"),
    ("term", False): N_("A length of time, in these words:"),
    ("hours", False): N_("Days and hours, written like this:"),
    ("signpost", True): N_("Texts in quotation marks, in square brackets, each like this:"),
}
EXAMPLES = {
    "term": ("10 working days", "4 working hours", "48 hours"),
    "hours": ("mon-thu 08:00-12:30,13:30-17:00; fri 08:00-13:00",),
    "signpost": ("Europass | https://europass.europa.eu",),
}


@dataclass(frozen=True, slots=True)
class Takes:
    """What may be written: a sentence, then words as they are written, each with its meaning ("" where it needs none)."""

    sentence: str
    written: tuple[tuple[str, str], ...] = ()


def title(table: str, words: Words) -> str:
    """What a table of the policy is about."""
    family, _, tier = table.partition(".")
    if family == "tiers":
        return words.say("Promised times: %(tier)s", tier=words.tier(tier))
    return words.say(TABLES[table]) if table in TABLES else table


def explained(says: str, words: Words) -> str:
    """What a key does; the file says it in English."""
    told = words.say(says.replace("%", "%%")) if says else ""
    return told[:1].upper() + told[1:]


def spelt(value: str, words: Words) -> str:
    """A value as `routing.rules` writes it, in words; as it stands where it has none."""
    if value.startswith("["):
        return ", ".join(_meaning(one, words) for one in _items(value)) or words.say("none")
    return _term(value, words) or _hours(value, words) or _meaning(value, words)


def takes(allowed: Allowed, words: Words) -> Takes:
    """What may be written for a key, within which limits."""
    limits = {"low": f"{allowed.low or 0:g}", "high": f"{allowed.high or 0:g}"}
    sentence = words.say(TAKES[allowed.what, allowed.is_list], **limits)
    codes = ("true", "false") if allowed.what == "bool" else allowed.choices
    examples = [(one, "") for one in EXAMPLES.get(allowed.what, ())]
    return Takes(sentence, tuple([(code, _meaning(code, words)) for code in codes] + examples))


def _items(value: str) -> list[str]:
    try:
        return [str(one) for one in tomllib.loads(f"value = {value}")["value"]]
    except tomllib.TOMLDecodeError:  # of an older version, or cut short
        return [value]


def _meaning(word: str, words: Words) -> str:
    if word in LANGUAGES:
        return words.language(word)
    return words.say(MEANINGS[word]) if word in MEANINGS else word


def _term(value: str, words: Words) -> str:
    try:
        term = parse_term(value)
    except RoutingError:
        return ""
    plural, count = words.say.plural, term.amount
    if term.unit == "working_days":
        return plural("%(num)s working day", "%(num)s working days", count)
    if term.unit == "working_hours":
        return plural("%(num)s working hour", "%(num)s working hours", count)
    return plural("%(num)s hour", "%(num)s hours", count)


def _hours(value: str, words: Words) -> str:
    if not re.match("(?:mon|tue|wed|thu|fri|sat|sun)[ ,-]", value):
        return ""
    try:
        hours = parse_hours(value).as_json()
    except RoutingError:
        return ""
    return "; ".join(f"{days} {spans}" for days, spans in clocks.week(hours, words.say))
