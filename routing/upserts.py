"""An INSERT that knows what to do where the row is there already, as the session's database spells it.

In: a session and a model. Out: the dialect's insert, with `on_conflict_do_nothing` and `on_conflict_do_update`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from routing.models import Base


def insert_into(session: Session, model: type[Base]) -> Any:
    """https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#insert-on-conflict-upsert"""
    return (sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert)(model)
