"""The demo: campaigns, people and some months of a ledger, made once, right to the grosz, and never on a live site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from sqlalchemy import func, select

from campaigns.config import UnsafeSettings
from campaigns.domain.ledger import EntryKind
from campaigns.domain.people import Role
from campaigns.services import demo, one_time_codes, passwords
from campaigns.services.demo import people
from campaigns.storage import staff
from campaigns.storage.models import audit_log, entries, payments
from tests.databases import SQLiteDatabases
from tests.gifts import zloty
from tests.world import World, a_site

KINDS = {EntryKind.OPENING, EntryKind.OFFLINE_GIFT, EntryKind.GIFT, EntryKind.FEE, EntryKind.REFUND, EntryKind.EXPENSE,
         EntryKind.TRANSFER, EntryKind.REVERSAL, EntryKind.DISPUTE_WITHDRAWN}  # fmt: skip


@pytest.fixture
def empty(sqlite_url: str) -> Iterator[World]:
    """A demo site before its first start."""
    with a_site(sqlite_url) as site:
        yield site


@pytest.fixture(scope="module")
def seeded(sqlite_databases: SQLiteDatabases) -> Iterator[World]:
    """A demo site after it; made once for all tests, for hashing passwords is slow on purpose."""
    with a_site(sqlite_databases.migrated()) as site:
        demo.seed(site.keys)
        yield site


def booked(world: World) -> list[tuple[EntryKind, date]]:
    """The kind and the day of every entry, in the order of their numbers."""
    with world.database.reading() as connection:
        rows = connection.execute(select(entries.c.kind, entries.c.day).order_by(entries.c.id))
        return [(EntryKind(row.kind), row.day) for row in rows]


def test_its_ledger_has_something_of_everything_and_is_right(seeded: World) -> None:
    assert {kind for kind, _ in booked(seeded)} == KINDS
    assert seeded.is_right
    assert seeded.raised == zloty("2235")
    assert zloty("1000") < seeded.raised < zloty("5000")


def test_its_ledger_is_the_same_on_each_kind_of_database(database_url: str, seeded: World) -> None:
    with a_site(database_url) as other:
        demo.seed(other.keys)
        assert booked(other) == booked(seeded)
        assert other.is_right


def test_its_ledger_runs_over_months_up_to_yesterday(seeded: World) -> None:
    days = [day for kind, day in booked(seeded) if kind is not EntryKind.REVERSAL]
    assert all(before <= after for before, after in pairwise(days))
    today = seeded.clock().date()
    assert (today - days[0]).days >= 180
    assert (today - days[-1]).days == 1


def test_its_payments_are_known_to_the_sandbox_so_that_they_can_be_paid_back(seeded: World) -> None:
    with seeded.database.reading() as connection:
        query = select(payments.c.object_id).where(payments.c.gateway == "sandbox", payments.c.state == "paid")
        ids = list(connection.scalars(query))
    assert len(ids) >= 5
    assert all(seeded.bank.gift(object_id).can_be_refunded for object_id in ids)


def test_each_of_its_people_signs_in_with_what_is_printed(seeded: World) -> None:
    printed = people.table(seeded.keys)
    assert [row[0] for row in printed] == list(Role)
    for role, email, password, key, code in printed:
        with seeded.database.transaction() as connection:
            found = staff.by_email(connection, email)
            assert found is not None
            assert found.person.role == role
            assert passwords.fits(found.password_hash, password)
            assert seeded.keys.vault.open(found.totp_sealed or "") == key
            assert one_time_codes.accepts(connection, seeded.keys.vault, found, code, seeded.clock())


def test_its_passwords_are_good_ones_and_follow_from_the_secret_key(seeded: World) -> None:
    rows = people.everybody(seeded.keys.settings)
    assert rows == people.everybody(seeded.keys.settings)
    assert len({row.password for row in rows} | {row.totp_key for row in rows}) == 2 * len(rows)
    other = people.everybody(replace(seeded.keys.settings, secret_key="another secret key of 32 bytes, or more"))
    assert {row.password for row in rows}.isdisjoint(row.password for row in other)
    with seeded.database.reading() as connection:
        persons = staff.everybody(connection)
    assert [passwords.weakness(row.password, person) for row, person in zip(rows, persons, strict=True)] == [None] * 4


def test_it_is_made_once(seeded: World) -> None:
    before = booked(seeded)
    assert demo.seed(seeded.keys) == 0
    assert booked(seeded) == before
    with seeded.database.reading() as connection:
        assert len(staff.everybody(connection)) == len(Role)


def test_where_there_is_staff_nobody_is_added(empty: World) -> None:
    with empty.database.transaction() as connection:
        staff.add(connection, "real@example.org", "Prawdziwa Osoba", Role.ADMIN, "pl", empty.clock())
    assert demo.seed(empty.keys) == 2
    with empty.database.reading() as connection:
        assert [person.email for person in staff.everybody(connection)] == ["real@example.org"]
    assert empty.is_right


def test_its_treasurer_has_booked_what_was_booked_by_hand(seeded: World) -> None:
    with seeded.database.reading() as connection:
        treasurer = next(person for person in staff.everybody(connection) if person.role is Role.TREASURER)
        query = select(func.count()).select_from(audit_log).where(audit_log.c.staff_id == treasurer.id)
        assert (connection.scalar(query) or 0) >= 15


def test_on_a_live_site_it_is_not_made(empty: World) -> None:
    live = replace(empty.keys, settings=replace(empty.keys.settings, demo=False))
    with pytest.raises(UnsafeSettings, match="live site"):
        demo.seed(live)
    with empty.database.reading() as connection:
        assert staff.everybody(connection) == []
