"""Pressing a button: a Telegram button or the page behind a mailed link. Both act by the same opaque id, once, for one person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from routing import answering, commands, confirming, openers, parting, sharing, tiers, verbs, verdicts
from routing.cases import OPEN_ASSIGNMENT
from routing.given import Given, given
from routing.intake import hold
from routing.letters import page_words, write
from routing.locking import locked
from routing.models import Address, Assignment, Authority, Button, InboxMessage, Person, Question
from routing.office import Office
from routing.post import post
from routing.recipients import to_person
from routing.standing import tiers_to_choose
from routing.why import because


@dataclass(frozen=True, slots=True)
class Pressed:
    """What pressing did: `outcome` for the record, `toast` "done" or "stale", `words` the same for whoever pressed.

    `spent`: its message has done its work, so that the buttons under it can go.
    """

    outcome: str
    toast: str = "done"
    words: str = ""
    spent: bool = True


def find(session: Session, button_id: str) -> Button | None:
    return session.get(Button, button_id) if 0 < len(button_id) <= 64 else None


def is_live(session: Session, button: Button) -> bool:
    """True while pressing would still do something."""
    if button.action in WITHOUT_QUESTION:
        return button.used_at is None or button.action in REPEATABLE
    question = session.get(Question, button.question_id) if button.question_id else None
    if question is None or button.used_at is not None:
        return False
    if button.action == "was_answer":
        return question.state in ("proposed", "assigned") and session.get(InboxMessage, int(button.value or 0)) is not None
    if button.assignment_id is not None:
        return session.get_one(Assignment, button.assignment_id).state in OPEN_ASSIGNMENT
    if button.action.startswith(("helped", "used", "share")):
        return question.state in ("answered", "closed")
    if button.action == "different":
        return question.merged_into_id is not None and question.next_action == "follow"
    if button.action == "tier":
        return question.state == "assigned" and question.merged_into_id is None
    return question.state == button.state


def press(
    session: Session, office: Office, button_id: str, *, now: datetime, chat: str | None = None, inbox: InboxMessage | None = None
) -> Pressed:
    """Do what the button says, if it belongs to this chat and still means something. `chat` is None on a mailed link's page."""
    button = find(session, button_id)
    if button is None or button.chat != chat:
        return Pressed("unknown or foreign button", "stale", spent=False)
    session.refresh(button, with_for_update=True)
    if button.question_id is not None:
        locked(session, button.question_id)
    if inbox is not None:
        inbox.question_id, inbox.assignment_id, inbox.person_id = button.question_id, button.assignment_id, button.person_id
    if not is_live(session, button):
        _say_stale(session, office, button, now)
        return Pressed("stale button", "stale", _words(session, button, "stale"))
    if chat is None:
        _prove_asker(session, button, now)
    outcome = ACTIONS[button.action](session, office, button, now)
    button.used_at = now
    return Pressed(outcome, "done", _words(session, button, "noted"), button.action not in REPEATABLE)


def _words(session: Session, button: Button, key: str) -> str:
    """A few words for the little box that a chat shows for a moment."""
    language = session.get_one(Person, button.person_id).language
    return write("button_stale", language, medium="telegram").subject if key == "stale" else page_words(language)(key)


def _prove_asker(session: Session, button: Button, now: datetime) -> None:
    """Whoever presses the link we mailed to the asker reads what arrives at that address."""
    question = session.get(Question, button.question_id) if button.question_id else None
    if question is not None and question.asker_id == button.person_id:
        address = session.get_one(Address, question.address_id)
        address.proven_at = address.proven_at or now


def _say_stale(session: Session, office: Office, button: Button, now: datetime) -> None:
    if button.chat is not None:
        post(session, office, to_person(session, button.person_id, "asker"), "button_stale", {}, now=now, edition=button.id)


def _question(session: Session, button: Button) -> Question:
    return session.get_one(Question, button.question_id)


def _accept_fiche(session: Session, office: Office, button: Button, now: datetime) -> str:
    rank = int((button.value or "1").rpartition(":")[2])
    return verdicts.accept_proposal(session, office, _question(session, button), rank, now)


def _ask_expert(session: Session, office: Office, button: Button, now: datetime) -> str:
    return verdicts.refuse_proposal(session, office, _question(session, button), now)


def _choose(session: Session, office: Office, button: Button, now: datetime) -> str:
    return verdicts.clarify(session, _question(session, button), int((button.value or "1").rpartition(":")[2]), now)


def _helped_yes(session: Session, office: Office, button: Button, now: datetime) -> str:
    return verdicts.helped(session, office, _question(session, button), now)


