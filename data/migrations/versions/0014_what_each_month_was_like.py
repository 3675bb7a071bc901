"""what each month was like: who has been told, who wants to be, and what the public was told

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import routing.columns

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("console_user", sa.Column("told_month", sa.Text(), nullable=True))
    op.add_column("notice_choice", sa.Column("monthly", routing.columns.Flag(), server_default=sa.true(), nullable=False))
    op.create_table(
        "public_month",
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("fewest", sa.Integer(), nullable=False),
        sa.Column("figures", routing.columns.Json(), nullable=False),
        sa.Column("published_at", routing.columns.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_public_month")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("public_month")
    op.drop_column("notice_choice", "monthly")
    op.drop_column("console_user", "told_month")
