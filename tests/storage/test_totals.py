"""Stored totals: whatever was rolled up when, they and what came since make the sum of all postings."""

from __future__ import annotations

import random
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from datetime import date
from itertools import product

import pytest
from sqlalchemy import delete, update

from campaigns.domain import accounts
from campaigns.domain.ledger import Entry, EntryKind, Posting
from campaigns.domain.periods import Span
from campaigns.domain.selection import Selection
from campaigns.services.checking import check_books
from campaigns.services.rolling_up import roll_up
from campaigns.storage import books, totals
from campaigns.storage.database import Connection, Database
from campaigns.storage.models import totals as kept
from campaigns.storage.totals import Group, Sum
from tests.databases import Databases
from tests.gifts import NOW, zloty
from tests.ledgers import Line, a_ledger, all_lines, chosen, funds_of, more_entries

SPANS = (Span(), Span(date(2025, 12, 24), date(2026, 1, 2)), Span(date(2026, 1, 1), date(2026, 1, 31)))
SELECTIONS = [
    Selection(span=span, **narrow)  # type: ignore[arg-type]
    for span, narrow in product(
        SPANS,
        (
            {},
            {"campaign": "fund"},
            {"campaign": "nowhere"},
            {"account": accounts.DONATIONS},
            {"account": accounts.CASH, "kind": EntryKind.EXPENSE},
            {"gateway": "stripe", "campaign": "office"},
        ),
    )
]


def naive(lines: list[Line], selection: Selection) -> dict[str, tuple[int, int, int]]:
    """By currency: debit, credit and postings."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for line in chosen(lines, selection):
        if selection.account in (None, line.account):
            minor = line.amount.minor
            of = sums[line.amount.currency]
            of[0], of[1], of[2] = of[0] + max(minor, 0), of[1] + max(-minor, 0), of[2] + 1
    return {currency: (debit, credit, count) for currency, (debit, credit, count) in sums.items()}


def told(found: list[Sum]) -> dict[str, tuple[int, int, int]]:
    return {each.debit.currency: (each.debit.minor, each.credit.minor, each.lines) for each in found}


@pytest.mark.parametrize("rolled_up", ["never", "half way", "to the end"])
def test_totals_are_the_naive_sums(database: Database, rolled_up: str) -> None:
    a_ledger(database, 150)
    if rolled_up != "never":
        roll_up(database, piece=7)
    if rolled_up == "half way":
        with database.transaction() as connection:
            more_entries(connection, funds_of(connection), 60, random.Random(2), date(2025, 12, 20), 40)
    lines = all_lines(database)
    with database.snapshot() as connection:
        for selection in SELECTIONS:
            assert told(totals.sums(connection, selection)) == naive(lines, selection), selection
            assert told(totals.counted(connection, selection)) == naive(lines, selection), selection


def test_entries_are_counted_once_each(database: Database) -> None:
    a_ledger(database, 100)
    roll_up(database)
    with database.snapshot() as connection:
        found = totals.sums(connection, Selection())
    assert sum(each.entries for each in found) == 100


def test_sums_are_told_apart_by_month_campaign_and_account(database: Database) -> None:
    a_ledger(database, 120)
    roll_up(database)
    span = Span(date(2026, 1, 1), date(2026, 12, 31))
    with database.snapshot() as connection:
        found = totals.sums(connection, Selection(span), Group.MONTH, Group.CAMPAIGN, Group.ACCOUNT)
        again = totals.counted(connection, Selection(span), Group.MONTH, Group.CAMPAIGN, Group.ACCOUNT)
    assert found == again
    assert {each.month for each in found} == {"2026-01"}


def test_a_month_that_is_cut_has_no_total(database: Database) -> None:
    with database.snapshot() as connection, pytest.raises(ValueError, match="within a month"):
        totals.sums(connection, Selection(Span(date(2026, 1, 2), date(2026, 1, 31))), Group.MONTH)


def test_rolling_up_twice_adds_nothing(database: Database) -> None:
    a_ledger(database, 30)
    assert (roll_up(database), roll_up(database)) == (30, 0)
    with database.snapshot() as connection:
        assert told(totals.sums(connection, Selection())) == naive(all_lines(database), Selection())


def test_nodes_that_roll_up_at_once_add_everything_once(database: Database) -> None:
    a_ledger(database, 80)
    with ThreadPoolExecutor(4) as nodes:
        moved = list(nodes.map(lambda _: roll_up(database, piece=3), range(4)))
    assert sum(moved) == 80
    with database.snapshot() as connection:
        assert totals.through(connection) == 80
        assert told(totals.sums(connection, Selection())) == naive(all_lines(database), Selection())


def test_an_entry_that_is_being_booked_is_not_passed_over(postgresql_databases: Databases) -> None:
    """Numbered before another, committed after it."""
    url = postgresql_databases.migrated()
    with closing(Database(url)) as database, ThreadPoolExecutor(1) as node:
        a_ledger(database, 5)
        with database.transaction() as slow:
            _one_more(slow)
            with database.transaction() as quick:
                _one_more(quick)
            rolling = node.submit(roll_up, database)
            wait([rolling], 0.3)
        assert rolling.result() == 7
        with database.snapshot() as connection:
            assert told(totals.sums(connection, Selection())) == naive(all_lines(database), Selection())
    postgresql_databases.drop(url)


def _one_more(connection: Connection) -> None:
    """A transfer between our own accounts: it waits for no campaign's total."""
    lines = (Posting(accounts.BANK, zloty("10")), Posting(accounts.CASH, zloty("-10")))
    books.book(connection, Entry(EntryKind.TRANSFER, f"test:{random.random()}", lines), NOW)


def test_a_stored_total_that_was_changed_is_told(database: Database) -> None:
    a_ledger(database, 40)
    roll_up(database)
    assert "stored totals" not in " ".join(check_books(database).faults)
    with database.transaction() as connection:
        wrong = update(kept).where(kept.c.period == "2026-01").values(debit_minor=kept.c.debit_minor + 1)
        connection.execute(wrong)
    assert "the stored totals of 2026-01 are wrong" in check_books(database).faults


def test_a_stored_total_that_was_removed_is_told(database: Database) -> None:
    a_ledger(database, 40)
    roll_up(database)
    with database.transaction() as connection:
        connection.execute(delete(kept).where(kept.c.period == "2025-12-24"))
    assert "the stored totals of 2025-12-24 are wrong" in check_books(database).faults
