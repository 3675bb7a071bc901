"""Why something was decided, as codes with facts: stored as JSON, put into words where a person reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from babel import Locale

SENTENCES = {
    # why this expert
    "theme": "works on {theme}",
    "profile": "the authority's profile is near to the question",
    "practice": "runs {title}",
    "answered_before": "answered {count} like this",
    "language": "{language}",
    "bridge_language": "answers in {language}",
    "no_shared_language": "speaks neither the question's language nor a bridge language",
    "country": "works in {country}",
    "other_country": "brings the view of {country}",
    "quick": "usually answers within {hours:g} hours",
    "capacity": "{open} of {of} open",
    "suggested": "proposed by an expert who was asked",
    "next_on_ladder": "next in line at the authority",
    # why this decision
    "not_admitted": "the asker is not admitted to this network",
    "too_many_open": "the asker has {open} open questions, at most {of} are taken",
    "outside": "its words lie outside of what the network answers: {signpost}",
    "sensitive": "the question is marked as sensitive",
    "wish": "the asker wishes an expert",
    "degraded": "the search was not available ({why})",
    "vague": "the question is too vague to be searched or routed",
    "confident": "a fiche answers with a chance of {confidence:.0%}",
    "plausible": "fiches are offered as suggestions: confidence is not measured here yet, {confidence:.0%}",
    "unsure": "no fiche answers with enough confidence ({confidence:.0%})",
    "same_open": "somebody else waits for an answer to the same question (likeness {likeness:.0%})",
    "same_answered": "the same question has been answered before (likeness {likeness:.0%})",
    "no_roster": "no expert is competent and free",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """`facts` is JSON-able; language, theme and country are codes."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, **self.facts}


def describe(reason: Reason) -> str:
    """The reason in English, for the console and logs; letters have their own words in every language."""
    sentence = SENTENCES.get(reason.code)
    if sentence is None:
        return reason.code.replace("_", " ")
    facts = {name: _in_words(name, fact) for name, fact in reason.facts.items()}
    return sentence.format_map(facts)


def _in_words(name: str, fact: Any) -> Any:
    if name == "language":
        return Locale("en").languages.get(fact, str(fact).upper())
    if name == "country":
        return Locale("en").territories.get(fact, fact)
    return fact.replace("-", " ") if name == "theme" else fact
