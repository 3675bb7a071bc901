"""One letter as the bytes of a mail. The same letter gives the same bytes, so that a second try is the same mail.

In: an `Outgoing`. Out: RFC 5322 with a plain and a modest HTML version of the same text. Every field is made here and checked
once more when all is written: whatever stands in a name or subject, no field appears that we did not write.
"""

from __future__ import annotations

import re
from datetime import UTC
from email.utils import format_datetime
from urllib.parse import quote

from bot.mail.config import MailConfig
from bot.mail.fieldlines import BadLetter, encoded_words, folded
from bot.mail.headers import clean
from bot.mail.letterhtml import letter_html
from bot.mail.lettertext import plain_text
from bot.mail.mimeparts import Fields, file_part, multipart, text_part
from routing.values import Outgoing

MESSAGE_ID = re.compile(r"<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,180}@[A-Za-z0-9.-]{1,180}>")
RECIPIENT = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
MAX_REFERENCES = 20


def compose(message: Outgoing, *, sender: str, sender_name: str, config: MailConfig) -> bytes:
    """The mail, lines ending in CRLF. Raises BadLetter for an address or Message-ID that is none."""
    fields = _fields(message, sender, sender_name, config)
    content_type, body = _content(message, config)
    head = [*fields, ("MIME-Version", "1.0"), *content_type]
    lines = [folded(name, value) for name, value in head]
    raw = "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + body
    _check(raw, [name for name, _ in head])
    return raw


def _fields(message: Outgoing, sender: str, sender_name: str, config: MailConfig) -> Fields:
    fields = [
        ("From", _mailbox(sender, sender_name)),
        ("To", f"<{_address(message.address)}>"),
        ("Subject", encoded_words(clean(message.subject))),
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


def _machine_fields(message: Outgoing, config: MailConfig) -> Fields:
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
        else encoded_words(name)
        if not name.isascii() or len(name) > 200
        else _quoted(name)
    )
    return f"{shown} <{_address(address)}>" if name else f"<{_address(address)}>"


def _quoted(text: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"' if text else ""


def _content(message: Outgoing, config: MailConfig) -> tuple[Fields, bytes]:
    links = [(clean(button.label), _link(button.id, config)) for button in message.buttons] if config.button_page else []
    text = plain_text(message.text, links)
    alternative = multipart(
        "alternative",
        f"alt-{message.message_id}",
        [text_part("plain", text), text_part("html", letter_html(message.text, links, _language(message.language)))],
    )
    if not message.files:
        return alternative
    return multipart("mixed", f"mix-{message.message_id}", [alternative, *(file_part(file) for file in message.files)])


def _link(button: str, config: MailConfig) -> str:
    return config.button_page.replace("{id}", quote(button, safe=""))


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


__all__ = ["BadLetter", "compose"]
