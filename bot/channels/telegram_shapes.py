"""Looking into a raw update without trusting it: every reader checks the type and names what is odd.

In: decoded JSON. Out: values of the expected type, or `Odd`, which the reader turns into `Unreadable`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.channels.telegram_text import clean, slice_units
from retrieval import language_code

Json = dict[str, Any]

# kinds of content that are a file, https://core.telegram.org/bots/api#message
FILES = ("document", "photo", "voice", "audio", "video", "video_note", "animation")
MEDIA_TYPES = {"photo": "image/jpeg", "voice": "audio/ogg", **dict.fromkeys(("video", "video_note", "animation"), "video/mp4")}
MANY = 200


class Odd(Exception):
    """The update has not the shape the Bot API describes."""


def mapping(holder: Json, key: str) -> Json:
    """The object under `key`, or {} if there is none."""
    value = holder.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Odd(f"{key} is no object")
    return value


def items(holder: Json, key: str) -> list[Json]:
    value = holder.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise Odd(f"{key} is no list of objects")
    return value[:MANY]


def text(holder: Json, key: str) -> str:
    value = holder.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Odd(f"{key} is no text")
    return clean(value)


def integer(holder: Json, key: str) -> int:
    value = holder.get(key)
    # ids fit into 52 bits, says the Bot API; anything longer is nonsense and no database column would take it
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**53:
        raise Odd(f"{key} is no number")
    return value


def moment(holder: Json, key: str) -> datetime | None:
    """Unix seconds as a moment; what no calendar knows is None rather than a reason to hold the message."""
    try:
        return datetime.fromtimestamp(integer(holder, key), UTC) if holder.get(key) else None
    except (Odd, OverflowError, ValueError, OSError):
        return None


def name_of(person: Json) -> str:
    return " ".join(filter(None, (text(person, "first_name"), text(person, "last_name")))).strip()[:200]


def language_of(person: Json) -> str | None:
    """The language of the person's app, if it is one of ours ("pt-br" is not, "el-GR" is)."""
    return language_code(text(person, "language_code"))


def files_of(message: Json) -> list[Json]:
    """What can be fetched: [{file_id, name, media_type, size}]. Of a photo, the largest size."""
    found = []
    for kind in FILES:
        if kind == "document" and "animation" in message:
            continue  # Telegram sends an animation twice, the second time as a document
        held = (items(message, kind) or [{}])[-1] if kind == "photo" else mapping(message, kind)
        if held:
            found.append(file_of(kind, held))
    return found


def file_of(kind: str, held: Json) -> Json:
    if not text(held, "file_id"):
        raise Odd(f"{kind} has no file_id")
    return {
        "file_id": text(held, "file_id"),
        "name": text(held, "file_name")[:255] or kind,
        "media_type": text(held, "mime_type")[:100] or MEDIA_TYPES.get(kind, "application/octet-stream"),
        "size": integer(held, "file_size") if held.get("file_size") is not None else None,
    }


def spans(source: str, entities: list[Json], kind: str) -> list[tuple[int, int, str, Json]]:
    """Offset, length (UTF-16 units), text and entity of every entity of this kind."""
    found = []
    for entity in entities:
        if entity.get("type") == kind:
            offset, length = integer(entity, "offset"), integer(entity, "length")
            if offset < 0 or length < 0:
                raise Odd("an entity lies outside its text")
            found.append((offset, length, slice_units(source, offset, length), entity))
    return found
