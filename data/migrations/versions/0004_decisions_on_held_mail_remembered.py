"""decisions on held mail, remembered

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import routing.columns

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "remembered",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", routing.columns.Moment(timezone=True), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("revoked_at", routing.columns.Moment(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.CheckConstraint("(act = 'release') = (target_id IS NOT NULL)", name=op.f("ck_remembered_release_has_target")),
        sa.CheckConstraint("act IN ('release', 'discard')", name=op.f("ck_remembered_act_known")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_remembered_question_id_question")),
        sa.ForeignKeyConstraint(["target_id"], ["question.id"], name=op.f("fk_remembered_target_id_question")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remembered")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("remembered", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_remembered_question_id"), ["question_id"], unique=False)
        batch_op.create_index("ix_remembered_sender", ["sender", "question_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_remembered_target_id"), ["target_id"], unique=False)


def downgrade() -> None:
    op.drop_table("remembered")
