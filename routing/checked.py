"""Turn a TOML table into a frozen dataclass, refusing by dotted name whatever does not fit.

In come parsed tables and a dataclass whose annotations say what is allowed (`Annotated[float, Between(0, 1)]`,
`Literal[…]`, tuples, mappings, nested dataclasses); out comes an instance, or a `PolicyError` that says which key is wrong
and what to write instead. There are no defaults here: the shipped file is the one place where they stand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import partial
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from routing.errors import RoutingError

T = TypeVar("T")
WORDS = {bool: "true or false", int: "a whole number", float: "a number", str: "a text in quotes"}


class PolicyError(RoutingError):
    """The policy file cannot be used; the message names the key and what to write there."""


@dataclass(frozen=True, slots=True)
class Between:
    """Both ends allowed."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ReadBy:
    """A text that `read` turns into a value, `what` is its name; an error it raises (Routing, Value) is told under the key's."""

    read: Callable[[str], Any]
    what: str


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be written for a key. `what`: bool, int, float, str, "choice" of `choices`, or the name of a `ReadBy`."""

    what: str
    is_list: bool = False
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()


def checked(kind: type[T], table: Mapping[str, Any], name: str = "") -> T:
    """An instance of the dataclass `kind` made from `table`; raises `PolicyError`."""
    hints = get_type_hints(kind, include_extras=True)
    known = {each.name for each in fields(kind)}  # type: ignore[arg-type]
    for key in table:
        if key not in known:
            raise PolicyError(f"{_dotted(name, key)} is unknown; remove it, or use one of: {', '.join(sorted(known))}")
    for key in sorted(known - set(table)):
        raise PolicyError(f"{_dotted(name, key)} is missing; take it over from the shipped policy.toml")
    return kind(**{key: _value(hints[key], table[key], _dotted(name, key)) for key in known})


def allowed(kind: Any, key: str) -> Allowed:
    """What the dotted key of the dataclass `kind` takes; raises KeyError for a key it does not have."""
    hint: Any = kind
    for name in key.split("."):
        hint = get_args(hint)[1] if get_origin(hint) is Mapping else get_type_hints(hint, include_extras=True)[name]
    return _allowed(hint)


def _allowed(hint: Any) -> Allowed:
    origin, args = get_origin(hint), get_args(hint)
    if origin is tuple:
        return replace(_allowed(args[0]), is_list=True)
    if origin is Literal:
        return Allowed("choice", choices=args)
    if origin is not Annotated:
        return Allowed(hint.__name__)
    rule = args[1]
    return Allowed(rule.what) if isinstance(rule, ReadBy) else Allowed(args[0].__name__, low=rule.low, high=rule.high)


def _value(hint: Any, told: Any, name: str) -> Any:
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _annotated(args[0], args[1:], told, name)
    if origin is Literal:
        return _one_of(args, told, name)
    if origin is tuple:
        return tuple(_value(args[0], each, f"{name}[{place}]") for place, each in enumerate(_of_type(list, told, name, "a list")))
    if origin is Mapping:
        table = _of_type(dict, told, name, "a table")
        return {key: _value(args[1], each, _dotted(name, key)) for key, each in table.items()}
    if is_dataclass(hint):
        return checked(hint, _of_type(dict, told, name, "a table"), name)  # type: ignore[arg-type]
    return _plain(hint, told, name)


def _annotated(hint: Any, rules: tuple[Any, ...], told: Any, name: str) -> Any:
    for rule in rules:
        if isinstance(rule, ReadBy):
            return _read(partial(rule.read, _of_type(str, told, name, WORDS[str])), name)
    value = _value(hint, told, name)
    for rule in rules:
        if isinstance(rule, Between) and not rule.low <= value <= rule.high:
            raise PolicyError(f"{name} is {value}; it must lie between {rule.low:g} and {rule.high:g}")
    return value


def _read(read: Callable[[], Any], name: str) -> Any:
    try:
        return read()
    except (RoutingError, ValueError) as error:
        raise PolicyError(f"{name}: {error}") from error


def _one_of(allowed: tuple[Any, ...], told: Any, name: str) -> Any:
    if told not in allowed:
        raise PolicyError(f"{name} is {told!r}; write one of: {', '.join(allowed)}")
    return told


def _plain(hint: type, told: Any, name: str) -> Any:
    if hint is float and type(told) is int:
        return float(told)
    return _of_type(hint, told, name, WORDS[hint])


def _of_type(kind: type, told: Any, name: str, words: str) -> Any:
    if type(told) is not kind:  # not isinstance: true is an int to Python, but not to the writer of the file
        raise PolicyError(f"{name} is {told!r}; write {words}")
    return told


def _dotted(name: str, key: str) -> str:
    return f"{name}.{key}" if name else key
