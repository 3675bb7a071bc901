"""What programs may ask for, described (OpenAPI 3.1): made from the table of verbs, so that it cannot lag behind.

https://spec.openapis.org/oas/v3.1.0
"""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from bot.console.access import BEARER, Guarded
from bot.console.pages.api import FICHE_STATES, VERBS
from bot.console.pages.queue import PERIODS, TABS
from bot.console.visits import Visit
from retrieval import ONE_OF, SOME_OF
from routing import webhooks
from routing.policy import TIERS

OPTIONAL = "?"  # behind the kind of a field that need not be there
LISTED = (
    "One page of the queue. With words: what has them, then what is near to them in meaning, in whatever language, the nearest "
    'first; found_by says which, and search.by_meaning is false while words alone must do. The tab "all" needs words.'
)


def described(visit: Visit) -> Response:
    """OpenAPI, without a key: it says nothing that the source does not."""
    return JSONResponse(description(visit.desk.base_url))


def description(base_url: str) -> dict[str, Any]:
    paths: dict[str, Any] = {
        "/questions": {"get": _operation(LISTED, query={"tab": TABS, "period": PERIODS, "tier": TIERS, "words": ()})},
        "/questions/{number}": {"get": _operation("A question with everything that happened to it.")},
        "/questions/{number}/notes": {"post": _operation("Add a note that only coordinators read.", {"text": "string"})},
        "/reports": {"get": _operation("The tables of the last months.", query={"months": ("3", "6", "12", "24", "36")})},
    }
    for path, _, says, fields in VERBS:
        paths[f"/questions/{{number}}/{path}"] = {"post": _operation(says, {"revision": "integer"} | fields)}
    paths["/experts"] = {"get": _operation("Every expert of the directory, with what they have open.")}
    facets = {"status": FICHE_STATES, "words": (), "country": (), **SOME_OF, **ONE_OF}
    paths["/fiches"] = {"get": _operation("One page of fiches, published ones unless another status is asked for.", query=facets)}
    paths["/fiches/{slug}"] = {"get": _operation("A fiche with its facts, in all its languages.")}
    leave = "Take an expert off the directory; what they have open goes to the next expert."
    paths["/experts/{expert}/removal"] = {"post": _operation(leave, {"reason": "string"})}
    paths["/experts/{expert}/return"] = {"post": _operation("Put an expert back on the directory.", {"reason": "string"})}
    fields = {"name": "string", "url": "string", "events": "string"}
    paths["/webhooks"] = {
        "get": _operation("The programs that are told of events, and what they can be told of."),
        "post": _operation("Tell a program of events (names between spaces). Its secret stands in the answer only.", fields),
    }
    paths["/webhooks/{webhook}/removal"] = {"post": _operation("Tell a program no more.", {})}
    for path, operations in paths.items():
        names = [part.strip("{}") for part in path.split("/") if part.startswith("{")]
        there = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
        for operation in operations.values():
            operation["parameters"] = [*there, *operation.get("parameters", ())]
    return {
        "openapi": "3.1.0",
        "info": {"title": "RRM", "version": "1", "description": "The verbs of the console for programs."},
        "servers": [{"url": f"{base_url}/api/v1"}],
        "security": [{"key": []}],
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
        "paths": paths,
        "webhooks": {name: {"post": _told(name)} for name in webhooks.NAMES},
    }


def _operation(says: str, fields: dict[str, str] | None = None, query: dict[str, Any] | None = None) -> dict[str, Any]:
    codes = {
        "400": "cannot be read",
        "401": "no valid key",
        "403": "the key may not",
        "404": "not there",
        "409": "somebody was quicker",
        "413": "too long",
        "415": "not JSON",
        "422": "not possible",
    }
    made: dict[str, Any] = {"summary": says, "responses": {"200": {"description": "done"}, "201": {"description": "added"}}}
    made["responses"] |= {code: {"description": why} for code, why in codes.items()}
    if fields is not None:
        schema = {
            "type": "object",
            "properties": {name: {"type": kind.removesuffix(OPTIONAL)} for name, kind in fields.items()},
            "required": [name for name, kind in fields.items() if not kind.endswith(OPTIONAL)],
        }
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    if query:
        made["parameters"] = [
            {"name": name, "in": "query", "schema": {"type": "string"} | ({"enum": list(values)} if values else {})}
            for name, values in query.items()
        ]
    return made


def _told(name: str) -> dict[str, Any]:
    """What a webhook is sent, signed as standardwebhooks.com says; any 2xx within ten seconds means that it was taken."""
    data = {"event": {"type": "integer"}, "question": {"type": ["string", "null"]}, "fiche": {"type": ["string", "null"]}}
    body = {
        "type": {"const": name},
        "timestamp": {"type": "string", "format": "date-time"},
        "data": {"type": "object", "properties": data},
    }
    headers = [
        {"name": header, "in": "header", "required": True, "description": says, "schema": {"type": "string"}}
        for header, says in (
            ("webhook-id", "The same at every try: keep it, and take a repeat only once."),
            ("webhook-timestamp", "Seconds since 1970; refuse what is older than five minutes."),
            ("webhook-signature", "v1, and the base64 of HMAC-SHA256 over id.timestamp.body with the secret behind whsec_."),
        )
    ]
    content = {"application/json": {"schema": {"type": "object", "properties": body}}}
    return {"parameters": headers, "requestBody": {"content": content}, "responses": {"2XX": {"description": "taken"}}}


ROUTES = (Guarded("/api/openapi.json", described, BEARER),)
