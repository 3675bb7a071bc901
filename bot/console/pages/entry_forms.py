"""Entries of the directory written by hand: forms for an authority and for an expert, and a file brought along.

What cannot be saved shows the form again, with everything that was typed and the field that is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.console.access import ACT, WHOLE, Guarded
from bot.console.visits import BadForm, Visit
from retrieval import ONE_OF, SOME_OF
from routing import registering
from routing.directory import (
    AUTHORITY_COLUMNS,
    EXPERT_COLUMNS,
    MORE_AUTHORITY_COLUMNS,
    MORE_EXPERT_COLUMNS,
    MOVED,
    DirectoryError,
)
from routing.directory_export import Row
from routing.errors import StaleAction
from routing.languages import LANGUAGES
from routing.letters.labels import N_

NEAR = ("Europe/", "Atlantic/", "Asia/Nicosia", "Asia/Famagusta", "Africa/Ceuta", "Indian/Reunion", "America/Guadeloupe")
# What is wrong with a field, whatever the rules below say of it in English.
WRONG = {
    "name": N_("Write the name."),
    "role": N_("Write the position, such as “apprenticeship desk”."),
    "kind": N_("Choose the kind of body."),
    "country": N_("Choose the country."),
    "subdivision": N_("No public holidays are known for this region. Leave it empty, or use its ISO code, such as BZ or 32-TN."),
    "zone": N_("This time zone is not known. Use one such as Europe/Rome."),
    "hours": N_("Write the working hours like this: mon-thu 08:00-12:30,13:30-17:00; fri 08:00-13:00"),
    "languages": N_("Choose at least one language."),
    "language": N_("Choose the language of their letters."),
    "capacity_per_month": N_("Write a whole number."),
    "monthly_limit": N_("Write a whole number."),
    "rank": N_("Write a whole number."),
}
_AUTHORITY = ("name", "kind", "country", "subdivision", "place", "zone", "hours", "capacity_per_month", "profile")
_EXPERT = ("email", "role", "language", "rank", "monthly_limit")
_NEW_AUTHORITY = {"hours": "mon-fri 09:00-13:00,14:00-17:00", "capacity_per_month": "4"}
_NEW_EXPERT = {"rank": "0", "monthly_limit": "4"}


def new_authority(visit: Visit) -> Response:
    blank = dict.fromkeys((*AUTHORITY_COLUMNS, *MORE_AUTHORITY_COLUMNS), "") | _NEW_AUTHORITY
    return _authority_form(visit, blank | {"zone": visit.office.zone})


def add_authority(visit: Visit) -> Response:
    row = _typed(visit, _AUTHORITY)

    def write(session: Session) -> str:
        return registering.add_authority(session, visit.office, row, by=visit.me.actor, now=visit.now).name

    return _saved(visit, write, "authority-added", lambda **wrong: _authority_form(visit, row, **wrong))


def authority(visit: Visit) -> Response:
    with visit.store.snapshot() as session:
        row = registering.entry_of_authority(session, visit.number_in_path("authority"))
    return _authority_form(visit, row, seen=registering.mark(row))


def save_authority(visit: Visit) -> Response:
    which, row, seen = visit.number_in_path("authority"), _typed(visit, _AUTHORITY), visit.field("seen")

    def write(session: Session) -> str:
        by, now = visit.me.actor, visit.now
        return registering.correct_authority(session, visit.office, which, row, seen, by=by, now=now).name

    def again(**wrong: Any) -> Response:
        with visit.store.snapshot() as session:
            stored = registering.entry_of_authority(session, which)
        return _authority_form(visit, row, seen=registering.mark(stored) if "overtaken" in wrong else seen, **wrong)

    return _saved(visit, write, "entry-saved", again)


def new_expert(visit: Visit) -> Response:
    with visit.store.snapshot() as session:
        its = registering.entry_of_authority(session, visit.number_in_path("authority"))
    blank = dict.fromkeys((*EXPERT_COLUMNS, *MORE_EXPERT_COLUMNS), "") | _NEW_EXPERT
    spoken = its["languages"].partition(";")[0]
    like_it = {"languages": its["languages"], "themes": its["themes"], "language": spoken if spoken in LANGUAGES else ""}
    return _expert_form(visit, blank | like_it, its["name"], authority_id=visit.number_in_path("authority"))


def add_expert(visit: Visit) -> Response:
    which, row = visit.number_in_path("authority"), _typed(visit, _EXPERT)
    with visit.store.snapshot() as session:
        name = registering.entry_of_authority(session, which)["name"]

    def write(session: Session) -> str:
        registering.add_expert(session, visit.office, which, row, by=visit.me.actor, now=visit.now)
        return name

    return _saved(visit, write, "expert-added", lambda **wrong: _expert_form(visit, row, name, authority_id=which, **wrong))


def expert(visit: Visit) -> Response:
    row, name = _expert_entry(visit)
    return _expert_form(visit, row, name, seen=registering.mark(row))


def save_expert(visit: Visit) -> Response:
    which, row, seen = visit.number_in_path("expert"), _typed(visit, _EXPERT), visit.field("seen")
    _, name = _expert_entry(visit)

    def write(session: Session) -> str:
        registering.correct_expert(session, visit.office, which, row, seen, by=visit.me.actor, now=visit.now)
        return name

    def again(**wrong: Any) -> Response:
        stored = registering.mark(_expert_entry(visit)[0]) if "overtaken" in wrong else seen
        return _expert_form(visit, row, name, seen=stored, **wrong)

    return _saved(visit, write, "entry-saved", again)


def bring(visit: Visit) -> Response:
    return _import_form(visit)


def take(visit: Visit) -> Response:
    """A file is read whole or not at all; "only look" says what it would change, and changes nothing."""
    what, text, looks = visit.field("what"), visit.field("text"), visit.field("look") == "yes"
    if what not in ("authorities", "experts"):
        raise BadForm("Choose whether the file holds authorities or experts.")
    try:
        with visit.store.transaction() as session:
            found = registering.take_file(session, visit.office, what, text, by=visit.me.actor, now=visit.now)
            if looks:
                session.rollback()
    except DirectoryError as error:
        return _import_form(visit, 422, wrong=str(error))
    if looks:
        return _import_form(visit, found=found)
    return visit.go("/directory", "directory-imported")


def _saved(visit: Visit, write: Callable[[Session], str], told: str, again: Callable[..., Response]) -> Response:
    """The part of the directory that shows what was written, or the form once more."""
    try:
        with visit.store.transaction() as session:
            name = write(session)
    except registering.Plain as error:
        return again(status=422, wrong=str(error), wrong_field=error.field)
    except DirectoryError as error:
        return again(status=422, wrong=WRONG.get(error.field, str(error)), wrong_field=error.field)
    except (StaleAction, IntegrityError):  # the next save is meant
        return again(status=409, wrong=registering.CHANGED, overtaken=True)
    words = re.sub(r"[^\w\s]", " ", name)
    return visit.go(f"/directory?words={'+'.join(words.split())}", told)


def _typed(visit: Visit, plain: tuple[str, ...]) -> dict[str, str]:
    """The columns of an entry as a file has them; lines of a list become its parts."""
    more = re.split(r"[\s,;]+", visit.field("more_languages"))
    return {name: visit.field(name).strip() for name in plain} | {
        "languages": ";".join(filter(None, (*visit.fields("languages"), *more))),
        "themes": ";".join(one.strip()[:60] for one in visit.fields("themes")),
    }


def _expert_entry(visit: Visit) -> tuple[Row, str]:
    with visit.store.snapshot() as session:
        row = registering.entry_of_expert(session, visit.number_in_path("expert"))
        return row, registering.name_of(session, row["authority"])


def _authority_form(visit: Visit, row: Row, **more: Any) -> Response:
    kinds = {code: visit.words.fact("org_kind", code) for code in ONE_OF["org_kind"]}
    zones = sorted(zone for zone in available_timezones() if zone.startswith(NEAR))
    facts = {"countries": visit.words.countries(), "kinds": kinds, "zones": zones}
    return _form(visit, "authority_form.html", row, more, facts)


def _expert_form(visit: Visit, row: Row, authority_name: str, **more: Any) -> Response:
    return _form(visit, "expert_form.html", row, more, {"authority_name": authority_name, "authority_id": 0})


def _form(visit: Visit, template: str, row: Row, more: Mapping[str, Any], facts: Mapping[str, Any]) -> Response:
    told: dict[str, Any] = {"wrong": "", "wrong_field": "", "seen": "", "status": 200, "overtaken": False, "form": row}
    told |= {"languages": LANGUAGES, "spoken": row["languages"].split(";")}
    told |= {"themes": SOME_OF["themes"], "themes_of_it": row["themes"].split(";")}
    return visit.show(template, **told | dict(facts) | dict(more))


def _import_form(visit: Visit, status: int = 200, **more: Any) -> Response:
    typed = {"what": visit.field("what") or "authorities", "text": visit.field("text"), "wrong": "", "found": None}
    columns = {
        "authorities": (*AUTHORITY_COLUMNS, *MORE_AUTHORITY_COLUMNS),
        "experts": (*EXPERT_COLUMNS, *MORE_EXPERT_COLUMNS, MOVED),
    }
    return visit.show("directory_import.html", status, **typed | {"columns": columns} | more)


ROUTES = (
    Guarded("/directory/authorities/new", new_authority, WHOLE),
    Guarded("/directory/authorities", add_authority, WHOLE, "POST"),
    Guarded("/directory/authorities/{authority:int}", authority, ACT),
    Guarded("/directory/authorities/{authority:int}", save_authority, ACT, "POST"),
    Guarded("/directory/authorities/{authority:int}/experts/new", new_expert, ACT),
    Guarded("/directory/authorities/{authority:int}/experts", add_expert, ACT, "POST"),
    Guarded("/directory/experts/{expert:int}", expert, ACT),
    Guarded("/directory/experts/{expert:int}", save_expert, ACT, "POST"),
    Guarded("/directory/import", bring, WHOLE),
    Guarded("/directory/import", take, WHOLE, "POST"),
)
