"""The tree of parts in a mail, read without recursion and within bounds.

In: raw bytes. Out: a `Part` whose leaves know their undecoded bytes; `TooMuch` when a bound of the mail is passed.
Broken mail is read as the common clients show it: a boundary that never closes ends with its parent, a multipart
without its boundary is plain text, a missing blank line after the headers is supplied.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.mail.headers import FIELD, Headers, loose_base64, split_headers, split_value

MAX_SIZE = 25 * 1024 * 1024
MAX_HEADERS = 64 * 1024
MAX_PARTS = 200
MAX_DEPTH = 20
MAX_ADDRESSES = 100
MAX_ENCODED_WORDS = 2_000
BASE64_AND_ENDS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/\r\n"
ADDRESS_FIELDS = ("from", "to", "cc", "bcc", "reply-to", "resent-to", "resent-cc", "sender")
ONLY_BASE64 = re.compile(rb"[A-Za-z0-9+/=!\-_]*")
BLANK = re.compile(rb"\r?\n[ \t]*\r?\n|\r[ \t]*\r(?!\n)")


class TooMuch(Exception):
    """A mail passes a bound; the message says which one."""


@dataclass(slots=True)
class Part:
    """One entity. `body` is everything after its headers; `children` are set for multiparts and attached mails."""

    headers: Headers
    body: bytes = field(repr=False)
    depth: int = 0
    default: str = "text/plain"
    children: list[Part] = field(default_factory=list)
    media_type: str = "text/plain"
    params: dict[str, str] = field(default_factory=dict)
    disposition: str = ""
    disposition_params: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        named, self.params = split_value(self.headers.raw("content-type"))
        self.media_type = _media_type(named, self.default)
        self.disposition, self.disposition_params = split_value(self.headers.raw("content-disposition"))

    @property
    def is_multipart(self) -> bool:
        return self.media_type.startswith("multipart/")

    @property
    def file_name(self) -> str:
        return self.disposition_params.get("filename") or self.params.get("name") or ""

    def walk(self) -> Iterator[Part]:
        """This part and all below it, in the order of the mail."""
        waiting = [self]
        while waiting:
            part = waiting.pop()
            yield part
            waiting.extend(reversed(part.children))

    def content(self) -> bytes:
        """The body with its transfer encoding taken off; a torn or mislabelled encoding gives what can be read."""
        return decode_transfer(self.body, self.headers.raw("content-transfer-encoding"))


def _media_type(named: str, default: str) -> str:
    named = re.sub(r"\s", "", named)
    if re.fullmatch(r"[a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+-]{1,120}", named):
        return named
    return {"text": "text/plain", "html": "text/html", "plain": "text/plain"}.get(named, default if not named else "text/plain")


def read_tree(raw: bytes) -> Part:
    """The mail as a tree. Raises TooMuch."""
    _check_size(raw)
    root = _part(_without_envelope_line(raw), 0, "text/plain")
    check_addresses(root.headers)
    waiting, count = [root], 1
    while waiting:
        part = waiting.pop()
        part.children = _children(part)
        count += len(part.children)
        if count > MAX_PARTS:
            raise TooMuch(f"more than {MAX_PARTS} parts")
        if part.children and part.depth + 1 > MAX_DEPTH:
            raise TooMuch(f"parts nested more than {MAX_DEPTH} deep")
        waiting.extend(reversed(part.children))
    return root


def _check_size(raw: bytes) -> None:
    if len(raw) > MAX_SIZE:
        raise TooMuch(f"larger than {MAX_SIZE // 1024 // 1024} MiB")


def check_addresses(headers: Headers) -> None:
    """Raises TooMuch for more addresses or encoded words than anybody writes by hand."""
    addresses = sum(value.count("@") for name, value in headers.fields if name in ADDRESS_FIELDS)
    if addresses > MAX_ADDRESSES:
        raise TooMuch(f"more than {MAX_ADDRESSES} addresses")
    if sum(value.count("=?") for _, value in headers.fields) > MAX_ENCODED_WORDS:
        raise TooMuch("too many encoded words in the headers")


def _without_envelope_line(raw: bytes) -> bytes:
    """Some stores put an mbox "From " line, some gateways blank lines or a byte order mark, before the first field."""
    raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if raw.startswith((b"From ", b">From ")) and b"\n" in raw:
        return raw.split(b"\n", 1)[1]
    return raw


def _part(data: bytes, depth: int, default: str) -> Part:
    head, body = _head_and_body(data)
    if len(head) > MAX_HEADERS:
        raise TooMuch(f"headers larger than {MAX_HEADERS // 1024} KiB")
    return Part(split_headers(head), body, depth, default)


def _head_and_body(data: bytes) -> tuple[bytes, bytes]:
    if data.startswith((b"\n", b"\r")):
        return b"", data.removeprefix(b"\r").removeprefix(b"\n")
    found = BLANK.search(data)
    head, body = (data[: found.start()], data[found.end() :]) if found else (data, b"")
    return _head_of_headless(head, body, data) if not FIELD.match(head) or not found else (head, body)


def _head_of_headless(head: bytes, body: bytes, data: bytes) -> tuple[bytes, bytes]:
    """Fields run on until a line that cannot be one; what follows is body even without a blank line."""
    at = 0
    for line in re.split(rb"(?<=\n)", data[: len(head) + 1]):
        if line.strip() and not FIELD.match(line) and not (at and line[:1] in (b" ", b"\t")):
            return data[:at], data[at:]
        at += len(line)
    return head, body


def _children(part: Part) -> list[Part]:
    if part.media_type in ("message/rfc822", "message/global", "message/news"):
        return [_part(part.content().lstrip(b"\r\n"), part.depth + 1, "text/plain")]
    if not part.is_multipart:
        return []
    default = "message/rfc822" if part.media_type == "multipart/digest" else "text/plain"
    pieces = _pieces(part)
    if len(pieces) > MAX_PARTS:
        raise TooMuch(f"more than {MAX_PARTS} parts")
    children = [_part(piece, part.depth + 1, default) for piece in pieces]
    if not children:
        part.media_type = "text/plain"
    return children


def _pieces(part: Part) -> list[bytes]:
    boundary = part.params.get("boundary", "").rstrip().encode("latin-1", "replace") or _guessed_boundary(part.body)
    if not boundary:
        return []
    mark = re.compile(rb"(?:^|\r\n|\n|\r)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r|\n|$)")
    pieces: list[bytes] = []
    start: int | None = None
    for found in mark.finditer(part.body):
        if start is not None:
            pieces.append(part.body[start : found.start()])
        if len(pieces) > MAX_PARTS:
            break
        start = None if found.group(1) else _line_end(part.body, found.end())
    if start is not None and part.body[start:].strip():
        pieces.append(part.body[start:])
    return pieces


def _line_end(body: bytes, at: int) -> int:
    return at + len(b"\r\n" if body.startswith(b"\r\n", at) else body[at : at + 1])


def _guessed_boundary(body: bytes) -> bytes:
    """The Content-Type lost its boundary: a first line `--xyz` that is followed by a part's fields gives it away."""
    found = re.match(rb"\s*--([^\s-][^\r\n]{0,69})\r?\nContent-", body, re.IGNORECASE)
    return found.group(1).rstrip() if found else b""


