"""`rrm doctor` and `rrm version`: is everything in order here?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.shared import settings_of

if TYPE_CHECKING:
    from bot.doctor import Finding

_MARK = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red")}


def add_to(app: typer.Typer) -> None:
    app.command()(doctor)
    app.command()(version)


def doctor(
    context: typer.Context,
    production: Annotated[bool, typer.Option("--production", help="Warnings count as failures.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Check database, index, mail, Telegram, clock and settings; say how to mend what is wrong."""
    import asyncio

    from bot.doctor import examine

    findings = asyncio.run(examine(settings_of(context)))
    _print_json(findings) if as_json else _print(findings)
    bad = ("fail", "warn") if production else ("fail",)
    raise typer.Exit(any(finding.level in bad for finding in findings))


def version() -> None:
    """Show the version."""
    from importlib.metadata import version as installed

    typer.echo(f"rrm {installed('rapid-response-mechanism')}")


def _print_json(findings: tuple[Finding, ...]) -> None:
    import json
    from dataclasses import asdict

    typer.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))


def _print(findings: tuple[Finding, ...]) -> None:
    from rich.console import Console
    from rich.text import Text

    screen = Console(highlight=False)
    for finding in findings:
        mark, colour = _MARK[finding.level]
        screen.print(Text(f"{mark} ", colour), Text(f"{finding.name}: ", "bold"), finding.what, sep="", soft_wrap=True)
        if finding.mend:
            screen.print(Text(f"  → {finding.mend}", colour), soft_wrap=True)
    wrong = sum(finding.level == "fail" for finding in findings)
    screen.print("\nAll is well." if not wrong else f"\n{wrong} to mend.")
