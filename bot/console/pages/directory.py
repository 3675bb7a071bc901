"""The directory: authorities with their hours and next closed days, experts with their load and absences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.console.access import ACT, WATCH, Guarded
from bot.console.changing import changing
from bot.console.objects import NOTHING
from bot.console.visits import BadForm, Visit
from routing import absences, contacts, directory_export, entries, leaving, recounting
from routing.calendars import calendar_of
from routing.care import covers_authority
from routing.errors import NotFound, RoutingError
from routing.history import note
from routing.letters.holidays import holiday_name
from routing.models import Absence, Authority, Expert

AHEAD = 60
PAGE = 12


@dataclass(frozen=True, slots=True)
class Shown:
    """An authority with what its calendar says about now and the days to come."""

    authority: Authority
    is_open: bool
    local_time: str
    closed_days: Sequence[tuple[date, str]]
    wrong: str
    experts: Sequence[entries.ExpertLine]
    is_theirs: bool  # whether the visitor looks after it, and may change its entry


def directory(visit: Visit) -> Response:
    asked, page = visit.asked("words"), visit.page_number()
    with visit.store.snapshot() as session:
        found = entries.directory_ids(session, asked)
        here = found[PAGE * (page - 1) : PAGE * page]
        lines = entries.expert_lines(session, visit.now, here)
        shown = [_shown(one, lines.get(one.id, ()), visit) for one in entries.authorities(session, here)]
        experts = [line.expert for one in shown for line in one.experts]
        health = contacts.health(session, visit.now, [one.id for one in experts])
        gone = leaving.departures(session, [one.id for one in experts if not one.active])
        is_empty = not found and not entries.authority_names(session)
    facts: dict[str, Any] = {"page": page, "pages": -(-len(found) // PAGE) or 1, "health": health, "gone": gone}
    return visit.show("directory.html", shown=shown, asked=asked, total=not is_empty, **facts)


def absent(visit: Visit) -> Response:
    """An absence told by telephone: the roster passes this expert by for those days. It replaces what it overlaps."""
    with changing(visit, back(visit)) as session:
        first, last = _day(visit, "first_day"), _day(visit, "last_day")
        if last < first or (last - first).days > 366:
            raise BadForm("The last day must come after the first, within a year.")
        expert = _expert(visit, session)
        zone = session.get_one(Authority, expert.authority_id).zone
        if last < visit.now.astimezone(ZoneInfo(zone)).date():
            raise BadForm("This absence is already over. Record one that lasts until today or longer.")
        corrects = bool(absences.overlapping(session, expert.id, first, last))
        if not recounting.note_absence(session, visit.office, expert, first, last, "console", visit.now):
            return visit.go(back(visit), "absence-known")
        facts: dict[str, Any] = {"expert": expert.role, "since": first.isoformat(), "until": last.isoformat()}
        note(session, None, "absence-noted", actor=visit.me.actor, now=visit.now, **facts)
    return visit.go(back(visit), "absence-corrected" if corrects else "absence")


def there_after_all(visit: Visit) -> Response:
    """An absence was told by mistake, or has become shorter by all its days."""
    with changing(visit, back(visit)) as session:
        expert = _expert(visit, session)
        absence = session.get(Absence, visit.number_in_path("absence"))
        if absence is None or absence.expert_id != expert.id:
            raise NotFound(NOTHING)
        recounting.remove_absence(session, visit.office, expert, absence, visit.me.actor, visit.now)
    return visit.go(back(visit), "absence-removed")


def back(visit: Visit) -> str:
    """The part of the directory on which a form stood."""
    page = visit.field("page")
    view = {"words": visit.field("words")[:200], "page": page if page.isdecimal() else ""}
    query = urlencode({name: told for name, told in view.items() if told})
    return f"/directory?{query}" if query else "/directory"


def _expert(visit: Visit, session: Session) -> Expert:
    expert = session.get(Expert, visit.number_in_path("expert"))
    if expert is None:
        raise NotFound("There is no such expert.")
    return expert


def _shown(authority: Authority, experts: Sequence[entries.ExpertLine], visit: Visit) -> Shown:
    now, is_theirs = visit.now, visit.may_act and covers_authority(visit.care, authority.id)
    local = now.astimezone(ZoneInfo(authority.zone))
    try:
        calendar = calendar_of(authority)
        is_open = any(start <= now < end for start, end in calendar.intervals(local.date()))
        days = (local.date() + timedelta(days=ahead) for ahead in range(AHEAD))
        off = ((day, why) for day in days if (why := calendar.why_closed(day)) and why.kind != "weekend")
        closed = [(day, holiday_name(why.name, visit.language)) for day, why in off]
        wrong = ""
    except (RoutingError, ValueError) as error:
        is_open, closed, wrong = False, [], str(error)
    return Shown(authority, is_open, f"{local:%H:%M}", closed[:4], wrong, experts, is_theirs)


def _day(visit: Visit, name: str) -> date:
    try:
        return date.fromisoformat(visit.field(name))
    except ValueError as error:
        raise BadForm("Give both days, such as 2027-01-31.") from error


def export(visit: Visit) -> Response:
    """The directory as it can be imported again."""
    what = visit.path("what")
    rows = {"authorities": directory_export.authorities_csv, "experts": directory_export.experts_csv}.get(what)
    if rows is None:
        raise NotFound("There is no such file.")
    with visit.store.snapshot() as session:
        text = rows(session)
    named = {"content-disposition": f'attachment; filename="{what}.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=named)


def review(visit: Visit) -> Response:
    """Whether answers of this authority wait for a coordinator; "" leaves it to the tier."""
    chosen = visit.field("review")
    if chosen not in ("", "straight", "review"):
        raise BadForm("Choose one of the three.")
    with visit.store.transaction() as session:
        authority = session.get(Authority, visit.number_in_path("authority"))
        if authority is None:
            raise NotFound("There is no such authority.")
        before, authority.review = {"review": authority.review or ""}, chosen or None
        told = {"authority": authority.name, "review": chosen, "before": before}
        note(session, None, "entry-review", actor=visit.me.actor, now=visit.now, **told)
    return visit.go(back(visit), "directory-review")


def consent(visit: Visit) -> Response:
    """What an expert has agreed to, as told by telephone."""
    with visit.store.transaction() as session:
        expert = _expert(visit, session)
        before = {"named": expert.may_be_named, "shared": expert.may_be_shared}
        expert.may_be_named, expert.may_be_shared = bool(visit.field("named")), bool(visit.field("shared"))
        agreed = {"named": expert.may_be_named, "shared": expert.may_be_shared, "before": before}
        note(session, None, "consent-noted", actor=visit.me.actor, now=visit.now, expert=expert.role, **agreed)
    return visit.go(back(visit), "consent")


ROUTES = (
    Guarded("/directory/{what}.csv", export, ACT),
    Guarded("/authorities/{authority:int}/review", review, ACT, "POST"),
    Guarded("/experts/{expert:int}/consent", consent, ACT, "POST"),
    Guarded("/directory", directory, WATCH),
    Guarded("/experts/{expert:int}/absences", absent, ACT, "POST"),
    Guarded("/experts/{expert:int}/absences/{absence:int}/end", there_after_all, ACT, "POST"),
)
