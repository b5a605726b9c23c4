"""Nobody waits for ever for a sum."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from campaigns.domain.selection import Selection
from campaigns.services.reading_journal import read_journal
from campaigns.storage.database import Database, DatabaseUnavailable
from campaigns.storage.paging import Way
from campaigns.storage.patience import TookTooLong, at_most
from tests.ledgers import a_ledger

FOR_AGES = text(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000) SELECT count(*) FROM n"
)


def test_what_takes_too_long_is_given_up(database: Database) -> None:
    began = time.monotonic()
    with pytest.raises(TookTooLong), database.snapshot() as connection, at_most(connection, 0.2):
        connection.execute(FOR_AGES).all()
    assert time.monotonic() - began < 5


def test_the_next_question_has_all_the_time_it_needs(database: Database) -> None:
    with pytest.raises(TookTooLong), database.snapshot() as connection, at_most(connection, 0.1):
        connection.execute(FOR_AGES).all()
    with database.snapshot() as connection:
        slow = str(FOR_AGES).replace("100000000", "300000")
        assert connection.execute(text(slow)).scalar_one() == 300_000


def test_another_fault_is_not_taken_for_impatience(database: Database) -> None:
    with pytest.raises((DBAPIError, DatabaseUnavailable)), database.snapshot() as connection, at_most(connection, 60):
        connection.execute(text("SELECT nothing FROM nowhere"))


def test_a_page_without_its_totals_says_so(database: Database) -> None:
    a_ledger(database, 60)
    chosen = Selection(words="bilety")
    assert read_journal(database, chosen, Way(), "pl", all_totals=False).totals is None
    totals = read_journal(database, chosen, Way(), "pl", all_totals=True).totals
    assert totals
    assert totals.number(None) > 0
