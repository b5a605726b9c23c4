"""The database is the last reviewer: whatever SQL says, the books balance, and nothing in them is changed or lost.

Each cheat runs as raw SQL in a transaction of its own against books that hold one honest gift, entry 1.
"""

from __future__ import annotations

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from campaigns.storage import books
from campaigns.storage.database import Database
from tests.storage.cheats import GIFT, attempt, book_one_gift, contents, entry, line, pair, run

UNBALANCED = {
    "a grosz is missing": (entry(2), line(2, 1, "assets:bank", 50), line(2, 2, "income:donations", -49)),
    "zloty against euro": (entry(2), line(2, 1, "assets:bank", 50), line(2, 2, "income:donations", -50, "EUR")),
    "one leg": (entry(2), line(2, 1, "assets:bank", 50)),
    "no leg": (entry(2),),
    "one leg of three": (entry(2, lines=3), *pair(2, lines=3)),
    "one leg, one line": (entry(2, lines=1), line(2, 1, "assets:bank", 50, lines=1)),
    "no line": (entry(2, lines=0),),
    "balanced in the sum of two entries": (
        entry(2),
        entry(3),
        line(2, 1, "assets:bank", 50),
        line(2, 2, "assets:cash", 50),
        line(3, 1, "assets:bank", -50),
        line(3, 2, "assets:cash", -50),
    ),
}
FORGED = {
    "an amount changed": ("UPDATE postings SET amount_minor = amount_minor * 2",),
    "a posting moved to another campaign": ("UPDATE postings SET campaign_id = NULL WHERE account = 'assets:bank'",),
    "an entry renamed": ("UPDATE entries SET effect = 'other' WHERE id = 1",),
    "an entry renumbered": ("UPDATE entries SET id = 9 WHERE id = 1",),
    "postings deleted": ("DELETE FROM postings",),
    "an entry deleted with its postings": (
        "DELETE FROM postings WHERE entry_id = 1",
        "DELETE FROM entries WHERE id = 1",
    ),
    "a campaign deleted under its postings": ("DELETE FROM campaign_totals", "DELETE FROM campaigns"),
    "a balanced pair beyond the lines": pair(1, first=3),
    "a balanced pair with more lines": pair(1, first=3, lines=4),
    "a balanced pair on lines that are taken": pair(1),
    "an upsert over an entry": (
        entry(1, effect="offline:1") + " ON CONFLICT (id) DO UPDATE SET effect = 'other', lines = 2",
    ),
    "an upsert over a posting": (
        line(1, 1, "assets:bank", 1) + " ON CONFLICT (entry_id, line) DO UPDATE SET amount_minor = 1",
    ),
    "an effect booked twice": (entry(2, effect="offline:1"), *pair(2)),
    "a number used twice": (entry(1), *pair(1)),
    "a reversal booked twice": (
        entry(2, kind="reversal", reverses="1"),
        *pair(2),
        entry(3, kind="reversal", reverses="1"),
        *pair(3),
    ),
    "a reversal of what was never booked": (entry(2, kind="reversal", reverses="7"), *pair(2)),
    "postings of no entry": pair(2),
    "a raised account without a campaign": (
        entry(2),
        line(2, 1, "assets:bank", 50),
        line(2, 2, "income:donations", -50, campaign="NULL"),
    ),
    "a campaign that is not there": (
        entry(2),
        line(2, 1, "assets:bank", 50),
        line(2, 2, "income:refunds", -50, campaign="7"),
    ),
    "a posting of nothing": (entry(2), *pair(2, 0)),
    "an unknown account": (entry(2), line(2, 1, "assets:mattress", 50), line(2, 2, "income:donations", -50)),
    "an unknown currency": (entry(2), line(2, 1, "assets:bank", 5, "XBT"), line(2, 2, "assets:cash", -5, "XBT")),
    "an unknown kind of entry": (entry(2, kind="present"), *pair(2)),
}
WORDS_AND_SUMS = {
    "a state nobody knows": "UPDATE payments SET state = 'lent'",
    "a payment of less than nothing": "UPDATE payments SET amount_minor = -1",
    "a payment of nothing": "UPDATE payments SET amount_minor = 0",
    "a refund of less than nothing": "UPDATE payments SET refunded_minor = -1",
    "a withdrawal of less than nothing": "UPDATE payments SET withdrawn_minor = -1",
    "a refund of more than came": "UPDATE payments SET refunded_minor = 10001",
    "a refund and a withdrawal of more than came": "UPDATE payments SET refunded_minor = 6000, withdrawn_minor = 4001",
    "more raised than came": "UPDATE payments SET net_minor = 10001",
    "less than nothing raised": "UPDATE payments SET net_minor = -1",
    "a currency nobody knows": "UPDATE payments SET currency = 'XBT'",
    "a campaign nobody knows": "UPDATE payments SET campaign_id = 7",
}


