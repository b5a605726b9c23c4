"""What the books say: balances, turnover and income on any days, and a statement that ends in the booked total."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from campaigns.domain import accounts
from campaigns.domain.bookkeeping import offline_gift_entry
from campaigns.domain.campaign import Figures
from campaigns.domain.ledger import Entry, EntryKind, Posting
from campaigns.domain.money import Money
from campaigns.domain.periods import Span
from campaigns.domain.pledge import Method
from campaigns.domain.selection import Selection
from campaigns.services.balancing import balances_at, income_of, trial_balance
from campaigns.services.proving import Statement, prove
from campaigns.services.reading_journal import read_journal
from campaigns.services.rolling_up import roll_up
from campaigns.storage import books, figures
from campaigns.storage.database import Database
from campaigns.storage.figures import Change
from campaigns.storage.journal_rows import JournalRow
from campaigns.storage.paging import Way
from tests.gifts import zloty
from tests.ledgers import a_ledger, all_lines, funds_of, more_entries
from tests.world import World, new_fund

WARSAW = ZoneInfo("Europe/Warsaw")
NEW_YEAR = date(2026, 1, 1)


def a_gift_at(database: Database, moment: datetime, amount: str = "10") -> None:
    with database.transaction() as connection:
        entry = offline_gift_entry(f"offline:{moment.isoformat()}", zloty(amount), Method.CASH, funds_of(connection)[0])
        books.book(connection, entry, moment)


@pytest.mark.parametrize(
    "moment,day",
    [
        (datetime(2026, 12, 31, 23, 30, tzinfo=WARSAW), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 3, 29, 0, 30, tzinfo=WARSAW), date(2026, 3, 29)),  # the night with 23 hours
        (datetime(2026, 3, 29, 23, 59, tzinfo=WARSAW), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 25, 2, 30, tzinfo=WARSAW, fold=1), date(2026, 10, 25)),  # the one with 25
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), date(2026, 10, 26)),
    ],
)
def test_a_day_is_the_one_on_a_polish_wall(database: Database, moment: datetime, day: date) -> None:
    a_ledger(database, 0)
    a_gift_at(database, moment)
    for rolled_up in (False, True):
        if rolled_up:
            roll_up(database)
        assert [row.day for row in journal(database, Span(day, day))] == [day]
        assert journal(database, Span(day - timedelta(days=9), day - timedelta(days=1))) == []
        (there,) = balances_at(database, day)
        assert there.closing == (zloty("10"), zloty("10"))
        assert balances_at(database, day - timedelta(days=1)) == []


def journal(database: Database, span: Span) -> list[JournalRow]:
    return read_journal(database, Selection(span), Way(), "pl", all_totals=False).rows


def test_the_last_day_belongs_to_the_year(database: Database) -> None:
    a_ledger(database, 0)
    a_gift_at(database, datetime(2026, 12, 31, 23, 30, tzinfo=WARSAW), "10")
    a_gift_at(database, datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "7")
    roll_up(database)
    (of_2026,), (of_2027,) = income_of(database, 2026, "pl"), income_of(database, 2027, "pl")
    assert (of_2026.of("2026-12"), of_2027.of("2027-01")) == (zloty("10"), zloty("7"))


@pytest.mark.parametrize("rolled_up", [False, True])
def test_a_trial_balance_leads_from_the_opening_to_the_closing_balance(database: Database, rolled_up: bool) -> None:
    a_ledger(database, 120)
    if rolled_up:
        roll_up(database)
    for found in trial_balance(database, Span(NEW_YEAR, date(2026, 1, 20))):
        before = {line.account: line.closing for each in balances_at(database, date(2025, 12, 31))
                  if each.currency == found.currency for line in each.lines}  # fmt: skip
        assert {line.account: line.opening for line in found.lines if line.opening} == {
            account: amount for account, amount in before.items() if amount
        }
        assert found.is_equal


def test_balances_are_the_naive_sums(database: Database) -> None:
    a_ledger(database, 120)
    roll_up(database)
    day, naive = date(2026, 1, 6), dict[tuple[str, str], int]()
    for line in all_lines(database):
        if line.day <= day:
            key = line.account, line.amount.currency
            naive[key] = naive.get(key, 0) + line.amount.minor
    found = {
        (line.account, each.currency): line.closing.minor for each in balances_at(database, day) for line in each.lines
    }
    assert found == naive


def test_the_balance_after_each_entry_is_the_naive_sum(database: Database) -> None:
    a_ledger(database, 150)
    roll_up(database)
    with database.transaction() as connection:
        more_entries(connection, funds_of(connection), 20, random.Random(8), date(2025, 12, 20), 40)
    lines = [line for line in all_lines(database) if line.account == accounts.CASH]
    page = read_journal(database, Selection(account=accounts.CASH), Way(), "pl", all_totals=False)
    assert page.balances
    for row in page.rows:
        place = [line.entry for line in lines].index(row.number)
        for currency, balance in page.balances[row.number].items():
            naive = sum(line.amount.minor for line in lines[place:] if line.amount.currency == currency)
            assert balance == Money(naive, currency)


def whole_statement(database: Database, slug: str, now: datetime) -> Iterator[Statement]:
    found = prove(database, slug, "pl", now)
    while found:
        yield found
        found = prove(database, slug, "pl", now, after=found.newer) if found.newer else None


@pytest.mark.parametrize("rolled_up", [False, True])
def test_a_statement_ends_in_the_booked_total(database: Database, rolled_up: bool) -> None:
    a_ledger(database, 260, days=4)
    if rolled_up:
        roll_up(database)
    pages = list(whole_statement(database, "fund", datetime.now(UTC)))
    assert len(pages) > 1
    assert pages[-1].lines[-1][1] == pages[-1].proof.booked.raised == pages[-1].proof.added_up
    for before, after in pairwise(pages):
        assert after.opening == before.lines[-1][1]
    naive = [line for line in all_lines(database) if line.campaign == "fund" and line.account in accounts.RAISED]
    assert sum(len(page.lines) for page in pages) == len(naive)


def test_the_last_page_is_the_same_from_both_ends(database: Database) -> None:
    a_ledger(database, 260)
    roll_up(database)
    now = datetime.now(UTC)
    end = prove(database, "fund", "pl", now, from_end=True)
    assert end
    assert end.lines[-1] == list(whole_statement(database, "fund", now))[-1].lines[-1]
    before = prove(database, "fund", "pl", now, before=end.older)
    assert before
    assert before.lines[-1][1] == end.opening


def test_an_entry_of_two_campaigns_is_in_the_statement_of_each(database: Database) -> None:
    a_ledger(database, 40)
    with database.transaction() as connection:
        funds = funds_of(connection)
        parts = [Posting(accounts.DONATIONS, zloty("-5"), fund) for fund in funds]
        entry = Entry(EntryKind.GIFT, "test:two", (Posting(accounts.CASH, zloty("10")), *parts))
        books.book(connection, entry, datetime(2026, 3, 1, 12, tzinfo=UTC))
        for fund in funds:
            figures.change(connection, fund, Change(zloty("5"), zloty("0")))
    roll_up(database)
    for slug in ("fund", "office"):
        found = prove(database, slug, "pl", datetime.now(UTC), from_end=True)
        assert found
        assert found.proof.is_equal
        assert found.lines[-1][1] == found.proof.booked.raised


def test_a_total_that_was_changed_behind_our_back_is_loud(database: Database) -> None:
    a_ledger(database, 40)
    with database.transaction() as connection:
        figures.change(connection, funds_of(connection)[0], Change(zloty("1"), zloty("0")))
    found = prove(database, "fund", "pl", datetime.now(UTC))
    assert found
    assert (found.proof.is_equal, found.proof.difference) == (False, zloty("1"))


def test_a_guarded_campaign_says_what_the_public_does_not_know_yet(world: World) -> None:
    new_fund(world.database, "quiet", figures=Figures.GUARDED)
    world.gave("50", slug="quiet")
    found = prove(world.database, "quiet", "pl", world.clock())
    assert found
    assert (found.proof.is_guarded, found.proof.gifts_unseen, found.proof.published.raised) == (True, 1, zloty("0"))
    assert found.proof.unseen == [line.place.number for line, _ in found.lines]
