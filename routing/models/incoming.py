"""What comes in, how far each channel has read, and which loops are alive."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from routing.models.base import Base, one_of, table_args


class InboxMessage(Base):
    """Everything that came in, with its raw bytes unchanged; committed before anybody is told that we have it."""

    __tablename__ = "inbox_message"
    __table_args__ = table_args(
        UniqueConstraint("channel", "external_id"),
        UniqueConstraint("fingerprint"),
        one_of("state", "new", "handled", "held", "ignored"),
        CheckConstraint("state <> 'held' OR reason IS NOT NULL", name="held_with_reason"),
        Index("ix_inbox_message_due", "state", "next_attempt_at"),
        Index("ix_inbox_message_turn", "state", "channel", "sender", "id"),
        Index("ix_inbox_message_heard", "person_id", "kind", "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    external_id: Mapped[str]
    raw: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    envelope: Mapped[dict[str, Any]] = mapped_column(default=dict)
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="new")
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    kind: Mapped[str | None]
    rule: Mapped[str | None]
    reason: Mapped[str | None]
    outcome: Mapped[str | None]
    fingerprint: Mapped[str | None]
    sender: Mapped[str | None]
    sender_name: Mapped[str] = mapped_column(default="")
    subject: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    cut: Mapped[str] = mapped_column(default="")
    review: Mapped[str | None]
    message_id: Mapped[str | None] = mapped_column(index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"), index=True)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    handled_at: Mapped[datetime | None]
    handled_by: Mapped[str | None]


class Remembered(Base):
    """What a coordinator decided about held mail of one sender on one question, done again with their next mail on it.

    `sender` is an address whose mail was authenticated; `target_id` is the question it is filed to, None for a discard.
    """

    __tablename__ = "remembered"
    __table_args__ = table_args(
        one_of("act", "release", "discard"),
        CheckConstraint("(act = 'release') = (target_id IS NOT NULL)", name="release_has_target"),
        Index("ix_remembered_sender", "sender", "question_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sender: Mapped[str]
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    act: Mapped[str]
    target_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"), index=True)
    reason: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[str]
    decided_at: Mapped[datetime]
    used: Mapped[int] = mapped_column(default=0)
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None]


class Attachment(Base):
    """A file that came with a message, stored by id; its name is only ever shown, never used as a path."""

    __tablename__ = "attachment"
    __table_args__ = table_args()

    id: Mapped[int] = mapped_column(primary_key=True)
    inbox_id: Mapped[int] = mapped_column(ForeignKey("inbox_message.id"), index=True)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"), index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class Cursor(Base):
    """How far a channel has read: the Telegram offset, a mailbox's UIDVALIDITY and UID."""

    __tablename__ = "cursor"
    __table_args__ = table_args()

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]


class Heartbeat(Base):
    """The last sign of life of one loop of one process (a loop can die while its process lives)."""

    __tablename__ = "heartbeat"
    __table_args__ = table_args()

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
