"""The pages behind the links in coordinators' letters: what would be done stands there in full; its one button does it, once."""

from __future__ import annotations

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.console.visits import Visit
from routing import oneclick
from routing.letters import known, page_words
from routing.models import Button, Person


def show(visit: Visit, session: Session, found: Button) -> Response | None:
    """The page; None where the link does nothing any more."""
    shown = oneclick.look(session, found, visit.now)
    return None if shown is None else _page(visit, session, found, shown, "ask")


def press(visit: Visit, session: Session, found: Button) -> Response | None:
    """Done, and says so; None where somebody was quicker or the link is too old."""
    shown = oneclick.look(session, found, visit.now)
    if shown is None or not oneclick.press(session, visit.office, found, visit.now):
        return None
    visit.desk.service.wake()
    return _page(visit, session, found, shown, "done")


def _page(visit: Visit, session: Session, found: Button, shown: oneclick.Shown, state: str) -> Response:
    language = known(session.get_one(Person, found.person_id).language)
    say = page_words(language)
    label = say(shown.words, who=shown.who) if shown.words == "assign" else say(shown.words)
    case = visit.office.page(f"questions/{shown.number}")
    return visit.show("acting.html", shown=shown, say=say, label=label, state=state, case=case, language=language)
