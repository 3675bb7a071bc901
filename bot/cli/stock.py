"""`rrm migrate`, `rrm import …`, `rrm export …` and `rrm reindex`: what the service works with."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.shared import CommandError, make_folder_of, progress, published_fiches, searcher_of, settings_of, store_of

if TYPE_CHECKING:
    from retrieval import FicheRecord

imports = typer.Typer(help="Bring in fiches and the directory of authorities and experts.", no_args_is_help=True)
exports = typer.Typer(help="Write the published fiches as files, or the directory as CSV.", no_args_is_help=True)
Target = Annotated[str, typer.Argument(help="File to write, or - for the screen.", show_default=False)]
Source = Annotated[Path, typer.Argument(help="File or folder to read.", show_default=False)]


def add_to(app: typer.Typer) -> None:
    app.command()(migrate)
    app.add_typer(imports, name="import")
    app.add_typer(exports, name="export")
    app.command()(reindex)


def migrate(context: typer.Context) -> None:
    """Make the database, or bring its tables up to date. Safe to run again."""
    from routing.migrate import upgrade

    settings = settings_of(context)
    make_folder_of(settings)
    with store_of(settings, new=True) as store:
        revision = upgrade(store)
    typer.echo(f"The database is up to date (revision {revision}).")


@imports.command("fiches")
def import_fiches(context: typer.Context, source: Source) -> None:
    """Fiches: a folder of *.toml files, or one such file. Those that are there already are brought up to date."""
    _import_fiches(context, _fiches_in(source))


@imports.command("authorities")
def import_authorities(context: typer.Context, source: Source) -> None:
    """Authorities, from a CSV file with a header line (slug, name, kind, country, …)."""
    _import_rows(context, source, "authorities")


@imports.command("experts")
def import_experts(context: typer.Context, source: Source) -> None:
    """Experts of authorities, from a CSV file with a header line (email, authority, role, …).

    Whose address has changed keeps all that they have, if a column former_email names the old one.
    """
    _import_rows(context, source, "experts")


@imports.command("collection")
def import_collection(
    context: typer.Context,
    source: Annotated[Path | None, typer.Argument(help="Folder; without one, the chosen collection.", show_default=False)] = None,
) -> None:
    """A whole collection: its fiches, and its authorities and experts if it has a directory."""
    from retrieval import load_collection

    folder = source or settings_of(context).collection_folder
    _import_fiches(context, load_collection(folder))
    for what in ("authorities", "experts"):
        for file in (folder / f"{what}.csv", folder / "directory" / f"{what}.csv"):
            if file.is_file():
                _import_rows(context, file, what)


@exports.command("fiches")
def export_fiches(
    context: typer.Context, target: Annotated[Path, typer.Argument(help="Folder to write into.", show_default=False)]
) -> None:
    """Published fiches with their facts, one *.toml file each, in a new or empty folder. They can be imported again."""
    from retrieval import as_toml, left_out

    if target.is_file() or (target.is_dir() and any(target.iterdir())):
        raise CommandError(f"{target} is not empty: name another folder, so that no file is written over.")
    records = published_fiches(settings_of(context))
    target.mkdir(parents=True, exist_ok=True)
    for record in records:
        (target / f"{record.slug}.toml").write_text(as_toml(record), "utf-8")
    typer.echo(f"{len(records)} fiches written to {target}.")
    for record in records:
        for language in left_out(record):
            typer.echo(f"{record.slug}: its text in {language!r} has no summary and was left out.")


@exports.command("authorities")
def export_authorities(context: typer.Context, target: Target) -> None:
    """Authorities as CSV; "-" writes to the screen. The file can be imported again."""
    _export(context, target, "authorities")


@exports.command("experts")
def export_experts(context: typer.Context, target: Target) -> None:
    """Experts with their consent and absences as CSV; "-" writes to the screen. The file can be imported again."""
    _export(context, target, "experts")


def reindex(context: typer.Context) -> None:
    """Bring the search index up to date with the published fiches; what did not change is not computed again."""
    settings = settings_of(context)
    records = published_fiches(settings)
    searcher = searcher_of(settings)
    with progress("Reading the fiches") as seen:
        report = searcher.reconcile(records, seen)
    counts = f"{len(report.added)} added, {len(report.updated)} updated, {len(report.removed)} removed, {report.kept} kept"
    typer.echo(f"The index holds {len(records)} fiches: {counts}.")


def _export(context: typer.Context, target: str, what: str) -> None:
    from routing import directory_export

    rows = {"authorities": directory_export.authorities_csv, "experts": directory_export.experts_csv}[what]
    with store_of(settings_of(context)) as store, store.snapshot() as session:
        text = rows(session)
    if target == "-":
        typer.echo(text, nl=False)
        return
    Path(target).write_text(text, "utf-8", newline="")
    typer.echo(f"{text.count(chr(10)) - 1} lines written to {target}.")


def _import_fiches(context: typer.Context, records: list[FicheRecord]) -> None:
    from routing.fiches import import_records

    with store_of(settings_of(context)) as store, store.transaction() as session:
        counts = import_records(session, records, datetime.now(UTC))
    typer.echo(f"{len(records)} fiches read: " + ", ".join(f"{count} {what}" for what, count in counts.items()) + ".")


def _fiches_in(source: Path) -> list[FicheRecord]:
    from retrieval import load_collection
    from retrieval.collection import read_fiche

    if source.is_file():
        return [read_fiche(source)]
    if (source / "fiches").is_dir():
        return load_collection(source)
    files = sorted(source.glob("*.toml"))
    if not files:
        raise CommandError(f"There are no fiches in {source}: they are files like my-fiche.toml.")
    return [read_fiche(file) for file in files]


def _import_rows(context: typer.Context, file: Path, what: str) -> None:
    from bot.wiring import office
    from routing.directory import import_authorities as take_authorities
    from routing.directory import import_experts as take_experts
    from routing.errors import RoutingError

    rows, settings = _rows(file), settings_of(context)
    try:
        with store_of(settings) as store, store.transaction() as session:
            take = take_authorities if what == "authorities" else take_experts
            take(session, rows, datetime.now(UTC), office(settings))
    except RoutingError as problem:
        raise CommandError(f"{file}: {problem} Nothing of this file was imported.") from problem
    typer.echo(f"{len(rows)} {what} imported.")


def _rows(file: Path) -> list[dict[str, str]]:
    """The lines of a CSV file; raises `CommandError` for one in another encoding, with broken quotes, or without lines."""
    from routing.errors import RoutingError
    from routing.registering import read_rows

    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise CommandError(f'{file} is not written in UTF-8: save it again as "CSV UTF-8".') from problem
    try:
        return read_rows(text)
    except RoutingError as problem:
        raise CommandError(f"{file}: {problem}") from problem
