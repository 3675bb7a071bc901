"""Entries of the directory written by hand: one authority, one expert, or a whole file that a coordinator brings along.

In: the columns of an entry as a file has them, and who says so. Out: the entry, written by the same rules as an import
(`routing.directory`), and a line in the record. Who corrects an entry names the state they have read (`mark`): what somebody else
has changed meanwhile is not written over.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from routing.directory import (
    MOVED,
    DirectoryError,
    import_authorities,
    import_experts,
    write_authority,
    write_expert,
)
from routing.directory_export import Row, authority_row, authority_rows, expert_row, expert_rows
from routing.errors import NotFound, StaleAction
from routing.history import note
from routing.models import Address, Authority, Expert, Person
from routing.office import Office
from routing.people import STOPPED, find_address, normal, revive

LONGEST_FIELD = 4000
CHANGED = "This entry has changed since you opened it. Nothing you entered was saved."
_LONGEST_SLUG = 60


class Plain(DirectoryError):
    """Its message says more than that the field is wrong: that it is too long, or whose it is already."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file brings: how many entries are new, have changed, or stand there already as they are."""

    new: int
    changed: int
    same: int


def mark(row: Row) -> str:
    """By which an entry is known to be the one that somebody has read."""
    return hashlib.sha256(json.dumps(dict(row), sort_keys=True).encode()).hexdigest()[:16]


def entry_of_authority(session: Session, authority_id: int, *, to_change: bool = False) -> Row:
    """Raises `NotFound`; what is to be changed is locked."""
    authority = session.get(Authority, authority_id, with_for_update=True if to_change else None)
    if authority is None:
        raise NotFound("There is no such authority.")
    return authority_row(authority)


def name_of(session: Session, slug: str) -> str:
    """Of the authority with this short name."""
    return session.scalars(select(Authority.name).where(Authority.slug == slug)).one()


def entry_of_expert(session: Session, expert_id: int, *, to_change: bool = False) -> Row:
    """The entry without the absences, which have forms of their own; for who has no mail address left that column is empty."""
    if to_change:
        session.get(Expert, expert_id, with_for_update=True)
    found = select(Expert).where(Expert.id == expert_id).options(joinedload(Expert.authority))
    found = found.options(joinedload(Expert.person).selectinload(Person.addresses))
    expert = session.scalars(found.execution_options(populate_existing=True)).one_or_none()
    if expert is None:
        raise NotFound("There is no such expert.")
    return {key: told for key, told in expert_row(expert, ()).items() if key != "absences"}


def add_authority(session: Session, office: Office, row: Row, *, by: str, now: datetime) -> Authority:
    """A new authority; its short name for files is made of its name. Raises `DirectoryError`, also where it is known."""
    _check_lengths(row)
    _check_new(session, row)
    added = write_authority(session, {**row, "slug": _free_slug(session, row["name"])}, now, office)
    note(session, None, "authority-added", actor=by, now=now, authority=added.name)
    return added


def correct_authority(
    session: Session, office: Office, authority_id: int, row: Row, seen: str, *, by: str, now: datetime
) -> Authority:
    """What a coordinator knows better; it is not the authority's own word, so the yearly letter still goes out.

    Raises `DirectoryError`, or `StaleAction` unless the entry is as it was `seen`.
    """
    before = entry_of_authority(session, authority_id, to_change=True)
    _check_lengths(row)
    if mark(before) != seen:
        raise StaleAction(CHANGED)
    corrected = write_authority(session, {**before, **_in_order(row, before), "slug": before["slug"]}, now, office)
    columns = _changed(before, authority_row(corrected))
    if columns:
        note(session, None, "entry-corrected", actor=by, now=now, authority=corrected.name, columns=columns)
    return corrected


def add_expert(session: Session, office: Office, authority_id: int, row: Row, *, by: str, now: datetime) -> Expert:
    """A new expert of this authority. Raises `DirectoryError`, also where the address is an expert's already."""
    authority = session.get(Authority, authority_id)
    if authority is None:
        raise NotFound("There is no such authority.")
    _check_lengths(row)
    _check_address(session, row["email"])
    added = write_expert(session, {**row, "authority": authority.slug}, now, office)
    note(session, None, "expert-added", actor=by, now=now, expert=added.role, authority=authority.name)
    return added


