"""The directory of authorities and experts, read from CSV rows; importing twice changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from routing import recounting
from routing.absences import Days
from routing.calendars import calendar_of, plain_calendar
from routing.care import tell_of_silence_again
from routing.errors import RoutingError
from routing.hours import parse_hours
from routing.languages import listed
from routing.models import Address, Authority, ConsoleUser, Expert, Person
from routing.office import Office
from routing.people import STOPPED, address_of, find_address, give_up, normal, revive

AUTHORITY_COLUMNS = (
    "slug",
    "name",
    "kind",
    "country",
    "subdivision",
    "place",
    "zone",
    "hours",
    "themes",
    "languages",
    "capacity_per_month",
    "profile",
)
EXPERT_COLUMNS = ("email", "authority", "role", "language", "languages", "themes", "rank", "monthly_limit")
# Columns that a file may have besides; where one is missing, what is stored stays.
MORE_AUTHORITY_COLUMNS = ("review", "active")
MORE_EXPERT_COLUMNS = ("consent", "absences", "active")
MOVED = "former_email"  # a column of a file that comes in: the address under which an expert is known so far
CONSENTS = ("named", "shared")
ROLES = ("admin", "coordinator", "observer")


class DirectoryError(RoutingError):
    """An entry of the directory is wrong; `field` is the column that is, and the message says what to write there.

    Of a file the message names the row too.
    """

    def __init__(self, message: str, field: str = ""):
        super().__init__(message)
        self.field = field


def import_authorities(session: Session, rows: Iterable[Mapping[str, str]], now: datetime, office: Office | None = None) -> int:
    """Add or update authorities from CSV rows; returns how many. Raises `DirectoryError` naming the row.

    With an `office`, deadlines that run in a calendar that has changed are counted again.
    """
    count = 0
    for number, row in enumerate(rows, start=2):
        _check_columns(row, AUTHORITY_COLUMNS, number)
        with _in_row(number, row["slug"]):
            write_authority(session, row, now, office).last_confirmed_at = now
        count += 1
    return count


def import_experts(session: Session, rows: Iterable[Mapping[str, str]], now: datetime, office: Office | None = None) -> int:
    """Add or update experts from CSV rows; their authorities must be there. Raises `DirectoryError` naming the row.

    A column "absences" is the whole truth: what it does not name is taken back. With an `office`, one that is new moves what the
    expert has open, as if a coordinator had noted it.
    """
    count = 0
    for number, row in enumerate(rows, start=2):
        _check_columns(row, EXPERT_COLUMNS, number)
        with _in_row(number, row["email"]):
            write_expert(session, row, now, office)
        count += 1
    return count


def add_user(session: Session, email: str, role: str, now: datetime, name: str = "", language: str = "en") -> ConsoleUser:
    """Let somebody sign in to the console; an existing user gets the new role. Raises `DirectoryError`."""
    if role not in ROLES:
        raise DirectoryError(f"There is no role {role!r}; use one of {', '.join(ROLES)}.")
    if "@" not in email:
        raise DirectoryError(f"{email!r} is no mail address.")
    address = address_of(session, "email", email, now=now, name=name, language=language, proven=True)
    user = session.scalars(select(ConsoleUser).where(ConsoleUser.email == normal("email", email))).one_or_none()
    if user is None:
        user = ConsoleUser(person_id=address.person_id, email=normal("email", email), role=role, created_at=now)
        session.add(user)
    user.role, user.active = role, True
    tell_of_silence_again(session)
    session.flush()
    return user


def write_authority(session: Session, row: Mapping[str, str], now: datetime, office: Office | None = None) -> Authority:
    """Add or update the authority with this slug, its columns as in a file; raises `DirectoryError`."""
    _check_filled(row, ("slug", "name", "kind", "country"))
    authority = session.scalars(select(Authority).where(Authority.slug == row["slug"].strip())).one_or_none()
    if authority is None:
        authority = Authority(slug=row["slug"].strip(), last_confirmed_at=now)
        session.add(authority)
    before = (authority.hours, authority.zone, authority.country, authority.subdivision)
    for name in ("name", "kind", "country", "place", "zone", "profile"):
        setattr(authority, name, row[name].strip())
    authority.subdivision = row["subdivision"].strip() or None
    authority.themes, authority.languages = _list(row["themes"]), _languages(row, "languages")
    authority.capacity_per_month = _number(row, "capacity_per_month")
    authority.active = _is_there(row, authority.active)
    if "review" in row:
        authority.review = _one_of(row, "review", ("", "straight", "review")) or None
    _set_week(authority, row["hours"])
    session.flush()
    after = (authority.hours, authority.zone, authority.country, authority.subdivision)
    if office is not None and None not in before[:2] and before != after:
        recounting.after_calendar(session, office, authority, now)
    return authority


def write_expert(session: Session, row: Mapping[str, str], now: datetime, office: Office | None = None) -> Expert:
    """Add or update the expert with this address, the columns as in a file; raises `DirectoryError`."""
    authority = session.scalars(select(Authority).where(Authority.slug == row["authority"].strip())).one_or_none()
    if authority is None:
        raise DirectoryError(f"there is no authority {row['authority']!r}; import it first.", "authority")
    _check_filled(row, ("role",))
    if row["email"].count("@") != 1 or any(c.isspace() or not c.isprintable() for c in row["email"].strip()):
        raise DirectoryError(f"{row['email']!r} is no mail address.", "email")
    if office is not None and office.is_ours(row["email"].strip()):
        raise DirectoryError(f"{row['email']!r} is the network's own address, and letters to it would come back.", "email")
    _move_address(session, row, now)
    address = address_of(session, "email", row["email"], now=now, language=row["language"].strip(), proven=True)
    person = session.get_one(Person, address.person_id)
    person.language, person.zone, person.country = _languages(row, "language")[0], authority.zone, authority.country
    person.authority_id, person.name = authority.id, row["role"].strip()
    expert = session.scalars(select(Expert).where(Expert.person_id == person.id)).one_or_none()
    if expert is None:
        expert = Expert(person_id=person.id)
        session.add(expert)
    expert.authority_id, expert.role = authority.id, row["role"].strip()
    expert.active = _is_there(row, expert.active)
    expert.languages, expert.themes = _languages(row, "languages"), _list(row["themes"])
    expert.rank, expert.monthly_limit = _number(row, "rank"), _number(row, "monthly_limit")
    if "consent" in row:
        agreed = _list(row["consent"])
        if set(agreed) - set(CONSENTS):
            raise DirectoryError(f"consent is any of {', '.join(CONSENTS)}, not {row['consent']!r}.", "consent")
        expert.may_be_named, expert.may_be_shared = "named" in agreed, "shared" in agreed
    session.flush()
    if "absences" in row:
        recounting.set_absences(session, office, expert, [_absence(days) for days in _list(row["absences"])], now)
    return expert


def _set_week(authority: Authority, hours: str) -> None:
    """The hours, and whether they make a calendar with the zone and the holidays of the place."""
    try:
        week = parse_hours(hours)
    except RoutingError as error:
        raise DirectoryError(str(error), "hours") from error
    authority.hours = week.as_json()
    authority.exceptions = authority.exceptions or {}
    try:
        plain_calendar(authority.zone, week)
    except (RoutingError, ValueError) as error:
        raise DirectoryError(str(error), "zone") from error
    try:
        calendar_of(authority)
    except (RoutingError, ValueError) as error:
        raise DirectoryError(str(error), "subdivision" if authority.subdivision else "country") from error


def _move_address(session: Session, row: Mapping[str, str], now: datetime) -> None:
    """The same expert at a new address: letters go there from now on, and all that they have stays theirs."""
    former = (row.get(MOVED) or "").strip()
    known = find_address(session, "email", former) if former else None
    if known is None or normal("email", former) == normal("email", row["email"]):
        return
    there = find_address(session, "email", row["email"])
    if there is not None and there.person_id != known.person_id:
        told = f"{row['email']!r} is somebody else's address; take {former!r} off the directory instead."
        raise DirectoryError(told, "email")
    first = session.scalars(select(Address.rank).where(Address.person_id == known.person_id).order_by(Address.rank)).first() or 0
    if there is None:
        there = Address(person_id=known.person_id, channel="email", address=normal("email", row["email"]), proven_at=now)
        session.add(there)
    if there.dead_reason == STOPPED:
        raise DirectoryError("Whoever reads this address has asked us to stop writing. Use another one.", "email")
    revive(there)
    there.rank = first - 1
    session.flush()
    give_up(session, known, there, now)


@contextmanager
def _in_row(number: int, name: str) -> Iterator[None]:
    """What is wrong with an entry, said of a row of a file."""
    try:
        yield
    except DirectoryError as error:
        column = f", column {error.field}" if error.field else ""
        raise DirectoryError(f"Row {number} ({name.strip()}){column}: {error}", error.field) from error


def _is_there(row: Mapping[str, str], stored: bool | None) -> bool:
    """As the row says, else as it stood; who is new is there. A file from before says nothing of who has left since."""
    return row["active"].strip() != "no" if "active" in row else stored is not False


def _absence(days: str) -> Days:
    try:
        first, last = (date.fromisoformat(day.strip()) for day in days.split("/"))
    except ValueError as error:
        raise DirectoryError(f"absences are like 2027-01-04/2027-01-15, not {days!r}.", "absences") from error
    if first > last:
        raise DirectoryError(f"the absence {days!r} ends before it begins.", "absences")
    return first, last


def _one_of(row: Mapping[str, str], column: str, words: tuple[str, ...]) -> str:
    said = row[column].strip()
    if said not in words:
        raise DirectoryError(f"{column} is one of {', '.join(filter(None, words))} or empty, not {said!r}.", column)
    return said


def _check_columns(row: Mapping[str, str], columns: tuple[str, ...], number: int) -> None:
    missing = [name for name in columns if row.get(name) is None]
    if missing:
        raise DirectoryError(f"Row {number} lacks {', '.join(missing)}; the columns are {', '.join(columns)}.")


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _languages(row: Mapping[str, str], column: str) -> list[str]:
    try:
        return listed(row[column])
    except ValueError as error:
        told = f"languages are two-letter codes separated by semicolons, not {row[column]!r}."
        raise DirectoryError(told, column) from error


def _number(row: Mapping[str, str], column: str) -> int:
    told = row[column].strip()
    if not re.fullmatch("-?[0-9]{1,6}" if column == "rank" else "[0-9]{1,6}", told):
        raise DirectoryError(f"{column} must be a whole number, not {row[column]!r}.", column)
    return int(told)


def _check_filled(row: Mapping[str, str], columns: tuple[str, ...]) -> None:
    for column in columns:
        if not row[column].strip():
            raise DirectoryError(f"{column} is empty.", column)
