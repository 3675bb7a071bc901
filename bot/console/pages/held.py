"""Held mail: why it is held, what it says, and the ways to let it go; raw messages and files as downloads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.console.access import ACT, WATCH, Guarded
from bot.console.errors import Failed
from bot.console.security import STRANGERS_CONTENT
from bot.console.visits import BadForm, Visit
from routing import held, overviews, queries
from routing.errors import NotFound, RoutingError, StaleAction
from routing.models import InboxMessage


def every(visit: Visit) -> Response:
    page = visit.page_number()
    with visit.store.snapshot() as session:
        messages = overviews.held(session, page)
        total = overviews.held_count(session)
        facts: dict[str, Any] = {
            "messages": messages,
            "total": total,
            "page": page,
            "pages": -(-total // overviews.PAGE) or 1,
            "files": overviews.files_of(session, [one.id for one in messages]),
            "questions": overviews.lines_of(session, _guessed(messages)),
        }
    return visit.show("held.html", **facts)


def one(visit: Visit) -> Response:
    with visit.store.snapshot() as session:
        message = overviews.message(session, visit.number_in_path("inbox"))
        if message is None:
            raise NotFound("There is no such message.")
        facts: dict[str, Any] = {
            "message": message,
            "files": overviews.files_of(session, [message.id]).get(message.id, []),
            "questions": overviews.lines_of(session, _guessed([message])),
            "actors": overviews.actors(session),
        }
    return visit.show("held_one.html", **facts)


def raw(visit: Visit) -> Response:
    """The message exactly as it came in, as a text file that no browser will run."""
    with visit.store.snapshot() as session:
        message = overviews.message(session, visit.number_in_path("inbox"), raw=True)
    if message is None:
        raise NotFound("There is no such message.")
    return _download(message.raw, "text/plain; charset=utf-8", f"message-{message.id}.txt")


def file(visit: Visit) -> Response:
    with visit.store.snapshot() as session:
        found = overviews.file(session, visit.number_in_path("file"))
    if found is None:
        raise NotFound("There is no such file.")
    return _download(found.content, "application/octet-stream", found.name)


Act = Callable[[Session, Visit, int], Any]


def doing(act: Act, told: str) -> Callable[[Visit], Response]:
    """A page that deals with one held message."""

    def page(visit: Visit) -> Response:
        try:
            with visit.store.transaction() as session:
                act(session, visit, visit.number_in_path("inbox"))
        except RoutingError as error:
            raise Failed(_in_words(visit, error), visit.field("text"), "/held") from error
        return visit.go("/held", told)

    return page


def many(visit: Visit) -> Response:
    """Release each to its best guess, or discard all; what somebody else has dealt with is left alone."""
    chosen = [int(told) for told in visit.fields("message") if told.isdecimal() and len(told) < 12]
    if not chosen:
        raise Failed(BadForm("Tick the messages first."), back="/held")
    act = {"release": _release_to_guess, "discard": _discard}.get(visit.field("act"))
    if act is None:
        raise Failed(BadForm("Choose what to do with them."), back="/held")
    done = sum(_try(visit, act, inbox_id) for inbox_id in chosen)
    return visit.go("/held", "held-many" if done == len(chosen) else "held-some")


def _try(visit: Visit, act: Act, inbox_id: int) -> int:
    try:
        with visit.store.transaction() as session:
            act(session, visit, inbox_id)
    except (StaleAction, NotFound):
        return 0
    except RoutingError as error:
        raise Failed(error, back="/held") from error
    return 1


def _release(session: Session, visit: Visit, inbox_id: int) -> None:
    question = queries.by_number(session, visit.field("number"))
    if question is None:
        raise NotFound(f"There is no question {visit.field('number')!r}.")
    text = visit.field("text") if "text" in visit.form else None
    held.release_to(session, visit.office, inbox_id, question.id, by=visit.me.actor, now=visit.now, text=text)


def _release_to_guess(session: Session, visit: Visit, inbox_id: int) -> None:
    """Only where there is a guess; the others stay held."""
    row = held.get_held(session, inbox_id)
    guesses = row.facts.get("guesses") or ()
    if not guesses:
        raise StaleAction("There is no guess for this message.")
    held.release_to(session, visit.office, inbox_id, int(guesses[0]["question_id"]), by=visit.me.actor, now=visit.now)


def _take(session: Session, visit: Visit, inbox_id: int) -> None:
    held.take_as_question(session, visit.office, inbox_id, by=visit.me.actor, now=visit.now)


def _retry(session: Session, visit: Visit, inbox_id: int) -> None:
    held.try_again(session, inbox_id, by=visit.me.actor, now=visit.now)


def _discard(session: Session, visit: Visit, inbox_id: int) -> None:
    if not visit.field("reason").strip():
        raise BadForm("Say why it is discarded.")
    held.discard(session, inbox_id, visit.field("reason").strip()[:500], by=visit.me.actor, now=visit.now)


def _guessed(messages: Any) -> set[int]:
    return {int(guess["question_id"]) for one in messages for guess in _guesses(one)}


def _guesses(message: InboxMessage) -> list[dict[str, Any]]:
    return list(message.facts.get("guesses") or ())


def _in_words(visit: Visit, error: RoutingError) -> RoutingError:
    """The message with names in the place of ids."""
    from bot.console import words

    with visit.store.snapshot() as session:
        actors = overviews.actors(session)
    return type(error)(words.named(str(error), actors))


def _download(content: bytes, media_type: str, name: str) -> Response:
    """As a file, under a name that cannot leave the header or the folder (RFC 6266, RFC 8187)."""
    safe = "".join(c for c in name if c.isprintable() and c not in '/\\:*?"<>|').strip(". ")[:120] or "file"
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._- ") else "_" for c in safe)
    headers = {
        "content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}",
        "content-security-policy": STRANGERS_CONTENT,
    }
    return Response(content, media_type=media_type, headers=headers)


ROUTES = (
    Guarded("/held", every, WATCH),
    Guarded("/held/many", many, ACT, "POST"),
    Guarded("/held/{inbox:int}", one, WATCH),
    Guarded("/held/{inbox:int}/release", doing(_release, "held-released"), ACT, "POST"),
    Guarded("/held/{inbox:int}/question", doing(_take, "held-question"), ACT, "POST"),
    Guarded("/held/{inbox:int}/retry", doing(_retry, "held-retried"), ACT, "POST"),
    Guarded("/held/{inbox:int}/discard", doing(_discard, "held-discarded"), ACT, "POST"),
    Guarded("/messages/{inbox:int}/raw", raw, ACT),
    Guarded("/files/{file:int}", file, ACT),
)
