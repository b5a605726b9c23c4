"""Raw SQL with which tests try to make the books lie, and what the books hold."""

from __future__ import annotations

from sqlalchemy import Connection, select

from campaigns.domain.bookkeeping import offline_gift_entry
from campaigns.domain.pledge import Method
from campaigns.storage import books
from campaigns.storage.database import Database
from campaigns.storage.models import entries, postings
from tests.gifts import NOW, a_campaign, zloty

GIFT = offline_gift_entry("offline:1", zloty("100"), Method.TRANSFER, campaign_id=1)
ENTRY_COLUMNS = "id, kind, effect, lines, day, booked_at, amount_minor, currency, reverses_id"
POSTING_COLUMNS = "entry_id, line, lines, day, account, campaign_id, amount_minor, currency"
DAY = "2026-11-22"
Row = tuple[object, ...]


def entry(number: int, lines: int = 2, effect: str = "", kind: str = "gift", reverses: str = "NULL") -> str:
    values = f"{number}, '{kind}', '{effect or number}', {lines}, '{DAY}', '{DAY} 12:00:00', 50, 'PLN', {reverses}"
    return f"INSERT INTO entries ({ENTRY_COLUMNS}) VALUES ({values})"  # noqa: S608 - raw SQL is what is tried


def line(
    number: int,
    place: float,
    account: str,
    minor: object,
    currency: str = "PLN",
    campaign: str = "1",
    lines: int = 2,
) -> str:
    values = f"{number}, {place}, {lines}, '{DAY}', '{account}', {campaign}, {minor}, '{currency}'"
    return f"INSERT INTO postings ({POSTING_COLUMNS}) VALUES ({values})"  # noqa: S608 - raw SQL is what is tried


def instead(verb: str, statement: str) -> str:
    """The statement with REPLACE, or another verb, where INSERT was."""
    return statement.replace("INSERT", verb, 1)


def pair(number: int, minor: object = 50, first: int = 1, lines: int = 2) -> tuple[str, str]:
    """A debit and a credit that balance."""
    return (
        line(number, first, "assets:bank", minor, lines=lines),
        line(number, first + 1, "income:donations", f"-{minor}", lines=lines),
    )


def contents(database: Database) -> list[list[Row]]:
    tables = ((entries, entries.c.id), (postings, postings.c.entry_id))
    with database.reading() as connection:
        return [[tuple(row) for row in connection.execute(select(table).order_by(key))] for table, key in tables]


def run(connection: Connection, *statements: str) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement)


def attempt(database: Database, *statements: str) -> None:
    with database.transaction() as connection:
        run(connection, *statements)


def book_one_gift(database: Database) -> None:
    """Makes books with one gift of 100 zł, entry 1, for campaign 1."""
    with database.transaction() as connection:
        assert a_campaign(connection) == 1
        assert books.book(connection, GIFT, NOW) == 1
