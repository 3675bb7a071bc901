"""What the demo's pages show, as values: bubbles on a telephone, lines of the mailroom.

In: what the Bot API server and the post office hold. Out: frozen values with text already made safe for HTML.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from bot.demo.botapi_people import Button, Phone, Shown
from bot.demo.town import Town
from routing.languages import language_of

# Entities of the Bot API and the elements that show them (https://core.telegram.org/bots/api#messageentity)
ELEMENTS = {"bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "code": "code", "pre": "code", "blockquote": "q"}


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message on the screen. `mine`: written by the phone's owner."""

    number: int
    mine: bool
    words: Markup
    at: datetime
    rows: tuple[tuple[Button, ...], ...]
    file: str | None
    edited: bool
    language: str


@dataclass(frozen=True, slots=True)
class Person:
    """The owner of a phone. `language` is the one the phone is set to."""

    number: int
    name: str
    language: str


def bubbles(town: Town, phone: Phone) -> list[Bubble]:
    return [_bubble(town, phone, shown) for shown in phone.screen()]


def owner(phone: Phone) -> Person:
    return Person(phone.id, str(phone.person["first_name"]), str(phone.person.get("language_code", "en")))


def marked_up(text: str, entities: Iterable[Mapping[str, Any]]) -> Markup:
    """Text with its entities as HTML; offsets and lengths count UTF-16 units, as Telegram's do."""
    units, known = text.encode("utf-16-le"), list(entities)
    edges = {edge for one in known for edge in (one["offset"], one["offset"] + one["length"])}
    cuts = sorted({0, len(units) // 2, *edges})
    return Markup("").join(_piece(units, start, end, known) for start, end in pairwise(cuts))


def examples(file: Path, language: str, most: int = 3) -> list[str]:
    """Short questions of the collection in a language: some that a fiche answers, and one that none does."""
    rows = [row for line in file.read_text("utf-8").splitlines() if (row := json.loads(line))["language"] == language]
    short = [row for row in rows if len(row["text"]) < 140 and row.get("style") == "chat"]
    answered = [row["text"] for row in short if row["answers"]]
    unanswered = [row["text"] for row in short if not row["answers"]]
    return [*answered[: most - 1], *unanswered[:1]]


def _bubble(town: Town, phone: Phone, shown: Shown) -> Bubble:
    words, at = marked_up(shown.text, shown.entities), town.stamped(phone, shown.message_id)
    language = language_of(shown.text, owner(phone).language)
    return Bubble(shown.message_id, not shown.from_bot, words, at, shown.rows, shown.file, shown.edited, language)


def _piece(units: bytes, start: int, end: int, entities: list[Mapping[str, Any]]) -> Markup:
    piece = escape(units[2 * start : 2 * end].decode("utf-16-le", "replace"))
    for one in entities:
        if one["offset"] <= start and end <= one["offset"] + one["length"]:
            piece = _dressed(piece, one)
    return piece


def _dressed(piece: Markup, entity: Mapping[str, Any]) -> Markup:
    if element := ELEMENTS.get(entity["type"]):
        return Markup("<{0}>{1}</{0}>").format(Markup(element), piece)
    address = entity.get("url") or (piece.unescape() if entity["type"] == "url" else "")
    if str(address).startswith(("http://", "https://")):
        return Markup('<a href="{}" target="_blank" rel="noreferrer">{}</a>').format(address, piece)
    return piece
