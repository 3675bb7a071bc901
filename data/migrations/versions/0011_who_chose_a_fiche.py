"""who chose a fiche and what was promised of it

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("proposal", sa.Column("chosen_by", sa.Text(), server_default="search", nullable=False))
    op.add_column("proposal", sa.Column("promised", sa.REAL(), nullable=True))
    # Only people were ever so sure.
    op.execute("UPDATE proposal SET chosen_by = 'coordinator' WHERE confidence = 1")


def downgrade() -> None:
    op.drop_column("proposal", "promised")
    op.drop_column("proposal", "chosen_by")
