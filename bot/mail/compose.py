"""One letter as the bytes of a mail. The same letter gives the same bytes, so that a second try is the same mail.

In: an `Outgoing`. Out: RFC 5322 with a plain and a modest HTML version of the same text. Every field is made here and checked
once more when all is written: whatever stands in a name or subject, no field appears that we did not write.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from datetime import UTC
from email.utils import format_datetime
from urllib.parse import quote

from bot.mail.bodies import safe_name
from bot.mail.config import MailConfig
from bot.mail.headers import CONTROL, clean
from bot.mail.letterhtml import letter_html
from routing.values import Outgoing, OutgoingFile

MAX_LINE = 76
MESSAGE_ID = re.compile(r"<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,180}@[A-Za-z0-9.-]{1,180}>")
RECIPIENT = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,80}")
ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
MAX_REFERENCES = 20


class BadLetter(ValueError):
    """A letter cannot be written as a mail; the message says which field is wrong."""


def compose(message: Outgoing, *, sender: str, sender_name: str, config: MailConfig) -> bytes:
    """The mail, lines ending in CRLF. Raises BadLetter for an address or Message-ID that is none."""
    fields = _fields(message, sender, sender_name, config)
    content_type, body = _content(message, config)
    head = [*fields, ("MIME-Version", "1.0"), *content_type]
    lines = [_folded(name, value) for name, value in head]
    raw = "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + body
    _check(raw, [name for name, _ in head])
    return raw


def _fields(message: Outgoing, sender: str, sender_name: str, config: MailConfig) -> list[tuple[str, str]]:
    fields = [
        ("From", _mailbox(sender, sender_name)),
        ("To", f"<{_address(message.address)}>"),
        ("Subject", _words(clean(message.subject))),
        ("Date", format_datetime(message.created_at.astimezone(UTC))),
        ("Message-ID", _message_id(message.message_id)),
    ]
    if message.reply_to:
        fields.append(("Reply-To", _mailbox(message.reply_to, sender_name)))
    if message.in_reply_to and (parent := _known_id(message.in_reply_to)):
        fields.append(("In-Reply-To", parent))
    if references := _references(message):
        fields.append(("References", references))
    fields.append(("Content-Language", _language(message.language)))
    return fields + _machine_fields(message, config)


def _machine_fields(message: Outgoing, config: MailConfig) -> list[tuple[str, str]]:
    """What tells other machines not to answer (RFC 3834 section 5), and ourselves that this mail is ours.

    Absence notices are silenced only where we answered somebody: those of an expert we ask tell us that they are away.
    Failure reports are always wanted, so never "All" (MS-OXCMAIL 2.2.3.2.14).
    """
    instance = re.sub(r"[^A-Za-z0-9@._+-]", "", config.own_instance_id)[:200] or "rrm"
    fields = [("X-RRM-Instance", instance)]
    if message.automatic:
        fields.append(("Auto-Submitted", "auto-replied" if message.in_reply_to else "auto-generated"))
    answers = message.automatic and message.in_reply_to
    return [*fields, ("X-Auto-Response-Suppress", "DR, RN, NRN, OOF, AutoReply" if answers else "DR, RN, NRN, AutoReply")]


def _references(message: Outgoing) -> str:
    """The first and the last ids of a long thread (RFC 5322 3.6.4); ids that are none are left out."""
    ids = [known for one in (*message.references, message.in_reply_to or "") if (known := _known_id(one))]
    ids = list(dict.fromkeys(ids))
    return " ".join([*ids[:1], *ids[1:][-(MAX_REFERENCES - 1) :]])


def _known_id(value: str) -> str:
    return value.strip() if MESSAGE_ID.fullmatch(value.strip()) else ""


def _message_id(value: str) -> str:
    if not MESSAGE_ID.fullmatch(value):
        raise BadLetter("Message-ID: not of the form <left@right>")
    return value


def _address(value: str) -> str:
    if not RECIPIENT.fullmatch(value) or ".." in value:
        raise BadLetter("an address is not a plain one")
    return value


def _language(code: str) -> str:
    return code if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})?", code) else "en"


def _mailbox(address: str, name: str) -> str:
    name = clean(name)
    shown = (
        name
        if ATOMS.fullmatch(name) and len(name) < 60
        else _words(name)
        if not name.isascii() or len(name) > 200
        else _quoted(name)
    )
    return f"{shown} <{_address(address)}>" if name else f"<{_address(address)}>"


def _quoted(text: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"' if text else ""


def _words(text: str) -> str:
    """As it is when plain, else RFC 2047 words of at most 75 letters that never cut a character in two."""
    if text.isascii() and "=?" not in text and all(len(word) < 900 for word in text.split(" ")):
        return text
    words, piece = [], b""
    for letter in text:
        coded = letter.encode("utf-8", "replace")
        if len(piece) + len(coded) > 42:
            words.append(piece)
            piece = b""
        piece += coded
    return " ".join(f"=?utf-8?B?{base64.b64encode(word).decode()}?=" for word in [*words, piece])


def _folded(name: str, value: str) -> str:
    """Breaks only at single spaces, so that unfolding gives the same value (RFC 5322 2.2.3)."""
    if CONTROL.search(value) or not value.isascii():
        raise BadLetter(f"{name}: control or foreign characters")
    lines, line = [], f"{name}:"
    for word in value.split(" "):
        if len(line) + 1 + len(word) > MAX_LINE and line.strip() and line != f"{name}:":
            lines.append(line)
            line = ""
        line = f"{line} {word}"
    return "\r\n".join([*lines, line])


# ------------------------------------------------------------------------------------------- the body

Fields = list[tuple[str, str]]


def _content(message: Outgoing, config: MailConfig) -> tuple[Fields, bytes]:
    links = [(clean(button.label), _link(button.id, config)) for button in message.buttons] if config.button_page else []
    text = plain_text(message.text, links)
    alternative = _multipart(
        "alternative",
        f"alt-{message.message_id}",
        [_text_part("plain", text), _text_part("html", letter_html(message.text, links, _language(message.language)))],
    )
    if not message.files:
        return alternative
    return _multipart("mixed", f"mix-{message.message_id}", [alternative, *(_file_part(file) for file in message.files)])


def _link(button: str, config: MailConfig) -> str:
    return config.button_page.replace("{id}", quote(button, safe=""))


def plain_text(text: str, links: Sequence[tuple[str, str]]) -> str:
    """The letter with its links; they stand above the last line, which carries the reply token."""
    text = re.sub(r"\r\n?|[\x85\u2028\u2029]", "\n", text)
    text = "".join(letter for letter in text if letter in "\n\t" or not CONTROL.match(letter) or letter in "\u200e\u200f")
    if not links:
        return text.rstrip("\n") + "\n"
    listed = "\n".join(f"{label}:\n{link}\n" for label, link in links)
    body, marker = split_marker(text)
    return "\n\n".join(part for part in (body.rstrip(), listed.rstrip(), marker) if part) + "\n"


def split_marker(text: str) -> tuple[str, str]:
    """(letter, its last line if that carries a reply token)"""
    body, _, last = text.rstrip().rpartition("\n")
    return (body, last) if re.search(r"ref:[a-z0-9]{20,}\s*$", last) else (text, "")


def _text_part(subtype: str, text: str) -> tuple[Fields, bytes]:
    data = text.replace("\n", "\r\n").encode("utf-8", "replace")
    if data.isascii() and all(len(line) <= MAX_LINE + 2 for line in data.split(b"\r\n")):
        return [("Content-Type", f"text/{subtype}; charset=utf-8"), ("Content-Transfer-Encoding", "7bit")], data
    high = sum(byte > 126 for byte in data)
    if high > len(data) // 6:
        return [("Content-Type", f"text/{subtype}; charset=utf-8"), ("Content-Transfer-Encoding", "base64")], _base64(data)
    return [
        ("Content-Type", f"text/{subtype}; charset=utf-8"),
        ("Content-Transfer-Encoding", "quoted-printable"),
    ], _quoted_printable(data)


def _quoted_printable(data: bytes) -> bytes:
    """Dots and "From " at the start of a line are coded: careless relays change them."""
    coded = binascii.b2a_qp(data.replace(b"\r\n", b"\n"), istext=True).replace(b"\r\n", b"\n")
    coded = re.sub(rb"(?m)^\.", b"=2E", coded)
    return re.sub(rb"(?m)^From ", b"=46rom ", coded).replace(b"\n", b"\r\n")


def _base64(data: bytes) -> bytes:
    coded = base64.b64encode(data)
    return b"\r\n".join(coded[at : at + 76] for at in range(0, len(coded), 76)) + b"\r\n"


def _file_part(file: OutgoingFile) -> tuple[Fields, bytes]:
    """Always an attachment. A name beyond plain letters goes in RFC 2231 form, and as an encoded word for old Outlooks."""
    name = safe_name(file.name)[:80]
    kind = file.media_type if MEDIA_TYPE.fullmatch(file.media_type) else "application/octet-stream"
    kind = "application/octet-stream" if kind.startswith(("multipart/", "message/")) else kind
    if re.fullmatch(r"[A-Za-z0-9 ._-]+", name):
        content_type, disposition = kind, f'attachment; filename="{name}"'
    else:
        content_type, disposition = f'{kind}; name="{_words(name)}"', f"attachment; filename*=utf-8''{quote(name, safe='')}"
    fields = [("Content-Type", content_type), ("Content-Disposition", disposition), ("Content-Transfer-Encoding", "base64")]
    return fields, _base64(file.content)


def _multipart(subtype: str, seed: str, parts: Sequence[tuple[Fields, bytes]]) -> tuple[Fields, bytes]:
    """The boundary comes from the Message-ID and the content, so that it cannot occur in it by anybody's wish."""
    digest = hashlib.sha256(seed.encode("utf-8", "replace"))
    for _, body in parts:
        digest.update(body)
    boundary = f"=_{digest.hexdigest()[:40]}"
    pieces = [
        b"--" + boundary.encode() + b"\r\n" + _part_head(fields) + b"\r\n\r\n" + body.rstrip(b"\r\n") + b"\r\n"
        for fields, body in parts
    ]
    return [("Content-Type", f'multipart/{subtype}; boundary="{boundary}"')], b"".join(
        pieces
    ) + b"--" + boundary.encode() + b"--\r\n"


def _part_head(fields: Fields) -> bytes:
    return "\r\n".join(_folded(name, value) for name, value in fields).encode("ascii")


def _check(raw: bytes, names: list[str]) -> None:
    """The fields that can be read back are exactly those we wrote, and every line fits (RFC 5322 2.1.1)."""
    head = raw.split(b"\r\n\r\n", 1)[0]
    if re.search(rb"(?<!\r)\n|\r(?!\n)", head):
        raise BadLetter("a bare line break in the headers")
    read_back = [line.split(b":", 1)[0].decode() for line in head.split(b"\r\n") if line[:1] not in (b" ", b"\t")]
    if read_back != names:
        raise BadLetter("a field that was not written")
    if any(len(line) > 998 for line in raw.split(b"\r\n")):
        raise BadLetter("a line is too long")
