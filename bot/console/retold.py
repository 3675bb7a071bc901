"""An English sentence of the packages below, said in a reader's language together with the facts in it.

In: a sentence that was raised or stored, and a `Tongue`. Out: words; a sentence of somebody else stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.console.fichelists import HEADINGS
from bot.console.letterlists import LETTER_STATES, MESSAGE_KINDS
from bot.console.sentences import recognised
from bot.console.tongue import Tongue
from bot.console.wordlists import ACTORS, CLOSED, TIERS
from routing.letters import label, language_name

Fact = Callable[[str, Tongue], str]


def retold(sentence: str, say: Tongue) -> str:
    found = recognised(sentence)
    return say(found[0], **{name: _fact(name, fact, say) for name, fact in found[1].items()}) if found else sentence


def _fact(name: str, fact: str, say: Tongue) -> str:
    return FACTS[name](fact, say) if name in FACTS else fact


def _sentence(fact: str, say: Tongue) -> str:
    return say(CLOSED[fact]) if fact in CLOSED else retold(fact, say)


def _each(fact: str, say: Tongue) -> str:
    return ", ".join(retold(one, say) for one in fact.split(", "))


def _one_of(words: Mapping[str, str]) -> Fact:
    return lambda fact, say: say(words[fact]) if fact in words else fact


# Facts that are sentences, codes or names of ours; all others are somebody's words, names and numbers.
FACTS: Mapping[str, Fact] = {
    "why": _sentence,
    "outcome": _sentence,
    "reply": lambda fact, say: retold(fact, say) if fact == fact.strip() else fact,
    "missing": _each,
    "state": _one_of({code: told for code, (told, _, _) in LETTER_STATES.items()}),
    "kind": _one_of(MESSAGE_KINDS),
    "tier": _one_of(TIERS),
    "name": lambda fact, say: _one_of(HEADINGS)(fact.replace(" ", "_"), say).replace("_", " "),
    "language": lambda fact, say: language_name(fact, say.code),
    "how": lambda fact, say: label(fact, say.code),
    "who": _one_of({"the system": ACTORS["system"]}),
}
