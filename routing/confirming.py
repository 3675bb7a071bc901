"""Once a year every authority is asked whether its entry in the directory is still right.

A "yes", by reply or by link, confirms the entry; corrections made on the page behind the second link are written at once;
words of any other kind go to a coordinator. Silence is told to the coordinators too, once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from routing import recounting
from routing.calendars import calendar_of
from routing.columns import Moment
from routing.errors import RoutingError
from routing.handing import coordinators
from routing.history import note
from routing.hours import parse_hours, read_hours, spelt
from routing.languages import listed
from routing.letters import known, language_name, page_words
from routing.models import Authority, Expert, Person
from routing.office import Office
from routing.post import post
from routing.recipients import To, to_person
from routing.words import understand

AT_ONCE = 5
# Asked at every tick: who was last confirmed `before`, and has not been asked since; who has been silent since `long_ago`.
_BEFORE = bindparam("before", type_=Moment())
_CONFIRMED = func.coalesce(Authority.last_confirmed_at, _BEFORE)
_UNASKED = or_(Authority.asked_to_confirm_at.is_(None), Authority.asked_to_confirm_at < _CONFIRMED)
_DUE = select(Authority).where(Authority.active, _CONFIRMED <= _BEFORE, _UNASKED).order_by(Authority.id).limit(AT_ONCE)
_SILENT = (
    select(Authority)
    .where(Authority.active, Authority.asked_to_confirm_at < bindparam("long_ago"))
    .where(or_(Authority.last_confirmed_at.is_(None), Authority.last_confirmed_at < Authority.asked_to_confirm_at))
    .where(or_(Authority.silence_told_at.is_(None), Authority.silence_told_at < Authority.asked_to_confirm_at))
    .order_by(Authority.id)
)
LONGEST_FIELD = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """What an authority writes on the page of its entry, as it was typed."""

    name: str
    place: str
    languages: str
    hours: str
    capacity: str
    profile: str


class EntryError(RoutingError):
    """A field of the entry makes no sense; `key` names the words that say so on the page (`routing.letters.pages`)."""

    def __init__(self, key: str):
        super().__init__(page_words("en")(key))
        self.key = key


def ask_due(session: Session, office: Office, now: datetime) -> int:
    """Write the yearly letters that are due, a few at a time, and tell coordinators of silence; returns how many were asked."""
    before = now - timedelta(days=office.policy.directory.confirm_after_days)
    due = session.scalars(_DUE, {"before": before})
    asked = [authority for authority in due if _ask(session, office, authority, now)]
    _tell_of_silence(session, office, now)
    return len(asked)


def reply(session: Session, office: Office, authority: Authority, person_id: int, text: str, now: datetime) -> str:
    """An answer to the yearly letter: "yes" confirms, anything else is for a coordinator."""
    word = understand(text, session.get_one(Person, person_id).language)
    if word is not None and word.meaning in ("yes", "accept"):
        return confirm(session, office, authority, person_id, now)
    note(session, None, "entry-commented", actor=f"person:{person_id}", now=now, authority=authority.name, text=text)
    _thank(session, office, authority, person_id, True, now)
    _tell(session, office, authority, {"text": text}, now, edition=f"{authority.id}:said:{now.isoformat()}")
    return "passed on to the coordinators"


def confirm(session: Session, office: Office, authority: Authority, person_id: int, now: datetime) -> str:
    authority.last_confirmed_at = now
    note(session, None, "entry-confirmed", actor=f"person:{person_id}", now=now, authority=authority.name)
    _thank(session, office, authority, person_id, False, now)
    return "confirmed"


def correct(session: Session, office: Office, authority: Authority, person_id: int, entry: Entry, now: datetime) -> str:
    """Write what the authority itself has corrected; raises `EntryError` when a field makes no sense.

    Themes and country stay with the coordinators, since who is asked depends on them. A changed week moves running deadlines.
    """
    before = {"hours": dict(authority.hours), "capacity": authority.capacity_per_month, "languages": list(authority.languages)}
    _check(entry)
    authority.name, authority.place, authority.profile = entry.name.strip(), entry.place.strip(), entry.profile.strip()
    authority.languages, authority.capacity_per_month = _codes(entry.languages), int(entry.capacity)
    try:
        authority.hours = parse_hours(entry.hours).as_json()
        calendar_of(authority)
    except (RoutingError, ValueError) as error:
        raise EntryError("wrong_hours") from error
    authority.last_confirmed_at = now
    note(session, None, "entry-corrected", actor=f"person:{person_id}", now=now, authority=authority.name, before=before)
    if authority.hours != before["hours"]:
        recounting.after_calendar(session, office, authority, now)
    _thank(session, office, authority, person_id, True, now)
    return "corrected"


def spell(hours: dict[str, object]) -> str:
    """Stored hours as a person writes them: "mon-thu 09:00-12:00,13:00-17:00; fri …"."""
    return spelt(read_hours(hours)) if hours else ""


def _ask(session: Session, office: Office, authority: Authority, now: datetime) -> bool:
    """To the first of its experts whom mail reaches; with none, a coordinator hears of it by the silence."""
    authority.asked_to_confirm_at = now
    experts = select(Expert).where(Expert.authority_id == authority.id, Expert.active).order_by(Expert.rank, Expert.id)
    for expert in session.scalars(experts):
        to = to_person(session, expert.person_id, "coordinator")
        if to is not None and to.medium == "email":
            lines = _lines(authority, to.person.language)
            edition = f"{authority.id}:{now.date()}"
            return (
                post(session, office, to, "confirm_entry", {"lines": lines}, now=now, edition=edition, authority=authority)
                is not None
            )
    return False


def _lines(authority: Authority, language: str) -> Sequence[str]:
    say, code = page_words(language), known(language)
    spoken = ", ".join(language_name(one, code) for one in authority.languages)
    told = (
        ("name", authority.name),
        ("place", authority.place),
        ("languages", spoken),
        ("hours", spell(authority.hours)),
        ("capacity", str(authority.capacity_per_month)),
        ("profile", authority.profile),
    )
    return [f"{say(key).partition(' (')[0]}: {value}" for key, value in told if value]


def _tell_of_silence(session: Session, office: Office, now: datetime) -> None:
    """Once for each yearly letter; for as long as there is nobody to tell, at every tick."""
    long_ago = now - timedelta(days=office.policy.directory.tell_after_days)
    for authority in session.scalars(_SILENT, {"long_ago": long_ago}):
        asked = authority.asked_to_confirm_at or now
        if _tell(session, office, authority, {}, now, edition=f"{authority.id}:silent:{asked.date()}"):
            authority.silence_told_at = now


def _tell(session: Session, office: Office, authority: Authority, facts: dict[str, str], now: datetime, *, edition: str) -> bool:
    """Whether there is anybody to tell."""
    told = {"authority": authority.name, "url": office.page("directory"), **facts}
    found = (to_person(session, one, "coordinator") for one in coordinators(session, authority_id=authority.id))
    reached = [to for to in found if to is not None]
    for to in reached:
        post(session, office, to, "co_entry", told, now=now, edition=edition)
    return bool(reached)


def _thank(session: Session, office: Office, authority: Authority, person_id: int, corrected: bool, now: datetime) -> None:
    to: To | None = to_person(session, person_id, "coordinator")
    edition = f"{authority.id}:{now.isoformat()}"
    post(session, office, to, "entry_confirmed", {"corrected": corrected}, now=now, edition=edition)


def _check(entry: Entry) -> None:
    if not entry.name.strip():
        raise EntryError("wrong_name")
    if len(entry.capacity) > LONGEST_FIELD or not entry.capacity.strip().isdecimal() or not 0 < int(entry.capacity) <= 1000:
        raise EntryError("wrong_capacity")
    if any(len(field) > LONGEST_FIELD for field in astuple(entry)):
        raise EntryError("too_long")


def _codes(text: str) -> list[str]:
    try:
        return listed(text)
    except ValueError as error:
        raise EntryError("wrong_languages") from error
