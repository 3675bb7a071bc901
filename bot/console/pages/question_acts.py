"""What a coordinator can do about a question: one act for each button of its page, also taken by programs (`api`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.console.access import ACT, Guarded
from bot.console.errors import Failed
from bot.console.happenings import happening
from bot.console.queueview import path_of
from bot.console.timeline import Told
from bot.console.visits import BadForm, Visit
from routing import (
    clarifying,
    closing,
    coordinating,
    history,
    joining,
    links,
    overviews,
    parting,
    queries,
    refusing,
    reviewing,
    reworking,
    splitting,
)
from routing.errors import NotFound, RoutingError, StaleAction
from routing.locking import locked
from routing.models import Question

Act = Callable[[Session, Visit, Question], Any]


def doing(act: Act, told: str, typed: str = "") -> Callable[[Visit], Response]:
    """A page that acts on the question as its sender saw it, and says so; `typed` names the field not to be lost."""

    def page(visit: Visit) -> Response:
        number = visit.path("number")
        try:
            with visit.store.transaction() as session:
                taken = coordinating.taken_up(session, number, visit.number("revision"), visit.care)
                act(session, visit, taken)
        except RoutingError as error:
            raise _told(visit, number, error, visit.field(typed) if typed else "") from error
        return visit.go(path_of(number, visit.came_from), told)

    page.__name__ = told.replace("-", "_")
    return page


def note(visit: Visit) -> Response:
    """A note collides with nothing, so it is taken whatever happened meanwhile."""
    number = visit.path("number")
    try:
        with visit.store.transaction() as session:
            found = queries.by_number(session, number)
            if found is None:
                raise NotFound(f"There is no question {number}.")
            coordinating.add_note(session, found, visit.field("text"), by=visit.me.actor, now=visit.now)
    except RoutingError as error:
        raise _told(visit, number, error, visit.field("text")) from error
    return visit.go(path_of(number, visit.came_from), "noted")


def _told(visit: Visit, number: str, error: RoutingError, typed: str) -> Failed:
    """Why not; for a stale page also what has happened since, in words."""
    happened: tuple[Any, ...] = ()
    if isinstance(error, StaleAction):
        with visit.store.snapshot() as session:
            found = queries.by_number(session, number)
            seen = visit.field("seen")
            if found is not None and seen.isdecimal() and len(seen) < 12:
                actors = overviews.actors(session)
                newer = queries.events_after(session, found.id, int(seen))
                happened = tuple((visit.words.actor(one.actor, actors), Told(one, happening(one, visit.words))) for one in newer)
    return Failed(error, typed, path_of(number, visit.came_from), happened)


def assign(session: Session, visit: Visit, found: Question) -> None:
    expert, word = visit.number("expert"), visit.field("word")
    coordinating.assign_to(session, visit.office, found, expert, by=visit.me.actor, now=visit.now, word=word)


def join(session: Session, visit: Visit, found: Question) -> None:
    leader = queries.by_number(session, visit.field("number"))
    if leader is None or not visit.may_see(session, leader.id):
        raise BadForm("There is no question with this number.")
    locked(session, leader.id)
    joining.join(session, visit.office, found, leader, visit.now, by=visit.me.actor)


def part(session: Session, visit: Visit, found: Question) -> None:
    parting.part(session, visit.office, found, visit.now, by=visit.me.actor)


def split(session: Session, visit: Visit, found: Question) -> None:
    splitting.split(session, visit.office, found, visit.now, by=visit.me.actor)


def ask_also(session: Session, visit: Visit, found: Question) -> None:
    expert, word = visit.number("expert"), visit.field("word")
    coordinating.ask_also(session, visit.office, found, expert, by=visit.me.actor, now=visit.now, word=word)


def revoke(session: Session, visit: Visit, found: Question) -> None:
    links.revoke(session, found, visit.now)
    history.note(session, found, "links-revoked", actor=visit.me.actor, now=visit.now)


def extend(session: Session, visit: Visit, found: Question) -> None:
    if not visit.field("reason").strip():
        raise BadForm("Say why the deadline is extended.")
    days, reason = visit.number("days", coordinating.DAYS_WANTED), visit.field("reason")
    coordinating.extend(session, visit.office, found, days, reason, by=visit.me.actor, now=visit.now)


def answer(session: Session, visit: Visit, found: Question) -> None:
    coordinating.answer(session, visit.office, found, visit.field("text"), by=visit.me.actor, now=visit.now)


def release(session: Session, visit: Visit, found: Question) -> None:
    answer_id, text = visit.number_in_path("answer"), visit.field("text")
    written = coordinating.release_answer(session, visit.office, found, answer_id, text, by=visit.me.actor, now=visit.now)
    marks = {name: visit.field(f"mark-{name}") for name in reviewing.CRITERIA}
    reviewing.keep_checklist(session, written, marks, visit.me.actor, visit.now)


def discard(session: Session, visit: Visit, found: Question) -> None:
    answer_id, reason = visit.number_in_path("answer"), visit.field("reason")
    coordinating.discard_answer(session, visit.office, found, answer_id, reason, by=visit.me.actor, now=visit.now)


def send_back(session: Session, visit: Visit, found: Question) -> None:
    answer_id, days = visit.number_in_path("answer"), visit.number("days", reworking.DAYS_WANTED)
    reworking.send_back(session, visit.office, found, answer_id, visit.field("text"), days, by=visit.me.actor, now=visit.now)


def take_up_again(session: Session, visit: Visit, found: Question) -> None:
    answer_id = visit.number_in_path("answer")
    reworking.take_up_again(session, visit.office, found, answer_id, by=visit.me.actor, now=visit.now)


def propose(session: Session, visit: Visit, found: Question) -> None:
    coordinating.propose_fiche(session, visit.office, found, visit.field("fiche"), by=visit.me.actor, now=visit.now)


def mark(sensitive: bool) -> Act:
    return lambda session, visit, found: coordinating.mark_sensitive(
        session, visit.office, found, sensitive, by=visit.me.actor, now=visit.now
    )


def tier(session: Session, visit: Visit, found: Question) -> None:
    coordinating.set_tier(session, visit.office, found, visit.field("tier"), by=visit.me.actor, now=visit.now)


def search(session: Session, visit: Visit, found: Question) -> None:
    coordinating.search_again(session, visit.office, found, by=visit.me.actor, now=visit.now)


def close(session: Session, visit: Visit, found: Question) -> None:
    reason, comment, said, other = (visit.field(name) for name in ("reason", "comment", "text", "other"))
    by, now, care = visit.me.actor, visit.now, visit.care
    closing.close(session, visit.office, found, reason, comment, by=by, now=now, said=said, other=other, care=care)


def ask(session: Session, visit: Visit, found: Question) -> None:
    clarifying.ask(session, visit.office, found, visit.field("text"), by=visit.me.actor, now=visit.now)


def refuse(session: Session, visit: Visit, found: Question) -> None:
    signpost, other = visit.field("signpost"), visit.field("other")
    refusing.refuse(session, visit.office, found, signpost, other, by=visit.me.actor, now=visit.now)


def reopen(session: Session, visit: Visit, found: Question) -> None:
    closing.reopen(session, visit.office, found, by=visit.me.actor, now=visit.now)


ROUTES = (
    Guarded("/questions/{number}/assignments", doing(assign, "assigned", "word"), ACT, "POST"),
    Guarded("/questions/{number}/joining", doing(join, "joined", "number"), ACT, "POST"),
    Guarded("/questions/{number}/parting", doing(part, "parted"), ACT, "POST"),
    Guarded("/questions/{number}/splitting", doing(split, "split"), ACT, "POST"),
    Guarded("/questions/{number}/panel", doing(ask_also, "asked-also", "word"), ACT, "POST"),
    Guarded("/questions/{number}/link-revocation", doing(revoke, "links-revoked"), ACT, "POST"),
    Guarded("/questions/{number}/extensions", doing(extend, "extended", "reason"), ACT, "POST"),
    Guarded("/questions/{number}/answers", doing(answer, "answered", "text"), ACT, "POST"),
    Guarded("/questions/{number}/answers/{answer:int}/release", doing(release, "released", "text"), ACT, "POST"),
    Guarded("/questions/{number}/answers/{answer:int}/discard", doing(discard, "not-sent", "reason"), ACT, "POST"),
    Guarded("/questions/{number}/answers/{answer:int}/return", doing(send_back, "sent-back", "text"), ACT, "POST"),
    Guarded("/questions/{number}/answers/{answer:int}/resumption", doing(take_up_again, "taken-up-again"), ACT, "POST"),
    Guarded("/questions/{number}/proposals", doing(propose, "proposed"), ACT, "POST"),
    Guarded("/questions/{number}/sensitive", doing(mark(True), "sensitive"), ACT, "POST"),
    Guarded("/questions/{number}/not-sensitive", doing(mark(False), "not-sensitive"), ACT, "POST"),
    Guarded("/questions/{number}/tier", doing(tier, "tier"), ACT, "POST"),
    Guarded("/questions/{number}/search", doing(search, "searching"), ACT, "POST"),
    Guarded("/questions/{number}/closure", doing(close, "closed", "text"), ACT, "POST"),
    Guarded("/questions/{number}/asking-back", doing(ask, "asked-the-asker", "text"), ACT, "POST"),
    Guarded("/questions/{number}/refusal", doing(refuse, "refused", "other"), ACT, "POST"),
    Guarded("/questions/{number}/reopening", doing(reopen, "reopened"), ACT, "POST"),
    Guarded("/questions/{number}/notes", note, ACT, "POST"),
)
