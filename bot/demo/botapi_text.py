"""How Telegram reads text: offsets in UTF-16 units, HTML markup checked strictly, links and mentions found by itself.

In: what a bot or a person writes. Out: the plain text and its entities, or `ApiError` in Telegram's own words.
https://core.telegram.org/bots/api#html-style and https://core.telegram.org/api/entities
"""

from __future__ import annotations

import html
import re
from typing import Any

Json = dict[str, Any]

TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler", "span": "spoiler",
    "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote", "tg-emoji": "custom_emoji",
}  # fmt: skip
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[a-zA-Z-]+(?:=(?:\"[^\"]*\"|'[^']*'|[^\s>\"']+))?)*)\s*>")
ATTRIBUTE = re.compile(r"([a-zA-Z-]+)(?:=(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+)))?")
CHARACTER = re.compile(r"&(?:lt|gt|amp|quot|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"]+)|(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)|(?<![\w/<>\[\]])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)"
    r"|(?<!\w)(?P<mention>@[A-Za-z][A-Za-z0-9_]{2,31})|(?<!\w)(?P<hashtag>#\w{1,64})"
)


class ApiError(Exception):
    """A refusal as the Bot API writes it: HTTP code, description, and parameters such as `retry_after`."""

    def __init__(self, code: int, description: str, **parameters: int):
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


def units(text: str) -> int:
    """Length in UTF-16 code units: what every offset and limit of Telegram counts."""
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)


def read_markup(source: str, parse_mode: str | None, entities: list[Json] | None) -> tuple[str, list[Json]]:
    """The text a reader will see and its entities, trimmed as Telegram trims."""
    if parse_mode and parse_mode.lower() == "html":
        return trim(*parse_html(source))
    if parse_mode:
        raise ApiError(400, "Bad Request: unsupported parse_mode")
    return trim(source, [checked_entity(entity, units(source)) for entity in entities or []])


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Read `source` as Telegram's HTML, in one pass; unknown, crossed or unclosed tags are refused."""
    text: list[str] = []
    at = length = 0
    open_tags: list[tuple[str, int, Json]] = []
    entities: list[Json] = []
    while at < len(source):
        if source[at] == "<":
            at = read_tag(source, at, length, open_tags, entities)
            continue
        piece, at = read_piece(source, at)
        text.append(piece)
        length += units(piece)
    if open_tags:
        raise cannot_parse(f'Can\'t find end tag corresponding to start tag "{open_tags[-1][0]}"')
    # an inner tag closes first, but the outer one is told first
    return "".join(text), sorted(reversed(entities), key=lambda entity: (entity["offset"], -entity["length"]))


def read_piece(source: str, at: int) -> tuple[str, int]:
    if source[at] == "&":
        found = CHARACTER.match(source, at)
        return (html.unescape(found.group()), found.end()) if found else ("&", at + 1)
    ends = [end for end in (source.find("<", at), source.find("&", at)) if end >= 0]
    end = min(ends, default=len(source))
    return source[at:end], end


def read_tag(source: str, at: int, length: int, open_tags: list[tuple[str, int, Json]], entities: list[Json]) -> int:
    where = f"at byte offset {len(source[:at].encode())}"
    found = TAG.match(source, at)
    if found is None:
        raise cannot_parse(f"Unclosed start tag {where}")
    closing, name, attributes = found.group(1), found.group(2).lower(), found.group(3)
    if not closing:
        open_tags.append((name, length, entity_of(name, attributes, where)))
        return found.end()
    if not open_tags:
        raise cannot_parse(f"Unexpected end tag {where}")
    started, offset, entity = open_tags.pop()
    if started != name:
        raise cannot_parse(f'Unmatched end tag {where}, expected "</{started}>", found "</{name}>"')
    if length > offset:
        entities.append({**entity, "offset": offset, "length": length - offset})
    return found.end()


def entity_of(name: str, attributes: str, where: str) -> Json:
    given = {found[1].lower(): html.unescape(found[2] or found[3] or found[4] or "") for found in ATTRIBUTE.finditer(attributes)}
    if name not in TAGS or (name == "span" and given.get("class") != "tg-spoiler"):
        raise cannot_parse(f'Unsupported start tag "{name}" {where}')
    if name == "a":
        return {"type": "text_link", "url": given.get("href", "")}
    return {"type": TAGS[name]}


def cannot_parse(why: str) -> ApiError:
    return ApiError(400, f"Bad Request: can't parse entities: {why}")


def checked_entity(entity: Json, length: int) -> Json:
    offset, size = entity.get("offset"), entity.get("length")
    if not isinstance(offset, int) or not isinstance(size, int) or offset < 0 or size <= 0 or offset + size > length:
        raise ApiError(400, "Bad Request: ENTITY_BOUNDS_INVALID")
    return entity


def trim(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Without blanks around it; entities move along, and those of nothing vanish."""
    left = units(text) - units(text.lstrip())
    text = text.strip()
    length, kept = units(text), []
    for entity in entities:
        start = max(entity["offset"] - left, 0)
        end = min(entity["offset"] + entity["length"] - left, length)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return text, kept


def found_by_itself(text: str) -> list[Json]:
    """Links, addresses, commands, mentions and hashtags that Telegram marks without being asked."""
    entities, units_so_far, last = [], 0, 0
    for found in FOUND.finditer(text):
        units_so_far += units(text[last : found.start()])
        last = found.start()
        entities.append({"type": found.lastgroup, "offset": units_so_far, "length": units(found.group().rstrip(".,;:!?)"))})
    return entities
