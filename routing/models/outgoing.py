"""What goes out: letters with their attempts, and the secrets by which an answer to one is known."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from routing.models.base import Base, one_of, table_args
from routing.models.people import Address


def _where(words: str) -> dict[str, Any]:
    """An index of these rows alone. A query uses it whose condition is spelled out as here, with nothing bound."""
    return {"sqlite_where": text(words), "postgresql_where": text(words)}


class OutboxMessage(Base):
    """One letter to one address, written in the transaction of the change that caused it.

    `effect_key` makes a letter unique; `fence` grows with every claim, so that a worker whose lease lapsed cannot
    settle; `brink_at` is committed right before the step that cannot be taken back.
    """

    __tablename__ = "outbox_message"
    __table_args__ = table_args(
        UniqueConstraint("effect_key"),
        UniqueConstraint("message_id"),
        one_of("state", "queued", "claimed", "sent", "failed", "ambiguous", "cancelled"),
        one_of("channel", "telegram", "email"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_moment"),
        Index("ix_outbox_message_due", "state", "next_attempt_at"),
        Index("ix_outbox_message_created", "created_at"),
        Index("ix_outbox_message_shelf", "state", "id"),
        # What every tick looks for among all letters that ever were: each of these indexes holds one rare kind alone.
        Index("ix_outbox_message_last", "state", **_where("kind = 'forgotten'")),
        Index("ix_outbox_message_held", "created_at", **_where("kind = 'co_held'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    effect_key: Mapped[str]
    kind: Mapped[str]
    channel: Mapped[str]
    address_id: Mapped[int] = mapped_column(ForeignKey("address.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"), index=True)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    language: Mapped[str]
    subject: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    buttons: Mapped[list[Any]] = mapped_column(default=list)
    files: Mapped[list[Any]] = mapped_column(default=list)
    automatic: Mapped[bool] = mapped_column(default=True)
    message_id: Mapped[str]
    reply_to: Mapped[str | None]
    in_reply_to: Mapped[str | None]
    references: Mapped[list[Any]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    leased_by: Mapped[str | None]
    fence: Mapped[int] = mapped_column(default=0)
    brink_at: Mapped[datetime | None]
    ambiguities: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
    external_id: Mapped[str | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

    address: Mapped[Address] = relationship(lazy="raise")
    tries: Mapped[list[Attempt]] = relationship(lazy="raise", order_by="Attempt.id")


class Attempt(Base):
    """One try to send a letter, with what the far side said."""

    __tablename__ = "attempt"
    __table_args__ = table_args(UniqueConstraint("outbox_id", "fence"))

    id: Mapped[int] = mapped_column(primary_key=True)
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox_message.id"))
    fence: Mapped[int]
    at: Mapped[datetime]
    outcome: Mapped[str]
    code: Mapped[str] = mapped_column(default="")
    detail: Mapped[str] = mapped_column(default="")


class ReplyToken(Base):
    """What a reply to one of our letters is about. The secret stands in the letter's Reply-To; its hash stands here.

    `authority_id`: the letter asked an authority whether its entry in the directory is still right.
    """

    __tablename__ = "reply_token"
    __table_args__ = table_args(UniqueConstraint("secret_hash"), one_of("purpose", "assignment", "asker", "coordinator"))

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_hash: Mapped[str]
    purpose: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"), index=True)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"), index=True)
    authority_id: Mapped[int | None] = mapped_column(ForeignKey("authority.id"))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class StatusLink(Base):
    """A secret link to the page that tells an asker where one question stands. Only its hash is kept."""

    __tablename__ = "status_link"
    __table_args__ = table_args(UniqueConstraint("secret_hash"))

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_hash: Mapped[str]
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Button(Base):
    """One thing one person may do once, by a Telegram button or a mailed link. `id` is opaque and unguessable."""

    __tablename__ = "button"
    __table_args__ = table_args()

    id: Mapped[str] = mapped_column(primary_key=True)
    action: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    chat: Mapped[str | None]
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"), index=True)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    authority_id: Mapped[int | None] = mapped_column(ForeignKey("authority.id"))
    state: Mapped[str | None]
    value: Mapped[str | None]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
