"""What all tables share: names of constraints, column types, and the two shorthands of a table's arguments."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import REAL as Real
from sqlalchemy import CheckConstraint, MetaData, Text
from sqlalchemy.orm import DeclarativeBase

from routing.columns import Flag, Json, Moment

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        datetime: Moment,
        bool: Flag,
        float: Real,
        dict[str, Any]: Json,
        list[Any]: Json,
    }


def one_of(column: str, *values: str) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(v) for v in values)})", name=f"{column}_known")


def table_args(*constraints: Any) -> tuple[Any, ...]:
    return (*constraints, {"sqlite_strict": True})
