"""The commands of `rrm`: thin functions that read settings, call the packages and print what came of it.

Nothing heavy is imported before a command needs it, so that `rrm --help` answers at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import mail, people, quality, serving, stock, system
from bot.cli.shared import Choices

app = typer.Typer(
    name="rrm",
    help="Rapid Response Mechanism: questions of policy makers, answered by fiches and by experts of local authorities.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def choose(
    context: typer.Context,
    settings: Annotated[
        Path | None, typer.Option(help="Settings file; otherwise RRM_SETTINGS or ./rrm.toml.", show_default=False)
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show the whole story of an error.")] = False,
) -> None:
    context.obj = Choices(settings, debug)


serving.add_to(app)
stock.add_to(app)
people.add_to(app)
quality.add_to(app)
mail.add_to(app)
system.add_to(app)
