"""What a question means, in numbers: what the console's search by meaning compares."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from routing.models.base import Base, table_args


class QuestionVector(Base):
    """A question's vector, a signed byte a dimension: a cache of its text (see `routing.meaning`).

    `edition` names the embedder that has read the text, and each embedder has a row of its own; "" stands while none has read it.
    `serial` grows with every writing, so that whoever has read up to one finds the rest. An erased question has no row.
    """

    __tablename__ = "question_vector"
    __table_args__ = table_args(
        CheckConstraint("(edition = '') = (vector IS NULL)", name="read_has_vector"),
        Index("ix_question_vector_edition", "edition", "serial"),
    )

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True, autoincrement=False)
    edition: Mapped[str] = mapped_column(primary_key=True, default="", server_default="")
    serial: Mapped[int] = mapped_column(default=0, server_default="0")
    vector: Mapped[bytes | None] = mapped_column(LargeBinary)
