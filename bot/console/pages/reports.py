"""Reports: promises kept, times, how questions were answered, what to write next, who learns from whom. Also as files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from starlette.responses import Response

from bot.console import exports, plots
from bot.console.access import WATCH, Guarded
from bot.console.security import STRANGERS_CONTENT
from bot.console.visits import Visit
from bot.console.words import Words
from routing import counting, gaps, reports
from routing.errors import NotFound
from routing.months import Month

MONTHS = ("3", "6", "12", "24", "36")
TABLES = (
    *("tiers", "first-word", "to-answer", "months", "learning", "languages", "authorities"),
    *("precision", "reliability", "coverage"),
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_AUTHORITIES = 25
COUNT_AGAIN = timedelta(minutes=5)


def report(visit: Visit) -> Response:
    span, query = _span(visit)
    counted_at, (tables, missing) = visit.desk.kept(("reports", query), visit.now, COUNT_AGAIN, lambda: _counted(visit, span))
    facts: dict[str, Any] = {
        "tables": {name: _in_words(table, visit.words) for name, table in tables.items()},
        "counted_at": counted_at,
        "query": query,
        "chosen": query.partition("=")[2],
        "choices": MONTHS,
        "gaps": _theirs(visit, missing),
        "kept": _kept(tables["tiers"]),
        "asked": sum(row[1] for row in tables["tiers"].rows),
        "by_fiche": sum(row[1] for row in tables["months"].rows),
        "answered": sum(row[1] + row[2] for row in tables["months"].rows),
        "shown": MOST_AUTHORITIES,
        "judged": sum(row[1] for row in tables["precision"].rows),
    }
    return visit.show("reports.html", plots=_plots(facts["tables"], visit.words), **facts)


def _theirs(visit: Visit, missing: Sequence[gaps.Gap]) -> list[gaps.Gap]:
    """Figures are everybody's; the words of questions only theirs who look after them."""
    if visit.care.is_whole:
        return list(missing)
    with visit.store.snapshot() as session:
        seen = {one.id for gap in missing for one in gap.examples if visit.may_see(session, one.id)}
    return [replace(gap, words=(), examples=tuple(one for one in gap.examples if one.id in seen)) for gap in missing]


def as_csv(visit: Visit) -> Response:
    name = visit.path("table").removesuffix(".csv")
    if name not in TABLES:
        raise NotFound("There is no such table.")
    tables, month = _tables_in_words(visit)
    return _file(exports.as_csv(tables[name]), "text/csv; charset=utf-8", f"rrm-{name}-{month}.csv")


def as_xlsx(visit: Visit) -> Response:
    tables, month = _tables_in_words(visit)
    return _file(exports.as_xlsx(tables.values()), XLSX, f"rrm-report-{month}.xlsx")


def counted(visit: Visit) -> dict[str, reports.Table]:
    """The tables for the months that the address asks for."""
    return _tables(visit)[0]


def _counted(visit: Visit, span: reports.Span) -> tuple[dict[str, reports.Table], list[gaps.Gap]]:
    with visit.store.snapshot() as session:
        told = counting.report(session, span, visit.now)
        return told.tables, gaps.gaps(session, span, told.unanswered)


def _tables(visit: Visit) -> tuple[dict[str, reports.Table], str]:
    span, query = _span(visit)
    month = query.partition("=")[2] if query.startswith("month=") else f"{visit.now:%Y-%m}"
    with visit.store.snapshot() as session:
        return counting.report(session, span, visit.now).tables, month


def _tables_in_words(visit: Visit) -> tuple[dict[str, reports.Table], str]:
    """As files for whoever asks; months stay as programs sort them."""
    tables, month = _tables(visit)
    return {name: _in_words(table, visit.words, months=False) for name, table in tables.items()}, month


def _span(visit: Visit) -> tuple[reports.Span, str]:
    """One month, or the last months, the present one included, from the first day of the first; and what asks for them again."""
    month, present = Month.read(visit.asked("month")), Month.of(visit.now)
    if month is not None and month <= present:
        return reports.Span(month.begins, min(month.ends, visit.now)), f"month={month}"
    chosen = visit.asked("months", MONTHS) or "12"
    return reports.Span(present.shifted(1 - int(chosen)).begins, visit.now), f"months={chosen}"


