"""Mail inside wrappings: Outlook's winmail.dat (TNEF), opaque S/MIME signatures (CMS), PGP armour, format=flowed.

In: the bytes or text of one part. Out: the text and files inside as far as they can be had without a key.
Formats: [MS-OXTNEF], RFC 5652 (only enough DER/BER to reach the signed content), RFC 4880 section 7, RFC 3676.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from bot.mail.charsets import decode

TNEF_SIGNATURE = 0x223E9F78
BODY, PROPERTIES, ATTACH_START, ATTACH_NAME, ATTACH_DATA, CODE_PAGE = 0x800C, 0x9003, 0x9002, 0x8010, 0x800F, 0x9007
PR_BODY, PR_HTML = 0x1000, 0x1013
PGP_HEAD = re.compile(r"-----BEGIN PGP SIGNED MESSAGE-----\n(?:[A-Za-z-]{1,30}:[^\n]{0,200}\n){0,10}\n")
PGP_SIGNATURE, PGP_END = "-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----"
SIGNED_DATA_CONTENT = bytes.fromhex("06092a864886f70d010701")
ENVELOPED = bytes.fromhex("06092a864886f70d010703")


@dataclass(slots=True)
class Unwrapped:
    """What was found: plain text, HTML, and (name, content) of files."""

    text: str = ""
    html: str = ""
    files: tuple[tuple[str, bytes], ...] = ()


def read_tnef(data: bytes) -> Unwrapped | None:
    """winmail.dat as far as text and files go; None when it is none."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != TNEF_SIGNATURE:
        return None
    found, code_page = Unwrapped(), "cp1252"
    files: list[tuple[str, bytes]] = []
    for attribute, content in _tnef_attributes(data):
        if attribute == CODE_PAGE and len(content) >= 4:
            code_page = f"cp{struct.unpack_from('<I', content)[0]}"
        elif attribute == BODY:
            found.text = decode(content.rstrip(b"\x00"), code_page)
        elif attribute == PROPERTIES:
            _read_properties(content, code_page, found)
        elif attribute == ATTACH_START:
            files.append(("", b""))
        elif attribute == ATTACH_NAME and files:
            files[-1] = (decode(content.rstrip(b"\x00"), code_page), files[-1][1])
        elif attribute == ATTACH_DATA and files:
            files[-1] = (files[-1][0], content)
    found.files = tuple(one for one in files if one[1])
    return found


def _tnef_attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6
    while at + 9 <= len(data):
        attribute, size = struct.unpack_from("<II", data, at + 1)
        content = data[at + 9 : at + 9 + size]
        if len(content) < size:
            return
        yield attribute & 0xFFFF, content
        at += 9 + size + 2


def _read_properties(content: bytes, code_page: str, found: Unwrapped) -> None:
    for tag, kind, value in _mapi_properties(content):
        if tag == PR_BODY:
            found.text = found.text or (decode(value, "utf-16-le") if kind == 0x1F else decode(value, code_page)).rstrip("\x00")
        if tag == PR_HTML:
            found.html = decode(value, code_page).rstrip("\x00")


def _mapi_properties(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Properties up to the first of a kind we do not know the size of."""
    fixed = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
    at = 4
    while at + 4 <= len(content):
        kind, tag = struct.unpack_from("<HH", content, at)
        at += 4
        if tag >= 0x8000:
            at = _after_name(content, at)
        if kind in fixed:
            at += fixed[kind]
        elif kind in (0x1E, 0x1F, 0x102, 0x0D) and at + 8 <= len(content):
            size = struct.unpack_from("<I", content, at + 4)[0]
            yield tag, kind, content[at + 8 : at + 8 + size]
            at += 8 + size + (-size % 4)
        else:
            return


def _after_name(content: bytes, at: int) -> int:
    """Named properties carry a GUID and then a number or a string."""
    if at + 24 > len(content):
        return len(content)
    by_name, size = struct.unpack_from("<II", content, at + 16)
    return at + 24 + ((size + (-size % 4)) if by_name else 0)


def read_signed(data: bytes) -> bytes | None:
    """The mail inside an opaque S/MIME signature, or None if it is encrypted or torn."""
    if ENVELOPED in data[:64]:
        return None
    at = data.find(SIGNED_DATA_CONTENT)
    if at < 0:
        return None
    at += len(SIGNED_DATA_CONTENT)
    pieces = bytearray()
    while at < len(data):
        tag, size, at = _der(data, at)
        if tag == 0x04 and size is not None:
            pieces += data[at : at + size]
            at += size
        elif tag not in (0xA0, 0x24) or pieces:
            break
    return bytes(pieces) or None


def _der(data: bytes, at: int) -> tuple[int, int | None, int]:
    """(tag, length or None if indefinite, where the content starts)"""
    tag, first = data[at], data[at + 1] if at + 1 < len(data) else 0
    at += 2
    if first == 0x80:
        return tag, None, at
    if first < 0x80:
        return tag, first, at
    count = first & 0x7F
    return tag, int.from_bytes(data[at : at + min(count, 8)], "big"), at + count


def without_pgp_armour(text: str) -> str:
    """Clear-signed text without its armour and dash-escapes; other text unchanged."""
    if "-----BEGIN PGP SIGNED MESSAGE-----" not in text:
        return text
    text = text.replace("\r\n", "\n")
    head = PGP_HEAD.search(text)
    end = text.find(PGP_SIGNATURE, head.end()) if head else -1
    if not head or end < 0:
        return text
    last = text.find(PGP_END, end)
    inner = re.sub(r"^- (?=-)", "", text[head.end() : end].rstrip("\n"), flags=re.MULTILINE)
    return text[: head.start()] + inner + (text[last + len(PGP_END) :] if last >= 0 else "")


def unflow(text: str, *, delsp: bool) -> str:
    """RFC 3676: lines that end in a space go on in the next line of the same quoting depth."""
    result: list[str] = []
    waiting: tuple[int, list[str]] | None = None
    for line in text.replace("\r\n", "\n").split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:].removeprefix(" ")
        flows = content.endswith(" ") and content != "-- "
        if waiting and (waiting[0] != depth or content == "-- "):
            result.append(_unflowed(waiting))
            waiting = None
        piece = content[:-1] if flows and delsp else content
        waiting = (depth, [*waiting[1], piece]) if waiting and len(waiting[1]) < 2_000 else (depth, [piece])
        if not flows:
            result.append(_unflowed(waiting))
            waiting = None
    if waiting:
        result.append(_unflowed(waiting))
    return "\n".join(result)


def _unflowed(waiting: tuple[int, list[str]]) -> str:
    depth, pieces = waiting
    text = "".join(pieces)
    return f"{'>' * depth} {text}" if depth else text
