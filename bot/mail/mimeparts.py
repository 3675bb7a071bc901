"""Texts and files as the parts of a mail: their encodings, their names, the boundary between them (RFC 2045, 2046, 2231).

In: text or bytes. Out: the fields of a part and its body. The same parts give the same bytes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from urllib.parse import quote

from bot.mail.fieldlines import MAX_LINE, encoded_words, folded
from bot.mail.filenames import safe_name
from routing.values import OutgoingFile

MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,80}")
Fields = list[tuple[str, str]]


def text_part(subtype: str, text: str) -> tuple[Fields, bytes]:
    data = text.replace("\n", "\r\n").encode("utf-8", "replace")
    if data.isascii() and all(len(line) <= MAX_LINE + 2 for line in data.split(b"\r\n")):
        encoding, body = "7bit", data
    elif sum(byte > 126 for byte in data) > len(data) // 6:
        encoding, body = "base64", _base64(data)
    else:
        encoding, body = "quoted-printable", _quoted_printable(data)
    return [("Content-Type", f"text/{subtype}; charset=utf-8"), ("Content-Transfer-Encoding", encoding)], body


def _quoted_printable(data: bytes) -> bytes:
    """Dots and "From " at the start of a line are coded: careless relays change them."""
    coded = binascii.b2a_qp(data.replace(b"\r\n", b"\n"), istext=True).replace(b"\r\n", b"\n")
    coded = re.sub(rb"(?m)^\.", b"=2E", coded)
    return re.sub(rb"(?m)^From ", b"=46rom ", coded).replace(b"\n", b"\r\n")


def _base64(data: bytes) -> bytes:
    coded = base64.b64encode(data)
    return b"\r\n".join(coded[at : at + 76] for at in range(0, len(coded), 76)) + b"\r\n"


def file_part(file: OutgoingFile) -> tuple[Fields, bytes]:
    """Always an attachment. A name beyond plain letters goes in RFC 2231 form, and as an encoded word for old Outlooks."""
    name = safe_name(file.name)[:80]
    kind = file.media_type if MEDIA_TYPE.fullmatch(file.media_type) else "application/octet-stream"
    kind = "application/octet-stream" if kind.startswith(("multipart/", "message/")) else kind
    content_type, disposition = kind, f'attachment; filename="{name}"'
    if not re.fullmatch(r"[A-Za-z0-9 ._-]+", name):
        content_type = f'{kind}; name="{encoded_words(name)}"'
        disposition = f"attachment; filename*=utf-8''{quote(name, safe='')}"
    fields = [("Content-Type", content_type), ("Content-Disposition", disposition), ("Content-Transfer-Encoding", "base64")]
    return fields, _base64(file.content)


def multipart(subtype: str, seed: str, parts: Sequence[tuple[Fields, bytes]]) -> tuple[Fields, bytes]:
    """The boundary comes from the Message-ID and the content, so that it cannot occur in it by anybody's wish."""
    digest = hashlib.sha256(seed.encode("utf-8", "replace"))
    for _, body in parts:
        digest.update(body)
    boundary = f"=_{digest.hexdigest()[:40]}"
    pieces = [
        b"--" + boundary.encode() + b"\r\n" + _part_head(fields) + b"\r\n\r\n" + body.rstrip(b"\r\n") + b"\r\n"
        for fields, body in parts
    ]
    end = b"--" + boundary.encode() + b"--\r\n"
    return [("Content-Type", f'multipart/{subtype}; boundary="{boundary}"')], b"".join([*pieces, end])


def _part_head(fields: Fields) -> bytes:
    return "\r\n".join(folded(name, value) for name, value in fields).encode("ascii")
