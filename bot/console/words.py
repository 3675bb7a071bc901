"""What the console says about codes and stored facts, in a reader's language.

In: a `Tongue` and what is stored. Out: words. What cannot be put into words is shown as it is called.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from bot.console import clocks, factlists, fichelists, letterlists, wordlists
from bot.console.retold import retold
from bot.console.told import BULK, TOLD
from bot.console.tongue import Tongue
from routing.countries import folded
from routing.letters import country_name, explain, label, language_name, reason_words
from routing.letters.labels import N_
from routing.letters.speech import in_quotes
from routing.why import GUESSED, WHY

State = tuple[str, str, str]
_ACTOR = re.compile(r"\b(?:user|person|expert):[0-9]+\b")
_WITHIN = re.compile(r"within (\d+) (min|hour|day)s?")
_SHARES = frozenset({"confidence", "likeness"})
# Two letters of the CLDR that stand for no country: islands that belong to one, unions, and codes for tests.
_NO_COUNTRY = frozenset(("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"))
_MANY = 1000  # from here on a number gets its language's separators


@dataclass(frozen=True, slots=True)
class Words:
    """The console's words in one language."""

    say: Tongue

    # ------------------------------------------------------------ states: (words, tone, icon)

    def letter_state(self, code: str) -> State:
        return self._state(letterlists.LETTER_STATES, code)

    def assignment_state(self, code: str) -> State:
        return self._state(wordlists.ASSIGNMENT_STATES, code)

    def proposal_state(self, code: str) -> State:
        return self._state(wordlists.PROPOSAL_STATES, code)

    def answer_state(self, code: str) -> State:
        return self._state(wordlists.ANSWER_STATES, code)

    def fiche_state(self, code: str) -> State:
        return self._state(fichelists.FICHE_STATES, code)

    def identity(self, facts: Mapping[str, Any]) -> tuple[str, str]:
        """What is known about the sender of a message, in words, and how good that is."""
        known = letterlists.PROVEN if facts.get("proven") else letterlists.UNPROVEN
        said, tone = letterlists.IDENTITY.get(str(facts.get("identity", "")), known)
        return self.say(said), tone

    # ------------------------------------------------------------ codes

    def turn(self, code: str) -> str:
        return self.say(wordlists.TURN[code][0])

    def turn_icon(self, code: str) -> str:
        return wordlists.TURN[code][1]

    def next_action(self, code: str) -> str:
        return self._one(wordlists.NEXT, code)

    def letter_kind(self, kind: str) -> str:
        return self._one(letterlists.LETTERS, kind) if kind in letterlists.LETTERS else kind.replace("_", " ").capitalize()

    def closed_because(self, because: str | None) -> str:
        return self._one(wordlists.CLOSED, because or "closed")

    def handed(self, code: str) -> str:
        return self._one(wordlists.HANDED, code)

    def tier(self, code: str) -> str:
        return self._one(wordlists.TIERS, code)

    def role(self, code: str) -> str:
        return self._one(wordlists.ROLES, code)

    def advice(self, code: str) -> str:
        """What a good text of a fiche's part says."""
        return self._one(fichelists.ADVICE, code)

    def heading(self, code: str) -> str:
        """The heading of a fiche's section or field."""
        return self._one(fichelists.HEADINGS, code)

    def fact_name(self, name: str) -> str:
        """What a fact of a fiche is called."""
        return self._one(factlists.FACTS, name)

    def fact_advice(self, name: str) -> str:
        """What belongs into the field of a fact."""
        return self.say(factlists.ADVICE[name])

    def fact(self, name: str, told: Any) -> str:
        """A fact of a fiche in words; of several, one of them."""
        if name in factlists.CODES:
            return self._one(factlists.CODES[name], told)
        if name in _SAID_BY:
            return str(_SAID_BY[name](self, told))
        return f"{told.get('value', '')}: {told.get('meaning', '')}" if isinstance(told, dict) else str(told)

    def scope(self, code: str) -> str:
        return self._one(wordlists.SCOPES, code)

    def message_kind(self, code: str) -> str:
        return self._one(letterlists.MESSAGE_KINDS, code)

    def attempt(self, code: str) -> str:
        return self._one(letterlists.ATTEMPTS, code)

    def told(self, key: str) -> str:
        """What a page says after something was done; "" for what it does not know."""
        return self.say(TOLD[key]) if key in TOLD else ""

    def bulk(self, act: str, count: int) -> str:
        return self.say(BULK[act], count=count)

    def theme(self, code: str | None) -> str:
        return label(code, self.say.code) if code else ""

    def language(self, code: str) -> str:
        return language_name(code, self.say.code)

    def country(self, code: str) -> str:
        return country_name(code, self.say.code)

    def by_name(self, codes: Iterable[str], kind: str) -> list[str]:
        """Codes of languages, countries or themes in the order of their names, accents ignored."""
        name: Callable[[str], str] = {"language": self.language, "country": self.country, "theme": self.theme}[kind]
        return sorted(codes, key=lambda code: folded(name(code)))

    def countries(self) -> dict[str, str]:
        """Every country by its code, in the order of its names."""
        named = {code: name for code, name in self.say.locale.territories.items() if code.isalpha() and code not in _NO_COUNTRY}
        return dict(sorted(named.items(), key=lambda one: folded(one[1])))

    def number(self, value: Any) -> str:
        """A whole number as the language writes it; years and numbers of questions are no business of this."""
        return str(format_decimal(value, locale=self.say.locale)) if value >= _MANY else str(value)

    def day(self, told: str) -> str:
        """ "2027-05-31" as the language writes it; what is no day stays as it is."""
        try:
            return str(format_date(date.fromisoformat(told), "medium", locale=self.say.locale))
        except ValueError:
            return told

    def percent(self, part: float) -> str:
        return str(format_percent(part, locale=self.say.locale))

    def column(self, told: str) -> str:
        """The heading of a report's column: ours, or a code of a language or country that is a name already."""
        within = _WITHIN.fullmatch(told)
        if within is None:
            return self.say(wordlists.COLUMNS.get(told, told)) if "%" not in told else told
        length = timedelta(minutes=int(within[1]) * {"min": 1, "hour": 60, "day": 1440}[within[2]])
        return self.say("within %(span)s", span=clocks.span(length, self.say))

    def month(self, told: str) -> str:
        """ "2027-01" as "Jan 2027"."""
        year, _, month = told.partition("-")
        if not (year.isdecimal() and month.isdecimal() and 1 <= int(month) <= 12):
            return told
        return str(format_date(date(int(year), int(month), 1), "LLL y", locale=self.say.locale))

    # ------------------------------------------------------------ what is stored

    def reason(self, row: Any) -> str:
        """A stored reason in words; some are plain text already."""
        if not isinstance(row, Mapping):
            return str(row).replace("_", " ")
        code, facts = str(row.get("code", "")), {key: value for key, value in row.items() if key != "code"}
        try:
            if code == "quick":
                return self.say(wordlists.REASONS[code], span=clocks.within(float(facts["hours"]), self.say))
            if code not in wordlists.REASONS:
                return reason_words(code, self.say.code, **facts)
            return self.say(wordlists.REASONS[code], **{name: self._fact(name, fact) for name, fact in facts.items()})
        except (KeyError, TypeError, ValueError):
            return code.replace("_", " ")

    def explained(self, explanation: Mapping[str, Any]) -> str:
        """How a deadline was counted; "" where nothing is stored."""
        try:
            return explain(explanation, self.say.code) if explanation else ""
        except (KeyError, TypeError, ValueError):
            return ""

    def held_because(self, reason: str | None, facts: Mapping[str, Any] | None) -> str:
        """Why a message is held: its stored code in words, or else its stored sentence."""
        why = dict((facts or {}).get("why") or {})
        code = str(why.pop("code", ""))
        try:
            return self.say(WHY[code], **why) if code in WHY else self.sentence(reason)
        except (KeyError, TypeError, ValueError):
            return self.sentence(reason)

    def guess(self, guess: Mapping[str, Any]) -> str:
        """Why a held message may belong to a question."""
        return self._one(GUESSED, str(guess["code"])) if guess.get("code") in GUESSED else str(guess.get("why", ""))

    def wrote(self, who: str, sort: str) -> str:
        """Who wrote, and what became of it: the heading of a message in the history."""
        return self.say(letterlists.WROTE[who][sort])

    def sentence(self, text: str | None) -> str:
        """A sentence that was stored or raised in English, where it is one of ours; else as it stands."""
        return retold(text or "", self.say)

    def quoted(self, line: str) -> str:
        """Somebody's words on one line between the language's quotation marks."""
        return in_quotes(line, self.say.code)

    def named(self, text: str | None, actors: Mapping[str, str]) -> str:
        """A sentence of the history with names in the place of "user:3" and the like."""
        return _ACTOR.sub(lambda found: actors.get(found[0], found[0]), text or "")

    def actor(self, code: str, actors: Mapping[str, str]) -> str:
        return self.say(wordlists.ACTORS[code]) if code in wordlists.ACTORS else actors.get(code, code)

    def _one(self, table: Mapping[str, str], code: str) -> str:
        return self.say(table[code]) if code in table else code.replace("_", " ")

    def _state(self, table: Mapping[str, State], code: str) -> State:
        said, tone, icon = table[code]
        return self.say(said), tone, icon

    def _fact(self, name: str, fact: Any) -> Any:
        if name == "theme":
            return self.theme(str(fact))
        if name == "language":
            return self.language(str(fact))
        if name == "country":
            return self.country(str(fact))
        if name in _SHARES:
            return self.percent(float(fact))
        if name == "why":
            return self.sentence(str(fact))
        return f"{fact:g}" if isinstance(fact, float) else fact


_SAID_BY: Mapping[str, Callable[[Words, Any], str]] = {
    "country": Words.country,
    "themes": Words.theme,
    "org_kind": lambda words, code: label(code, words.say.code),
    "budget": Words.number,
    "author_agreed": lambda words, _: words.say(N_("agreed")),
    "review_due": lambda words, day: words.day(day),
    "source": Words.language,
    "machine": Words.language,
    "status": lambda words, code: words.fiche_state(code)[0],
}
