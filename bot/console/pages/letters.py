"""The outbox: every letter with its state and attempts, and what can be done about those that did not arrive."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.console.access import ACT, WATCH, Guarded
from bot.console.changing import changing
from bot.console.visits import Visit
from routing import overviews, resending
from routing.letters.labels import N_

TABS = {
    "trouble": (N_("Need you"), ("failed", "ambiguous")),
    "waiting": (N_("On their way"), ("queued", "claimed")),
    "sent": (N_("Sent"), ("sent",)),
    "cancelled": (N_("Cancelled"), ("cancelled",)),
}


def outbox(visit: Visit) -> Response:
    tab = visit.asked("tab", tuple(TABS)) or "trouble"
    page = visit.page_number()
    with visit.store.snapshot() as session:
        by_state = overviews.outbox_counts(session, visit.care)
        counts = {name: sum(by_state.get(state, 0) for state in states) for name, (_, states) in TABS.items()}
        letters = overviews.outbox(session, TABS[tab][1], page, visit.care)
        facts: dict[str, Any] = {
            "tabs": {name: title for name, (title, _) in TABS.items()},
            "tab": tab,
            "counts_of": counts,
            "letters": letters,
            "people": overviews.people(session, {letter.person_id for letter in letters}),
            "questions": overviews.lines_of(session, {one.question_id for one in letters if one.question_id}),
            "page": page,
            "pages": -(-counts[tab] // overviews.PAGE) or 1,
        }
    return visit.show("outbox.html", **facts)


Act = Callable[[Session, Visit, int], Any]


def doing(act: Act, told: str) -> Callable[[Visit], Response]:
    """A page that settles one letter; the question's page may have sent it."""

    def page(visit: Visit) -> Response:
        with changing(visit, "/outbox") as session:
            act(session, visit, visit.number_in_path("letter"))
        number = visit.field("question")
        is_number = number.replace("-", "").isdecimal() and len(number) < 20
        return visit.go(f"/questions/{number}" if is_number else "/outbox", told)

    return page


def _retry(session: Session, visit: Visit, outbox_id: int) -> None:
    resending.retry(session, outbox_id, by=visit.me.actor, now=visit.now)


def _arrived(session: Session, visit: Visit, outbox_id: int) -> None:
    resending.mark_arrived(session, outbox_id, by=visit.me.actor, now=visit.now)


def _redirect(session: Session, visit: Visit, outbox_id: int) -> None:
    resending.send_to(session, outbox_id, visit.number("address"), by=visit.me.actor, now=visit.now)


def _let_go(session: Session, visit: Visit, outbox_id: int) -> None:
    resending.let_go(session, outbox_id, by=visit.me.actor, now=visit.now)


ROUTES = (
    Guarded("/outbox", outbox, WATCH),
    Guarded("/outbox/{letter:int}/retry", doing(_retry, "letter-retried"), ACT, "POST"),
    Guarded("/outbox/{letter:int}/arrival", doing(_arrived, "letter-arrived"), ACT, "POST"),
    Guarded("/outbox/{letter:int}/redirection", doing(_redirect, "letter-redirected"), ACT, "POST"),
    Guarded("/outbox/{letter:int}/cancellation", doing(_let_go, "letter-cancelled"), ACT, "POST"),
)
