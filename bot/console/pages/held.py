"""Held mail: why it is held, what it says, and the ways to let it go; raw messages and files as downloads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.console.access import ACT, WATCH, Guarded
from bot.console.changing import changing
from bot.console.errors import Failed
from bot.console.security import STRANGERS_CONTENT
from bot.console.visits import BadForm, Visit
from routing import held, overviews, queries, remembered
from routing.care import covers_message
from routing.errors import NotFound, RoutingError, StaleAction
from routing.models import InboxMessage, Question

MOST_LEFT = 20


def every(visit: Visit) -> Response:
    page = visit.page_number()
    with visit.store.snapshot() as session:
        messages = overviews.held(session, page, visit.care)
        total = overviews.held_count(session, visit.care)
        facts: dict[str, Any] = {
            "messages": messages,
            "total": total,
            "page": page,
            "pages": -(-total // overviews.PAGE) or 1,
            "files": overviews.files_of(session, [one.id for one in messages]),
            "weak": held.WEAK,
            "questions": _guessed(session, visit, messages),
            "decisions": remembered.standing(session, visit.care),
            "left": [one for one in overviews.messages(session, _left(visit)) if covers_message(session, visit.care, one)],
            "actors": overviews.actors(session),
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
            "questions": _guessed(session, visit, [message]),
            "actors": overviews.actors(session),
            "can_be_kept": remembered.can_be_kept(message),
            "weak": held.WEAK,
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


Act = Callable[[Session, Visit, int], str | None]  # where the words wait for a last look


def doing(act: Act, told: str) -> Callable[[Visit], Response]:
    """A page that deals with one held message; it goes on to the question where the words wait beside it."""

    def page(visit: Visit) -> Response:
        try:
            with visit.store.transaction() as session:
                waits_at = act(session, visit, visit.number_in_path("inbox"))
        except RoutingError as error:
            raise Failed(_in_words(visit, error), visit.field("text"), "/held") from error
        return visit.go(waits_at, "held-filed") if waits_at else visit.go("/held", told)

    return page


def many(visit: Visit) -> Response:
    """Release each to its best guess, file all under one question, or discard all, each in a transaction of its own.

    What somebody else has dealt with meanwhile is left alone and named on the next page.
    """
    chosen = [int(told) for told in visit.fields("message") if told.isdecimal() and len(told) < 12]
    if not chosen:
        raise Failed(BadForm("Select the messages first."), back="/held")
    act = {"release": _release_to_guess, "file": _release, "discard": _discard}.get(visit.field("act"))
    if act is None:
        raise Failed(BadForm("Choose what to do with them."), back="/held")
    if visit.field("act") == "file":
        with visit.store.snapshot() as session:
            _named(session, visit)
    left = [inbox_id for inbox_id in chosen if not _try(visit, act, inbox_id)]
    if not left:
        return visit.go("/held", "held-many")
    return visit.go(f"/held?left={'.'.join(map(str, left[:MOST_LEFT]))}", "held-some")


def revoke(visit: Visit) -> Response:
    """A remembered decision is taken back: the next such mail is held again."""
    with changing(visit, "/held") as session:
        remembered.revoke(session, visit.number_in_path("decision"), by=visit.me.actor, now=visit.now)
    return visit.go("/held", "held-revoked")


def _try(visit: Visit, act: Act, inbox_id: int) -> bool:
    try:
        with visit.store.transaction() as session:
            if not covers_message(session, visit.care, held.get_held(session, inbox_id)):
                return False
            act(session, visit, inbox_id)
    except (StaleAction, NotFound):
        return False
    except RoutingError as error:
        raise Failed(error, back="/held") from error
    return True


def _left(visit: Visit) -> list[int]:
    """The messages that a bulk order could not deal with, as the address of the page names them."""
    return [int(told) for told in visit.asked("left").split(".")[:MOST_LEFT] if told.isdecimal() and len(told) < 12]


def _release(session: Session, visit: Visit, inbox_id: int) -> str | None:
    question = _named(session, visit)
    text = visit.field("text") if "text" in visit.form else None
    _to(session, visit, inbox_id, question.id, text)
    return f"/questions/{question.number}" if held.waits(session, inbox_id) else None


def _release_to_guess(session: Session, visit: Visit, inbox_id: int) -> None:
    """Only where there is a guess; the others stay held."""
    guesses = held.get_held(session, inbox_id).facts.get("guesses") or ()
    if not guesses:
        raise StaleAction("There is no best guess for this message.")
    _to(session, visit, inbox_id, int(guesses[0]["question_id"]), None)


def _to(session: Session, visit: Visit, inbox_id: int, question_id: int, text: str | None) -> None:
    row = held.get_held(session, inbox_id)
    if visit.field("remember"):
        remembered.keep(session, row, "release", question_id, by=visit.me.actor, now=visit.now)
    held.release_to(session, visit.office, inbox_id, question_id, by=visit.me.actor, now=visit.now, text=text)


def _named(session: Session, visit: Visit) -> Question:
    question = queries.by_number(session, visit.field("number"))
    if question is None or not visit.may_see(session, question.id):
        raise NotFound(f"There is no question {visit.field('number')!r}.")
    return question


def _take(session: Session, visit: Visit, inbox_id: int) -> None:
    held.take_as_question(session, visit.office, inbox_id, by=visit.me.actor, now=visit.now)


def _retry(session: Session, visit: Visit, inbox_id: int) -> None:
    held.try_again(session, inbox_id, by=visit.me.actor, now=visit.now)


def _discard(session: Session, visit: Visit, inbox_id: int) -> None:
    reason = visit.field("reason").strip()[:500]
    if not reason:
        raise BadForm("Say why it is discarded.")
    if visit.field("remember"):
        row = held.get_held(session, inbox_id)
        remembered.keep(session, row, "discard", None, by=visit.me.actor, now=visit.now, reason=reason)
    held.discard(session, inbox_id, reason, by=visit.me.actor, now=visit.now)


def _guessed(session: Session, visit: Visit, messages: Any) -> dict[int, Question]:
    """The questions that messages may be about, as far as they are in the visitor's care."""
    found = {int(guess["question_id"]) for one in messages for guess in _guesses(one)}
    return overviews.lines_of(session, {one for one in found if visit.may_see(session, one)})


def _guesses(message: InboxMessage) -> list[dict[str, Any]]:
    return list(message.facts.get("guesses") or ())


def _in_words(visit: Visit, error: RoutingError) -> RoutingError:
    """The message with names in the place of ids."""
    with visit.store.snapshot() as session:
        actors = overviews.actors(session)
    return type(error)(visit.words.named(str(error), actors))


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
    Guarded("/held/decisions/{decision:int}/revoke", revoke, ACT, "POST"),
    Guarded("/held/{inbox:int}", one, WATCH),
    Guarded("/held/{inbox:int}/release", doing(_release, "held-released"), ACT, "POST"),
    Guarded("/held/{inbox:int}/question", doing(_take, "held-question"), ACT, "POST"),
    Guarded("/held/{inbox:int}/retry", doing(_retry, "held-retried"), ACT, "POST"),
    Guarded("/held/{inbox:int}/discard", doing(_discard, "held-discarded"), ACT, "POST"),
    Guarded("/messages/{inbox:int}/raw", raw, ACT),
    Guarded("/files/{file:int}", file, ACT),
)
