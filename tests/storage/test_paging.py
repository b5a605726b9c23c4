"""Leafing through the journal: every entry of a selection once, in order, forwards and backwards, whatever it is."""

from __future__ import annotations

import random
from datetime import date
from itertools import combinations, islice

import pytest

from campaigns.domain import accounts
from campaigns.domain.ledger import EntryKind
from campaigns.domain.money import Money
from campaigns.domain.periods import Span
from campaigns.domain.selection import Selection
from campaigns.services.rolling_up import roll_up
from campaigns.storage.database import Connection, Database
from campaigns.storage.paging import Place, Way, page
from campaigns.storage.totals import FEW
from tests.gifts import zloty
from tests.ledgers import a_ledger, all_lines, chosen, funds_of, more_entries, numbers

NARROWED: tuple[tuple[str, object], ...] = (
    ("span", Span(date(2025, 12, 25), date(2026, 1, 8))),
    ("campaign", "fund"),
    ("account", accounts.DONATIONS),
    ("account", accounts.TRAVEL),
    ("kind", EntryKind.GIFT),
    ("kind", EntryKind.EXPENSE),
    ("gateway", "stripe"),
    ("least", zloty("50.01")),
    ("most", zloty("50")),
    ("least", Money.of("20", "EUR")),
    ("words", "bilety"),
    ("words", "lod bil"),
)
_TOGETHER = [
    some for count in (1, 2, 3) for some in combinations(NARROWED, count) if len(dict(some)) == count
]  # fmt: skip
# Every choice alone and every two together; of three, some.
SELECTIONS = [Selection(), Selection(campaign="nowhere")] + [
    Selection(**dict(some))  # type: ignore[arg-type]
    for number, some in enumerate(_TOGETHER)
    if len(some) < 3 or number % 7 == 0
]


def leafed_through(
    connection: Connection, selection: Selection, size: int, *, older: bool, few: int = FEW
) -> list[int]:
    """All pages one after the other, the newest entry first whichever way they are turned."""
    found: list[Place] = []
    while more := page(connection, selection, size, Way(found[-1] if found else None, older=older), few):
        assert not set(more) & set(found), selection
        found += more
    return [place.number for place in (found if older else reversed(found))]


@pytest.mark.parametrize("state", ["never rolled up", "rolled up", "rolled up before the last entries"])
def test_no_entry_is_left_out_or_shown_twice(database: Database, state: str) -> None:
    a_ledger(database, 90)
    if state != "never rolled up":
        roll_up(database)
    if state.endswith("entries"):
        with database.transaction() as connection:
            more_entries(connection, funds_of(connection), 30, random.Random(5), date(2025, 12, 20), 40)
    lines = all_lines(database)
    with database.snapshot() as connection:
        for selection in SELECTIONS:
            expected = numbers(chosen(lines, selection))
            assert leafed_through(connection, selection, 7, older=True) == expected, selection


def test_pages_turn_backwards_too(database: Database) -> None:
    a_ledger(database, 60)
    roll_up(database)
    lines = all_lines(database)
    with database.snapshot() as connection:
        for selection in islice(SELECTIONS, 0, None, 5):
            expected = numbers(chosen(lines, selection))
            assert leafed_through(connection, selection, 4, older=False) == expected, selection


def test_many_are_found_as_few_are(database: Database) -> None:
    """As if more than two entries were many: every way through the books is then gone."""
    a_ledger(database, 220)
    roll_up(database)
    lines = all_lines(database)
    with database.snapshot() as connection:
        for selection in SELECTIONS:
            expected = numbers(chosen(lines, selection))
            assert leafed_through(connection, selection, 30, older=True, few=2) == expected, selection


@pytest.mark.parametrize("older", [True, False])
def test_an_entry_on_the_edge_of_a_page_is_on_one_page(database: Database, older: bool) -> None:
    a_ledger(database, 20, days=2)
    roll_up(database)
    lines = all_lines(database)
    with database.snapshot() as connection:
        for size in (1, 9, 10, 19, 20, 21):
            assert leafed_through(connection, Selection(), size, older=older) == numbers(lines), size
