"""The same verbs for programs: questions and reports as JSON, and every act of the question's page, with a key.

Errors are JSON too: {"error": sentence}, with the status a person would get. The description (OpenAPI 3.1) is made from the
table below, so that it cannot lag behind. https://spec.openapis.org/oas/v3.1.0
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from bot.console import clocks
from bot.console.access import BEARER, Guarded, Rule
from bot.console.pages import question as page
from bot.console.pages.queue import PERIODS, TABS, narrowed, searched, which_tab
from bot.console.pages.reports import counted
from bot.console.tongue import tongue
from bot.console.visits import Visit
from bot.console.words import Words
from retrieval import ONE_OF, SOME_OF
from routing import coordinating, queries, queueing, webhooks
from routing.errors import NotFound
from routing.models import Question
from routing.policy import TIERS

ENGLISH = Words(tongue("en"))  # whatever the browser or the user prefers: programs compare words
READ = Rule("key that reads", None, "key", "read")
DO = Rule("key that acts", None, "key", "act")
LISTED = (
    "One page of the queue. With words: what has them, then what is near to them in meaning, in whatever language, the nearest "
    'first; found_by says which, and search.by_meaning is false while words alone must do. The tab "all" needs words.'
)
FICHE_STATES = ("published", "draft", "review", "retired")
Act = Callable[[Session, Visit, Question], Any]
# The verb's path, what it does, and its fields; each also takes the revision that its sender has read.
VERBS: tuple[tuple[str, Act, str, dict[str, str]], ...] = (
    ("assignments", page._assign, "Give the question to an expert.", {"expert": "integer"}),
    ("extensions", page._extend, "Extend the deadline by working days.", {"days": "integer", "reason": "string"}),
    ("answers", page._answer, "Answer the asker.", {"text": "string"}),
    ("answers/{answer}/release", page._release, "Send a waiting answer on.", {"text": "string"}),
    ("answers/{answer}/discard", page._discard, "Keep a waiting answer back.", {"reason": "string"}),
    ("proposals", page._propose, "Offer a fiche.", {"fiche": "string"}),
    ("sensitive", page._sensitive(True), "Mark as sensitive.", {}),
    ("not-sensitive", page._sensitive(False), "Take the mark off.", {}),
    ("tier", page._tier, "Change the promised time.", {"tier": "string"}),
    ("search", page._search, "Search again.", {}),
    ("asking-back", page._ask, "Ask the asker something; the clock of experts stands still meanwhile.", {"text": "string"}),
    (
        "refusal",
        page._refuse,
        "Refuse what is not for this network, and say where help may be found.",
        {"signpost": "string", "other": "string"},
    ),
    ("closure", page._close, "Close the question.", {"reason": "string", "comment": "string"}),
    ("reopening", page._reopen, "Open it again.", {}),
)


def listed(visit: Visit) -> Response:
    tab, number, near = which_tab(visit, "open"), visit.page_number(), searched(visit)
    with visit.store.snapshot() as session:
        filters = queueing.widened(session, narrowed(visit), near.ids)
        counts = queueing.counts(session, visit.now, filters)
        rows = queueing.queue(session, tab, visit.now, filters, number)
    told: dict[str, Any] = {"tab": tab, "page": number, "counts": counts}
    if filters.words.strip():
        told["search"] = {"by_meaning": near.by_meaning, "not_read_yet": near.unread}
    return JSONResponse(told | {"questions": [_line(visit, row) | _found(filters, row) for row in rows]})


def one(visit: Visit) -> Response:
    with visit.store.snapshot() as session:
        case = queries.whole_case(session, visit.path("number"))
        if case is None:
            raise NotFound(f"There is no question {visit.path('number')}.")
    return JSONResponse(_whole(case))


def report(visit: Visit) -> Response:
    tables = counted(visit)
    return JSONResponse(
        {name: [dict(zip(table.columns, row, strict=True)) for row in table.rows] for name, table in tables.items()}
    )


def note(visit: Visit) -> Response:
    with visit.store.transaction() as session:
        found = queries.by_number(session, visit.path("number"))
        if found is None:
            raise NotFound(f"There is no question {visit.path('number')}.")
        coordinating.add_note(session, found, visit.field("text"), by=visit.me.actor, now=visit.now)
    return JSONResponse({"revision": found.revision}, 201)


def doing(act: Act) -> Callable[[Visit], Response]:
    def verb(visit: Visit) -> Response:
        with visit.store.transaction() as session:
            taken = coordinating.taken_up(session, visit.path("number"), visit.number("revision"), visit.care)
            act(session, visit, taken)
            session.flush()
            done = {"number": taken.number, "state": taken.state, "waiting_for": taken.waiting_for, "revision": taken.revision}
        visit.desk.service.wake()
        return JSONResponse(done)

    return verb


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
            "properties": {name: {"type": kind} for name, kind in fields.items()},
            "required": list(fields),
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


def _line(visit: Visit, row: queueing.Line) -> dict[str, Any]:
    clock = clocks.clock_of(row.question, visit.now, visit.office.zone, ENGLISH.say)
    return _facts(row.question) | {
        "channel": row.channel,
        "owner": row.owner,
        "clock": clock.words,
        "letters_in_trouble": row.trouble,
    }


def _found(filters: queueing.Filters, row: queueing.Line) -> dict[str, str]:
    """By what the search found it; nothing where nothing was searched for."""
    return {"found_by": "meaning" if row.question.id in filters.near else "words"} if filters.words.strip() else {}


def _facts(question: Question) -> dict[str, Any]:
    names = ("number", "revision", "state", "waiting_for", "tier", "language", "theme", "country", "sensitive", "subject", "text")
    moments = ("created_at", "promised_at", "first_word_at", "answered_at", "closed_at")
    told = {name: getattr(question, name) for name in names}
    return told | {name: at.isoformat() if (at := getattr(question, name)) else None for name in moments}


def _whole(case: queries.Case) -> dict[str, Any]:
    return _facts(case.question) | {
        "history": [{"at": one.at.isoformat(), "by": one.actor, "kind": one.kind, "detail": one.detail} for one in case.events],
        "assignments": [
            {
                "expert": one.expert_id,
                "authority": one.expert.authority.name,
                "state": one.state,
                "deadline_at": one.deadline_at.isoformat(),
                "why_then": ENGLISH.explained(one.explanation),
            }
            for one in case.assignments
        ],
        "answers": [
            {"id": one.id, "by": one.author, "state": one.state, "language": one.language, "text": one.text}
            for one in case.answers
        ],
        "proposals": [
            {"state": one.state, "confidence": one.confidence, "fiches": [m["slug"] for m in one.matches]}
            for one in case.proposals
        ],
    }


ROUTES = (
    Guarded("/api/openapi.json", described, BEARER),
    Guarded("/api/v1/questions", listed, READ),
    Guarded("/api/v1/questions/{number}", one, READ),
    Guarded("/api/v1/reports", report, READ),
    Guarded("/api/v1/questions/{number}/notes", note, DO, "POST"),
    *(
        Guarded(f"/api/v1/questions/{{number}}/{path.replace('{answer}', '{answer:int}')}", doing(act), DO, "POST")
        for path, act, _, _ in VERBS
    ),
)
