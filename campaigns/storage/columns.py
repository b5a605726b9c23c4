"""Column types and constraints that all tables share."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    Integer,
    MetaData,
    String,
)
from sqlalchemy.types import TypeDecorator

from campaigns.domain.money import EXPONENTS, Money

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers its rows itself only for INTEGER primary keys.
Id = BigInteger().with_variant(Integer, "sqlite")
Minor = BigInteger
Token = String(64)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; takes and gives only datetimes that know their time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def one_of(column: str, words: type[StrEnum] | tuple[str, ...]) -> CheckConstraint:
    """A CHECK that `column` holds one of these words."""
    allowed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({allowed})", name=f"{column}_known")


def known_currency() -> CheckConstraint:
    """A CHECK that the column `currency` holds an enabled one."""
    return one_of("currency", tuple(EXPONENTS))


def money(minor: int, currency: str) -> Money:
    """Money out of two columns (PostgreSQL gives sums as Decimal)."""
    return Money(int(minor), currency)
