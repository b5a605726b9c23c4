"""Closed months for tests: books of two months, a treasurer, and a cheat with a database console."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

from sqlalchemy import text

from campaigns.domain.people import Person, Role
from campaigns.domain.pledge import Method
from campaigns.services.bookkeeping import book_offline_gift
from campaigns.services.closing import close_month
from campaigns.services.comparing import broken_seals
from campaigns.storage import staff
from campaigns.storage.closings import Closing
from tests.gifts import zloty
from tests.world import FUND, World

SEPTEMBER = datetime(2026, 9, 10, 9, 0, tzinfo=UTC)
OCTOBER = datetime(2026, 10, 20, 9, 0, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 5, 9, 0, tzinfo=UTC)
GUARDED = ("entries", "postings", "chain", "closings", "audit_log")


def a_treasurer(world: World, email: str = "t@example.org", role: Role = Role.TREASURER) -> Person:
    with world.database.transaction() as connection:
        number = staff.add(connection, email, "T", role, "pl", world.clock())
    return Person(number, email, "T", role, "pl")


def gifts(world: World, when: datetime, *amounts: str) -> None:
    """Gifts in cash, booked at that time."""
    for amount in amounts:
        book_offline_gift(world.database, FUND, zloty(amount), Method.CASH, "pl", when)


def two_months(world: World) -> None:
    """Entries 1 to 3 in September, 4 to 6 in October, 7 in November; the clock stands in November."""
    gifts(world, SEPTEMBER, "10", "20", "30")
    gifts(world, OCTOBER, "40", "50", "60")
    gifts(world, NOVEMBER, "70")
    world.clock.moment = NOVEMBER


def close(world: World, *months: str) -> list[Closing]:
    """A month after the other is closed."""
    return [close_month(world.keys, None, month) for month in months]


def faults(world: World) -> list[str]:
    return broken_seals(world.keys)


def without_guards(world: World, *statements: str) -> None:
    """What somebody does who owns the database: all guards and foreign keys away, and then as it pleases."""
    if world.database.is_sqlite:
        _on_sqlite(str(world.database.path), statements)
        return
    away = [f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in GUARDED]
    away.append("ALTER TABLE postings DROP CONSTRAINT ck_postings_raised_has_campaign")
    with world.database.transaction() as connection:
        for statement in (*away, *statements):
            connection.execute(text(statement))


def _on_sqlite(path: str, statements: tuple[str, ...]) -> None:
    with closing(sqlite3.connect(path)) as console:  # a console does not know of foreign keys unless it is told to
        console.execute("PRAGMA ignore_check_constraints = ON")
        for (name,) in console.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            console.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            console.execute(statement)
        console.commit()
