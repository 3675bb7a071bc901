"""`rrm evaluate` and `rrm calibrate`: how good the search is, measured."""

from __future__ import annotations

import typer


def add_to(app: typer.Typer) -> None:
    app.command()(evaluate)
    app.command()(calibrate)


def evaluate(context: typer.Context) -> None:
    """Measure the search on the collection's labelled questions."""
    raise NotImplementedError


def calibrate(context: typer.Context) -> None:
    """Learn from labelled questions and verdicts how sure the search may be."""
    raise NotImplementedError
