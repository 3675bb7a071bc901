"""The same verbs for programs: questions and reports as JSON, and every act of the question's page, with a key.

Errors are JSON too: {"error": sentence}, with the status a person would get. `api_description` tells programs what there is.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from starlette.responses import JSONResponse, Response

from bot.console import clocks
from bot.console.access import Guarded, Rule
from bot.console.pages import question_acts as acts
from bot.console.pages.queue import narrowed, searched, which_tab
from bot.console.pages.reports import counted
from bot.console.tongue import tongue
from bot.console.visits import Visit
from bot.console.words import Words
from routing import coordinating, narrowing, queries, queueing
from routing.errors import NotFound
from routing.models import Question

ENGLISH = Words(tongue("en"))  # whatever the browser or the user prefers: programs compare words
READ = Rule("key that reads", None, "key", "read")
DO = Rule("key that acts", None, "key", "act")
FICHE_STATES = ("published", "draft", "changes_requested", "review", "validated_local", "validated_expert", "retired")
# The verb's path, what it does, and its fields ("?": one that need not be there); each also takes the revision that was read.
VERBS: tuple[tuple[str, acts.Act, str, dict[str, str]], ...] = (
    (
        "assignments",
        acts.assign,
        "Give the question to an expert; `word` stands in their letter.",
        {"expert": "integer", "word": "string?"},
    ),
    ("extensions", acts.extend, "Extend the deadline by working days.", {"days": "integer", "reason": "string"}),
    ("answers", acts.answer, "Answer the asker.", {"text": "string"}),
    ("answers/{answer}/release", acts.release, "Send a waiting answer on.", {"text": "string"}),
    ("answers/{answer}/discard", acts.discard, "Keep a waiting answer back.", {"reason": "string"}),
    (
        "answers/{answer}/return",
        acts.send_back,
        "Send a waiting answer back to its expert, who reads `text` and has so many working days.",
        {"text": "string", "days": "integer"},
    ),
    ("answers/{answer}/resumption", acts.take_up_again, "Let an answer that was held or sent back wait to be read again.", {}),
    ("proposals", acts.propose, "Offer a fiche.", {"fiche": "string"}),
    ("sensitive", acts.mark(True), "Mark as sensitive.", {}),
    ("not-sensitive", acts.mark(False), "Take the mark off.", {}),
    ("tier", acts.tier, "Change the promised time.", {"tier": "string"}),
    ("search", acts.search, "Search again.", {}),
    ("asking-back", acts.ask, "Ask the asker something; the clock of experts stands still meanwhile.", {"text": "string"}),
    (
        "refusal",
        acts.refuse,
        "Refuse what is not for this network, and say where help may be found.",
        {"signpost": "string", "other": "string"},
    ),
    (
        "closure",
        acts.close,
        "Close the question; `text` goes to the asker, `other` is the number of the question that a duplicate repeats.",
        {"reason": "string", "comment": "string", "text": "string", "other": "string"},
    ),
    ("reopening", acts.reopen, "Open it again.", {}),
)


def listed(visit: Visit) -> Response:
    tab, number, near = which_tab(visit, "open"), visit.page_number(), searched(visit)
    with visit.store.snapshot() as session:
        filters = narrowing.widened(session, narrowed(visit), near.ids)
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


def doing(act: acts.Act) -> Callable[[Visit], Response]:
    def verb(visit: Visit) -> Response:
        with visit.store.transaction() as session:
            taken = coordinating.taken_up(session, visit.path("number"), visit.number("revision"), visit.care)
            act(session, visit, taken)
            session.flush()
            done = {"number": taken.number, "state": taken.state, "waiting_for": taken.waiting_for, "revision": taken.revision}
        visit.desk.service.wake()
        return JSONResponse(done)

    return verb


def _line(visit: Visit, row: queueing.Line) -> dict[str, Any]:
    clock = clocks.clock_of(row.question, visit.now, visit.office.zone, ENGLISH.say, row.turn)
    return _facts(row.question) | {
        "channel": row.channel,
        "owner": row.owner,
        "clock": clock.words,
        "letters_in_trouble": row.trouble,
    }


def _found(filters: narrowing.Filters, row: queueing.Line) -> dict[str, str]:
    """By what the search found it; nothing where nothing was searched for."""
    return {"found_by": "meaning" if row.question.id in filters.near else "words"} if filters.words.strip() else {}


def _facts(question: Question) -> dict[str, Any]:
    names = ("number", "revision", "state", "waiting_for", "tier", "language", "theme", "country", "sensitive", "subject", "text")
    moments = ("created_at", "promised_at", "first_word_at", "answered_at", "closed_at")
    told = {name: getattr(question, name) for name in names}
    return told | {name: moment(getattr(question, name)) for name in moments}


def moment(at: datetime | None) -> str | None:
    """As programs read it (RFC 3339)."""
    return at.isoformat() if at else None


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
    Guarded("/api/v1/questions", listed, READ),
    Guarded("/api/v1/questions/{number}", one, READ),
    Guarded("/api/v1/reports", report, READ),
    Guarded("/api/v1/questions/{number}/notes", note, DO, "POST"),
    *(
        Guarded(f"/api/v1/questions/{{number}}/{path.replace('{answer}', '{answer:int}')}", doing(act), DO, "POST")
        for path, act, _, _ in VERBS
    ),
)
