"""`rrm demo`, `rrm serve` and `rrm ask`: the commands that answer questions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.shared import CommandError, fiches_to_search, make_folder_of, progress, searcher_of, settings_of

if TYPE_CHECKING:
    from retrieval import Findings, Match


def add_to(app: typer.Typer) -> None:
    app.command()(demo)
    app.command()(serve)
    app.command()(ask)


def demo(
    leave: Annotated[bool, typer.Option("--exit", help="End after the story instead of keeping the console open.")] = False,
    port: Annotated[int, typer.Option(help="Port of the console; 0 takes a free one.")] = 0,
    folder: Annotated[Path | None, typer.Option(help="Keep the demo's database here; a temporary folder if not given.")] = None,
    journal: Annotated[Path | None, typer.Option(help="Write the facts of the story into this file, as JSON.")] = None,
) -> None:
    """Play three questions from start to end on this machine, with servers of its own; then keep the console open."""
    import asyncio

    from bot.demo.story import play

    raise typer.Exit(asyncio.run(play(leave=leave, port=port, folder=folder, journal=journal)))


def serve(context: typer.Context) -> None:
    """Run the service: channels, delivery, deadlines and the console, in one process."""
    import asyncio

    from bot.settings import missing_for_service

    settings = settings_of(context, serving=True)
    if missing := missing_for_service(settings):
        raise CommandError(" ".join(missing))
    from bot.app import serve as run

    make_folder_of(settings)
    asyncio.run(run(settings))


def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="A question in any language of the network.", show_default=False)],
    limit: Annotated[int, typer.Option(min=1, max=20, help="How many fiches to show.")] = 3,
    language: Annotated[str | None, typer.Option(help="The question's language, if it is not to be guessed.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Search the fiches for a question and show what an asker would be offered."""
    settings = settings_of(context)
    searcher = searcher_of(settings)
    with progress("Reading the fiches") as seen:
        searcher.reconcile(fiches_to_search(settings), seen)
    findings = searcher.search(question, language=language, limit=limit)
    _print_json(findings) if as_json else _print(findings)


def _print_json(findings: Findings) -> None:
    import json
    from dataclasses import asdict

    typer.echo(json.dumps(asdict(findings), ensure_ascii=False, default=dict, indent=2))


def _print(findings: Findings) -> None:
    if findings.degraded:
        raise CommandError(f"The search does not work: {findings.degraded}. rrm reindex builds the index anew.")
    if not findings.matches:
        typer.echo("No fiche comes near this question; the service would ask an expert.")
        return
    for match in findings.matches:
        _print_match(match)
    typer.echo(_verdict(findings))


def _print_match(match: Match) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.padding import Padding

    screen = Console()
    quoted = match.quote or match.passage
    screen.print(
        f"\n[bold]{match.rank}. {escape(match.title)}[/bold]  [dim]{match.fiche}, {quoted.part}, {quoted.language}[/dim]"
    )
    screen.print(Padding(escape(_shortened(quoted.text)), (0, 0, 0, 3)))


def _verdict(findings: Findings) -> str:
    known = f"The question seems to be in {_language_name(findings.language)}. " if findings.language else ""
    vague = "It is vague: the service would ask back. " if findings.vague else ""
    return f"\n{known}{vague}{_confidence(findings)}"


def _confidence(findings: Findings) -> str:
    if findings.suggest_only:
        return "How sure that is has not been measured for this collection yet, so a person would decide."
    one, any_of_three = (f"{sure:.0%}" for sure in (findings.confidence, findings.confidence_any))
    return f"The first fiche answers it with a confidence of {one}, one of the first three with {any_of_three}."


def _language_name(code: str) -> str:
    from babel import Locale

    return Locale.parse(code).get_display_name("en") or code


def _shortened(text: str, most: int = 400) -> str:
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"
