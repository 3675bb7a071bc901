"""Published fiches to propose for a question: those that say what a coordinator types, then those that come near it in meaning.

Before anything is typed, those that come nearest to the question itself; whatever language any of them is in.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.console.access import ACT, Guarded
from bot.console.pages.question import as_seen
from bot.console.visits import Visit
from routing import overviews, queries
from routing.errors import NotFound
from routing.models import Fiche, Question

MOST_BY_WORDS, MOST_NEAR = 8, 6


def fiches(visit: Visit) -> Response:
    asked = visit.asked("words").strip()
    with visit.store.snapshot() as session:
        known = queries.by_number(session, visit.path("number"))
        if known is None:
            raise NotFound("There is no such question.")
        saying = overviews.fiches(session, ("published",), asked)[:MOST_BY_WORDS] if asked else ()
    slugs = _near(visit, known, asked)
    with visit.store.snapshot() as session:
        near = _published(session, slugs, but={one.slug for one in saying})
        titles = queries.titles(session, {one.slug for one in (*saying, *near)})
    template = "fiches_found.html" if visit.is_fragment else "fiche_choices.html"
    found = (*saying, *near)
    return visit.show(template, found=found, near=near, titles=titles, asked=asked, question=known, **as_seen(visit, known))


def _near(visit: Visit, known: Question, asked: str) -> Sequence[str]:
    """Slugs, nearest first; none while the search cannot be used, and then words still find theirs."""
    searcher = visit.desk.service.searcher
    if searcher is None:
        return ()
    found = searcher.search(asked or known.full_text, language=None if asked else known.language, limit=MOST_NEAR)
    return [match.fiche for match in found.matches]


def _published(session: Session, slugs: Sequence[str], but: set[str]) -> list[Fiche]:
    """The index may be a moment behind: what is no longer published is left out."""
    found = {one.slug: one for one in overviews.published(session, slugs)}
    return [found[slug] for slug in slugs if slug in found and slug not in but]


ROUTES = (Guarded("/questions/{number}/fiches", fiches, ACT),)
