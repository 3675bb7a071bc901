"""What the network knows: fiches and their texts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from routing.models.base import Base, one_of, table_args

STEPS = ("changes_requested", "validated_local", "validated_expert")


class Fiche(Base):
    """A reviewed sheet on one practice. Facts that need no translation stand here, texts in `FicheText`.

    `step` tells how far a draft or a review has come: its readers have asked for changes, somebody of the network has validated
    it, a subject expert has. None: nobody has judged it as it stands.
    """

    __tablename__ = "fiche"
    __table_args__ = table_args(
        UniqueConstraint("slug"), one_of("status", "draft", "review", "published", "retired"), one_of("step", *STEPS)
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    status: Mapped[str] = mapped_column(default="draft")
    source_language: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    content_hash: Mapped[str] = mapped_column(default="")
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"))
    revision: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_by: Mapped[str | None]
    # when somebody last said that it is right, at first by publishing it; set on every published fiche
    confirmed_at: Mapped[datetime | None]
    step: Mapped[str | None]

    texts: Mapped[list[FicheText]] = relationship(back_populates="fiche", lazy="raise", order_by="FicheText.language")

    @property
    def state(self) -> str:
        """Where it stands on the whole way: its step where it has one, else its status."""
        return self.step or self.status

    def text_in(self, language: str) -> FicheText | None:
        return next((text for text in self.texts if text.language == language), None)


class FicheText(Base):
    """One language of a fiche: title, summary and the longer sections."""

    __tablename__ = "fiche_text"
    __table_args__ = table_args(
        UniqueConstraint("fiche_id", "language"), CheckConstraint("length(title) BETWEEN 1 AND 100", name="title_length")
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fiche_id: Mapped[int] = mapped_column(ForeignKey("fiche.id"), index=True)
    language: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str]
    sections: Mapped[dict[str, Any]] = mapped_column(default=dict)
    translator: Mapped[str | None]

    fiche: Mapped[Fiche] = relationship(back_populates="texts", lazy="raise")


class FicheVersion(Base):
    """A fiche as it was: what it said at one revision, and who made it so."""

    __tablename__ = "fiche_version"
    __table_args__ = table_args(UniqueConstraint("fiche_id", "revision"))

    id: Mapped[int] = mapped_column(primary_key=True)
    fiche_id: Mapped[int] = mapped_column(ForeignKey("fiche.id"))
    revision: Mapped[int]
    content: Mapped[dict[str, Any]]
    by: Mapped[str]
    at: Mapped[datetime]


class FicheRemark(Base):
    """What a reader says about a fiche, for its writers; `step` is what they settled with it, None for a mere remark."""

    __tablename__ = "fiche_remark"
    __table_args__ = table_args(one_of("step", *STEPS, "retired"))

    id: Mapped[int] = mapped_column(primary_key=True)
    fiche_id: Mapped[int] = mapped_column(ForeignKey("fiche.id"), index=True)
    revision: Mapped[int]
    text: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    step: Mapped[str | None]
