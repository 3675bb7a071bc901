"""What a month's rows amount to, kept until one of them changes: counting years anew for each look would take a second."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from routing.models.base import Base, table_args


class MonthMark(Base):
    """That rows of a month have changed so many `times`; written by the database itself, whoever changes them ("": all months).

    Rows are only ever added, and put together without changing their sum: whoever sees the same sum sees the same changes.
    """

    __tablename__ = "month_mark"
    __table_args__ = table_args()

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[str]
    times: Mapped[int]


class MonthCounts(Base):
    """A month's counts (`routing.counting`), good while `mark` is the sum of its marks; `shape` is their version."""

    __tablename__ = "month_counts"
    __table_args__ = table_args()

    month: Mapped[str] = mapped_column(primary_key=True)
    mark: Mapped[int]
    shape: Mapped[int]
    counts: Mapped[dict[str, Any]]
