"""How a console user wants to hear of what burns, and what they have been told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from routing.models.base import Base, one_of, table_args


class NoticeChoice(Base):
    """A user's own choice: bundled letters in their own hours. Whoever has no row gets a letter for each matter, at once.

    `alerts` are the sorts of matters told at once, `hours` the weekly hours in which a letter may come, `address_id` where to
    (None: the best address that works). `code_hash` is of the secret by which a chat becomes such an address.
    """

    __tablename__ = "notice_choice"
    __table_args__ = table_args(
        UniqueConstraint("code_hash"), CheckConstraint("every_minutes BETWEEN 1 AND 1440", name="every_sensible")
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("console_user.id"), primary_key=True)
    bundled: Mapped[bool] = mapped_column(default=True)
    alerts: Mapped[list[Any]] = mapped_column(default=list)
    every_minutes: Mapped[int] = mapped_column(default=60)
    digest: Mapped[bool] = mapped_column(default=True)
    monthly: Mapped[bool] = mapped_column(default=True, server_default=true())
    zone: Mapped[str]
    hours: Mapped[dict[str, Any]]
    country: Mapped[str | None]
    address_id: Mapped[int | None] = mapped_column(ForeignKey("address.id"))
    chat_id: Mapped[int | None] = mapped_column(ForeignKey("address.id"))
    code_hash: Mapped[str | None]
    code_until: Mapped[datetime | None]
    digested_on: Mapped[str | None]


class ToldMatter(Base):
    """A matter that still burns and that a user has been told of; without a moment it is owed to them."""

    __tablename__ = "told_matter"
    __table_args__ = table_args(one_of("sort", "overdue", "review", "needs", "held", "undelivered", "draft"))

    user_id: Mapped[int] = mapped_column(ForeignKey("console_user.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    sort: Mapped[str]
    told_at: Mapped[datetime | None]
