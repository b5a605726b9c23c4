"""Somebody with a database console takes the guards away and lies: each lie about a closed month has a name."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from campaigns.config import Settings
from campaigns.services.backup import save
from campaigns.services.checking import check_all
from campaigns.services.comparing import broken_seals
from campaigns.services.restore import restore
from campaigns.storage.database import Database
from tests.closed_months import NOVEMBER, close, faults, gifts, two_months, without_guards
from tests.databases import PostgreSQLDatabases, SQLiteDatabases
from tests.world import World, environment

LATE = (
    "INSERT INTO entries (id, kind, effect, lines, day, booked_at, amount_minor, currency) "
    "VALUES (99, 'transfer', 'x', 2, '2026-09-30', '2026-09-30 12:00:00', 50, 'PLN')"
)
LATE_LINES = (
    "INSERT INTO postings (entry_id, line, lines, day, account, amount_minor, currency) "
    "VALUES (99, 1, 2, '2026-09-30', 'assets:bank', 50, 'PLN'), (99, 2, 2, '2026-09-30', 'assets:cash', -50, 'PLN')"
)


def gone(number: int) -> tuple[str, ...]:
    return (f"DELETE FROM postings WHERE entry_id = {number}", f"DELETE FROM entries WHERE id = {number}")  # noqa: S608 - a lie


def another_day(day: str) -> tuple[str, ...]:
    """Entry 4 stands under another day, and so do its postings."""
    return (f"UPDATE entries SET day = '{day}' WHERE id = 4", f"UPDATE postings SET day = '{day}' WHERE entry_id = 4")  # noqa: S608 - a lie


SWAP = (
    "UPDATE postings SET amount_minor = amount_minor * 5 / 4 WHERE entry_id = 4",
    "UPDATE postings SET amount_minor = amount_minor * 4 / 5 WHERE entry_id = 5",
)
SWAP_SEALS = (
    "UPDATE chain SET entry_id = 400 WHERE number = 4",
    "UPDATE chain SET entry_id = 4 WHERE number = 5",
    "UPDATE chain SET entry_id = 5 WHERE number = 4",
)


@pytest.fixture
def sealed(world: World) -> World:
    """Entries 1 to 3 sealed with September, 4 to 6 with October; 7 stands in open November."""
    two_months(world)
    close(world, "2026-09", "2026-10")
    return world


@pytest.mark.parametrize(
    "lie",
    [
        ("UPDATE postings SET amount_minor = amount_minor + sign(amount_minor) WHERE entry_id = 4",),
        ("UPDATE postings SET account = 'assets:bank' WHERE entry_id = 4 AND line = 1",),
        ("UPDATE postings SET campaign_id = NULL WHERE entry_id = 4",),
        ("UPDATE postings SET currency = 'EUR' WHERE entry_id = 4",),
        another_day("2026-10-21"),
        another_day("2026-11-02"),
        ("UPDATE entries SET late_for = '2026-10-01' WHERE id = 4",),
        ("UPDATE entries SET kind = 'gift' WHERE id = 4",),
        ("UPDATE entries SET effect = 'paid:offline:other' WHERE id = 4",),
        ("UPDATE entries SET reverses_id = 1 WHERE id = 4",),
        ("UPDATE entries SET booked_at = '2026-10-20 09:00:00.000001+00:00' WHERE id = 4",),
        ("DELETE FROM postings WHERE entry_id = 4 AND line = 2",),
        SWAP,
        ("UPDATE chain SET seal = substr(seal, 2) || 'a' WHERE number = 4",),
        ("UPDATE campaigns SET slug = 'another'",),
    ],
)  # fmt: skip
def test_the_first_entry_that_was_changed_is_named(sealed: World, lie: tuple[str, ...]) -> None:
    if sealed.database.is_sqlite and "+00:00" in lie[0]:
        lie = ("UPDATE entries SET booked_at = '2026-10-20 09:00:00.000001' WHERE id = 4",)
    without_guards(sealed, *lie)
    named = 1 if "campaigns" in lie[0] else 4
    assert faults(sealed)[0] == f"entry {named} is not what it was when 2026-{9 if named == 1 else 10:02} was closed"


def test_entries_whose_places_in_the_chain_were_swapped_are_named(sealed: World) -> None:
    without_guards(sealed, *SWAP_SEALS)
    assert faults(sealed) == ["entry 5 is not what it was when 2026-10 was closed"]


def test_the_last_entry_taken_out_with_its_link_is_missed(sealed: World) -> None:
    without_guards(sealed, "DELETE FROM chain WHERE number = 6", *gone(6))
    assert faults(sealed) == ["2026-10 was closed with 3 entries, and 2 of them are left: entry 5 is the last of them"]


def test_a_whole_month_taken_out_is_missed(sealed: World) -> None:
    without_guards(sealed, "DELETE FROM chain WHERE month = '2026-10'", *gone(4), *gone(5), *gone(6))
    assert faults(sealed) == ["2026-10 was closed with 3 entries, and 0 of them are left"]


@pytest.mark.parametrize("number", [4, 6])
def test_an_entry_taken_out_is_named(sealed: World, number: int) -> None:
    without_guards(sealed, *gone(number))
    assert faults(sealed) == [f"entry {number} is gone: it was sealed with 2026-10"]


def test_the_first_entry_taken_out_with_its_link_is_missed(sealed: World) -> None:
    without_guards(sealed, "DELETE FROM chain WHERE number = 4", *gone(4))
    assert faults(sealed) == ["sealed entries of 2026-10 are gone just before entry 5: 1"]


def test_an_entry_that_was_put_into_a_closed_month_is_named(sealed: World) -> None:
    without_guards(sealed, LATE, LATE_LINES)
    assert faults(sealed) == ["entry 99 was put into closed months: nobody sealed it"]


def test_a_month_that_was_opened_again_is_named(sealed: World) -> None:
    without_guards(sealed, "DELETE FROM closings WHERE month = '2026-10'")
    assert faults(sealed) == [
        "2026-10 was closed, says the audit log, and is open now",
        "entry 4 was sealed with 2026-10, which is no longer closed",
    ]


def test_a_month_that_was_opened_again_without_a_trace_in_the_books_is_named(sealed: World) -> None:
    without_guards(sealed, "DELETE FROM closings WHERE month = '2026-10'", "DELETE FROM chain WHERE month = '2026-10'")
    assert faults(sealed) == ["2026-10 was closed, says the audit log, and is open now"]


def test_another_head_is_named(sealed: World) -> None:
    without_guards(sealed, "UPDATE closings SET head = substr(head, 2) || 'x' WHERE month = '2026-10'")
    assert faults(sealed) == [
        "2026-10 was closed with another head, says the audit log",
        "2026-10 was closed with another head than its last entry has",
    ]


def test_a_key_that_is_not_held_any_more_is_not_called_a_change(sealed: World) -> None:
    url = sealed.keys.settings.database_url
    sealed.keys = replace(sealed.keys, settings=Settings.from_environment(environment(url)))
    first, second = faults(sealed)
    assert first.startswith("2026-09 cannot be verified: SECRET_KEY does not hold the key ")
    assert second.startswith("2026-10 cannot be verified")


def test_after_a_change_of_the_key_old_months_hold_and_new_ones_are_sealed_anew(world: World) -> None:
    two_months(world)
    close(world, "2026-09")
    former = world.keys.settings
    new = Settings.from_environment(environment(former.database_url))
    world.keys = replace(world.keys, settings=replace(new, former_secret_keys=(former.secret_key,)))
    close(world, "2026-10")
    assert faults(world) == []


def test_the_open_month_is_nobodys_business_yet(sealed: World) -> None:
    gifts(sealed, NOVEMBER, "5")
    assert check_all(sealed.keys).faults == []


def test_a_memo_can_be_taken_out_of_a_closed_month(sealed: World) -> None:
    """It is not sealed, so that a name that slipped into it can go."""
    without_guards(sealed, "UPDATE entries SET memo = 'x' WHERE id = 4")
    assert check_all(sealed.keys).faults == []


def test_an_entry_that_says_another_day_than_its_postings_is_named(sealed: World) -> None:
    without_guards(sealed, "UPDATE postings SET day = '2026-11-02' WHERE entry_id = 4")
    assert check_all(sealed.keys).faults == ["entry 4 does not say what its postings say"]


def test_seals_hold_after_a_backup_is_restored_into_the_other_kind_of_database(
    sealed: World, sqlite_databases: SQLiteDatabases, postgresql_databases: PostgreSQLDatabases, tmp_path: Path
) -> None:
    other = postgresql_databases if sealed.database.is_sqlite else sqlite_databases
    save(sealed.database, tmp_path / "backup.zip", sealed.clock())
    url = other.migrated()
    with closing(Database(url)) as restored:
        restore(restored, tmp_path / "backup.zip")
        assert broken_seals(replace(sealed.keys, database=restored)) == []
    other.drop(url)
