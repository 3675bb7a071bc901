"""`rrm user …`: who may sign in to the console."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.cli.shared import CommandError, settings_of, store_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from routing.models import ConsoleUser

users = typer.Typer(help="Who may sign in to the console.", no_args_is_help=True)
Email = Annotated[str, typer.Argument(help="Mail address; the sign-in link goes there.", show_default=False)]


def add_to(app: typer.Typer) -> None:
    app.add_typer(users, name="user")


@users.command("add")
def add(
    context: typer.Context,
    email: Email,
    role: Annotated[Literal["admin", "coordinator", "observer"], typer.Option(help="What they may do.")] = "coordinator",
    name: Annotated[str, typer.Option(help="Shown on the console.")] = "",
    language: Annotated[str, typer.Option(help="Of the letters they get.")] = "en",
) -> None:
    """Let somebody sign in, or change their role."""
    from bot.reading import is_mail_address
    from routing.directory import add_user
    from routing.languages import LANGUAGES

    if not is_mail_address(email):
        raise CommandError(f"{email} is no mail address.")
    if language not in LANGUAGES:
        raise CommandError(f"There are no letters in {language!r}: choose one of {' '.join(LANGUAGES)}.")
    with store_of(settings_of(context)) as store, store.transaction() as session:
        add_user(session, email, role, datetime.now(UTC), name, language)
    typer.echo(f"{email} may sign in as {role}.")


@users.command("remove")
def remove(context: typer.Context, email: Email) -> None:
    """Let somebody sign in no longer; their sessions and passkeys end."""
    from routing.signin import forbid

    with store_of(settings_of(context)) as store, store.transaction() as session:
        if _user(session, email) is None:
            raise CommandError(f"{email} is not among the users; rrm user list shows them.")
        forbid(session, email, by="system", now=datetime.now(UTC))
    typer.echo(f"{email} may not sign in any longer.")


@users.command("list")
def show(context: typer.Context) -> None:
    """Show who may sign in."""
    from sqlalchemy import select

    from routing.models import ConsoleUser

    with store_of(settings_of(context)) as store, store.snapshot() as session:
        for user in session.scalars(select(ConsoleUser).order_by(ConsoleUser.email)):
            typer.echo(f"{user.email}  {user.role}{'' if user.active else '  (may not sign in)'}")


def _user(session: Session, email: str) -> ConsoleUser | None:
    from sqlalchemy import select

    from routing.models import ConsoleUser

    return session.scalars(select(ConsoleUser).where(ConsoleUser.email == email.lower())).one_or_none()
