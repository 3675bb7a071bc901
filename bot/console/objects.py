"""What the addresses of the console name, and whether it is in somebody's care: the access layer's second half.

A route may only name in its address what stands in `OBJECTS`; any other name fails when the route is made. In: a session, who
asks, and the values of an address. Out: `NotFound` for what is not there and for what is not theirs, in the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from routing import care, overviews, queries
from routing.errors import NotFound
from routing.models import (
    Absence,
    Answer,
    ApiToken,
    Attachment,
    ConsoleUser,
    Expert,
    Fiche,
    InboxMessage,
    OutboxMessage,
    Passkey,
    Person,
    Remembered,
    Review,
    SavedView,
    Webhook,
)
from routing.signin import SignedIn

NOTHING = "There is nothing at this address. It may be mistyped, or what was here is gone."
LARGEST_ID = 2**31 - 1  # PostgreSQL's integer
Check = Callable[[Session, SignedIn, str], bool]


def check(session: Session, who: SignedIn | None, named: Mapping[str, Any]) -> None:
    """Raises `NotFound` unless everything that an address names is there for whoever asks."""
    if who is None:
        return
    for name, value in named.items():
        if not _is_there(session, who, name, value):
            raise NotFound(f"There is no question {value}." if name == "number" else NOTHING)


def unknown(names: Iterable[str]) -> list[str]:
    """The names for which nobody has said whose the object is."""
    return [name for name in names if name not in OBJECTS]


def _is_there(session: Session, who: SignedIn, name: str, value: Any) -> bool:
    return (not isinstance(value, int) or value <= LARGEST_ID) and OBJECTS[name](session, who, str(value))


def _question(session: Session, who: SignedIn, number: str) -> bool:
    found = queries.by_number(session, number)
    return found is not None and care.covers(session, who.care, found.id)


def _answer(session: Session, who: SignedIn, row: str) -> bool:
    found = session.get(Answer, int(row))
    return found is not None and care.covers(session, who.care, found.question_id)


def _letter(session: Session, who: SignedIn, row: str) -> bool:
    found = session.get(OutboxMessage, int(row))
    return found is not None and care.covers(session, who.care, found.question_id)


def _message(session: Session, who: SignedIn, row: str) -> bool:
    found = session.get(InboxMessage, int(row))
    return found is not None and care.covers_message(session, who.care, found)


def _file(session: Session, who: SignedIn, row: str) -> bool:
    found = session.get(Attachment, int(row))
    return found is not None and _message(session, who, str(found.inbox_id))


def _decision(session: Session, who: SignedIn, row: str) -> bool:
    found = session.get(Remembered, int(row))
    return found is not None and care.covers(session, who.care, found.question_id)


def _review(session: Session, who: SignedIn, row: str) -> bool:
    found = session.get(Review, int(row))
    return found is not None and _answer(session, who, str(found.answer_id))


def _authority(session: Session, who: SignedIn, row: str) -> bool:
    return care.covers_authority(who.care, int(row))


def _expert(session: Session, who: SignedIn, row: str) -> bool:
    found = session.get(Expert, int(row))
    return found is not None and care.covers_authority(who.care, found.authority_id)


def _absence(session: Session, who: SignedIn, row: str) -> bool:
    found = session.get(Absence, int(row))
    return found is not None and _expert(session, who, str(found.expert_id))


def _fiche(session: Session, who: SignedIn, slug: str) -> bool:
    return session.scalar(select(Fiche.id).where(Fiche.slug == slug, *overviews.readable(who.care))) is not None


def _own_key(session: Session, who: SignedIn, row: str) -> bool:
    return session.scalar(select(ApiToken.id).where(ApiToken.id == int(row), ApiToken.user_id == who.user_id)) is not None


def _own_passkey(session: Session, who: SignedIn, row: str) -> bool:
    return session.scalar(select(Passkey.id).where(Passkey.id == int(row), Passkey.user_id == who.user_id)) is not None


def _own_view(session: Session, who: SignedIn, row: str) -> bool:
    return session.scalar(select(SavedView.id).where(SavedView.id == int(row), SavedView.user_id == who.user_id)) is not None


def _user(session: Session, who: SignedIn, row: str) -> bool:
    return session.get(ConsoleUser, int(row)) is not None


def _person(session: Session, who: SignedIn, row: str) -> bool:
    return session.get(Person, int(row)) is not None


def _webhook(session: Session, who: SignedIn, row: str) -> bool:
    return session.get(Webhook, int(row)) is not None


def _free(session: Session, who: SignedIn, value: str) -> bool:
    """Names no stored object: a secret that lets its bearer in, one of a few files, a month, a phone or mail of the demo."""
    return True


OBJECTS: Mapping[str, Check] = {
    "number": _question,
    "answer": _answer,
    "letter": _letter,
    "inbox": _message,
    "file": _file,
    "decision": _decision,
    "review": _review,
    "authority": _authority,
    "expert": _expert,
    "absence": _absence,
    "slug": _fiche,
    "key": _own_key,
    "passkey": _own_passkey,
    "view": _own_view,
    "webhook": _webhook,
    "user": _user,
    "person": _person,
    "secret": _free,
    "id": _free,
    "what": _free,
    "table": _free,
    "month": _free,
    "phone": _free,
    "mail": _free,
}
