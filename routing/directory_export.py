"""The directory as CSV rows: what comes out goes in again unchanged (`routing.directory`)."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from routing.directory import AUTHORITY_COLUMNS, EXPERT_COLUMNS, MORE_AUTHORITY_COLUMNS, MORE_EXPERT_COLUMNS
from routing.hours import read_hours, spelt
from routing.models import Absence, Authority, Expert, Person

Row = Mapping[str, str]


def authority_rows(session: Session) -> list[Row]:
    """All authorities, active or not, in the order of their slugs."""
    return [authority_row(one) for one in session.scalars(select(Authority).order_by(Authority.slug))]


def expert_rows(session: Session) -> list[Row]:
    """All experts with a mail address, by authority and place on its ladder."""
    found = select(Expert).join(Expert.authority).options(joinedload(Expert.authority), joinedload(Expert.person))
    people = found.options(joinedload(Expert.person).selectinload(Person.addresses))
    absences: defaultdict[int, list[str]] = defaultdict(list)
    for absence in session.scalars(select(Absence).order_by(Absence.first_day)):
        absences[absence.expert_id].append(f"{absence.first_day}/{absence.last_day}")
    experts = session.scalars(people.order_by(Authority.slug, Expert.rank, Expert.id)).all()
    return [row for one in experts if (row := expert_row(one, absences[one.id]))["email"]]


def as_csv(rows: Iterable[Row], columns: Sequence[str]) -> str:
    """RFC 4180 with a header line."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def authorities_csv(session: Session) -> str:
    return as_csv(authority_rows(session), (*AUTHORITY_COLUMNS, *MORE_AUTHORITY_COLUMNS))


def experts_csv(session: Session) -> str:
    return as_csv(expert_rows(session), (*EXPERT_COLUMNS, *MORE_EXPERT_COLUMNS))


def authority_row(one: Authority) -> Row:
    """Its entry as a file has it."""
    return {
        "slug": one.slug,
        "name": one.name,
        "kind": one.kind,
        "country": one.country,
        "subdivision": one.subdivision or "",
        "place": one.place,
        "zone": one.zone,
        "hours": spelt(read_hours(one.hours)) if one.hours else "",
        "themes": ";".join(one.themes),
        "languages": ";".join(one.languages),
        "capacity_per_month": str(one.capacity_per_month),
        "profile": one.profile,
        "review": one.review or "",
        "active": "yes" if one.active else "no",
    }


def expert_row(one: Expert, absences: Sequence[str]) -> Row:
    """Their entry as a file has it, with "" for who has no mail address. Needs the authority, the person and the addresses."""
    address = next((each.address for each in one.person.addresses if each.channel == "email"), "")
    agreed = [word for word, given in (("named", one.may_be_named), ("shared", one.may_be_shared)) if given]
    return {
        "email": address,
        "authority": one.authority.slug,
        "role": one.role,
        "language": one.person.language,
        "languages": ";".join(one.languages),
        "themes": ";".join(one.themes),
        "rank": str(one.rank),
        "monthly_limit": str(one.monthly_limit),
        "consent": ";".join(agreed),
        "absences": ";".join(absences),
        "active": "yes" if one.active else "no",
    }
