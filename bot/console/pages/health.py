"""Health: the signs of life of every loop, the index, what waits, and what may not have arrived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from starlette.responses import Response

from bot.console.access import WATCH, Guarded
from bot.console.visits import Visit
from bot.console.words import Words
from routing import checks, migrate, overviews
from routing.heartbeats import SILENT_AFTER
from routing.letters.labels import N_

TROUBLE = N_("problem")
# What the search says of itself: `retrieval.values.IndexStatus`.
INDEX = {
    "model": N_("model"),
    "fiches": N_("fiches in it"),
    "passages": N_("passages of fiches"),
    "generation": N_("generation"),
    "degraded": TROUBLE,
    "suggest_only": N_("fiches are only suggested"),
    "languages": N_("passages by language"),
}


def health(visit: Visit) -> Response:
    with visit.store.snapshot() as session:
        beats = overviews.heartbeats(session)
        facts: dict[str, Any] = {
            "beats": [(beat, visit.now - beat.at > SILENT_AFTER) for beat in beats],
            "letters": overviews.outbox_counts(session),
            "held": overviews.held_count(session),
            "backlog": overviews.backlog(session, visit.now),
            "fiches": overviews.fiche_counts(session),
            "breaches": checks.breaches(session, visit.now, quick=True),
        }
    service = visit.desk.service
    facts |= {
        "alive": service.is_alive(),
        "index": _index(visit),
        "schema": migrate.current(visit.store),
        "newest": migrate.newest(),
    }
    return visit.show("health.html", channels=sorted(service.channels), database=_database(visit), **facts)


def _index(visit: Visit) -> list[tuple[str, str]]:
    """What the searcher says of itself, whatever it says; a broken index must not break this page."""
    words = visit.words
    try:
        status: Any = visit.desk.service.searcher.status()
    except Exception as error:
        return [(words.say(TROUBLE), f"{type(error).__name__}: {error}")]
    if not is_dataclass(status):
        return [(words.say("State"), str(status))]
    return [(words.say(INDEX.get(one.name, one.name)), _in_words(getattr(status, one.name), words)) for one in fields(status)]


def _in_words(value: Any, words: Words) -> str:
    if value is None:
        return words.say("none")
    if isinstance(value, Mapping):
        return ", ".join(f"{words.language(key)} {count}" for key, count in sorted(value.items()))
    if isinstance(value, bool):
        return words.say("yes") if value else words.say("no")
    return words.sentence(str(value))


def _database(visit: Visit) -> str:
    return "SQLite" if visit.store.is_sqlite else "PostgreSQL"


ROUTES = (Guarded("/health", health, WATCH),)
