"""Frozen values that cross package borders: what a channel hands over and what it is asked to send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What sort of thing came in; only `MESSAGE` carries a person's own words."""

    MESSAGE = "message"
    COMMAND = "command"
    BUTTON = "button"
    EDIT = "edit"
    MEMBERSHIP = "membership"
    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    AUTO_REPLY = "auto-reply"
    ACKNOWLEDGEMENT = "acknowledgement"
    READ_RECEIPT = "read-receipt"
    LIST = "list"
    OWN_LOOP = "own-loop"
    UNSUBSCRIBE = "unsubscribe"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file somebody sent. `content` is raw and untrusted; it is stored by id, never by `name`."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class FailedRecipient:
    """One recipient of a bounce (RFC 3464): `hard` means the address is dead, else it may work later."""

    address: str
    hard: bool
    status: str = ""
    delayed: bool = False


@dataclass(frozen=True, slots=True)
class Sense:
    """What a reply in prose seems to be: `matters` is the chance (0 to 1) that it says what must reach the other side, an answer
    or a wish; `kind` is what it is where not."""

    kind: str
    matters: float


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing that came in by a channel, read but not yet judged.

    `text` holds the sender's own words; `cut` what was recognised as quoted or signature, and of it `quoted` the letter that is
    answered, without what clients add; `review` says why a person should look at the cutting, or is None. `proven` is True only
    when the channel itself vouches for `sender`. `senses` is what a reply seems to be by its sentences' meaning, if it is an
    expert's or an asker's; empty where nobody has looked.
    """

    channel: str
    kind: Kind
    rule: str
    sender: str
    text: str = ""
    sender_name: str = ""
    proven: bool = False
    subject: str = ""
    cut: str = ""
    quoted: str = ""
    review: str | None = None
    language_hint: str | None = None
    tokens: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    message_id: str | None = None
    fingerprint: str | None = None
    recipients: tuple[str, ...] = ()
    attachments: tuple[AttachedFile, ...] = ()
    command: str | None = None
    button: str | None = None
    callback_id: str | None = None
    group: bool = False
    mentioned: bool = True
    failed: tuple[FailedRecipient, ...] = ()
    absent_until: date | None = None
    held: str | None = None
    sent_at: datetime | None = None
    senses: Mapping[str, Sense] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What could not be read, and why; the raw bytes stay stored and a person looks."""

    channel: str
    reason: str


@dataclass(frozen=True, slots=True)
class ButtonLabel:
    """One thing the reader of a letter can do at a touch; `id` is the opaque server-side id, `url` its page.

    `page`: it is done there only, never by a touch in a chat.
    """

    label: str
    id: str
    url: str = ""
    page: bool = False


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One letter to one address, complete: a channel only has to carry it."""

    id: int
    channel: str
    address: str
    language: str
    subject: str
    text: str
    message_id: str
    created_at: datetime
    reply_to: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    buttons: tuple[ButtonLabel, ...] = ()
    files: tuple[OutgoingFile, ...] = ()
    automatic: bool = True
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A channel's word that the far side took the letter; `external_id` is the far side's name for it."""

    external_id: str | None = None
    detail: str = ""
