"""answers by the moment of their release

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_answer_released", "answer", ["released_at"])


def downgrade() -> None:
    op.drop_index("ix_answer_released", "answer")
