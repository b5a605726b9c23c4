"""A fresh database for every example: a copied file on SQLite, one that is emptied on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import text

from campaigns.storage.columns import metadata
from campaigns.storage.database import Database
from tests.databases import Databases

Fresh = Callable[[], str]


@contextmanager
def fresh_from(databases: Databases) -> Iterator[Fresh]:
    """A function that gives the URL of a database without a row; what it gave before is gone then."""
    given: list[str] = []

    def next_one() -> str:
        if given and given[0].startswith("postgresql"):
            _empty(given[0])
            return given[0]
        while given:
            databases.drop(given.pop())
        given.append(databases.migrated())
        return given[0]

    yield next_one
    while given:
        databases.drop(given.pop())


@pytest.fixture
def fresh(databases: Databases) -> Iterator[Fresh]:
    """The same, on each kind of database."""
    with fresh_from(databases) as give:
        yield give


def _empty(url: str) -> None:
    """To make a database takes PostgreSQL a second; its guards let the books go only when they are switched off."""
    books = ("entries", "postings", "chain", "closings", "audit_log")
    with closing(Database(url)) as database, database.transaction() as connection:
        for table in books:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        connection.execute(text(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY"))
        for table in books:
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
