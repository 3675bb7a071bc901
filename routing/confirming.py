"""Once a year every authority is asked whether its entry in the directory is still right.

A "yes", by reply or by link, confirms the entry; corrections made on the page behind the second link are written at once;
words of any other kind go to a coordinator. Silence is told to the coordinators too, once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from routing import recounting
from routing.calendars import calendar_of
from routing.errors import RoutingError
from routing.handing import coordinators
from routing.history import note
from routing.hours import parse_hours, read_hours, spelt
from routing.letters import known, language_name, page_words
from routing.models import Authority, ConsoleUser, Expert, OutboxMessage, Person
from routing.office import Office
from routing.post import effect_key, post
from routing.recipients import To, to_person
from routing.words import understand

AT_ONCE = 5
KEYS_AT_ONCE = 1000
LONGEST_FIELD = 2000


class EntryError(RoutingError):
    """A field of the entry makes no sense; `key` names the words that say so on the page (`routing.letters.pages`)."""

    def __init__(self, key: str):
        super().__init__(page_words("en")(key))
        self.key = key


def ask_due(session: Session, office: Office, now: datetime) -> int:
    """Write the yearly letters that are due, a few at a time, and tell coordinators of silence; returns how many were asked."""
    told = office.policy.directory
    before = now - timedelta(days=told.confirm_after_days)
    confirmed = func.coalesce(Authority.last_confirmed_at, before)
    unasked = or_(Authority.asked_to_confirm_at.is_(None), Authority.asked_to_confirm_at < confirmed)
    due = select(Authority).where(Authority.active, confirmed <= before, unasked).order_by(Authority.id).limit(AT_ONCE)
    asked = [authority for authority in session.scalars(due) if _ask(session, office, authority, now)]
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


def correct(
    session: Session,
    office: Office,
    authority: Authority,
    person_id: int,
    *,
    name: str,
    place: str,
    languages: str,
    hours: str,
    capacity: str,
    profile: str,
    now: datetime,
) -> str:
    """Write what the authority itself has corrected; raises `EntryError` when a field makes no sense.

    Themes and country stay with the coordinators, since who is asked depends on them. A changed week moves running deadlines.
    """
    before = {"hours": dict(authority.hours), "capacity": authority.capacity_per_month, "languages": list(authority.languages)}
    _check(name, capacity, (name, place, languages, hours, profile))
    authority.name, authority.place, authority.profile = name.strip(), place.strip(), profile.strip()
    authority.languages, authority.capacity_per_month = _codes(languages), int(capacity)
    try:
        authority.hours = parse_hours(hours).as_json()
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
    """Stored hours as a person writes them: "mon 09:00-12:00,13:00-17:00; tue …"."""
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
    long_ago = now - timedelta(days=office.policy.directory.tell_after_days)
    confirmed = or_(Authority.last_confirmed_at.is_(None), Authority.last_confirmed_at < Authority.asked_to_confirm_at)
    found = select(Authority.id, Authority.asked_to_confirm_at)
    found = found.where(Authority.active, Authority.asked_to_confirm_at < long_ago, confirmed)
    silent = {one: f"{one}:silent:{asked.date()}" for one, asked in session.execute(found.order_by(Authority.id)) if asked}
    for authority_id in _untold(session, silent) if silent else ():
        _tell(session, office, session.get_one(Authority, authority_id), {}, now, edition=silent[authority_id])


def _untold(session: Session, silent: Mapping[int, str]) -> list[int]:
    """Without those of whose silence somebody has been told. Who is silent stays so for long: one look for all, at every tick.

    `silent`: by authority the edition of the letters about its silence.
    """
    users = session.scalars(select(ConsoleUser.person_id).where(ConsoleUser.active)).all()
    about = {effect_key("co_entry", None, person, None, said): one for one, said in silent.items() for person in users}
    keys, told = list(about), set[int]()
    for at in range(0, len(keys), KEYS_AT_ONCE):
        there = select(OutboxMessage.effect_key).where(OutboxMessage.effect_key.in_(keys[at : at + KEYS_AT_ONCE]))
        told |= {about[key] for key in session.scalars(there)}
    return [one for one in silent if one not in told]


def _tell(session: Session, office: Office, authority: Authority, facts: dict[str, str], now: datetime, *, edition: str) -> None:
    told = {"authority": authority.name, "url": office.page("directory"), **facts}
    for person_id in coordinators(session, authority_id=authority.id):
        to = to_person(session, person_id, "coordinator")
        post(session, office, to, "co_entry", told, now=now, edition=edition)


def _thank(session: Session, office: Office, authority: Authority, person_id: int, corrected: bool, now: datetime) -> None:
    to: To | None = to_person(session, person_id, "coordinator")
    edition = f"{authority.id}:{now.isoformat()}"
    post(session, office, to, "entry_confirmed", {"corrected": corrected}, now=now, edition=edition)


def _check(name: str, capacity: str, fields: Sequence[str]) -> None:
    if not name.strip():
        raise EntryError("wrong_name")
    if not capacity.strip().isdecimal() or not 0 < int(capacity) <= 1000:
        raise EntryError("wrong_capacity")
    if any(len(field) > LONGEST_FIELD for field in fields):
        raise EntryError("too_long")


def _codes(text: str) -> list[str]:
    codes = ["el" if code == "gr" else code for code in text.lower().replace(",", " ").replace(";", " ").split()]
    if not codes or any(len(code) != 2 or not code.isalpha() for code in codes):
        raise EntryError("wrong_languages")
    return list(dict.fromkeys(codes))
