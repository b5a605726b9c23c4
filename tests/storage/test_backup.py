"""Rows leave one database as plain values and enter another: complete, guarded, and numbered onwards."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError

from campaigns.storage import backup
from campaigns.storage.backup import Row
from campaigns.storage.database import Database
from campaigns.storage.models import entries
from tests.databases import Databases
from tests.gifts import a_busy_year, a_campaign, a_gift, a_pledge, new_vault, zloty

# Filled by the triggers of the books, and by migrations.
WORDS = {"entry_words", *(f"entry_words_{part}" for part in ("config", "data", "docsize", "idx"))}
GUARDS = {"entry_balances", "entry_seals", "zeroes", "alembic_version"} | WORDS


def everything(database: Database) -> dict[str, list[Row]]:
    with database.snapshot() as connection:
        return {table: list(backup.rows(connection, table)) for table in backup.TABLES}


def refill(database: Database, content: dict[str, list[Row]]) -> None:
    with database.transaction() as connection:
        backup.hold(connection)
        for table in backup.TABLES:
            assert backup.load(connection, table, content[table]) == len(content[table])
        backup.continue_numbers(connection)


@pytest.fixture
def other(databases: Databases) -> Iterator[Database]:
    """A second database of the same kind, without a row."""
    url = databases.migrated()
    opened = Database(url)
    yield opened
    opened.close()
    databases.drop(url)


def test_every_table_is_saved_or_left_out_on_purpose(database: Database) -> None:
    with database.reading() as connection:
        tables = set(inspect(connection).get_table_names())
    assert tables - GUARDS == {*backup.TABLES, *(table.name for table in backup.LEFT_OUT)}
    assert {table.name for table in backup.LEFT_OUT} == {
        "salts", "sessions", "spent", "staff_links", "totals", "totals_through", "tries",
    }  # fmt: skip


def test_rows_are_plain_enough_for_json_and_come_back_as_they_were(database: Database, other: Database) -> None:
    a_busy_year(database, new_vault())
    content = everything(database)
    refill(other, json.loads(json.dumps(content)))
    assert everything(other) == content
    with database.reading() as before, other.reading() as after:
        query = select(entries.c.booked_at).order_by(entries.c.id)
        assert list(before.scalars(query)) == list(after.scalars(query))


def test_new_rows_are_numbered_after_the_restored_ones(database: Database, other: Database) -> None:
    a_busy_year(database, new_vault())
    refill(other, everything(database))
    with other.transaction() as connection:
        campaign_id = a_campaign(connection, "after-the-fire")
        pledge_id = a_pledge(connection, campaign_id, zloty("50"))
        a_gift(connection, pledge_id, "payment-after", zloty("50"))
    assert campaign_id == 3
    assert pledge_id == 13


def test_only_a_database_without_rows_is_empty(database: Database) -> None:
    with database.transaction() as connection:
        assert backup.is_empty(connection)
        a_campaign(connection)
        assert not backup.is_empty(connection)


def test_the_guards_of_the_books_watch_over_restored_entries(database: Database, other: Database) -> None:
    a_busy_year(database, new_vault())
    content = everything(database)
    first = dict(content["postings"][0])
    content["postings"][0] = {**first, "amount_minor": 1}
    with pytest.raises(IntegrityError):
        refill(other, content)
    with other.reading() as connection:
        assert backup.is_empty(connection)