def decode_transfer(body: bytes, encoding: str) -> bytes:
    """Takes base64, quoted-printable or uuencode off; anything else is left alone."""
    encoding = encoding.split(";")[0].split("(")[0].strip().strip("\"'").lower()
    if encoding in ("base64", "base-64"):
        return _from_base64(body)
    if encoding in ("quoted-printable", "quotedprintable", "quoted printable"):
        return binascii.a2b_qp(re.sub(rb"=[ \t]+(?=\r?\n)", b"=", body))
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return uudecode(body)[0]
    return body


def _from_base64(body: bytes) -> bytes:
    """Lists and virus scanners append plain text to base64: decoding stops where the letters stop."""
    if not body.rstrip(b"=\r\n \t").translate(None, BASE64_AND_ENDS):  # nothing but base64, as a rule
        return loose_base64(body)
    first = body.lstrip().split(b"\n", 1)[0].strip()
    if b" " in first and not ONLY_BASE64.fullmatch(first.replace(b" ", b"")):
        return body  # plain text under a wrong name
    lines = body.split(b"\n")
    kept: list[bytes] = []
    for line in lines:
        line = line.strip()
        if line and not ONLY_BASE64.fullmatch(line) and kept and b" " in line:
            break
        kept.append(line)
        if line.endswith(b"="):
            break
    return loose_base64(b"".join(kept))


def uudecode(body: bytes) -> tuple[bytes, str]:
    """(content, file name) of the first `begin 644 name` block; the body itself when there is none."""
    found = re.search(rb"(?:^|\n)begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n", body)
    if not found:
        return body, ""
    content = b""
    data = bytearray()
    for line in body[found.end() :].split(b"\n"):
        line = line.rstrip(b"\r")
        if line in (b"end", b"", b"`"):
            break
        data += _uu_line(line)
    content = bytes(data)
    return content, found.group(1).decode("utf-8", "replace")


def _uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        # Encoders that leave rubbish at the end of a line (same cure as Python's own uu module)
        size = (((line[0] - 32) & 63) * 4 + 5) // 3
        try:
            return binascii.a2b_uu(line[:size])
        except binascii.Error:
            return b""
