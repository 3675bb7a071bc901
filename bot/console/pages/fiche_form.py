"""The form of a fiche: what is stored as its fields, what was typed, what is to be saved, and the lists to choose from."""

from __future__ import annotations

import re
from typing import Any

from bot.console.visits import BadForm, Visit
from bot.console.words import Words
from retrieval import ONE_OF, SECTIONS, SOME_OF
from routing.editing import Draft
from routing.facts import LONGEST
from routing.models import Fiche, FicheText
from routing.pasted import tidy_line

SHORT = ("country", "place", "owner", "author", "contact", "year_start", "year_end", "budget", "currency", "review_due")
BULLETS = "•·▪–- \t\u00a0\uf0b7"  # before an address that was pasted out of a list
FIGURE = ("value", "meaning", "source")
LINES = ("sources", "figures")
PLAIN = ("title", "summary", "translator", *SHORT, *ONE_OF, *LINES)
# Digits, perhaps with one of the marks that people put between thousands.
_WHOLE = re.compile(r"[0-9]{1,13}|[0-9]{1,3}(?:[ .,'’\u00a0\u202f][0-9]{3}){1,4}")


def choices(words: Words) -> dict[str, dict[str, str]]:
    """Each list of codes with its words."""
    return {name: {code: words.fact(name, code) for code in codes} for name, codes in {**ONE_OF, **SOME_OF}.items()}


def headings(words: Words) -> dict[str, str]:
    return {key: words.heading(key) for key in SECTIONS}


def as_form(fiche: Fiche, text: FicheText | None) -> dict[str, Any]:
    """A stored fiche as the editor's fields."""
    facts = fiche.facts
    return {
        "title": text.title if text else "",
        "summary": text.summary if text else "",
        "sections": dict(text.sections) if text else {},
        "translator": (text.translator if text else None) or "",
        "machine": bool(text and text.language in facts.get("machine", ())),
        "author_agreed": bool(facts.get("author_agreed")),
        "sources": "\n".join(facts.get("sources", ())),
        "figures": "\n".join(" | ".join(str(one.get(key, "")) for key in FIGURE) for one in facts.get("figures", ())),
        **{name: list(facts.get(name, ())) for name in SOME_OF},
        **{name: facts.get(name, "") for name in (*SHORT, *ONE_OF)},
    }


def typed(visit: Visit) -> dict[str, Any]:
    """What was typed, as the editor's fields."""
    told: dict[str, Any] = {name: visit.field(name) for name in PLAIN} | {name: visit.fields(name) for name in SOME_OF}
    told |= {name: visit.field(name) == "yes" for name in ("machine", "author_agreed")}
    return told | {"country": visit.field("country").strip().upper()} | {"sections": {key: visit.field(key) for key in SECTIONS}}


def draft(visit: Visit) -> Draft:
    """What is to be saved; raises `BadForm` for what is no number."""
    facts: dict[str, Any] = {
        "country": visit.field("country").strip().upper(),
        "currency": visit.field("currency").strip().upper(),
        "year_start": _year(visit, "year_start"),
        "year_end": _year(visit, "year_end"),
        "budget": _budget(visit),
        "review_due": visit.field("review_due").strip(),
        "sources": list(dict.fromkeys(line.lstrip(BULLETS) for line in _lines(visit, "sources"))),
        "figures": [_figure(line) for line in _lines(visit, "figures")] or None,
    }
    facts |= {name: tidy_line(visit.field(name))[:LONGEST] for name in ("place", "owner", "author", "contact")}
    facts["author_agreed"] = (facts["author"] != "" and visit.field("author_agreed") == "yes") or None
    facts |= {name: visit.field(name) for name in ONE_OF} | {name: list(dict.fromkeys(visit.fields(name))) for name in SOME_OF}
    return Draft(
        language=visit.field("language"),
        title=visit.field("title"),
        summary=visit.field("summary"),
        sections={key: visit.field(key) for key in SECTIONS},
        facts=facts,
        is_source=visit.field("is_source") == "yes",
        translator=visit.field("translator"),
        by_machine=visit.field("machine") == "yes",
    )


def _lines(visit: Visit, name: str) -> list[str]:
    return [line.strip() for line in visit.field(name).splitlines() if line.strip()]


def _figure(line: str) -> dict[str, str]:
    value, _, rest = line.partition("|")
    meaning, _, source = rest.rpartition("|")
    return dict(zip(FIGURE, (value.strip(), meaning.strip(), source.strip()), strict=True))


def _year(visit: Visit, name: str) -> int | None:
    told = visit.field(name).strip()
    if not told:
        return None
    if not told.isdecimal() or not 1900 <= int(told[:5]) <= 2100:
        raise BadForm("Write the year with four digits.", name)
    return int(told)


def _budget(visit: Visit) -> int | None:
    told = visit.field("budget").strip()
    if not told:
        return None
    if not _WHOLE.fullmatch(told):
        raise BadForm("Give the budget as a whole number, without cents.", "budget")
    return int(re.sub(r"\D", "", told))
