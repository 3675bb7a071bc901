"""`rrm evaluate` and `rrm calibrate`: how good the search is, measured."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.cli.shared import (
    CommandError,
    embedder_of,
    fiches_to_search,
    judged_questions,
    judged_weeks,
    progress,
    searcher_of,
    settings_of,
)

if TYPE_CHECKING:
    from bot.settings import Settings
    from retrieval import LabelledQuestion
    from retrieval.calibration import Calibration
    from retrieval.evaluate import Progress, Row

Folder = Annotated[Path | None, typer.Argument(help="Collection; without one, the chosen collection.", show_default=False)]
PEERS = "rrm,bm25,fts5,e5,rrf,txtai,haystack"
PROMISED = 0.95
ONLY_PUBLIC = ("protocols", "systems", "sample", "draws")


def add_to(app: typer.Typer) -> None:
    app.command()(evaluate)
    app.command()(calibrate)


def evaluate(
    context: typer.Context,
    folder: Folder = None,
    split: Annotated[Literal["dev", "test", "all"], typer.Option(help="Which of the labelled questions.")] = "all",
    questions: Annotated[Path | None, typer.Option(help="Labelled questions instead of the collection's own.")] = None,
    public: Annotated[bool, typer.Option("--public", help="On XQuAD too (in $RRM_CORPORA), beside the peers.")] = False,
    protocols: Annotated[str, typer.Option(help="With --public: which ways of asking.")] = "pair,single,all,near,far",
    systems: Annotated[str, typer.Option(help="With --public: which systems.")] = PEERS,
    sample: Annotated[int | None, typer.Option(help="With --public: so many questions of each language.")] = None,
    draws: Annotated[int, typer.Option(help="With --public: pools drawn by chance.")] = 3,
    plots: Annotated[Path | None, typer.Option(help="A folder for plots (SVG).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines: one object a line.")] = False,
) -> None:
    """Measure the search on a collection's labelled questions (questions.jsonl) and, if wanted, on public data."""
    from retrieval.evaluate import run_collection

    if not public and (typed := [name for name in ONLY_PUBLIC if _is_typed(context, name)]):
        raise CommandError(f"--{typed[0]} says how to ask on public data: write --public too, or leave it out.")
    settings = settings_of(context)
    folder = folder or settings.collection_folder
    questions = questions or folder / "questions.jsonl"
    if not questions.is_file():
        raise CommandError(f"There are no labelled questions: {questions} is missing.")
    rows = list(run_collection(folder, embedder_of(settings), None if split == "all" else split, questions))
    if public:
        rows += _public(settings, protocols.split(","), systems.split(","), sample, draws)
    if plots:
        _draw(rows, plots)
    _print_json(rows) if as_json else _print(rows)


def _is_typed(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def calibrate(
    context: typer.Context,
    folder: Folder = None,
    split: Annotated[Literal["dev", "test", "all"], typer.Option(help="Which of the labelled questions.")] = "dev",
    plots: Annotated[Path | None, typer.Option(help="A folder for a plot of what came true, week by week (SVG).")] = None,
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
    if plots:
        _draw_weeks(settings, plots)


def _public(settings: Settings, protocols: list[str], systems: list[str], sample: int | None, draws: int) -> list[Row]:
    """XQuAD; a run that broke off goes on where it was, if it is asked the same."""
    from retrieval.bundled.embedder import BundledEmbedder
    from retrieval.evaluate import PROTOCOLS, run
    from retrieval.notebook import Notebook
    from retrieval.peers import peers

    if unknown := sorted({*protocols} - {*PROTOCOLS}) or sorted({*systems} - {*PEERS.split(",")}):
        raise CommandError(f"Not known: {', '.join(unknown)}. Ways of asking: {', '.join(PROTOCOLS)}; systems: {PEERS}.")
    own = embedder_of(settings)
    known = peers(BundledEmbedder(), own)
    for missing in [name for name in systems if name not in known]:
        typer.echo(f"{missing} is not installed here and is left out.", err=True)
    chosen = {name: known[name] for name in systems if name in known}
    asked = {"model": own.name, "sample": sample, "draws": draws}
    notebook = Notebook(settings.index_folder / "evaluation.jsonl", asked)
    try:
        with _told(len(chosen) * len(protocols)) as step:
            return list(run(chosen, protocols=protocols, sample=sample, draws=draws, notebook=notebook, progress=step))
    except FileNotFoundError as missing_data:
        raise CommandError(f"XQuAD is not there: {missing_data.filename}. Name its folder in RRM_CORPORA.") from missing_data


@contextmanager
def _told(steps: int) -> Iterator[Progress]:
    """Says which system is asked how; silent when the output is no screen."""
    done = 0
    with progress("Asking") as shown:

        def step(system: str, protocol: str) -> None:
            nonlocal done
            shown(done, steps)
            typer.echo(f"{system}: {protocol}", err=True)
            done += 1

        yield step


def _draw(rows: list[Row], folder: Path) -> None:
    from retrieval import plots

    folder.mkdir(parents=True, exist_ok=True)
    for protocol in dict.fromkeys(row.protocol for row in rows if row.measure.startswith("at ")):
        (folder / f"reliability-{protocol}.svg").write_text(plots.reliability(rows, protocol), "utf-8")
        (folder / f"risk-coverage-{protocol}.svg").write_text(plots.risk_coverage(rows, protocol), "utf-8")
    typer.echo(f"Plots are in {folder}.", err=True)


def _draw_weeks(settings: Settings, folder: Path) -> None:
    """What was offered as an answer in each week, and how much of it helped, beside the precision promised now."""
    from retrieval import plots
    from routing.policy import load_policy

    promised = load_policy(*settings.policy_files).confidence.precision
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "precision.svg").write_text(plots.weeks(judged_weeks(settings), promised), "utf-8")
    typer.echo(f"The plot is {folder / 'precision.svg'}.", err=True)


def _labelled(folder: Path, split: str) -> list[LabelledQuestion]:
    from retrieval import load_questions

    file = folder / "questions.jsonl"
    return [one for one in load_questions(file) if split in ("all", one.split)] if file.is_file() else []


def _meaning(learnt: Calibration) -> str:
    if learnt.suggest_only:
        return "That is not enough to trust it: every proposal still waits for a coordinator."
    sure = learnt.threshold(PROMISED)
    if sure is None:
        return f"No confidence is high enough for {PROMISED:.0%} right answers: a person decides."
    return f"From a confidence of {sure:.0%} on, {PROMISED:.0%} of the first fiches answer."


def _print_json(rows: list[Row]) -> None:
    import json
    from dataclasses import asdict

    for row in rows:
        typer.echo(json.dumps(asdict(row)))


def _print(rows: list[Row]) -> None:
    """A line a measure, a column a system, best read side by side; points of plots are left out."""
    from rich.console import Console
    from rich.table import Table

    shown = [row for row in rows if not row.measure.startswith("at ")]
    systems = list(dict.fromkeys(row.system for row in shown))
    values = {(row.protocol, row.measure, row.system): f"{row.value:.3f}" for row in shown}
    counts = {(row.protocol, row.measure): str(row.count) for row in shown}
    table = Table("asked", "measure", *systems, "questions", box=None)
    for column in table.columns:
        column.no_wrap = True
    for (protocol, measure), count in counts.items():
        table.add_row(protocol, measure, *(values.get((protocol, measure, system), "") for system in systems), count)
    # A line too long for a screen is better than a column too narrow for its words.
    wide = Console(width=1000)
    Console(width=max(Console().width, wide.measure(table).maximum)).print(table)
