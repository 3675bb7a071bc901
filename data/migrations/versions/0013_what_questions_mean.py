"""what questions mean

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from routing.erasing import ERASED

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "question_vector",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Text(), server_default="", nullable=False),
        sa.Column("serial", sa.Integer(), server_default="0", nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(edition = '') = (vector IS NULL)", name=op.f("ck_question_vector_read_has_vector")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_question_vector_question_id_question")),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_question_vector")),
        sqlite_strict=True,
    )
    op.create_index("ix_question_vector_edition", "question_vector", ["edition", "serial"])

    # Questions that are there already are still to be read; the service reads them, the latest first.
    waiting = sa.text("INSERT INTO question_vector (question_id) SELECT id FROM question WHERE text <> :erased")
    op.get_bind().execute(waiting, {"erased": ERASED})


def downgrade() -> None:
    op.drop_index("ix_question_vector_edition", "question_vector")

    op.drop_table("question_vector")
