"""Several questions at once: give them to their suggested experts, mark, join or close them; and take that back. Saved views.

Each question is its own transaction and is taken as its sender saw it: one that has moved on is left alone and counted.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.console.access import ACT, WATCH, Guarded
from bot.console.changing import changing
from bot.console.errors import Failed
from bot.console.lately import Done
from bot.console.visits import BadForm, Visit
from routing import closing, coordinating, joining, parting, queries, views
from routing.errors import NotFound, RoutingError, StaleAction
from routing.locking import locked
from routing.models import Question

MOST = 50
Act = Callable[[Session, Visit, Question], None]


def many(visit: Visit) -> Response:
    chosen = [told.partition(":") for told in visit.fields("question")][:MOST]
    act = ACTS.get(visit.field("act"))
    if not chosen or act is None:
        raise Failed(BadForm("Select the questions first, then choose what to do with them."), back="/queue")
    tried = [(number, _try(visit, act, number, revision)) for number, _, revision in chosen]
    done = tuple(number for number, why_not in tried if why_not is None)
    left = tuple((number, why_not) for number, why_not in tried if why_not is not None)
    visit.desk.lately.did(visit.me.session_id, Done(visit.field("act"), done, left, visit.now))
    return visit.go(_back(visit))


def undo(visit: Visit) -> Response:
    """Take the last bulk act of this session back, question by question, where nothing has happened since."""
    done = visit.desk.lately.last(visit.me.session_id, visit.now)
    back = UNDO.get(done.act) if done else None
    if done is None or back is None:
        raise Failed(BadForm("There is nothing left to undo."), back="/queue")
    visit.desk.lately.forget(visit.me.session_id)
    taken = [number for number in done.numbers if _take_back(visit, back, number)]
    return visit.go(_back(visit), "undone" if len(taken) == len(done.numbers) else "undone-some")


def save_view(visit: Visit) -> Response:
    with changing(visit, "/queue", visit.field("name")) as session:
        views.save(session, visit.me.user_id, visit.field("name"), visit.field("query"), visit.now)
    return visit.go(_back(visit), "view-saved")


def remove_view(visit: Visit) -> Response:
    with visit.store.transaction() as session:
        views.remove(session, visit.me.user_id, visit.number_in_path("view"))
    return visit.go("/queue", "view-removed")


def company(visit: Visit) -> Response:
    """Who else looks at this question now; the page asks again and again, which is how it says that it is open."""
    number = visit.path("number")
    with visit.store.snapshot() as session:
        if queries.by_number(session, number) is None:
            raise NotFound(f"There is no question {number}.")
    others = visit.desk.lately.look(number, visit.me.user_id, visit.me.name, visit.now)
    return visit.show("company.html", others=others, number=number)


def _try(visit: Visit, act: Act, number: str, revision: str) -> str | None:
    """None when it is done, else why it is not."""
    try:
        with visit.store.transaction() as session:
            act(session, visit, coordinating.taken_up(session, number, int(revision) if revision.isdecimal() else -1, visit.care))
    except RoutingError as error:
        return str(error)
    return None


def _take_back(visit: Visit, back: Act, number: str) -> bool:
    try:
        with visit.store.transaction() as session:
            found = queries.by_number(session, number)
            if found is None:
                return False
            back(session, visit, coordinating.taken_up(session, number, found.revision, visit.care))
    except RoutingError:
        return False
    return True


def _suggested(session: Session, visit: Visit, found: Question) -> None:
    """The first of the stored roster; a question without one stays as it is."""
    if not found.roster or found.waiting_for != "coordinator":
        raise StaleAction("Nobody is suggested for this question.")
    coordinating.assign_to(session, visit.office, found, int(found.roster[0]["expert"]), by=visit.me.actor, now=visit.now)


def _sensitive(session: Session, visit: Visit, found: Question) -> None:
    if found.sensitive:
        raise StaleAction("It is already marked.")
    coordinating.mark_sensitive(session, visit.office, found, True, by=visit.me.actor, now=visit.now)


def _not_sensitive(session: Session, visit: Visit, found: Question) -> None:
    coordinating.mark_sensitive(session, visit.office, found, False, by=visit.me.actor, now=visit.now)


def _close(session: Session, visit: Visit, found: Question) -> None:
    closing.close(session, visit.office, found, "duplicate", "", by=visit.me.actor, now=visit.now, care=visit.care)


def _together(session: Session, visit: Visit, found: Question) -> None:
    """The first of those chosen that can be waited for goes on, the others wait for its answer."""
    numbers = [told.partition(":")[0] for told in visit.fields("question")][:MOST]
    chosen = session.scalars(select(Question).where(Question.number.in_(numbers)).order_by(Question.id)).all()
    seen = [one for one in chosen if visit.may_see(session, one.id)]
    leader = next((one for one in seen if joining.can_lead(one)), found)
    if found.id == leader.id:
        if len(chosen) < 2 or not joining.can_lead(found):
            raise StaleAction("There is no other question here with which it could be put together.")
        return
    if found.asker_id == leader.asker_id:
        raise StaleAction("Both are of the same asker. Close one as a duplicate of the other.")
    locked(session, leader.id)
    joining.join(session, visit.office, found, leader, visit.now, by=visit.me.actor)


def _apart(session: Session, visit: Visit, found: Question) -> None:
    parting.part(session, visit.office, found, visit.now, by=visit.me.actor)


def _reopen(session: Session, visit: Visit, found: Question) -> None:
    closing.reopen(session, visit.office, found, by=visit.me.actor, now=visit.now)


def _back(visit: Visit) -> str:
    """The view of the queue from which it was done."""
    query = visit.field("query")
    return f"/queue?{query}" if query and len(query) < 500 and all(32 < ord(c) < 127 for c in query) else "/queue"


ACTS: dict[str, Act] = {"suggested": _suggested, "sensitive": _sensitive, "together": _together, "duplicate": _close}
UNDO: dict[str, Act] = {"sensitive": _not_sensitive, "together": _apart, "duplicate": _reopen}
ROUTES = (
    Guarded("/queue/bulk", many, ACT, "POST"),
    Guarded("/queue/undo", undo, ACT, "POST"),
    Guarded("/views", save_view, WATCH, "POST"),
    Guarded("/views/{view:int}/removal", remove_view, WATCH, "POST"),
    Guarded("/questions/{number}/company", company, WATCH),
)
