"""Links for staff work once, on all nodes together, each for its own purpose."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from campaigns.domain.people import Role
from campaigns.storage import staff, staff_links
from campaigns.storage.database import Database
from campaigns.storage.staff_links import Purpose
from tests.gifts import NOW

HASH = "a" * 64


def a_link(database: Database) -> int:
    """A reset link of an hour, and whose it is."""
    with database.transaction() as connection:
        number = staff.add(connection, "t@example.org", "Teresa", Role.TREASURER, "pl", NOW)
        staff_links.add(connection, HASH, number, Purpose.RESET, NOW + timedelta(hours=1))
    return number


def use(database: Database, purpose: Purpose = Purpose.RESET, after: timedelta = timedelta()) -> int | None:
    with database.transaction() as connection:
        return staff_links.use(connection, HASH, purpose, NOW + after)


def test_a_link_is_used_once(database: Database) -> None:
    owner = a_link(database)
    assert [use(database), use(database)] == [owner, None]
    with database.reading() as connection:
        assert staff_links.owner(connection, HASH, Purpose.RESET, NOW) is None


def test_of_many_who_come_at_once_one_uses_it(database: Database) -> None:
    owner = a_link(database)
    with ThreadPoolExecutor(4) as crowd:
        used = list(crowd.map(lambda _: use(database), range(8)))
    assert sorted(used, key=str) == [owner] + [None] * 7


def test_a_link_is_for_one_purpose_and_a_time(database: Database) -> None:
    owner = a_link(database)
    assert use(database, Purpose.INVITATION) is None
    assert use(database, after=timedelta(hours=1)) is None
    assert use(database, after=timedelta(minutes=59)) == owner
