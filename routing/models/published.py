"""What the network has told the public of itself: the figures of each month as they were published, never counted again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from routing.models.base import Base, table_args


class PublicMonth(Base):
    """One month ("2026-10"), already anonymised with `fewest` as it counted then: a second counting could be held against it."""

    __tablename__ = "public_month"
    __table_args__ = table_args()

    month: Mapped[str] = mapped_column(primary_key=True)
    fewest: Mapped[int]
    figures: Mapped[dict[str, Any]]
    published_at: Mapped[datetime]
