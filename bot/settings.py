"""Settings: what a network chooses about its service.

In: the shipped config/settings.toml (every key, its default, a comment), a file of one's own, the environment, and the
command line, later ones winning. Out: frozen values. A wrong or unknown setting is refused at the start, by name.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import urlsplit

from bot.reading import has_place, read_value
from bot.secrets import Secret, SecretError, read_secret
from bot.sections import (
    Console,
    Database,
    Identity,
    Imap,
    Listener,
    Log,
    Network,
    Policy,
    Provider,
    Search,
    Smtp,
    Telegram,
    Webhooks,
    Worker,
)
from bot.sources import Names, SettingsError, from_environment, home, known, own_file, own_settings, read, shipped


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one process. `home` is where its relative paths start, `source` the file they came from, if any."""

    home: Path
    source: Path | None
    network: Network
    database: Database
    search: Search
    telegram: Telegram
    smtp: Smtp
    imap: Imap
    listener: Listener
    identity: Identity
    console: Console
    provider: Provider
    webhooks: Webhooks
    policy: Policy
    log: Log
    worker: Worker

    @property
    def store_url(self) -> str:
        """The database's URL, complete: with its password, and with SQLite's file as an absolute path."""
        return _complete_url(self.database, self.home)

    @property
    def store_address(self) -> str:
        """The database's address without SQLAlchemy's word for its driver, as PostgreSQL's own library takes it."""
        return self.store_url.replace("+psycopg", "", 1)

    @property
    def index_folder(self) -> Path:
        return self.home / self.search.index_folder

    @property
    def policy_files(self) -> tuple[Path, ...]:
        """What is laid over the shipped policy."""
        return (self.home / self.policy.file,) if self.policy.file else ()

    @property
    def collection_folder(self) -> Path:
        """The folder of the chosen collection: a shipped one by name, else a path."""
        named = shipped("data") / "collections" / self.search.collection
        return named if named.is_dir() else self.home / self.search.collection


SECTIONS: dict[str, type[Any]] = {name: kind for name, kind in get_type_hints(Settings).items() if name not in ("home", "source")}


def load(
    file: Path | str | None = None,
    *,
    overrides: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Settings:
    """The settings of this process; `overrides` like ``{"smtp.port": 2525}`` win over everything.

    Raises `SettingsError` naming the setting that is wrong or unknown.
    """
    environment = os.environ if environment is None else environment
    folder = folder or Path.cwd()
    source = own_file(file, environment, folder)
    chosen = read(shipped("config") / "settings.toml")
    chosen |= own_settings(source, names()) if source else {}
    chosen |= from_environment(environment, names())
    chosen |= known(overrides or {}, names(), "the command line")
    sections = {name: _section(name, kind, chosen, environment) for name, kind in SECTIONS.items()}
    settings = Settings(home=home(source, environment, folder), source=source, **sections)
    _agree(settings)
    return settings


def names() -> Names:
    """All settings by their full names, secrets apart."""
    hints = {f"{section}.{key}": hint for section, kind in SECTIONS.items() for key, hint in get_type_hints(kind).items()}
    return Names(
        plain=tuple(name for name, hint in hints.items() if hint is not Secret),
        secret=tuple(name for name, hint in hints.items() if hint is Secret),
    )


# ---------------------------------------------------------------------------------------------- making values of them


def _section(section: str, kind: type[Any], chosen: Mapping[str, Any], environment: Mapping[str, str]) -> Any:
    hints = get_type_hints(kind, include_extras=True)
    return kind(**{key: _value(f"{section}.{key}", hint, chosen, environment) for key, hint in hints.items()})


def _value(name: str, hint: Any, chosen: Mapping[str, Any], environment: Mapping[str, str]) -> Any:
    try:
        if hint is not Secret:
            return read_value(chosen[name], hint)
        return Secret(chosen[name]) if name in chosen else read_secret(name, environment)
    except KeyError:
        raise SettingsError(f"The shipped settings.toml lacks {name}: the installation is damaged, install again.") from None
    except SecretError as problem:
        raise SettingsError(f"{name}: {problem}") from problem
    except ValueError as problem:
        raise SettingsError(f"{name} must be {problem}, not {chosen[name]!r}.") from None


def _complete_url(database: Database, home: Path) -> str:
    from sqlalchemy import make_url

    url = make_url(database.url)
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        return url.set(database=str(home / url.database)).render_as_string(hide_password=False)
    if database.password:
        url = url.set(password=database.password.reveal())
    return url.render_as_string(hide_password=False)


# ---------------------------------------------------------------------------------------------- what must agree


def _agree(settings: Settings) -> None:
    """Refuses what no command could work with."""
    if not settings.database.url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingsError("database.url must begin with sqlite:/// or postgresql+psycopg://.")
    if settings.search.index == "postgresql" and not settings.database.url.startswith("postgresql"):
        raise SettingsError("search.index can only be postgresql where database.url is a PostgreSQL.")
    if settings.provider.issuer and not _is_safe(settings.provider.issuer):
        raise SettingsError("provider.issuer must be an address that begins with https://.")
    if not has_place(settings.database.url):
        raise SettingsError(
            "database.url has a host or port that cannot be one: write it like postgresql+psycopg://rrm@db:5432/rrm."
        )
    if urlsplit(settings.database.url).password:
        raise SettingsError("database.url holds a password: move it to the secret database.password (RRM_DATABASE__PASSWORD).")


def _is_safe(issuer: str) -> bool:
    """HTTPS, or on this machine, where a network tries it out."""
    if not has_place(issuer):
        return False
    parts = urlsplit(issuer)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost"))


def missing_for_service(settings: Settings) -> tuple[str, ...]:
    """What is still to be set before the service can run, one sentence each; empty when nothing is."""
    telegram, smtp, imap = settings.telegram, settings.smtp, settings.imap
    wants = (
        (
            telegram.enabled and not telegram.token,
            "telegram.enabled needs the secret telegram.token: set RRM_TELEGRAM__TOKEN or RRM_TELEGRAM__TOKEN_FILE.",
        ),
        (
            telegram.enabled and telegram.mode == "webhook" and not telegram.webhook_secret,
            'telegram.mode "webhook" needs the secret telegram.webhook_secret: any long random word of letters and digits.',
        ),
        (
            telegram.enabled and telegram.mode == "webhook" and not settings.network.base_url.startswith("https://"),
            'telegram.mode "webhook" needs a network.base_url with https.',
        ),
        (
            smtp.enabled and smtp.username and not smtp.password,
            "smtp.username needs the secret smtp.password: set RRM_SMTP__PASSWORD or RRM_SMTP__PASSWORD_FILE.",
        ),
        (imap.enabled and not imap.username, "imap.enabled needs imap.username."),
        (
            imap.enabled and not imap.password,
            "imap.enabled needs the secret imap.password: set RRM_IMAP__PASSWORD or RRM_IMAP__PASSWORD_FILE.",
        ),
        (
            settings.provider.issuer and not (settings.provider.client_id and settings.provider.client_secret),
            "provider.issuer needs provider.client_id and the secret provider.client_secret.",
        ),
        (
            (imap.enabled or settings.listener.enabled) and not smtp.enabled,
            "Mail comes in but cannot go out: set smtp.enabled = true and smtp.host.",
        ),
        (
            smtp.enabled and not imap.enabled and not settings.listener.enabled,
            "Mail goes out but replies cannot come in: set imap.enabled or listener.enabled to true.",
        ),
    )
    return tuple(sentence for wanting, sentence in wants if wanting)
