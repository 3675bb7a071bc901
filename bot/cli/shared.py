"""What several commands need: the settings somebody chose, the store, the searcher, and a way to show progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bot.settings import Settings
    from retrieval import FicheRecord, LabelledQuestion, Searcher
    from routing.store import Store


@dataclass(frozen=True, slots=True)
class Choices:
    """The options that stand before a command."""

    settings: Path | None
    debug: bool


class CommandError(Exception):
    """A command cannot go on; the message says what to do."""


def settings_of(context: typer.Context, *, serving: bool = False) -> Settings:
    """The settings, with the log set up by them; only the service tells how it goes, other commands what is wrong."""
    from bot.logs import set_up_logging
    from bot.settings import load

    settings = load(context.obj.settings)
    set_up_logging(settings.log, quiet=not serving)
    return settings


def embedder_of(settings: Settings) -> Any:
    from retrieval import embedder_from

    return embedder_from(settings.search.embedder, progress=typer.echo)


def searcher_of(settings: Settings) -> Searcher:
    from bot.searching import open_searcher

    return open_searcher(settings, embedder_of(settings))


@contextmanager
def store_of(settings: Settings, *, new: bool = False) -> Iterator[Store]:
    """The database, which must be there already unless it may be `new`: opening would make an empty one."""
    from routing.store import Store

    file = sqlite_file(settings)
    if file and not file.is_file() and not new:
        raise CommandError(f"There is no database {file} yet: run rrm migrate.")
    store = Store(settings.store_url)
    try:
        yield store
    finally:
        store.close()


def make_folder_of(settings: Settings) -> None:
    """SQLite makes its file but not the folder around it."""
    if file := sqlite_file(settings):
        file.parent.mkdir(parents=True, exist_ok=True)


def sqlite_file(settings: Settings) -> Path | None:
    from sqlalchemy import make_url

    url = make_url(settings.store_url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def fiches_to_search(settings: Settings) -> list[FicheRecord]:
    """The published fiches; before there is a database, those of the chosen collection."""
    from retrieval import load_collection

    file = sqlite_file(settings)
    if file and not file.is_file():
        return load_collection(settings.collection_folder)
    if published := published_fiches(settings):
        return published
    raise CommandError("There are no published fiches yet: run rrm import collection, or publish some on the console.")


def judged_questions(settings: Settings) -> list[LabelledQuestion]:
    """Questions with askers' verdicts; none before there is a database."""
    from routing.labels import labelled_questions

    with _looking(settings) as session:
        return labelled_questions(session) if session else []


def judged_weeks(settings: Settings) -> list[tuple[str, int, int]]:
    """Of each week the fiches offered as answers and judged by askers, and how many of them helped."""
    from datetime import UTC, datetime

    from routing.precision import by_week, judged, weeks
    from routing.reports import Span

    ever = Span(datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
    with _looking(settings) as session:
        rows = weeks(by_week(judged(session, ever))).rows if session else ()
    return [(week, offered, helped) for week, *_, offered, helped in rows]


@contextmanager
def _looking(settings: Settings) -> Iterator[Session | None]:
    """A session to read with; None before there is a database, which looking must not make."""
    file = sqlite_file(settings)
    if file and not file.is_file():
        yield None
        return
    with store_of(settings) as store, store.snapshot() as session:
        yield session


def published_fiches(settings: Settings) -> list[FicheRecord]:
    from routing.fiches import published

    with store_of(settings) as store, store.snapshot() as session:
        return published(session)


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A line that counts; silent when the output is no screen."""
    from rich.console import Console
    from rich.progress import Progress

    screen = Console(stderr=True)
    with Progress(console=screen, transient=True, disable=not screen.is_terminal) as shown:
        task = shown.add_task(what, total=None)
        yield lambda done, total: shown.update(task, completed=done, total=total)
