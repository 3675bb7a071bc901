"""`rrm evaluate` and `rrm calibrate`: how good the search is, measured."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.cli.shared import CommandError, embedder_of, settings_of

if TYPE_CHECKING:
    from retrieval.evaluate import Row

Folder = Annotated[Path | None, typer.Argument(help="Collection; without one, the chosen collection.", show_default=False)]


def add_to(app: typer.Typer) -> None:
    app.command()(evaluate)
    app.command()(calibrate)


def evaluate(
    context: typer.Context,
    folder: Folder = None,
    split: Annotated[Literal["dev", "test", "all"], typer.Option(help="Which of the labelled questions.")] = "all",
    as_json: Annotated[bool, typer.Option("--json", help="For machines: one object a line.")] = False,
) -> None:
    """Measure the search on the labelled questions of a collection (its questions.jsonl)."""
    from retrieval.evaluate import run_collection

    settings = settings_of(context)
    folder = folder or settings.collection_folder
    if not (folder / "questions.jsonl").is_file():
        raise CommandError(f"There are no labelled questions: {folder / 'questions.jsonl'} is missing.")
    rows = list(run_collection(folder, embedder_of(settings), None if split == "all" else split))
    _print_json(rows) if as_json else _print(rows)


def calibrate(context: typer.Context) -> None:
    """Learn from labelled questions and verdicts how sure the search may be."""
    raise NotImplementedError


def _print_json(rows: list[Row]) -> None:
    import json
    from dataclasses import asdict

    for row in rows:
        typer.echo(json.dumps(asdict(row)))


def _print(rows: list[Row]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("measure", "value", "questions", box=None)
    for row in rows:
        table.add_row(row.measure, f"{row.value:.3f}", str(row.count))
    Console().print(table)
