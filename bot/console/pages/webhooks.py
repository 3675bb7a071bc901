"""Programs that are told of events: administrators name an address, see how it fares, try it, end it. A secret is shown once.

The same by the API with a key that manages: its answers are JSON, its secret stands in the answer that made it.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from bot.console.access import ADMIN, Guarded, Rule
from bot.console.changing import changing
from bot.console.pages.api import moment
from bot.console.visits import Visit
from bot.outward import NotAllowed, refuse
from routing import webhooks
from routing.models import Webhook

NOT_PUBLIC = "The address leads into a private network, which the settings do not allow."
MANAGE = Rule("key that manages", None, "key", "manage")


def every(visit: Visit) -> Response:
    return _shown(visit, "")


def make(visit: Visit) -> Response:
    with changing(visit, "/webhooks", visit.field("url")) as session:
        _, secret = _made(session, visit, visit.fields("event"))
    return _shown(visit, secret)


def remove(visit: Visit) -> Response:
    with visit.store.transaction() as session:
        webhooks.remove(session, visit.number_in_path("webhook"), by=visit.me.actor, now=visit.now)
    return visit.go("/webhooks", "webhook-removed")


def resume(visit: Visit) -> Response:
    with visit.store.transaction() as session:
        webhooks.resume(session, visit.number_in_path("webhook"), by=visit.me.actor, now=visit.now)
    return visit.go("/webhooks", "webhook-resumed")


def test(visit: Visit) -> Response:
    with changing(visit, "/webhooks") as session:
        webhooks.test(session, visit.number_in_path("webhook"), by=visit.me.actor, now=visit.now)
    return visit.go("/webhooks", "webhook-tested")


def listed(visit: Visit) -> Response:
    with visit.store.snapshot() as session:
        return JSONResponse({"webhooks": [_told(one) for one in webhooks.every(session)], "events": list(webhooks.NAMES)})


def added(visit: Visit) -> Response:
    with visit.store.transaction() as session:
        made, secret = _made(session, visit, visit.field("events").split())
        told = _told(made)
    return JSONResponse(told | {"secret": secret}, 201)


def removed(visit: Visit) -> Response:
    with visit.store.transaction() as session:
        webhooks.remove(session, visit.number_in_path("webhook"), by=visit.me.actor, now=visit.now)
    return JSONResponse({"id": visit.number_in_path("webhook"), "ended": "removed"})


def _made(session: Session, visit: Visit, events: list[str]) -> tuple[Webhook, str]:
    url = visit.field("url").strip()
    refuse_early(url, visit.desk.service.settings.webhooks.private_networks)
    return webhooks.make(session, visit.me.user_id, visit.field("name"), url, events, visit.now)


def refuse_early(url: str, allowed: Sequence[str]) -> None:
    """What sending would refuse whatever the name leads to, said while somebody is there to mend it. Raises `NotAWebhook`."""
    parts = urlsplit(url)
    try:
        refuse(parts.scheme, ip_address(parts.hostname or ""), [ip_network(one) for one in allowed])
    except NotAllowed as error:
        raise webhooks.NotAWebhook(NOT_PUBLIC if parts.scheme == "https" else webhooks.NOT_HTTPS) from error
    except ValueError as error:  # a name: where it leads is looked up at each sending
        if parts.scheme == "http" and not allowed:
            raise webhooks.NotAWebhook(webhooks.NOT_HTTPS) from error


def _told(one: Webhook) -> dict[str, Any]:
    moments = {"created_at": moment(one.created_at), "failing_since": moment(one.failing_since)}
    return {"id": one.id, "name": one.name, "url": one.url, "events": one.events, "ended": one.ended_because} | moments


def _shown(visit: Visit, secret: str) -> Response:
    with visit.store.snapshot() as session:
        there = [(one, webhooks.latest(session, one.id), webhooks.is_used(session, one.id)) for one in webhooks.every(session)]
    return visit.show("webhooks.html", there=there, events=webhooks.NAMES, secret=secret)


ROUTES = (
    Guarded("/webhooks", every, ADMIN),
    Guarded("/webhooks", make, ADMIN, "POST"),
    Guarded("/webhooks/{webhook:int}/removal", remove, ADMIN, "POST"),
    Guarded("/webhooks/{webhook:int}/resumption", resume, ADMIN, "POST"),
    Guarded("/webhooks/{webhook:int}/test", test, ADMIN, "POST"),
    Guarded("/api/v1/webhooks", listed, MANAGE),
    Guarded("/api/v1/webhooks", added, MANAGE, "POST"),
    Guarded("/api/v1/webhooks/{webhook:int}/removal", removed, MANAGE, "POST"),
)
