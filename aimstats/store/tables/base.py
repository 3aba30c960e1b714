"""What all tables share: the one metadata, how constraints are named, how Python's types are stored."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Identity, MetaData, Numeric, Text
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Instant = TIMESTAMP(timezone=True)
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
SORTED_TEXT = Text(collation="C")
"""Ids and keys: every order by them is the same on any PostgreSQL (15 to 18), whatever its locale."""


class Base(DeclarativeBase):
    """The one metadata: Flask-SQLAlchemy and Alembic borrow it."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {str: SORTED_TEXT, datetime: Instant, Decimal: Numeric(), dict[str, Any]: JSONB()}


def generated_id() -> Mapped[int]:
    """The column of a row's number, which the database gives."""
    return mapped_column(BigInteger, Identity(always=True), primary_key=True)
