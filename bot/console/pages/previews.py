"""What people will read before it goes to them: an answer being written, and a fiche as it is offered. Nothing changes."""

from __future__ import annotations

from starlette.responses import Response

from bot.console.access import ACT, WATCH, Guarded
from bot.console.errors import Failed
from bot.console.visits import Visit
from routing import overviews, previewing, queries
from routing.errors import NotFound, RoutingError
from routing.languages import LANGUAGES

MEDIA = ("telegram", "email")


def answer(visit: Visit) -> Response:
    """The letter that these words would make; as a part of the page for htmx, else as a page of its own."""
    number, text = visit.path("number"), visit.field("text")
    back = f"/questions/{number}"
    try:
        with visit.store.snapshot() as session:
            question = queries.by_number(session, number)
            if question is None:
                raise NotFound(f"There is no question {number}.")
            waiting = visit.number("answer") if visit.field("answer") else None
            found = previewing.of_answer(session, question, text, waiting)
    except RoutingError as error:
        raise Failed(error, text, back) from error
    template = "preview_letter.html" if visit.is_fragment else "preview.html"
    return visit.show(template, previews=[found], back=back, title=number)


def fiche(visit: Visit) -> Response:
    """The letters that offer a fiche, as a chat and as a mail show them to somebody who writes in `language`."""
    slug = visit.path("slug")
    with visit.store.snapshot() as session:
        found = overviews.fiche(session, slug)
        if found is None or not found.texts:
            raise NotFound(f"There is no fiche {slug!r}.")
        language = visit.asked("language", LANGUAGES) or visit.language
        previews = [previewing.of_fiche(visit.office, found, language, medium) for medium in MEDIA]
        texts = {text.language: text.title for text in found.texts}
        title = texts.get(language) or texts.get(visit.language) or texts[found.source_language]
    return visit.show("preview.html", previews=previews, back=f"/fiches/{slug}", title=title, language=language)


ROUTES = (
    Guarded("/questions/{number}/preview", answer, ACT, "POST"),
    Guarded("/fiches/{slug}/preview", fiche, WATCH),
)
