"""`rrm evaluate` and `rrm calibrate`: how good the search is, measured."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.cli.shared import CommandError, embedder_of, fiches_to_search, judged_questions, progress, searcher_of, settings_of

if TYPE_CHECKING:
    from retrieval import LabelledQuestion
    from retrieval.calibration import Calibration
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


def calibrate(
    context: typer.Context,
    folder: Folder = None,
    split: Annotated[Literal["dev", "test", "all"], typer.Option(help="Which of the labelled questions.")] = "dev",
) -> None:
    """Learn how sure the search may be, from a collection's labelled questions and from askers' verdicts."""
    settings = settings_of(context)
    questions = _labelled(folder or settings.collection_folder, split) + judged_questions(settings)
    if not questions:
        raise CommandError("There is nothing to learn from: no questions.jsonl, and no verdicts of askers yet.")
    searcher = searcher_of(settings)
    with progress("Reading the fiches") as seen:
        searcher.reconcile(fiches_to_search(settings), seen)
    learnt = searcher.calibrate(questions)
    typer.echo(f"Learnt from {learnt.labels} questions. {_meaning(learnt)}")


def _labelled(folder: Path, split: str) -> list[LabelledQuestion]:
    from retrieval import load_questions

    file = folder / "questions.jsonl"
    return [one for one in load_questions(file) if split in ("all", one.split)] if file.is_file() else []


def _meaning(learnt: Calibration) -> str:
    if learnt.suggest_only:
        return "That is not enough to trust it: every proposal still waits for a coordinator."
    sure = learnt.threshold(0.9)
    if sure is None:
        return "No confidence is high enough for nine right answers in ten: a person decides."
    return f"From a confidence of {sure:.0%} on, at least nine first fiches in ten answer."


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
