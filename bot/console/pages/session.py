"""Signing in and out: ask for a link, open it, press the button; and the way in and the signs of life of the console."""

from __future__ import annotations

from starlette.background import BackgroundTask
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from bot.console import ceremony
from bot.console.access import ANYBODY, BEARER, WATCH, Guarded
from bot.console.errors import Failed
from bot.console.provider import origin_of
from bot.console.security import content_security
from bot.console.visits import BadForm, Visit, is_local, set_cookie
from routing import migrate, signin
from routing.languages import LANGUAGES


def front(visit: Visit) -> Response:
    return RedirectResponse("/queue" if visit.who else "/sign-in", 303)


def ask(visit: Visit) -> Response:
    return sign_in_page(visit)


def sign_in_page(visit: Visit, status: int = 200, *, sent: bool = False, busy: bool = False, refused: bool = False) -> Response:
    """The ways in; `refused`: a passkey or a provider was tried, and did not prove who is there."""
    has_passkeys = ceremony.site_of(visit.desk.base_url, visit.office.network) is not None
    provider = visit.desk.service.settings.provider
    facts = {"sent": sent, "busy": busy, "refused": refused, "has_passkeys": has_passkeys}
    response = visit.show_form("sign_in.html", status, **facts, provider=provider.name if provider.issuer else "")
    if provider.issuer:  # browsers hold what a form leads to against the page's rule, redirects included
        response.headers["content-security-policy"] = content_security(origin_of(provider.issuer))
    return response


def send(visit: Visit) -> Response:
    """The same page for known and unknown addresses; what differs happens after the answer has gone out."""
    host = visit.request.client.host if visit.request.client else "unknown"
    if not visit.desk.throttle.allows(host, visit.now):
        return sign_in_page(visit, 429, busy=True)
    response = sign_in_page(visit, sent=True)
    response.background = BackgroundTask(_send_link, visit, visit.field("email")[:254])
    return response


def open_link(visit: Visit) -> Response:
    """Opening a link changes nothing: mail scanners open every link they see."""
    with visit.store.snapshot() as session:
        good = signin.is_good(session, visit.path("secret"), visit.now)
    return visit.show_form("sign_in_link.html", 200 if good else 410, good=good)


def enter(visit: Visit) -> Response:
    hours = float(visit.desk.service.settings.console.session_hours)
    earlier = visit.request.cookies.get(visit.desk.cookie_name("session"))
    with visit.store.transaction() as session:
        cookie = signin.sign_in(session, visit.path("secret"), visit.now, hours=hours, instead_of=earlier)
    if cookie is None:
        return visit.show_form("sign_in_link.html", 410, good=False)
    return let_in(visit, cookie)


def let_in(visit: Visit, cookie: str) -> Response:
    """To the page that was wanted, with the new session's cookie."""
    hours = float(visit.desk.service.settings.console.session_hours)
    wanted = visit.request.cookies.get(visit.desk.cookie_name("next"), "")
    response = RedirectResponse(wanted if is_local(wanted) else "/queue", 303)
    set_cookie(response, visit.desk, "session", cookie, seconds=int(hours * 3600))
    set_cookie(response, visit.desk, "next", "", seconds=0)
    return response


def leave(visit: Visit) -> Response:
    with visit.store.transaction() as session:
        signin.sign_out(session, visit.request.cookies[visit.desk.cookie_name("session")], visit.now)
    response = RedirectResponse("/sign-in?told=signed-out", 303)
    set_cookie(response, visit.desk, "session", "", seconds=0)
    # No page of this session may come back from the browser's memory (https://www.w3.org/TR/clear-site-data/).
    response.headers["clear-site-data"] = '"cache"'
    return response


def language(visit: Visit) -> Response:
    """The language in which this user reads the console and gets letters; back to the page on which it was chosen."""
    wanted, back = visit.field("language"), visit.field("back")
    if wanted not in LANGUAGES:
        raise Failed(BadForm("Choose one of the languages."), back="/queue")
    with visit.store.transaction() as session:
        signin.choose_language(session, visit.me.user_id, wanted)
    return visit.go(back if is_local(back) else "/queue")


def alive(visit: Visit) -> Response:
    is_alive = visit.desk.service.is_alive()
    return PlainTextResponse("alive\n" if is_alive else "a loop has stopped\n", 200 if is_alive else 503)


def ready(visit: Visit) -> Response:
    """Ready for traffic: the database answers and has the schema of this version."""
    is_ready = visit.desk.service.is_alive() and migrate.is_current(visit.store)
    return PlainTextResponse("ready\n" if is_ready else "not ready\n", 200 if is_ready else 503)


def _send_link(visit: Visit, email: str) -> None:
    with visit.store.transaction() as session:
        sent = signin.request_link(session, visit.office, email, visit.now)
    if sent:
        visit.desk.service.wake()


ROUTES = (
    Guarded("/", front, ANYBODY),
    Guarded("/sign-in", ask, ANYBODY),
    Guarded("/sign-in", send, ANYBODY, "POST"),
    Guarded("/sign-in/{secret:str}", open_link, ANYBODY),
    Guarded("/sign-in/{secret:str}", enter, ANYBODY, "POST"),
    Guarded("/language", language, WATCH, "POST"),
    Guarded("/sign-out", leave, WATCH, "POST"),
    Guarded("/healthz", alive, BEARER),
    Guarded("/readyz", ready, BEARER),
)
