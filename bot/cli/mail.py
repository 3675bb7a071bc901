"""`rrm mail …`: why a mail was read the way it was."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.shared import settings_of

if TYPE_CHECKING:
    from bot.mail.config import MailConfig

mails = typer.Typer(help="Look at single mails.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    app.add_typer(mails, name="mail")


@mails.command("explain")
def explain(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="Mails as stored (*.eml).", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="For machines: one object a line, in the order of the files.")] = False,
) -> None:
    """Say what a mail was taken for, by which rule, what counts as its text and what was cut."""
    import asyncio

    from bot import wiring

    config = wiring.mail_config(settings_of(context))
    asyncio.run(_say_all(files, config, as_json))
    if not all(file.is_file() for file in files):
        raise typer.Exit(1)


async def _say_all(files: list[Path], config: MailConfig, as_json: bool) -> None:
    import json

    from bot.mail.explain import for_machines, in_words

    async for file, raw, item in _read_all(files, config):
        if as_json:
            typer.echo(json.dumps(for_machines(item)))
        else:
            typer.echo(f"{file}\n{in_words(raw, item, config)}\n")


async def _read_all(files: list[Path], config: MailConfig) -> AsyncIterator[tuple[Path, bytes, Any]]:
    """Each mail is read as the service reads it, in a process that is stopped when it takes too much; a file may be missing."""
    from bot.mail.pool import Reader
    from routing.values import Unreadable

    reader = Reader(config)
    try:
        for file in files:
            try:
                raw = file.read_bytes()
            except OSError as error:
                yield file, b"", Unreadable("email", f"the file could not be opened: {error.strerror or error}")
                continue
            yield file, raw, await reader.read(raw, {})
    finally:
        await reader.close()