def correct_expert(session: Session, office: Office, expert_id: int, row: Row, seen: str, *, by: str, now: datetime) -> Expert:
    """With another address letters go there from now on, and all that they have stays theirs."""
    before = entry_of_expert(session, expert_id, to_change=True)
    _check_lengths(row)
    if mark(before) != seen:
        raise StaleAction(CHANGED)
    if normal("email", row["email"]) != before["email"]:
        _check_address(session, row["email"], but=expert_id)
    entry = {**before, **_in_order(row, before), MOVED: before["email"], "authority": before["authority"]}
    if not before["email"] and find_address(session, "email", row["email"]) is None and row["email"].count("@") == 1:
        person_id = session.get_one(Expert, expert_id).person_id  # who had none gets one, and stays who they are
        session.add(Address(person_id=person_id, channel="email", address=normal("email", row["email"]), proven_at=now))
        session.flush()
    corrected = write_expert(session, entry, now, office)
    if corrected.id != expert_id:
        raise DirectoryError("This address belongs to somebody else whom we know. Use another one.", "email")
    columns = _changed(before, entry_of_expert(session, expert_id))
    if columns:
        note(session, None, "expert-corrected", actor=by, now=now, expert=corrected.role, columns=columns)
    return corrected


def read_rows(text: str) -> list[dict[str, str]]:
    """The lines of a CSV file below its header; a byte-order mark, as spreadsheets write it, and semicolons are understood.

    Raises `DirectoryError` for broken quotes, or where no line stands below the header.
    """
    text = text.removeprefix("\ufeff")
    head = text.partition("\n")[0]
    # lists inside a cell are separated by semicolons too, so only the header line can tell
    separator = "\t" if "\t" in head else ";" if head.count(";") > head.count(",") else ","
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as problem:
        raise DirectoryError(f"This is no CSV ({problem}): look for a quotation mark that is not closed.") from problem
    if not rows:
        raise DirectoryError("The file holds no lines below its header.")
    return [{key.strip(): (value or "").strip() for key, value in row.items() if key} for row in rows]


def take_file(session: Session, office: Office, what: str, text: str, *, by: str, now: datetime) -> Taken:
    """Write all entries of a file ("authorities" or "experts"), or none: raises `DirectoryError` naming the row."""
    rows = read_rows(text)
    before = _entries(session, what)
    take = import_authorities if what == "authorities" else import_experts
    take(session, rows, now, office)
    session.flush()
    session.expire_all()
    after = _entries(session, what)
    new = len(after.keys() - before.keys())
    changed = sum(before[key] != after[key] for key in before.keys() & after.keys())
    note(session, None, "directory-imported", actor=by, now=now, what=what, new=new, changed=changed)
    return Taken(new, changed, max(len(rows) - new - changed, 0))


def _entries(session: Session, what: str) -> Mapping[str, Row]:
    if what == "authorities":
        return {row["slug"]: row for row in authority_rows(session)}
    return {row["email"]: row for row in expert_rows(session)}


def _check_new(session: Session, row: Row) -> None:
    """A form that is sent twice, or by two coordinators, makes one authority."""
    there = select(Authority).where(Authority.country == row["country"].strip())
    same = (_bare(one.name, one.place) for one in session.scalars(there))
    if _bare(row["name"], row["place"]) in same:
        raise Plain("An authority of this name and place is already in the directory. Correct that entry instead.", "name")


def _bare(*names: str) -> tuple[str, ...]:
    return tuple(" ".join(name.casefold().split()) for name in names)


def _check_address(session: Session, email: str, but: int = 0) -> None:
    """An address that a coordinator gives by hand: nobody else's, and one that takes letters again if it had not lately."""
    address = find_address(session, "email", email)
    if address is None:
        return
    others = select(Expert.id).where(Expert.person_id == address.person_id, Expert.id != but)
    if session.scalars(others).first() is not None:
        raise DirectoryError("An expert with this address is already in the directory. Correct that entry instead.", "email")
    if address.dead_reason == STOPPED:
        raise DirectoryError("Whoever reads this address has asked us to stop writing. Use another one.", "email")
    revive(address)


def _changed(before: Row, after: Row) -> list[str]:
    return [key for key in after if before.get(key) != after[key]]


def _in_order(row: Row, before: Row) -> Row:
    """Lists of which nothing was taken and to which nothing was added stay in their order: the first language is the main one."""
    same = (name for name in ("languages", "themes") if set(row[name].split(";")) == set(before[name].split(";")))
    return {**row, **{name: before[name] for name in same}}


def _check_lengths(row: Row) -> None:
    for column, told in row.items():
        if len(told) > LONGEST_FIELD:
            raise Plain(f"Write at most {LONGEST_FIELD} characters here.", column)


def _free_slug(session: Session, name: str) -> str:
    """Made of the name's letters and digits ("Città di Torino" → "citta-di-torino"); numbered where another one has it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_SLUG].rstrip("-") or "authority"
    taken = set(session.scalars(select(Authority.slug).where(Authority.slug.startswith(stem, autoescape=True))))
    return next(one for one in (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))) if one not in taken)
