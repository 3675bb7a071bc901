"""what was promised first: reports measure by it, however often a date has been moved since

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import routing.columns

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

NAME, INDEX, MARK = "first_promised_at", "ix_question_report", "mark_question_changed"
BEFORE, AFTER = (
    ("created_at", "tier", "state"),
    ("first_word_at", "answered_at", "closed_because", "language", "country", "theme"),
)


def upgrade() -> None:
    op.add_column("question", sa.Column(NAME, routing.columns.Moment(timezone=True), nullable=True))
    op.execute("UPDATE question SET first_promised_at = promised_at WHERE promised_at IS NOT NULL")
    _index_by(NAME)
    _mark_changes_of("promised_at", NAME)


def downgrade() -> None:
    _mark_changes_of("promised_at")
    _index_by("promised_at")
    op.drop_column("question", NAME)  # not in a batch, which would make the table anew without its triggers


def _index_by(promised: str) -> None:
    op.drop_index(INDEX, "question")
    op.create_index(INDEX, "question", [*BEFORE, promised, *AFTER])


def _mark_changes_of(*promised: str) -> None:
    """Which changes of a question make the counts of its month old (migration 0015)."""
    when = f"AFTER UPDATE OF {', '.join((*BEFORE, *promised, *AFTER))} ON question"
    if op.get_bind().dialect.name == "sqlite":
        mark = "INSERT INTO month_mark (month, times) VALUES (substr({row}.created_at, 1, 7), 1);"
        marks = " ".join(mark.format(row=row) for row in ("OLD", "NEW"))
        op.execute(f"DROP TRIGGER {MARK}")
        op.execute(f"CREATE TRIGGER {MARK} {when} BEGIN {marks} END")
    else:
        op.execute(f"DROP TRIGGER {MARK} ON question")
        op.execute(f"CREATE TRIGGER {MARK} {when} FOR EACH ROW EXECUTE FUNCTION {MARK}()")
