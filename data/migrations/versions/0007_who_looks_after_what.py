"""who looks after what

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "charge",
        sa.Column(
            "user_id", sa.Integer(), sa.ForeignKey("console_user.id", name="fk_charge_user_id_console_user"), nullable=False
        ),
        sa.Column(
            "authority_id", sa.Integer(), sa.ForeignKey("authority.id", name="fk_charge_authority_id_authority"), nullable=False
        ),
        sa.PrimaryKeyConstraint("user_id", "authority_id", name="pk_charge"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("charge")