@pytest.fixture
def honest(database: Database) -> Database:
    """Books with one gift, on each kind of database."""
    book_one_gift(database)
    return database


@pytest.mark.parametrize("statements", UNBALANCED.values(), ids=UNBALANCED)
def test_an_entry_that_does_not_balance_is_not_kept(honest: Database, statements: tuple[str, ...]) -> None:
    before = contents(honest)
    with pytest.raises(IntegrityError):
        attempt(honest, *statements)
    assert contents(honest) == before


@pytest.mark.parametrize("statements", FORGED.values(), ids=FORGED)
def test_the_books_are_neither_changed_nor_added_to_by_stealth(honest: Database, statements: tuple[str, ...]) -> None:
    before = contents(honest)
    with pytest.raises(IntegrityError):
        attempt(honest, *statements)
    assert contents(honest) == before


def write_one_leg(connection: Connection) -> None:
    run(connection, entry(2), line(2, 1, "assets:bank", 50))
    assert len(connection.exec_driver_sql("SELECT * FROM postings WHERE entry_id = 2").all()) == 1


def test_an_entry_may_be_incomplete_until_the_transaction_ends_and_not_longer(honest: Database) -> None:
    before = contents(honest)
    with pytest.raises(IntegrityError), honest.transaction() as connection:
        write_one_leg(connection)
    assert contents(honest) == before


def test_after_a_refused_commit_the_books_go_on(honest: Database) -> None:
    with pytest.raises(IntegrityError):
        attempt(honest, entry(2), line(2, 1, "assets:bank", 50))
    attempt(honest, entry(2), *pair(2))
    assert [row[0] for row in contents(honest)[0]] == [1, 2]


def test_honest_entries_pass_the_guards_whatever_their_order_of_writing(honest: Database) -> None:
    exchange = (
        line(2, 3, "equity:conversion", 50, lines=4),
        line(2, 1, "assets:bank", 12, "EUR", lines=4),
        line(2, 4, "income:donations", -50, lines=4),
        line(2, 2, "equity:conversion", -12, "EUR", lines=4),
    )
    attempt(honest, entry(2, lines=4), entry(3, kind="reversal", reverses="1"), *pair(3), *exchange)
    assert len(contents(honest)[1]) == 8


def test_what_was_booked_reads_back_as_it_was(honest: Database) -> None:
    with honest.reading() as connection:
        found = books.entry_by_effect(connection, "offline:1")
    assert found == (1, None, GIFT)


@pytest.mark.parametrize("change", WORDS_AND_SUMS.values(), ids=WORDS_AND_SUMS)
def test_a_payment_never_says_what_cannot_be(honest: Database, change: str) -> None:
    attempt(
        honest,
        "INSERT INTO payments (id, gateway, object_id, currency, amount_minor, refunded_minor, withdrawn_minor,"
        " net_minor, state, created_at)"
        " VALUES (1, 'stripe', 'pi_1', 'PLN', 10000, 0, 0, 10000, 'paid', '2026-11-22 12:00:00')",
    )
    with pytest.raises(IntegrityError):
        attempt(honest, change)
