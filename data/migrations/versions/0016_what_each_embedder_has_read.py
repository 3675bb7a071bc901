"""a row of question_vector for each embedder

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

COPY = """
    INSERT INTO question_vector_anew (question_id, edition, serial, vector)
    SELECT question_id, edition, serial, vector FROM question_vector ORDER BY question_id
"""
KEEP_LATEST = """
    DELETE FROM question_vector WHERE EXISTS (
        SELECT 1 FROM question_vector o WHERE o.question_id = question_vector.question_id
        AND (o.serial, o.edition) > (question_vector.serial, question_vector.edition))
"""


def upgrade() -> None:
    _keyed("question_id", "edition")


def downgrade() -> None:
    """Of each question one row stays, the one that was written last."""
    op.execute(KEEP_LATEST)
    _keyed("question_id")


def _keyed(*key: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint("pk_question_vector", "question_vector", type_="primary")
        op.create_primary_key("pk_question_vector", "question_vector", list(key))
        return
    # SQLite's tables keep their key for good: another table takes the rows and the name.
    op.drop_index("ix_question_vector_edition", "question_vector")
    op.create_table(
        "question_vector_anew",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Text(), server_default="", nullable=False),
        sa.Column("serial", sa.Integer(), server_default="0", nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(edition = '') = (vector IS NULL)", name=op.f("ck_question_vector_read_has_vector")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_question_vector_question_id_question")),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_question_vector")),
        sqlite_strict=True,
    )
    op.execute(COPY)
    op.drop_table("question_vector")
    op.rename_table("question_vector_anew", "question_vector")
    op.create_index("ix_question_vector_edition", "question_vector", ["edition", "serial"])
