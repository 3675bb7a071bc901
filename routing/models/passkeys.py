"""Passkeys of console users, and the secrets by which a way in that has been begun is ended: once, and soon."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from routing.models.base import Base, one_of, table_args


class Passkey(Base):
    """A key that lives in somebody's device; we know its public half. Both id and key are base64url, without padding."""

    __tablename__ = "passkey"
    __table_args__ = table_args(UniqueConstraint("credential_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("console_user.id"), index=True)
    credential_id: Mapped[str]
    public_key: Mapped[str]
    sign_count: Mapped[int] = mapped_column(default=0)
    name: Mapped[str]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Challenge(Base):
    """What we asked a browser to bring back. Only the hash is kept; `holder` is the hash of the cookie it was given to."""

    __tablename__ = "challenge"
    __table_args__ = table_args(UniqueConstraint("secret_hash"), one_of("purpose", "passkey-add", "passkey-enter", "provider"))

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    secret_hash: Mapped[str]
    holder: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
