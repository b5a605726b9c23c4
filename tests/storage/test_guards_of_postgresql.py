"""What only PostgreSQL knows: TRUNCATE, MERGE, checks asked for early, and names that hide other names."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.exc import DataError, IntegrityError

from campaigns.storage.database import Database
from tests.databases import PostgreSQLDatabases
from tests.storage.cheats import attempt, book_one_gift, contents, entry, line, pair

TOO_MUCH = 2**63  # more than eight bytes hold
ONLY_POSTGRESQL = {
    "emptied postings": ("TRUNCATE postings",),
    "emptied entries": ("TRUNCATE entries CASCADE",),
    "emptied campaigns, and what hangs on them": ("TRUNCATE campaigns CASCADE",),
    "a merge": (
        "MERGE INTO postings USING (SELECT 1) AS one ON line = 1 WHEN MATCHED THEN UPDATE SET amount_minor = 1",
    ),
    "a check asked for too early": (entry(2), *pair(2), "SET CONSTRAINTS ALL IMMEDIATE", *pair(2, first=3)),
    "a check asked for with a leg missing": (entry(2), *pair(2)[:1], "SET CONSTRAINTS ALL IMMEDIATE"),
    "a leg taken back": (entry(2), "SAVEPOINT leg", *pair(2), "ROLLBACK TO leg", *pair(2)[:1]),
    "other books in front of the books": (
        "CREATE TEMPORARY TABLE lies (LIKE postings)",
        entry(2),
        line(2, 1, "assets:bank", 50),
        line(2, 2, "income:donations", -49),
        "ALTER TABLE lies RENAME TO postings",
        line(2, 1, "assets:bank", 50),
        line(2, 2, "income:donations", -50),
    ),
    "another way of comparing": (
        "CREATE SCHEMA lies",
        "CREATE FUNCTION lies.never(numeric, integer) RETURNS boolean LANGUAGE sql AS 'SELECT false'",
        "CREATE OPERATOR lies.<> (LEFTARG = numeric, RIGHTARG = integer, FUNCTION = lies.never)",
        "SET LOCAL search_path = lies, public, pg_catalog",
        entry(2),
        line(2, 1, "assets:bank", 50),
        line(2, 2, "income:donations", -49),
    ),
}


@pytest.fixture
def postgresql_books(postgresql_databases: PostgreSQLDatabases) -> Iterator[Database]:
    """Books with one gift."""
    url = postgresql_databases.migrated()
    database = Database(url)
    book_one_gift(database)
    yield database
    database.close()
    postgresql_databases.drop(url)


@pytest.mark.parametrize("statements", ONLY_POSTGRESQL.values(), ids=ONLY_POSTGRESQL)
def test_postgresql_has_no_way_around(postgresql_books: Database, statements: tuple[str, ...]) -> None:
    before = contents(postgresql_books)
    with pytest.raises(IntegrityError):
        attempt(postgresql_books, *statements)
    assert contents(postgresql_books) == before


@pytest.mark.parametrize("minor", ["'much'", str(TOO_MUCH)])
def test_postgresql_takes_no_amount_that_is_no_amount(postgresql_books: Database, minor: str) -> None:
    with pytest.raises(DataError):
        attempt(postgresql_books, entry(2), line(2, 1, "assets:bank", minor))
