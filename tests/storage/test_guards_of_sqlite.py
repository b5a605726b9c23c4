"""What only SQLite knows: REPLACE, hidden row numbers, columns that take any type, sums kept beside the books."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.exc import IntegrityError

from campaigns.storage.database import Database, DatabaseUnavailable
from tests.storage.cheats import attempt, book_one_gift, contents, entry, instead, line, pair

MOST = 2**63 - 1  # the most that eight bytes hold
ONLY_SQLITE = {
    "a replaced entry": (instead("REPLACE", entry(1, effect="offline:1")),),
    "an entry replaced by its effect": (instead("INSERT OR REPLACE", entry(2, effect="offline:1")), *pair(2)),
    "a replaced posting": (
        instead("REPLACE", line(1, 1, "assets:bank", 5)),
        instead("REPLACE", line(1, 2, "assets:cash", -5)),
    ),
    "a replacing update": ("UPDATE OR REPLACE postings SET line = 2 WHERE line = 1",),
    "a replaced reversal": (
        entry(2, kind="reversal", reverses="1"),
        *pair(2),
        instead("REPLACE", entry(3, kind="reversal", reverses="1")),
        *pair(3),
    ),
    "amounts that are words": (
        entry(2),
        line(2, 1, "assets:bank", "'much'"),
        line(2, 2, "income:donations", "'many'"),
    ),
    "a word beside balanced amounts": (
        entry(2, lines=3),
        *pair(2, lines=3),
        line(2, 3, "income:donations", "'much'", lines=3),
    ),
    "half a grosz": (entry(2), *pair(2, 0.5)),
    "a line between the lines": (line(1, 1.5, "assets:bank", 50), line(1, 1.6, "assets:cash", -50)),
    "a leg that is ignored": (
        entry(2, lines=3),
        *pair(2, lines=3),
        instead("INSERT OR IGNORE", line(2, 3, "assets:cash", 7, lines=3)),
    ),
    "the sum set to zero": (
        entry(2),
        *pair(2)[:1],
        line(2, 2, "assets:cash", 1),
        "UPDATE entry_balances SET sum_minor = 0",
    ),
    "the sum forgotten": (entry(2), *pair(2)[:1], line(2, 2, "assets:cash", 1), "DELETE FROM entry_balances"),
    "the sum replaced": (
        entry(2),
        *pair(2)[:1],
        line(2, 2, "assets:cash", 1),
        "REPLACE INTO entry_balances VALUES (2, 'PLN', 0)",
    ),
    "the sum given to another entry": (
        entry(2),
        *pair(2)[:1],
        line(2, 2, "assets:cash", 1),
        "UPDATE OR REPLACE entry_balances SET entry_id = 1, sum_minor = 0 WHERE entry_id = 2",
    ),
    "the seal set": (entry(2), "UPDATE entry_seals SET lines = 2 WHERE entry_id = 2"),
    "the seal forgotten": (entry(2), "DELETE FROM entry_seals WHERE entry_id = 2"),
    "the seal given to another entry": (
        entry(2),
        "UPDATE OR REPLACE entry_seals SET entry_id = 1, lines = 2 WHERE entry_id = 2",
    ),
    "another zero": (entry(2), *pair(2)[:1], line(2, 2, "assets:cash", -49), "INSERT INTO zeroes VALUES (1)"),
}


@pytest.fixture
def sqlite_books(sqlite_url: str) -> Iterator[Database]:
    """Books with one gift."""
    database = Database(sqlite_url)
    book_one_gift(database)
    yield database
    database.close()


@pytest.mark.parametrize("statements", ONLY_SQLITE.values(), ids=ONLY_SQLITE)
def test_sqlite_has_no_way_around(sqlite_books: Database, statements: tuple[str, ...]) -> None:
    before = contents(sqlite_books)
    with pytest.raises(IntegrityError):
        attempt(sqlite_books, *statements)
    assert contents(sqlite_books) == before


BY_ROW_NUMBER = {
    "a posting": (
        entry(2),
        instead("INSERT OR REPLACE", pair(2)[0]).replace("(entry_id", "(rowid, entry_id").replace("(2", "(1, 2"),
        pair(2)[1],
    ),
    "a sum": (
        entry(2),
        pair(2)[0],
        line(2, 2, "assets:cash", -49),
        "INSERT OR REPLACE INTO entry_balances (rowid, entry_id, currency, sum_minor) VALUES (2, 1, 'PLN', 0)",
    ),
}


@pytest.mark.parametrize("statements", BY_ROW_NUMBER.values(), ids=BY_ROW_NUMBER)
def test_no_hidden_row_number_lets_sqlite_replace(sqlite_books: Database, statements: tuple[str, ...]) -> None:
    before = contents(sqlite_books)
    with pytest.raises(DatabaseUnavailable, match="rowid"):
        attempt(sqlite_books, *statements)
    assert contents(sqlite_books) == before


def test_sums_too_large_for_sqlite_do_not_lose_small_change(sqlite_books: Database) -> None:
    before = contents(sqlite_books)
    amounts = (MOST, MOST, 5, -MOST, -MOST)
    legs = [line(2, place, "assets:bank", minor, lines=5) for place, minor in enumerate(amounts, 1)]
    with pytest.raises(DatabaseUnavailable, match="overflow"):
        attempt(sqlite_books, entry(2, lines=5), *legs)
    assert contents(sqlite_books) == before
