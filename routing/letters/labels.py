"""Words for codes: themes, kinds of authority, states, tiers, roles, reasons for a choice, and the bot's commands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from routing.languages import LANGUAGES
from routing.letters.catalogues import known, translations
from routing.letters.speech import country_name, inline, language_name


def N_(text: str) -> str:
    """Marks a text for the catalogue without translating it yet."""
    return text


LABELS: Mapping[str, str] = {
    # themes
    "apprenticeship-dual": N_("apprenticeships and dual training"),
    "neet-early-leaving": N_("young people out of work and training, early leaving"),
    "adult-upskilling": N_("upskilling of adults"),
    "migrants-language": N_("migrants and language learning"),
    "funding-scholarships": N_("funding and scholarships"),
    "infrastructure": N_("buildings and equipment"),
    "governance-partnerships": N_("governance and partnerships"),
    "quality-assurance": N_("quality assurance"),
    "recognition": N_("recognition and validation of skills"),
    "mobility": N_("mobility abroad"),
    "guidance": N_("guidance and counselling"),
    "employment-services": N_("employment services"),
    "digital-skills": N_("digital skills"),
    "green-skills": N_("green skills"),
    "teachers-trainers": N_("teachers and trainers"),
    "inclusion": N_("inclusion"),
    # kinds of authority
    "municipality": N_("municipality"),
    "county": N_("county or province"),
    "region": N_("region"),
    "school-inspectorate": N_("education directorate or school inspectorate"),
    "vet-provider": N_("VET school or training provider"),
    "university": N_("university"),
    "chamber": N_("chamber of commerce, crafts or industry"),
    "employer-body": N_("employers' organisation"),
    "ngo": N_("non-governmental organisation"),
    "eu-network": N_("European network"),
    "other": N_("other body"),
    # states of a question, of an assignment, of a fiche
    "received": N_("received"),
    "proposed": N_("practices proposed"),
    "assigned": N_("with an expert"),
    "answered": N_("answer given"),
    "closed": N_("closed"),
    "offered": N_("offered"),
    "accepted": N_("accepted"),
    "declined": N_("declined"),
    "lapsed": N_("passed on, unanswered"),
    "withdrawn": N_("withdrawn"),
    "bounced": N_("mail not deliverable"),
    "draft": N_("draft"),
    "review": N_("in review"),
    "published": N_("published"),
    "retired": N_("retired"),
    # tiers
    "urgent": N_("urgent"),
    "standard": N_("standard"),
    "extended": N_("extended"),
    # people
    "asker": N_("asker"),
    "expert": N_("expert"),
    "coordinator": N_("coordinator"),
    "admin": N_("administrator"),
    "observer": N_("observer"),
    # whose turn it is, as the asker reads it
    "waiting-us": N_("with us"),
    "waiting-asker": N_("waiting for you"),
    "waiting-expert": N_("waiting for an expert"),
    "waiting-coordinator": N_("with a coordinator"),
    "waiting-nobody": N_("nothing left to do"),
}
_SAME = {
    "county-province": "county",
    "province": "county",
    "school-inspectorate-education-directorate": "school-inspectorate",
    "county-council": "county",
    "education-directorate": "school-inspectorate",
    "inspectorate": "school-inspectorate",
    "vet-school": "vet-provider",
    "school": "vet-provider",
    "employers": "employer-body",
    "network": "eu-network",
}

REASONS: Mapping[str, str] = {
    "theme": N_("theme: %(theme)s"),
    "practice": N_("a practice of your authority: %(title)s"),
    "profile": N_("the experience of your authority"),
    "language": N_("language of the question: %(language)s"),
    "bridge_language": N_("common language: %(language)s"),
    "no_shared_language": N_("no common language"),
    "country": N_("country: %(country)s"),
    "other_country": N_("the view from another country: %(country)s"),
    "quick": N_("quick answers so far"),
    "capacity": N_("open questions: %(open)s of at most %(of)s"),
    "next_on_ladder": N_("next in line at the authority"),
    "suggested": N_("a colleague proposed you"),
    "coordinator_choice": N_("chosen by a coordinator"),
}

_NOT_FOR_THE_CHOSEN = frozenset({"capacity", "quick", "bridge_language", "no_shared_language"})

_COMMANDS: Mapping[str, str] = {
    "start": N_("Begin, and choose your language"),
    "ask": N_("Ask a question"),
    "status": N_("Where your questions stand"),
    "language": N_("Change the language"),
    "forget": N_("Erase your data"),
    "export": N_("Get a copy of your data"),
    "stop": N_("Stop all messages to you"),
    "help": N_("How it works"),
}


def label(code: str, language: str) -> str:
    """The words for a code in a language, however it is spelt ("VET provider", "vet-provider"); an unknown one as it is."""
    plain = re.sub(r"[^a-z]+", "-", code.lower()).strip("-")
    text = LABELS.get(_SAME.get(plain, plain))
    return translations(known(language)).gettext(text) if text else code.replace("-", " ").replace("_", " ")


def reason_words(code: str, language: str, /, **facts: Any) -> str:
    """Why somebody was chosen, in words. Codes of themes, languages and countries among the facts are put into words here.

    An unknown code is shown as it is. Raises TypeError when the sentence needs a fact that is missing.
    """
    say = translations(known(language))
    try:
        said = {name: _in_words(name, value, language) for name, value in facts.items()}
        if code == "answered_before":
            count = int(facts["count"])
            return say.ngettext("%(count)s similar question answered", "%(count)s similar questions answered", count) % said
        return say.gettext(REASONS[code]) % said if code in REASONS else label(code, language)
    except KeyError as missing:
        raise TypeError(f"reason {code!r} lacks {missing.args[0]}") from missing


def reasons_for_the_chosen(reasons: Iterable[str | Mapping[str, Any]], language: str) -> list[str]:
    """What an expert is told of why they were chosen: words as they are, stored reasons {"code", facts…} put into words."""
    stored = [reason for reason in reasons if isinstance(reason, str) or reason["code"] not in _NOT_FOR_THE_CHOSEN]
    return [reason if isinstance(reason, str) else _reason(reason, language) for reason in stored]


def commands(language: str) -> dict[str, str]:
    """Command name -> what it does, in the order of the menu."""
    say = translations(known(language))
    return {name: say.gettext(text) for name, text in _COMMANDS.items()}


class _CommandsByLanguage(Mapping[str, Mapping[str, str]]):
    """Reads a language's catalogue only when that language is asked for."""

    def __getitem__(self, language: str) -> Mapping[str, str]:
        return commands(language)

    def __iter__(self) -> Iterator[str]:
        return iter(LANGUAGES)

    def __len__(self) -> int:
        return len(LANGUAGES)


COMMANDS: Mapping[str, Mapping[str, str]] = _CommandsByLanguage()


def _reason(reason: Mapping[str, Any], language: str) -> str:
    return reason_words(reason["code"], language, **{name: fact for name, fact in reason.items() if name != "code"})


def _in_words(name: str, value: Any, language: str) -> str:
    if name == "theme":
        return label(str(value), language)
    if name == "language":
        return language_name(str(value), language)
    if name == "country":
        return country_name(str(value), language)
    return inline(str(value), language, 120) if name == "title" else str(value)
