"""Where settings come from: files and the environment, and what is wrong with what stands there.

In: paths, TOML and environment variables. Out: flat tables like ``{"smtp.port": 25}``, still of any type; a `SettingsError`
naming the setting that nobody knows.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

OWN_FILE = "rrm.toml"


class SettingsError(Exception):
    """A setting is wrong; the message names it and says what to do."""


@dataclass(frozen=True, slots=True)
class Names:
    """The full names (section.key) of all settings there are."""

    plain: tuple[str, ...]
    secret: tuple[str, ...]


def shipped(name: Literal["config", "data"]) -> Path:
    """A folder that ships with the program: beside the packages in a checkout, inside ours when installed."""
    package = Path(__file__).resolve().parent
    beside = package.parent / name
    return beside if (package.parent / "pyproject.toml").is_file() and beside.is_dir() else package / "share" / name


def own_file(file: Path | str | None, environment: Mapping[str, str], folder: Path) -> Path | None:
    """The file somebody named, or rrm.toml in the working folder if there is one. `SettingsError` where a named one is not."""
    named = file or environment.get("RRM_SETTINGS")
    path = folder / (named or OWN_FILE)
    if path.is_file():
        return path.resolve()
    if named:
        raise SettingsError(f"There is no settings file {path}: name an existing one with --settings or RRM_SETTINGS.")
    return None


def read(path: Path) -> dict[str, Any]:
    """A settings file as one flat table."""
    return _flat(_toml(path), path.name)


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as problem:
        raise SettingsError(f"{path} cannot be read ({problem.strerror}): check its owner and mode.") from problem
    except UnicodeDecodeError as problem:
        raise SettingsError(f"{path} is not written in UTF-8: save it again with that encoding.") from problem
    except tomllib.TOMLDecodeError as problem:
        raise SettingsError(f"{path} is not valid TOML: {problem}") from problem


def _flat(nested: Mapping[str, Any], where: str) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for section, values in nested.items():
        if not isinstance(values, dict):
            raise SettingsError(f"{where}: {section} stands outside a section: write it under its [section], like [smtp].")
        flat |= {f"{section}.{key}": value for key, value in values.items()}
    return flat


def own_settings(source: Path, names: Names) -> dict[str, Any]:
    """What a file of one's own says; `SettingsError` for a name that nobody knows and for secrets, which have no place there."""
    said = read(source)
    for name in sorted(said.keys() & set(names.secret)):
        raise SettingsError(
            f"{source.name}: {name} is a secret and does not belong into a settings file. Put it into the environment as"
            f" {_variable(name)}, or into a closed file named by {_variable(name)}_FILE."
        )
    return known(said, names, source.name)


def from_environment(environment: Mapping[str, str], names: Names) -> dict[str, str]:
    """The plain settings among the variables RRM_SECTION__KEY; secrets are only checked for their spelling."""
    plain = {_variable(name): name for name in names.plain}
    _refuse_slips(environment, [*plain, *map(_variable, names.secret)])
    return {name: environment[variable] for variable, name in plain.items() if variable in environment}


def _refuse_slips(environment: Mapping[str, str], known: list[str]) -> None:
    """A misspelt variable would otherwise be ignored in silence; the usual slip is one underscore for two."""
    single = {variable.replace("__", "_"): variable for variable in known}
    for variable in environment:
        bare = variable.removesuffix("_FILE")
        if variable in known or bare in known or not variable.startswith("RRM_"):
            continue
        if bare in single:
            raise SettingsError(f"{variable} is not a setting: write {single[bare]}, with two underscores after the section.")
        if "__" in variable:
            raise SettingsError(f"{variable} is not a setting.{_nearest(bare, known)}")


def known(said: Mapping[str, Any], names: Names, where: str) -> dict[str, Any]:
    """`said` unchanged, once every name in it is one of ours; else `SettingsError` with the nearest name."""
    for name in said:
        if name not in names.plain + names.secret:
            hint = _nearest(name, names.plain)
            raise SettingsError(f"{where}: there is no setting {name}.{hint} All of them are in config/settings.toml.")
    return dict(said)


def _nearest(name: str, names: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, names, n=1)
    return f" Did you mean {close[0]}?" if close else ""


def _variable(name: str) -> str:
    return f"RRM_{name.replace('.', '__')}".upper()


def home(source: Path | None, environment: Mapping[str, str], folder: Path) -> Path:
    """The folder where relative paths start."""
    if environment.get("RRM_HOME"):
        return (folder / environment["RRM_HOME"]).resolve()
    if source:
        return source.parent
    checkout = Path(__file__).resolve().parent.parent
    return checkout if (checkout / "pyproject.toml").is_file() else folder
