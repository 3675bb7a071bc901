"""what months amount to, and marks that the database makes when one of their rows changes

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

import routing.columns

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# Table -> the columns that a report counts by. A change of any other column leaves the counts as they are.
COUNTED = {
    "question": (
        "created_at", "tier", "state", "promised_at", "first_word_at", "answered_at", "closed_because", "language", "country", "theme",
    ),
    "assignment": ("created_at", "question_id", "expert_id", "state", "deadline_at", "settled_at"),
    "proposal": ("created_at", "question_id", "state", "accepted_fiche", "confidence", "chosen_by", "promised", "matches"),
}  # fmt: skip
# What is counted by way of another row: a question's country in the months of what was offered for it, an authority's everywhere.
ELSEWHERE = (("question", "country"), ("expert", "authority_id"), ("authority", "country"))


def upgrade() -> None:
    op.create_table(
        "month_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_month_mark")),
        sqlite_strict=True,
    )
    op.create_table(
        "month_counts",
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("mark", sa.Integer(), nullable=False),
        sa.Column("shape", sa.Integer(), nullable=False),
        sa.Column("counts", routing.columns.Json(), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_month_counts")),
        sqlite_strict=True,
    )
    for name, when, table, body in _triggers():
        for statement in _sqlite(name, when, table, body) if _is_sqlite() else _postgresql(name, when, table, body):
            op.execute(statement)


def downgrade() -> None:
    for name, _, table, _ in _triggers():
        op.execute(f"DROP TRIGGER {name}" if _is_sqlite() else f"DROP TRIGGER {name} ON {table}")
        if not _is_sqlite():
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("month_counts")
    op.drop_table("month_mark")


def _triggers() -> Iterator[tuple[str, str, str, str]]:
    """(name, when, table, what to do)."""
    for table, columns in COUNTED.items():
        new, old = (_mark(f"VALUES ({_month(f'{row}.created_at')}, 1)") for row in ("NEW", "OLD"))
        yield f"mark_{table}_added", "INSERT", table, new
        yield f"mark_{table}_gone", "DELETE", table, old
        yield f"mark_{table}_changed", f"UPDATE OF {', '.join(columns)}", table, f"{old} {new}"
    for table, column in ELSEWHERE:
        yield f"mark_{table}_elsewhere", f"UPDATE OF {column}", table, _elsewhere(table)


def _elsewhere(table: str) -> str:
    if table != "question":
        return _mark("VALUES ('', 1)")
    theirs = "SELECT {month}, 1 FROM {other} WHERE question_id = NEW.id"
    return " ".join(_mark(theirs.format(month=_month("created_at"), other=other)) for other in ("assignment", "proposal"))


def _mark(rows: str) -> str:
    return f"INSERT INTO month_mark (month, times) {rows};"


def _month(moment: str) -> str:
    return f"substr({moment}, 1, 7)" if _is_sqlite() else f"to_char(timezone('UTC', {moment}), 'YYYY-MM')"


def _sqlite(name: str, when: str, table: str, body: str) -> list[str]:
    return [f"CREATE TRIGGER {name} AFTER {when} ON {table} BEGIN {body} END"]


def _postgresql(name: str, when: str, table: str, body: str) -> list[str]:
    function = f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$"
    return [function, f"CREATE TRIGGER {name} AFTER {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"]


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