def _helped_no(session: Session, office: Office, button: Button, now: datetime) -> str:
    return verdicts.did_not_help(session, office, _question(session, button), now)


def _used(how: str) -> Callable[[Session, Office, Button, datetime], str]:
    return lambda session, office, button, now: verdicts.used(session, office, _question(session, button), how, now)


def _accept_assignment(session: Session, office: Office, button: Button, now: datetime) -> str:
    return verbs.accept(session, office, _given(session, button), None, now)


def _decline_assignment(session: Session, office: Office, button: Button, now: datetime) -> str:
    return verbs.decline(session, office, _given(session, button), None, now)


def _was_answer(session: Session, office: Office, button: Button, now: datetime) -> str:
    """What was read from an expert's prose was wrong; where somebody else has the question by now, a coordinator looks first."""
    theirs, heard = _given(session, button), session.get_one(InboxMessage, int(button.value or 0))
    if theirs.assignment.state not in OPEN_ASSIGNMENT:
        return hold(heard, because(heard, "no-longer-theirs"), now)
    heard.outcome = answering.answer(session, office, theirs, heard.text, now, inbox=heard, review=heard.review)
    return heard.outcome


def _given(session: Session, button: Button) -> Given:
    return given(session, session.get_one(Assignment, button.assignment_id))


def _accept(session: Session, office: Office, button: Button, now: datetime) -> str:
    """One word, two meanings: an expert accepts an assignment, an asker a fiche."""
    act = _accept_assignment if button.assignment_id is not None else _accept_fiche
    return act(session, office, button, now)


def _language(session: Session, office: Office, button: Button, now: datetime) -> str:
    person = session.get_one(Person, button.person_id)
    if button.value in office.policy.languages.spoken:
        person.language, person.language_chosen = button.value, True
    post(
        session,
        office,
        to_person(session, person.id, "asker"),
        "language_set",
        {},
        now=now,
        edition=f"{button.id}:{now.isoformat()}",
    )
    return f"language {person.language}"


def _forget(session: Session, office: Office, button: Button, now: datetime) -> str:
    return commands.forget_person(session, office, session.get_one(Person, button.person_id), now)


def _keep(session: Session, office: Office, button: Button, now: datetime) -> str:
    post(session, office, to_person(session, button.person_id, "asker"), "forget_kept", {}, now=now, edition=button.id)
    return "kept"


def _tier(session: Session, office: Office, button: Button, now: datetime) -> str:
    question = _question(session, button)
    if button.value not in tiers_to_choose(office, question):
        return "this tier cannot be chosen"
    tiers.change(session, office, question, button.value, by="asker", now=now)
    return f"tier {question.tier}"


def _different(session: Session, office: Office, button: Button, now: datetime) -> str:
    return parting.part(session, office, _question(session, button), now, by="asker")


def _is_question(session: Session, office: Office, button: Button, now: datetime) -> str:
    return openers.ask_after_all(session, office, int(button.value or 0), now)


def _share(agreed: bool) -> Callable[[Session, Office, Button, datetime], str]:
    return lambda session, office, button, now: sharing.agree(session, _question(session, button), agreed, now)


def _entry_right(session: Session, office: Office, button: Button, now: datetime) -> str:
    authority = session.get_one(Authority, button.authority_id)
    return confirming.confirm(session, office, authority, button.person_id, now)


def _opens_a_page(session: Session, office: Office, button: Button, now: datetime) -> str:
    """These buttons lead to a page with forms of their own; pressing them here does nothing."""
    return "opened a page"


WITHOUT_QUESTION = ("language", "is_question", "forget_no", "forget_yes", "entry_right", "entry_edit")
REPEATABLE = ("language", "options", "entry_edit")  # the others work once

ACTIONS: dict[str, Callable[[Session, Office, Button, datetime], str]] = {
    "accept": _accept,
    "decline": _decline_assignment,
    "was_answer": _was_answer,
    "ask_expert": _ask_expert,
    "choose": _choose,
    "helped_yes": _helped_yes,
    "helped_no": _helped_no,
    "used_yes": _used("yes"),
    "used_not_yet": _used("not yet"),
    "used_no": _used("no"),
    "language": _language,
    "forget_yes": _forget,
    "forget_no": _keep,
    "tier": _tier,
    "different": _different,
    "is_question": _is_question,
    "share_yes": _share(True),
    "share_no": _share(False),
    "entry_right": _entry_right,
    "entry_edit": _opens_a_page,
    "options": _opens_a_page,
}
