"""One-click pages behind mailed links: opening one changes nothing, its one button does, once.

Mail scanners open every link of a mail, some press nothing but run scripts; so GET shows and POST acts (RFC 9110, 9.2.1).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.console.access import BEARER, Guarded
from bot.console.pages import acting
from bot.console.visits import Visit
from routing import buttons, confirming, desk, oneclick, overviews
from routing.errors import RoutingError
from routing.extending import LONGEST_EXTENSION_DAYS
from routing.letters import format_moment, known, page_words, write
from routing.models import Assignment, Authority, Button, Expert, Person, Question

ENTRY_FIELDS = tuple(field.name for field in fields(confirming.Entry))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page says before the button is pressed; `label` is the letter's own word for it."""

    language: str
    label: str
    number: str
    line: str


def look(visit: Visit) -> Response:
    with visit.store.snapshot() as session:
        found = buttons.find(session, visit.path("id"))
        if found is None or found.chat is not None:
            return _stale(visit, "en", 404)
        if found.action in oneclick.ACTS:
            return acting.show(visit, session, found) or _stale(visit, _language(session, found), 410)
        if not buttons.is_live(session, found):
            return _stale(visit, _language(session, found), 410)
        asked = _asked(session, found)
        if found.action == "options":
            return _options(visit, session, found, asked)
        if found.action == "entry_edit":
            return _entry(visit, session, found, asked)
    press_ = page_words(asked.language)("press")
    return visit.show("button.html", asked=asked, press=press_, state="ask", words_of=("", ""))


def press(visit: Visit) -> Response:
    with visit.store.transaction() as session:
        found = buttons.find(session, visit.path("id"))
        if found is None or found.chat is not None:
            return _stale(visit, "en", 404)
        if found.action in oneclick.ACTS:
            return acting.press(visit, session, found) or _stale(visit, _language(session, found), 409)
        asked = _asked(session, found)
        if found.action in ("options", "entry_edit"):
            return _act(visit, session, found, asked)
        pressed = buttons.press(session, visit.office, found.id, now=visit.now)
    if pressed.toast == "stale" or pressed.outcome == "stale":
        return _stale(visit, asked.language, 409)
    return _done(visit, asked)


def _done(visit: Visit, asked: Asked) -> Response:
    visit.desk.service.wake()
    return visit.show("button.html", asked=asked, press="", state="done", words_of=("", page_words(asked.language)("done")))


def _act(visit: Visit, session: Session, found: Button, asked: Asked) -> Response:
    """The pages with several forms: what was filled in is done, or the page comes back with what is wrong."""
    try:
        with session.begin_nested():  # what is wrong with the form undoes all that was begun
            is_done = _do(visit, session, found)
    except confirming.EntryError as error:
        return _entry(visit, session, found, asked, page_words(asked.language)(error.key))
    except RoutingError as error:
        return _options(visit, session, found, asked, str(error))
    return _done(visit, asked) if is_done else _stale(visit, asked.language, 409)


def _do(visit: Visit, session: Session, found: Button) -> bool:
    """False when the question has moved on meanwhile."""
    if found.action == "entry_edit":
        authority = session.get_one(Authority, found.authority_id)
        entry = confirming.Entry(**{name: visit.field(name) for name in ENTRY_FIELDS})
        confirming.correct(session, visit.office, authority, found.person_id, entry, visit.now)
        return True
    return desk.choose(session, visit.office, found, visit.field("choice"), visit.field("text"), visit.now) is not None


def _options(visit: Visit, session: Session, found: Button, asked: Asked, wrong: str = "") -> Response:
    """What an expert can do besides yes and no."""
    assignment = session.get_one(Assignment, found.assignment_id)
    authority = session.get_one(Authority, session.get_one(Expert, assignment.expert_id).authority_id)
    facts = {
        "asked": asked,
        "say": page_words(asked.language),
        "text": session.get_one(Question, found.question_id).full_text,
        "due": format_moment(assignment.deadline_at, authority.zone, asked.language),
        "today": visit.now.date().isoformat(),
        "most": LONGEST_EXTENSION_DAYS,
        "wrong": bool(wrong),
        "choice": visit.field("choice"),
        "typed": visit.field("text"),
    }
    return visit.show("options.html", 422 if wrong else 200, **facts)


def _entry(visit: Visit, session: Session, found: Button, asked: Asked, wrong: str = "") -> Response:
    """An authority's entry in the directory, for correction."""
    authority = session.get_one(Authority, found.authority_id)
    now = {
        "name": authority.name,
        "place": authority.place,
        "languages": " ".join(authority.languages),
        "hours": confirming.spell(authority.hours),
        "capacity": str(authority.capacity_per_month),
        "profile": authority.profile,
    }
    values = {name: visit.field(name, value) for name, value in now.items()}
    return visit.show(
        "entry.html", 422 if wrong else 200, asked=asked, say=page_words(asked.language), values=values, wrong=wrong
    )


def _asked(session: Session, button: Button) -> Asked:
    question = session.get(Question, button.question_id) if button.question_id else None
    language = _language(session, button)
    label = overviews.label_of(session, button) or button.action.replace("_", " ")
    line = (question.subject or question.text) if question else ""
    return Asked(language, label, question.number if question else "", line)


def _language(session: Session, button: Button) -> str:
    """The language of the letter the link came with: an asker reads that of their question."""
    person = session.get_one(Person, button.person_id)
    question = session.get(Question, button.question_id) if button.question_id else None
    asker = question is not None and question.asker_id == person.id and button.assignment_id is None
    return known(question.letters_in if asker and question else person.language)


def _stale(visit: Visit, language: str, status: int) -> Response:
    letter = write("button_stale", language, medium="email")
    first = letter.text.split("\n\n")[0]
    asked = Asked(language, "", "", "")
    return visit.show("button.html", status, asked=asked, press="", state="stale", words_of=(letter.subject, first))


ROUTES = (
    Guarded("/do/{id}", look, BEARER),
    Guarded("/do/{id}", press, BEARER, "POST"),
)
