"""Writing a row down once: whoever comes second, even at the same moment, changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert


class Once:
    """An INSERT that the table's unique columns `unique` let through once; built once for each kind of database."""

    def __init__(self, table: Table, *unique: str) -> None:
        (key, *_) = table.primary_key.columns
        self._statements = {
            "sqlite": _statement(sqlite.insert(table), unique, key),
            "postgresql": _statement(postgresql.insert(table), unique, key),
        }

    def add(self, connection: Connection, row: Mapping[str, object]) -> Any:
        """The (first) primary key of the row that was written; None if one of its kind is there already.

        If another transaction is writing it, this waits until that one has ended. Not told by the number of rows:
        PostgreSQL's driver does not give one for an INSERT.
        """
        return connection.execute(self._statements[connection.dialect.name], row).scalar_one_or_none()


def _statement(
    insert: sqlite.Insert | postgresql.Insert, unique: tuple[str, ...], key: Column[Any]
) -> ReturningInsert[Any]:
    return insert.on_conflict_do_nothing(index_elements=list(unique)).returning(key)
