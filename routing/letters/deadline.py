"""The sentence that explains a deadline: from when it was counted, what was skipped and why, when it falls due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.lists import format_list

from routing.letters.catalogues import known, locale, translations
from routing.letters.holidays import holiday_name
from routing.letters.speech import day_and_month, day_words, format_moment, one_line

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Run:
    """Neighbouring days skipped for one reason."""

    first: date
    last: date
    why: str
    name: str


def explain(explanation: Mapping[str, Any], language: str) -> str:
    """The deadline in words: "10 working days from …; not counted: …; due: …".

    `explanation` holds start, counted_from, amount, unit ("working_days" | "working_hours" | "hours"), at, zone and
    skipped [{day, why ("weekend" | "holiday" | "exception"), name?}]; moments and days as ISO text or as values.
    """
    code = known(language)
    say = translations(code)
    zone = str(explanation["zone"])
    first = _began(explanation, zone).astimezone(ZoneInfo(zone)).date()
    skipped = list(_skipped(_since(first, explanation.get("skipped") or ()), code))
    facts = {
        "amount": _amount(explanation, code),
        "start": _begin(explanation, zone, code),
        "days": format_list(skipped, locale=locale(code)),
        "when": format_moment(_moment(explanation["at"], zone), zone, code),
    }
    if skipped:
        return say.gettext("%(amount)s from %(start)s; not counted: %(days)s; due: %(when)s") % facts
    return say.gettext("%(amount)s from %(start)s; due: %(when)s") % facts


def _amount(explanation: Mapping[str, Any], code: str) -> str:
    say = translations(code)
    amount = explanation["amount"]
    number = int(amount) if float(amount) == int(amount) else amount
    if explanation["unit"] == "hours":
        return say.ngettext("%(num)s hour", "%(num)s hours", int(number)) % {"num": number}
    if explanation["unit"] == "working_hours":
        return say.ngettext("%(num)s working hour", "%(num)s working hours", int(number)) % {"num": number}
    return say.ngettext("%(num)s working day", "%(num)s working days", int(number)) % {"num": number}


def _begin(explanation: Mapping[str, Any], zone: str, code: str) -> str:
    """A day where days are counted, a moment where hours are; the moment counting began, not the one before the doors opened."""
    began = _began(explanation, zone)
    if explanation["unit"] != "working_days":
        return format_moment(began, zone, code)
    return day_words(began.astimezone(ZoneInfo(zone)).date(), code)


def _began(explanation: Mapping[str, Any], zone: str) -> datetime:
    return _moment(explanation.get("counted_from") or explanation["start"], zone)


def _since(first: date, days: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Without the weekend on which the question came in: it lies before the day from which the sentence counts."""
    return (day for day in days if _day(day["day"]) >= first)


def _skipped(days: Iterable[Mapping[str, Any]], code: str) -> Iterator[str]:
    """Weekends as a number, everything else by date and name."""
    say = translations(code)
    runs = list(_runs(days))
    weekends = sum(run.why == "weekend" for run in runs)
    if weekends:
        yield say.ngettext("%(num)s weekend", "%(num)s weekends", weekends) % {"num": weekends}
    for run in runs:
        if run.why != "weekend":
            name = holiday_name(run.name, code) if run.why == "holiday" else run.name
            yield f"{_range(run, code)} ({one_line(name, 60) or _why(run.why, code)})"


def _runs(days: Iterable[Mapping[str, Any]]) -> Iterator[_Run]:
    run: _Run | None = None
    single = (_Run(_day(d["day"]), _day(d["day"]), str(d["why"]), str(d.get("name") or "")) for d in days)
    for day in sorted(single, key=lambda run: run.first):
        if run and (run.why, run.name) == (day.why, day.name) and day.first <= run.last + _DAY:
            run = _Run(run.first, day.last, run.why, run.name)
            continue
        if run:
            yield run
        run = day
    if run:
        yield run


def _range(run: _Run, code: str) -> str:
    first, last = (day_and_month(day, code) for day in (run.first, run.last))
    return first if run.first == run.last else f"{first} – {last}"


def _why(why: str, code: str) -> str:
    say = translations(code)
    return say.gettext("public holiday") if why == "holiday" else say.pgettext("office", "closed")


def _moment(value: datetime | date | str, zone: str) -> datetime:
    """An aware moment; a bare day or a time without zone is meant at `zone`."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
