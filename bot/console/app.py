"""The console as one ASGI application: its routes with their rules, its errors in words, its headers.

In: the running service. Out: a `Console` whose `app` a web server runs. `page` renders a page of somebody else's (the
demo's telephone, for instance) inside our layout.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from markupsafe import Markup, escape
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from bot.console import access, errors
from bot.console.pages import (
    api,
    api_description,
    bulk,
    button,
    directory,
    drafting,
    entry_forms,
    fiche_api,
    fiche_choice,
    fiche_editor,
    fiches,
    health,
    held,
    keys,
    leaving,
    letters,
    notices,
    passkeys,
    persons,
    policy,
    previews,
    provider,
    public,
    question,
    question_acts,
    queue,
    record,
    reports,
    reviews,
    session,
    status,
    users,
    webhooks,
)
from bot.console.render import STATIC, Pages
from bot.console.security import SecureHeaders
from bot.console.visits import Desk, Place, Service, Visit
from routing.letters.labels import N_

EDITORS = frozenset({"admin", "coordinator"})
PLACES = (
    Place(N_("Queue"), "/queue", "queue"),
    Place(N_("Held mail"), "/held", "held"),
    Place(N_("Outbox"), "/outbox", "outbox"),
    Place(N_("Fiches"), "/fiches", "fiche"),
    Place(N_("Directory"), "/directory", "directory"),
    Place(N_("Reports"), "/reports", "chart"),
    Place(N_("Sample"), "/reviews", "check"),
    Place(N_("Record"), "/record", "record", EDITORS),
    Place(N_("Policy"), "/policy", "sliders"),
    Place(N_("Health"), "/health", "health"),
    Place(N_("People"), "/users", "person", frozenset({"admin"})),
)


class Console:
    """`app` is what a web server runs; `routes` are its addresses, for tests."""

    def __init__(self, inner: Starlette, desk: Desk):
        self.desk, self.routes = desk, inner.routes
        # Around everything, also around Starlette's own last-resort error page.
        self.app: ASGIApp = SecureHeaders(inner, is_secure=desk.is_secure)

    async def page(
        self, request: Request, title: str, body: Markup | str, *, wide: bool = False, status: int = 200
    ) -> HTMLResponse:
        """A page of somebody else's inside our layout. `body` is escaped unless it is `Markup`; scripts must be files."""
        return HTMLResponse(
            await run_in_threadpool(self._render, request, {"title": title, "body": escape(body), "wide": wide}), status
        )

    def _render(self, request: Request, facts: dict[str, Any]) -> str:
        visit = Visit(request, self.desk, self.desk.clock.now(), access.who_is(self.desk, request), {})
        return self.desk.pages.render(visit, "other.html", **facts)


def create_console(service: Service, extra_routes: Iterable[BaseRoute] = (), extra_places: Sequence[Place] = ()) -> Console:
    """The console of a service. Extra routes stand behind the same headers, but bring their own rules."""
    desk = Desk(service, Pages(), (*PLACES, *extra_places))
    app = Starlette(
        routes=[*own_routes(), *_channel_routes(service.channels.values()), *extra_routes],
        exception_handlers=errors.HANDLERS,
    )
    app.state.desk = desk
    return Console(app, desk)


def own_routes() -> list[BaseRoute]:
    """Every address of the console with its rule; whoever adds one must say who may use it."""
    entering = (session, passkeys, provider, button, status, public)
    asking = (queue, bulk, question, question_acts, fiche_choice, previews, held, letters)
    knowing = (drafting, fiches, fiche_editor, directory, entry_forms, leaving, reports, reviews, record)
    ruling = (policy, health, users, persons)
    programs = (keys, notices, webhooks, api, fiche_api, api_description)
    own = [route for part in (*entering, *asking, *knowing, *ruling, *programs) for route in part.ROUTES]
    return [*own, Mount("/static", StaticFiles(directory=STATIC), name="static")]


def _channel_routes(channels: Iterable[Any]) -> list[BaseRoute]:
    """Doors that channels bring along, such as Telegram's webhook: guarded by a secret of their own."""
    return [route for channel in channels for route in getattr(channel, "routes", None) or () if isinstance(route, Route | Mount)]


__all__ = ["Console", "Place", "Visit", "create_console", "own_routes"]
