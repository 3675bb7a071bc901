"""Header fields of a mail or part: splitting, unfolding, encoded words (RFC 2047) and parameters (RFC 2231).

Everything here is linear in its input and never raises. Python's own header parser is not used: on hostile input it
raises on every fourth mail and can loop for ever (github.com/python/cpython/issues/138223).
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field

from bot.mail.charsets import decode

FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
DANGEROUS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
SPACES = re.compile(r"\s+")
MAX_FIELDS = 1_000
NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))


@dataclass(frozen=True, slots=True)
class Headers:
    """Fields in order, names in lower case, values unfolded but not decoded (bytes as latin-1)."""

    fields: tuple[tuple[str, str], ...] = ()
    _names: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_names", frozenset(name for name, _ in self.fields))

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.fields if key == name]

    def raw(self, name: str) -> str:
        """First value as it stands, or ""."""
        return next((value for key, value in self.fields if key == name), "")

    def text(self, name: str) -> str:
        """First value with encoded words decoded and white space collapsed."""
        return SPACES.sub(" ", decode_words(self.raw(name))).strip()

    def has(self, name: str) -> bool:
        return name in self._names


def split_headers(block: bytes) -> Headers:
    """Fields of a header block; lines that are neither a field nor a continuation are skipped."""
    fields: list[tuple[str, list[bytes]]] = []
    for line in block.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"):
        if line[:1] in (b" ", b"\t"):
            if fields:
                fields[-1][1].append(line.strip())
            continue
        found = FIELD.match(line)
        if found and len(fields) < MAX_FIELDS:
            fields.append((found.group(1).decode("ascii").lower(), [line[found.end() :].strip()]))
    return Headers(tuple((name, b" ".join(lines).strip().decode("latin-1")) for name, lines in fields))


def decode_words(value: str) -> str:
    """RFC 2047, tolerant: words inside quotes or glued to text are decoded too, letters split over words are joined."""
    pieces: list[str] = []
    waiting: tuple[str, bytes] | None = None
    end = 0
    for found in ENCODED_WORD.finditer(value):
        gap = value[end : found.start()]
        charset, data = found.group(1).split("*")[0], word_bytes(found.group(2), found.group(3))
        if waiting and gap.strip() == "" and waiting[0].lower() == charset.lower():
            waiting = (charset, waiting[1] + data)
        else:
            pieces.append(_decoded(waiting))
            # RFC 2047 6.2: white space between two encoded words is not text
            pieces.append(raw_text(gap) if gap.strip() or not waiting else "")
            waiting = (charset, data)
        end = found.end()
    return "".join([*pieces, _decoded(waiting), raw_text(value[end:])])


def _decoded(word: tuple[str, bytes] | None) -> str:
    return decode(word[1], word[0]) if word else ""


def word_bytes(coding: str, data: str) -> bytes:
    if coding in "qQ":
        return binascii.a2b_qp(data.replace("_", " ").encode("latin-1", "replace"), header=False)
    return loose_base64(data.encode("latin-1", "replace"))


def loose_base64(data: bytes) -> bytes:
    """Base64 with missing padding, stray characters or a torn end; what can be read is returned."""
    kept = (data.split(b"=")[0] if b"=" in data[-4:] else data).translate(None, NOT_BASE64)
    kept = kept[: len(kept) - 1] if len(kept) % 4 == 1 else kept
    return base64.b64decode(kept + b"=" * (-len(kept) % 4))


def raw_text(value: str) -> str:
    """A header value without encoded words: bytes above 127 are UTF-8 (RFC 6532) or, failing that, Windows text."""
    return value if value.isascii() else decode(value.encode("latin-1", "replace"), "utf-8")


def clean(value: str) -> str:
    """One line without control or direction characters, for names and subjects that go on into our own mail."""
    return SPACES.sub(" ", CONTROL.sub(" ", value)).strip()


def has_control(value: str) -> bool:
    """True if decoding brought up line breaks, control characters or directions that hide what is there (CVE-2024-6923, U+202E).

    Plain direction marks, which Hebrew and Arabic mail is full of, are only taken out by `clean`.
    """
    return DANGEROUS.search(value) is not None


def split_value(value: str) -> tuple[str, dict[str, str]]:
    """`text/plain; charset=utf-8` -> ("text/plain", {"charset": "utf-8"}), with RFC 2231 continuations put together."""
    first, *rest = _split_semicolons(value[:8192])
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    for item in rest[:100]:
        name, equals, content = item.partition("=")
        name, content = name.strip().lower(), _unquoted(content.strip())
        if not equals or not name:
            continue
        base, number, extended = _numbered(name)
        if number is None and not extended:
            plain.setdefault(name, raw_text(content) if "=?" not in content else decode_words(content))
        else:
            pieces.setdefault(base, {})[number or 0] = (extended, content)
    plain.update({name: _joined(parts) for name, parts in pieces.items()})
    return first.strip().lower(), plain


def _split_semicolons(value: str) -> list[str]:
    items, start, quoted, skip = [], 0, False, False
    for at, letter in enumerate(value):
        if skip:
            skip = False
        elif letter == "\\" and quoted:
            skip = True
        elif letter == '"':
            quoted = not quoted
        elif letter == ";" and not quoted:
            items.append(value[start:at])
            start = at + 1
    return [*items, value[start:]]


def _unquoted(content: str) -> str:
    if content[:1] != '"':
        # A comment after a bare value is not part of it: `charset=utf-8 (Unicode)`
        return content.split(" (")[0].strip().strip("'") if content[:1] != "'" else content.strip("'")
    end = content.rfind('"')
    return re.sub(r"\\(.)", r"\1", content[1 : end if end > 0 else None])


def _numbered(name: str) -> tuple[str, int | None, bool]:
    base, *stars = name.split("*")
    number = next((int(star) for star in stars if star.isascii() and star.isdigit() and len(star) < 4), None)
    return base, number, len(stars) > 0 and stars[-1] == ""


def _joined(parts: dict[int, tuple[bool, str]]) -> str:
    charset, data = "utf-8", b""
    for number, (extended, content) in sorted(parts.items()):
        if extended and number == 0 and content.count("'") >= 2:
            charset, _, content = content.split("'", 2)
        data += _percent(content) if extended else content.encode("latin-1", "replace")
    return decode(data, charset)


def _percent(content: str) -> bytes:
    return re.sub(rb"%([0-9a-fA-F]{2})", lambda hit: bytes([int(hit.group(1), 16)]), content.encode("latin-1", "replace"))
