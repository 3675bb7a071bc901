"""Keys for programs: each user makes, sees and ends their own. A new secret is shown once, on the answer to its form."""

from __future__ import annotations

from starlette.responses import Response

from bot.console.access import WATCH, Guarded
from bot.console.changing import changing
from bot.console.visits import Visit
from routing import keys


def every(visit: Visit) -> Response:
    return _shown(visit, "")


def make(visit: Visit) -> Response:
    may = {"read": True, "act": visit.may_act, "manage": visit.me.role == "admin"}
    scopes = [scope for scope in visit.fields("scope") if may.get(scope, True)]
    with changing(visit, "/keys") as session:
        days = visit.number("days")
        secret = keys.make(session, visit.me.user_id, visit.field("name"), scopes, days, visit.now)
    return _shown(visit, secret)


def revoke(visit: Visit) -> Response:
    with visit.store.transaction() as session:
        keys.revoke(session, visit.me.user_id, visit.number_in_path("key"), visit.now)
    return visit.go("/keys", "key-revoked")


def _shown(visit: Visit, secret: str) -> Response:
    with visit.store.snapshot() as session:
        mine = keys.of(session, visit.me.user_id)
    return visit.show("keys_page.html", keys=mine, secret=secret, scopes=keys.SCOPES)


ROUTES = (
    Guarded("/keys", every, WATCH),
    Guarded("/keys", make, WATCH, "POST"),
    Guarded("/keys/{key:int}/revocation", revoke, WATCH, "POST"),
)
