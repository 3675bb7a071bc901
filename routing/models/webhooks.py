"""Programs that want to be told of what happens, and each telling with its tries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from routing.models.base import Base, one_of, table_args


class Webhook(Base):
    """An address that is told of some kinds of events. Its secret signs what we send, so it is kept as it is.

    `failing_since` is the first of the failures that no success has followed; `ended_at` says that it is told no more.
    """

    __tablename__ = "webhook"
    __table_args__ = table_args(CheckConstraint("(ended_at IS NULL) = (ended_because IS NULL)", name="ended_with_reason"))

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    url: Mapped[str]
    events: Mapped[list[Any]]
    secret: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("console_user.id"))
    created_at: Mapped[datetime]
    failing_since: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str | None]


class WebhookCall(Base):
    """One event told to one address, written in the transaction of the event. `fence` as in the outbox."""

    __tablename__ = "webhook_call"
    __table_args__ = table_args(
        UniqueConstraint("webhook_id", "event_id"),
        one_of("state", "queued", "claimed", "sent", "failed", "cancelled"),
        Index("ix_webhook_call_due", "state", "next_attempt_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    state: Mapped[str] = mapped_column(default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
