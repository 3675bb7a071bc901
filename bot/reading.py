"""Makes a typed value of what a settings file or an environment variable says.

In: a value from TOML, or text from the environment, and the type a setting declares. Out: the value; a `ValueError` whose
message completes the sentence "X must be …".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Rule:
    """What a value must fulfil beyond its type, and how to say so."""

    holds: Callable[[Any], bool]
    says: str


def is_http_url(text: str) -> bool:
    return re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*[^\s?#/])?", text) is not None and has_place(text)


def has_place(url: str) -> bool:
    """A host and port that can be ones, or none at all: not `[db`, not `db:abc`."""
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def is_mail_address(text: str) -> bool:
    local, _, domain = text.rpartition("@")
    return bool(local) and not re.search(r"[\s@<>,;\"]", local) and is_domain(domain)


def is_domain(text: str) -> bool:
    labels = text.split(".")
    return len(text) <= 253 and all(re.fullmatch(r"[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?", label) for label in labels)


def is_zone(text: str) -> bool:
    try:
        return bool(ZoneInfo(text))
    except (ValueError, OSError, KeyError):  # a name that is none, a folder, or unknown
        return False


def is_name_server(text: str) -> bool:
    """An address of a machine, with or without a port: 192.0.2.53, 192.0.2.53:5353, [2001:db8::53]:5353."""
    found = re.fullmatch(r"\[([0-9a-fA-F:.]+)\](?::(\d{1,5}))?|([0-9.]+)(?::(\d{1,5}))?|([0-9a-fA-F:]+)", text)
    if found is None or int(found[2] or found[4] or 1) > 65535:
        return False
    try:
        return bool(ip_address(found[1] or found[3] or found[5]))
    except ValueError:
        return False


def is_network(text: str) -> bool:
    """A range of addresses, or one of them alone: 10.1.0.0/16, 127.0.0.1, 2001:db8::/32."""
    try:
        return bool(ip_network(text))
    except ValueError:
        return False


Port = Annotated[int, Rule(lambda port: 0 <= port <= 65535, "a port number from 0 to 65535")]
Positive = Annotated[int, Rule(lambda number: number > 0, "a whole number above 0")]
Hundredths = Annotated[int, Rule(lambda number: 0 <= number <= 200, "a whole number from 0 to 200")]
HttpUrl = Annotated[str, Rule(is_http_url, "an address like https://rrm.example, without a slash at the end")]
MailAddress = Annotated[str, Rule(is_mail_address, "a mail address: a name, @ and a domain")]
LocalPart = Annotated[str, Rule(lambda text: is_mail_address(f"{text}@rrm.example"), "what stands before the @ of an address")]
Domain = Annotated[str, Rule(lambda text: not text or is_domain(text), 'a domain like reply.rrm.example, or ""')]
Zone = Annotated[str, Rule(is_zone, "a time zone of the IANA list, like Europe/Rome")]
Afterwards = Annotated[
    str, Rule(lambda text: re.fullmatch("keep|seen|move:.+", text) is not None, "'keep', 'seen' or 'move:FOLDER'")
]
Words = tuple[str, ...]
Networks = tuple[Annotated[str, Rule(is_network, "networks like 10.1.0.0/16")], ...]
# "*" believes everybody, which only a server that nobody else can reach may.
Proxies = tuple[
    Annotated[str, Rule(lambda text: text == "*" or is_network(text), "addresses like 127.0.0.1 or 10.1.0.0/16")], ...
]
NameServers = tuple[Annotated[str, Rule(is_name_server, "addresses of name servers, like 192.0.2.53 or 192.0.2.53:5353")], ...]

_YES = frozenset({"true", "yes", "on", "1"})
_NO = frozenset({"false", "no", "off", "0"})


def read_value(given: Any, hint: Any) -> Any:
    """`given` as the type `hint` asks; raises `ValueError` saying what would be right."""
    if get_origin(hint) is Annotated:
        kind, rule = get_args(hint)
        return _ruled(given, kind, rule)
    if get_origin(hint) is tuple:
        return tuple(read_value(one, get_args(hint)[0]) for one in _several(given))
    if get_origin(hint) is Literal:
        return _one_of(given, get_args(hint))
    return _PLAIN[hint](given)


def _ruled(given: Any, kind: Any, rule: Rule) -> Any:
    try:
        value = read_value(given, kind)
    except ValueError:
        raise ValueError(rule.says) from None
    if not rule.holds(value):
        raise ValueError(rule.says)
    return value


def _several(given: Any) -> list[Any]:
    if isinstance(given, str):
        return [word.strip() for word in given.split(",") if word.strip()]
    if isinstance(given, list | tuple):
        return list(given)
    raise ValueError("a list")


def _one_of(given: Any, choices: tuple[Any, ...]) -> Any:
    if given not in choices:
        raise ValueError("one of " + ", ".join(repr(choice) for choice in choices))
    return given


def _flag(given: Any) -> bool:
    if isinstance(given, bool):
        return given
    word = given.strip().lower() if isinstance(given, str) else ""
    if word not in _YES | _NO:
        raise ValueError("true or false")
    return word in _YES


def _whole_number(given: Any) -> int:
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    if isinstance(given, str) and re.fullmatch(r"-?[0-9]{1,12}", given.strip()):
        return int(given)
    raise ValueError("a whole number")


def _text(given: Any) -> str:
    if not isinstance(given, str) or re.search(r"[\x00-\x1f\x7f]", given):
        raise ValueError("a text without control characters")
    return given


def _path(given: Any) -> Path:
    text = str(given) if isinstance(given, Path) else _text(given)
    if not text:
        raise ValueError("a path")
    return Path(text).expanduser()


_PLAIN: dict[Any, Callable[[Any], Any]] = {bool: _flag, int: _whole_number, str: _text, Path: _path}
