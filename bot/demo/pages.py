"""The demo's own pages inside the console's layout: a telephone, a mailroom, and a clock that can be moved.

In: the town. Out: the service's console with these pages, their style and their templates added. Only the demo calls this:
`rrm serve` has no such pages. They stand behind the console's sign-in, its Origin check and its form token.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from bot.console.access import ACT, WATCH, Guarded
from bot.console.app import Place, create_console
from bot.console.visits import Visit, is_local
from bot.demo import mailroom, telephone
from bot.demo.town import Town
from routing.calendars import office_calendar
from routing.deadlines import add_working_days
from routing.letters import format_moment
from routing.letters.labels import N_

FOLDER = Path(__file__).resolve().parent
PLACES = (Place(N_("Phone"), "/demo/phone", "telegram"), Place(N_("Mailroom"), "/demo/mailroom", "email"))


def add_to(town: Town) -> None:
    """Give the service a console with the demo's pages; before it is started."""
    asked = [
        Guarded(path, partial(page, town), ACT if method == "POST" else WATCH, method)
        for path, page, method in (*PAGES, *telephone.PAGES, *mailroom.PAGES)
    ]
    styles = Mount("/demo/static", StaticFiles(directory=FOLDER / "static"), name="demo")
    console = create_console(town.service, extra_routes=[*asked, styles], extra_places=PLACES)
    console.desk.pages.add(FOLDER / "templates", told_time=partial(_told_time, town))
    town.service.console = console


def move_clock(town: Town, visit: Visit) -> Response:
    step, back = visit.field("step"), visit.field("back")
    if step in STEPS:
        town.run(town.move_to(STEPS[step](town, visit.now)))
    return RedirectResponse(back if is_local(back) else "/queue", 303)


def clock(town: Town, visit: Visit) -> Response:
    return HTMLResponse(_told_time(town, visit.language))


def _told_time(town: Town, language: str) -> str:
    return format_moment(town.clock.now(), town.service.office.zone, language)


def _hour(town: Town, now: datetime) -> datetime:
    return now + timedelta(hours=1)


def _day(town: Town, now: datetime) -> datetime:
    return now + timedelta(days=1)


def _working_day(town: Town, now: datetime) -> datetime:
    """A minute after the network's own office opens on its next working day."""
    calendar = office_calendar(town.service.office)
    day = calendar.local_day(add_working_days(now, 1, calendar).at)
    return calendar.intervals(day)[0].start + timedelta(minutes=1)


STEPS: dict[str, Callable[[Town, datetime], datetime]] = {"hour": _hour, "day": _day, "workday": _working_day}
PAGES = (("/demo/time", move_clock, "POST"), ("/demo/clock", clock, "GET"))
