"""The page behind the secret link: where one question stands, for its asker, without an account.

GET shows and changes nothing, however often a link scanner opens it; POST chooses another promised time or makes every
address of the page invalid. It names nobody, is never stored by a browser, and tells the same story as /status.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.console.access import BEARER, Guarded
from bot.console.visits import Visit
from routing import links, tiers
from routing.letters import country_name, explain, format_day, format_moment, known, label, page_words
from routing.locking import locked
from routing.models import Question
from routing.standing import Standing, standing, tiers_to_choose


def look(visit: Visit) -> Response:
    with visit.store.snapshot() as session:
        found = links.behind(session, visit.path("secret"))
        if found is None:
            return _nothing(visit)
        told = standing(session, visit.office, found)
    return _page(visit, told)


def choose(visit: Visit) -> Response:
    """Another promised time, if the policy leaves the choice to the asker."""

    def act(session: Session, question: Question) -> None:
        tier = visit.field("tier")
        if tier in tiers_to_choose(visit.office, question):
            tiers.change(session, visit.office, question, tier, by="asker", now=visit.now)

    return _acting(visit, act)


def revoke(visit: Visit) -> Response:
    answer = _acting(visit, lambda session, question: links.revoke(session, question, visit.now))
    return answer if answer.status_code == 404 else _nothing(visit, "revoked", 200)


def _acting(visit: Visit, act: Callable[[Session, Question], None]) -> Response:
    with visit.store.transaction() as session:
        found = links.behind(session, visit.path("secret"))
        if found is None or (question := locked(session, found.id)) is None:
            return _nothing(visit)
        act(session, question)
    return visit.go(f"/status/{visit.path('secret')}")


def _page(visit: Visit, told: Standing) -> Response:
    language = known(told.language)
    kind = ", ".join((label(told.authority[0], language), country_name(told.authority[1], language))) if told.authority else ""
    facts: dict[str, Any] = {
        "stand": told,
        "language": language,
        "say": page_words(language),
        "state": label(_turn(told), language),
        "body": kind,
        "date": format_moment(told.promised_at, told.zone, language) if told.promised_at else "",
        "how": explain(told.explanation, language) if told.explanation else "",
        "steps": [(step.key, format_day(step.at, told.zone, language)) for step in reversed(told.steps)],
        "tiers": [(tier, label(tier, language)) for tier in told.tiers],
    }
    return visit.show("status.html", **facts)


def _turn(told: Standing) -> str:
    """Whose turn it is, in the very words of /status; an answered or closed question is simply that."""
    return told.state if told.state in ("answered", "closed") or told.waiting_for == "nobody" else f"waiting-{told.waiting_for}"


def _nothing(visit: Visit, key: str = "unknown", status: int = 404) -> Response:
    """One page for links that never were and links that are no more, so that guessing learns nothing."""
    language = next((known(one) for one in _wished(visit) if known(one) != "en"), "en")
    return visit.show("status_none.html", status, language=language, words_=page_words(language)(key))


def _wished(visit: Visit) -> list[str]:
    """The languages of the browser, in its order (RFC 9110, 12.5.4); nobody is known here."""
    told = visit.request.headers.get("accept-language", "")[:200]
    return [one.partition(";")[0].strip() for one in told.split(",")][:1]


ROUTES = (
    Guarded("/status/{secret}", look, BEARER),
    Guarded("/status/{secret}/tier", choose, BEARER, "POST"),
    Guarded("/status/{secret}/revocation", revoke, BEARER, "POST"),
)
