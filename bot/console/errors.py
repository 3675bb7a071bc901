"""Errors in words: one table from what went wrong to a status and a page that says what to do."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from sqlalchemy.exc import DBAPIError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import URL
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response

from bot.console.access import Denied, who_is
from bot.console.visits import Desk, Visit, set_cookie
from routing.errors import NotFound, RoutingError, StaleAction
from routing.letters.labels import N_

log = logging.getLogger(__name__)
HEADINGS = {
    400: N_("That could not be understood"),
    403: N_("Not allowed"),
    404: N_("Nothing here"),
    405: N_("Not possible here"),
    409: N_("Somebody else was faster"),
    413: N_("Too long"),
    415: N_("That could not be understood"),
    422: N_("Not yet"),
    500: N_("Something went wrong on our side"),
    503: N_("The database cannot be reached"),
}


class Failed(Exception):
    """What a page could not do, with what its writer had typed, so that nothing typed is lost."""

    def __init__(self, error: RoutingError, typed: str = "", back: str = "", happened: tuple[Any, ...] = ()):
        super().__init__(str(error))
        self.error, self.typed, self.back, self.happened = error, typed, back, happened


async def _denied(request: Request, error: Exception) -> Response:
    assert isinstance(error, Denied)
    if error.status != 401 or _is_program(request):
        return await page(request, error.status, error.why)
    if request.headers.get("hx-request") == "true":
        return PlainTextResponse("Please sign in.", 401, {"HX-Redirect": "/sign-in"})
    response = RedirectResponse("/sign-in", 303)
    if target := _wanted(request):
        set_cookie(response, request.app.state.desk, "next", target[:500], seconds=900)
    return response


def _wanted(request: Request) -> str:
    """Where to go on after signing in: to the page that was asked for, or on which the form stood that could not be sent."""
    page = request.url if request.method == "GET" else URL(request.headers.get("referer", ""))
    if page.netloc != request.url.netloc:
        return ""
    return page.path + (f"?{page.query}" if page.query else "")


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = {404: "There is nothing at this address. It may be mistyped, or what was here is gone."}
    response = await page(request, error.status_code, words.get(error.status_code, str(error.detail)))
    response.headers.update(error.headers or {})
    return response


async def _routing(request: Request, error: Exception) -> Response:
    failed = error if isinstance(error, Failed) else None
    cause = failed.error if failed else error
    status = 404 if isinstance(cause, NotFound) else 409 if isinstance(cause, StaleAction) else 422
    facts: dict[str, Any] = {"typed": failed.typed, "back": failed.back, "happened": failed.happened} if failed else {}
    return await page(request, status, str(cause), **facts)


async def _database(request: Request, error: Exception) -> Response:
    log.error("console: %s", type(error).__name__)
    words = "Nothing is lost: mail and messages wait outside until it is back. Try again in a minute."
    return await page(request, 503, words, bare=True)


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("console %s %s", request.method, type(error).__name__, exc_info=error)
    return await page(request, 500, "The error has been recorded. Nothing was changed; try again.", bare=True)


HANDLERS: Mapping[Any, Callable[[Request, Exception], Awaitable[Response]]] = {
    Denied: _denied,
    Failed: _routing,
    RoutingError: _routing,
    HTTPException: _http,
    DBAPIError: _database,
    Exception: _unexpected,
}


async def page(
    request: Request,
    status: int,
    why: str,
    *,
    typed: str = "",
    back: str = "",
    happened: tuple[Any, ...] = (),
    bare: bool = False,
) -> Response:
    """An error page; `bare` asks the database for nothing."""
    if _is_program(request):
        return JSONResponse({"error": why}, status, {"www-authenticate": "Bearer"} if status == 401 else None)
    desk: Desk = request.app.state.desk
    facts: dict[str, Any] = {
        "heading": HEADINGS.get(status, N_("Not possible")),
        "why": why,
        "typed": typed,
        "back": back,
        "happened": happened,
    }
    return HTMLResponse(await run_in_threadpool(_render, desk, request, facts, bare), status)


def _is_program(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def _render(desk: Desk, request: Request, facts: dict[str, Any], bare: bool) -> str:
    who = None
    if not bare:
        try:
            who = who_is(desk, request)
        except DBAPIError:
            who = None
    visit = Visit(request, desk, desk.clock.now(), who, {})
    words = visit.words
    heading = facts["heading"]
    said = {"heading": words.say(heading), "why": words.sentence(facts["why"])}
    return desk.pages.render(visit, "error.html", **facts | said)
