"""Who may do what: the one layer through which every request passes.

Every route declares its rule. In: a request and the rule. Out: a `Visit`, or `Denied`. Whatever cannot be judged is denied.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.console import objects
from bot.console.bodies import read_form, read_json
from bot.console.visits import Desk, Visit
from routing import keys, signin

if TYPE_CHECKING:
    from routing.signin import SignedIn

Page = Callable[[Visit], Response]


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may come in (`roles`; None: anybody), and by what a POST proves that it was meant.

    `proof`: "session" the token of the signed-in session, "form" a token that cookie and form share (nobody is signed in
    yet), "link" the unguessable id in the address itself. The Origin is checked in all these cases. "key": a program's own key
    in the Authorization header, which no browser sends by itself; `scope` is what the key must allow. `whole`: only for who
    looks after all of the network.
    """

    name: str
    roles: frozenset[str] | None
    proof: str = "session"
    scope: str = ""
    whole: bool = False


ANYBODY = Rule("anybody", None, "form")
BEARER = Rule("bearer", None, "link")
WATCH_ROLES = frozenset({"admin", "coordinator", "observer"})
WATCH = Rule("watch", WATCH_ROLES)
ACT_ROLES = frozenset({"admin", "coordinator"})
SCOPE_ROLES = {"act": ACT_ROLES, "manage": frozenset({"admin"})}  # of whoever made a key, for what it does besides reading
ACT = Rule("act", ACT_ROLES)
WHOLE = Rule("act on the whole network", ACT_ROLES, whole=True)
ADMIN = Rule("admin", frozenset({"admin"}))


class Denied(Exception):
    """This request may not do that; `status` is 401 when signing in would help, else 403."""

    def __init__(self, why: str, status: int = 403):
        super().__init__(why)
        self.why, self.status = why, status


class Guarded(Route):
    """A route with its rule. The page is a plain function; it runs in a thread, since the store is synchronous."""

    def __init__(self, path: str, page: Page, rule: Rule, method: str = "GET"):
        async def endpoint(request: Request) -> Response:
            visit = await admit(request, rule)
            return await run_in_threadpool(_enter, page, visit)

        super().__init__(path, endpoint, methods=[method], name=f"{method} {path}", include_in_schema=False)
        self.rule, self.page = rule, page
        if nameless := objects.unknown(self.param_convertors):
            raise ValueError(f"{path}: say in bot.console.objects whose {', '.join(nameless)} is")


def _enter(page: Page, visit: Visit) -> Response:
    """The page, once everything its address names is known to be there for this visitor."""
    if visit.who is not None and visit.request.path_params:
        with visit.store.snapshot() as session:
            objects.check(session, visit.who, visit.request.path_params)
    return page(visit)


async def admit(request: Request, rule: Rule) -> Visit:
    """The visit, when the rule allows it; raises `Denied`."""
    desk: Desk = request.app.state.desk
    if rule.proof == "key":
        return await _admit_program(request, rule, desk)
    who = await run_in_threadpool(who_is, desk, request)
    if rule.roles is not None and who is None:
        raise Denied("Please sign in.", 401)
    if rule.roles is not None and (who is None or who.role not in rule.roles):
        raise Denied("Your role does not allow this. Ask an administrator if you need it.")
    if rule.whole and who is not None and not who.care.is_whole:
        raise Denied("You look after certain authorities only. Ask an administrator for this.")
    form = await read_form(request) if request.method == "POST" else {}
    visit = Visit(request, desk, desk.clock.now(), who, form)
    if who is not None and signin.is_seen_anew(who, visit.now) and not visit.is_fragment:
        await run_in_threadpool(_note_use, visit)
    if request.method == "POST":
        _check_origin(request, desk)
        _check_token(visit, rule)
    return visit


async def _admit_program(request: Request, rule: Rule, desk: Desk) -> Visit:
    """A program with a key; a cookie is worth nothing here, so that no page of another site can use one."""
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    found = await run_in_threadpool(_key, desk, secret.strip()) if kind.lower() == "bearer" else None
    if found is None:
        raise Denied("Send a valid key: Authorization: Bearer rrm_…", 401)
    who, scopes = found
    if rule.scope not in scopes or who.role not in SCOPE_ROLES.get(rule.scope, WATCH_ROLES):
        raise Denied("This key does not allow that.")
    form = await read_json(request) if request.method == "POST" else {}
    return Visit(request, desk, desk.clock.now(), who, form)


def _key(desk: Desk, secret: str) -> tuple[SignedIn, frozenset[str]] | None:
    with desk.store.snapshot() as session:
        return keys.who(session, secret, desk.clock.now())


def who_is(desk: Desk, request: Request) -> SignedIn | None:
    cookie = request.cookies.get(desk.cookie_name("session"))
    if not cookie:
        return None
    with desk.store.snapshot() as session:
        return signin.who(session, cookie, desk.clock.now())


def _note_use(visit: Visit) -> None:
    """A person has opened a page; one that only refreshes itself shows nobody at work."""
    with visit.store.transaction() as session:
        signin.note_use(session, visit.me.session_id, visit.now)


def _check_origin(request: Request, desk: Desk) -> None:
    """A browser names the page's origin on every POST; another site's, or none at all, is refused."""
    origin = urlsplit(request.headers.get("origin", ""))
    own = {request.headers.get("host", ""), urlsplit(desk.base_url).netloc}
    if origin.scheme not in ("http", "https") or not origin.netloc or origin.netloc not in own:
        raise Denied("This form was not sent from our own pages. Open the page again and try once more.")
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Denied("This form was sent from another site.")


def _check_token(visit: Visit, rule: Rule) -> None:
    if rule.proof == "link":
        return
    told = visit.field("csrf") or visit.request.headers.get("x-csrf", "")
    if rule.proof == "session":
        expected = visit.who.csrf if visit.who else ""
    else:
        expected = visit.request.cookies.get(visit.desk.cookie_name("form"), "")
    if not expected or not hmac.compare_digest(told.encode(), expected.encode()):
        raise Denied("This page was open for too long to be sent. Open it again and try once more.")
