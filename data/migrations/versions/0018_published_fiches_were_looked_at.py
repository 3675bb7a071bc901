"""published fiches were looked at when they were published, where nothing later is known

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE fiche SET confirmed_at = published_at WHERE confirmed_at IS NULL AND published_at IS NOT NULL")


def downgrade() -> None:
    """What was written is true before this revision too."""