def _kept(table: reports.Table) -> float | None:
    """The share of promises kept among those that are over; None when none is."""
    kept, late = (sum(row[column] for row in table.rows) for column in (2, 3))
    overdue = sum(row[4] for row in table.rows)
    return kept / (kept + late + overdue) if kept + late + overdue else None


def _in_words(table: reports.Table, words: Words, *, months: bool = True) -> reports.Table:
    """The same table in the reader's language: its columns, and names of languages, countries, tiers and months for codes."""
    if table.name == "learning":
        columns = (words.say(table.columns[0]), *map(words.country, table.columns[1:]))
    else:
        columns = tuple(map(words.column, table.columns))
    names: dict[str, Callable[[str], str]] = {
        "learning": words.country,
        "languages": words.language,
        "months": words.month if months else str,
        **dict.fromkeys(("authorities", "precision", "reliability", "coverage"), str),
    }
    name = names.get(table.name, words.tier)
    return replace(table, columns=columns, rows=[(name(code), *numbers) for code, *numbers in table.rows])


def _plots(tables: dict[str, reports.Table], words: Words) -> dict[str, Any]:
    say, percent = words.say, words.percent
    first_word, to_answer = (_series(tables[name], 1) for name in ("first-word", "to-answer"))
    drawn = {
        "tiers": plots.shares(say("Promises kept per tier"), *_series(tables["tiers"], 2), percent=percent),
        "first-word": plots.shares(say("Time to the first letter per tier"), *first_word, ordered=True, percent=percent),
        "to-answer": plots.shares(say("Time to the answer per tier"), *to_answer, ordered=True, percent=percent),
        "months": plots.columns(say("How the questions of each month ended"), *_series(tables["months"], 1)),
    }
    ordered = ("first-word", "to-answer")
    names = {name: tables[name].columns[2 if name == "tiers" else 1 :] for name in drawn}
    told = {name: (svg, plots.legend(names[name], ordered=name in ordered)) for name, svg in drawn.items()}
    return told | _trust_plots(tables, words)


def _trust_plots(tables: dict[str, reports.Table], words: Words) -> dict[str, Any]:
    """What the search promised of its first fiches, and what came true."""
    say, percent = words.say, words.percent
    right, promised, wrong = say("right"), say("right as promised"), say("wrong")
    weeks = [row for row in tables["precision"].rows if row[1]]
    tenths = [row for row in tables["reliability"].rows if row[1]]
    shares = tables["coverage"].rows
    drawn = {
        "precision": (
            say("First fiches that helped, week by week"),
            [(right, [(place / max(len(weeks) - 1, 1), row[2] / row[1]) for place, row in enumerate(weeks)])],
            [weeks[0][0], weeks[-1][0]] if weeks else [],
        ),
        "reliability": (
            say("What confidence promised and what came true"),
            [
                (right, [((row[2] / row[1]), row[3] / row[1]) for row in tenths]),
                (promised, [(0.0, 0.0), (1.0, 1.0)]),
            ],
            [percent(0), percent(0.5), percent(1)],
        ),
        "coverage": (
            say("Wrong first fiches, had only the surest questions been offered any"),
            [(wrong, [((place + 1) / len(shares), row[2] / row[1]) for place, row in enumerate(shares)])],
            [percent(0), percent(0.5), percent(1)],
        ),
    }
    return {
        name: (plots.curves(title, lines, across, percent=percent), plots.legend([line for line, _ in lines]))
        for name, (title, lines, across) in drawn.items()
    }


def _series(table: reports.Table, first: int) -> tuple[tuple[str, ...], list[tuple[str, tuple[int, ...]]]]:
    return table.columns[first:], [(str(row[0]), tuple(row[first:])) for row in table.rows]


def _file(content: bytes, media_type: str, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"', "content-security-policy": STRANGERS_CONTENT}
    return Response(content, media_type=media_type, headers=headers)


ROUTES = (
    Guarded("/reports", report, WATCH),
    Guarded("/reports/report.xlsx", as_xlsx, WATCH),
    Guarded("/reports/{table}", as_csv, WATCH),
)
