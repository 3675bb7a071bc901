"""Health: the signs of life of every loop, the index, what waits, and what may not have arrived."""

from __future__ import annotations

from dataclasses import asdict, is_dataclass
from typing import Any

from starlette.responses import Response

from bot.console.access import WATCH, Guarded
from bot.console.visits import Visit
from routing import migrate, overviews
from routing.heartbeats import SILENT_AFTER


def health(visit: Visit) -> Response:
    with visit.store.snapshot() as session:
        beats = overviews.heartbeats(session)
        facts: dict[str, Any] = {
            "beats": [(beat, visit.now - beat.at > SILENT_AFTER) for beat in beats],
            "letters": overviews.outbox_counts(session),
            "held": overviews.held_count(session),
            "backlog": overviews.backlog(session, visit.now),
            "fiches": overviews.fiche_counts(session),
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
    try:
        status: Any = visit.desk.service.searcher.status()
    except Exception as error:
        return [("trouble", f"{type(error).__name__}: {error}")]
    told = asdict(status) if is_dataclass(status) and not isinstance(status, type) else status
    if not isinstance(told, dict):
        return [("status", str(told))]
    return [(str(name).replace("_", " "), "none" if value is None else str(value)) for name, value in told.items()]


def _database(visit: Visit) -> str:
    return "SQLite" if visit.store.is_sqlite else "PostgreSQL"


ROUTES = (Guarded("/health", health, WATCH),)
