"""`rrm mail …`: why a mail was read the way it was."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.shared import settings_of

mails = typer.Typer(help="Look at single mails.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    app.add_typer(mails, name="mail")


@mails.command("explain")
def explain(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="Mails as stored (*.eml).", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="For machines: one object a line.")] = False,
) -> None:
    """Say what a mail was taken for, by which rule, what counts as its text and what was cut."""
    import json

    from bot import wiring
    from bot.mail.explain import explain as explained
    from bot.mail.explain import explain_in_words

    config = wiring.mail_config(settings_of(context))
    for file in files:
        raw = file.read_bytes()
        if as_json:
            typer.echo(json.dumps({"file": str(file)} | explained(raw, config), ensure_ascii=False))
        else:
            typer.echo(f"{file}\n{explain_in_words(raw, config)}\n")
