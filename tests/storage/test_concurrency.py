"""Several at once: writers wait for one another, readers for nobody, and what may happen once happens once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from threading import Barrier, Event
from time import sleep

import pytest
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from campaigns.domain.bookkeeping import offline_gift_entry
from campaigns.domain.pledge import Method
from campaigns.storage import books
from campaigns.storage.database import Database, lock
from campaigns.storage.models import campaign_totals, site
from tests.databases import PostgreSQLDatabases
from tests.gifts import NOW, zloty
from tests.storage.cheats import book_one_gift, contents
from tests.storage.rows import fill

WRITERS, ROUNDS = 4, 10


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    """Workers that are done when the test is."""
    with ThreadPoolExecutor(WRITERS) as pool:
        yield pool


def raise_by_a_grosz(database: Database) -> None:
    """Reads, then writes: what goes wrong where two writers read the same."""
    with database.transaction() as connection:
        before = connection.execute(select(campaign_totals.c.raised_minor).with_for_update()).scalar_one()
        connection.execute(update(campaign_totals).values(raised_minor=before + 1))


def raised(database: Database) -> int:
    with database.reading() as connection:
        minor: int = connection.execute(select(campaign_totals.c.raised_minor)).scalar_one()
    return minor


def test_writers_wait_for_one_another_and_lose_nothing(database: Database, threads: ThreadPoolExecutor) -> None:
    fill(database, "campaigns", "campaign_totals")
    before = raised(database)
    done = [threads.submit(raise_by_a_grosz, database) for _ in range(WRITERS * ROUNDS)]
    assert [future.exception() for future in done] == [None] * WRITERS * ROUNDS
    assert raised(database) == before + WRITERS * ROUNDS


def test_a_second_writer_waits_until_the_first_is_done(database: Database, threads: ThreadPoolExecutor) -> None:
    fill(database, "campaigns", "campaign_totals")
    before = raised(database)
    with database.transaction() as first:
        first.execute(update(campaign_totals).values(raised_minor=before + 100))
        second = threads.submit(raise_by_a_grosz, database)
        sleep(0.3)
        assert not second.done()
    second.result(timeout=10)
    assert raised(database) == before + 101


def test_a_reader_does_not_wait_for_a_writer(database: Database, threads: ThreadPoolExecutor) -> None:
    fill(database, "campaigns", "campaign_totals")
    before = raised(database)
    with database.transaction() as writer:
        writer.execute(update(campaign_totals).values(raised_minor=0))
        assert threads.submit(raised, database).result(timeout=2) == before


def test_a_writer_does_not_wait_for_a_reader(database: Database, threads: ThreadPoolExecutor) -> None:
    fill(database, "campaigns", "campaign_totals")
    with database.reading() as reader:
        reader.execute(select(campaign_totals)).all()
        threads.submit(raise_by_a_grosz, database).result(timeout=2)


def book_at_once(database: Database, together: Barrier) -> int:
    together.wait(timeout=10)
    with database.transaction() as connection:
        return books.book(connection, offline_gift_entry("offline:2", zloty("7"), Method.CASH, 1), NOW)


def test_an_effect_that_several_book_at_once_is_booked_once(database: Database, threads: ThreadPoolExecutor) -> None:
    book_one_gift(database)
    together = Barrier(WRITERS)
    done = [threads.submit(book_at_once, database, together) for _ in range(WRITERS)]
    refused = [future.exception() for future in done if future.exception()]
    assert [type(error) for error in refused] == [IntegrityError] * (WRITERS - 1)
    assert [len(rows) for rows in contents(database)] == [2, 4]


def hold(database: Database, name: str, held: Event, release: Event) -> None:
    with database.transaction() as connection:
        lock(connection, name)
        held.set()
        assert release.wait(timeout=10)


def ask(database: Database, name: str) -> None:
    with database.transaction() as connection:
        lock(connection, name)


def test_a_name_that_one_has_locked_holds_off_another_until_it_ends(
    database: Database, threads: ThreadPoolExecutor
) -> None:
    held, release = Event(), Event()
    first = threads.submit(hold, database, "payment:1", held, release)
    assert held.wait(timeout=10)
    second = threads.submit(ask, database, "payment:1")
    sleep(0.3)
    assert not second.done()
    release.set()
    second.result(timeout=10)
    first.result(timeout=10)


def test_on_postgresql_another_name_is_not_held_off(
    postgresql_databases: PostgreSQLDatabases, threads: ThreadPoolExecutor
) -> None:
    url = postgresql_databases.migrated()
    held, release = Event(), Event()
    with closing(Database(url)) as database:
        first = threads.submit(hold, database, "payment:1", held, release)
        assert held.wait(timeout=10)
        threads.submit(ask, database, "payment:2").result(timeout=5)
        release.set()
        first.result(timeout=10)
    postgresql_databases.drop(url)


def insert_after_reading(connection: Connection, key: str) -> None:
    connection.execute(select(site)).all()
    sleep(0.05)
    connection.execute(insert(site), {"key": key, "value": "v"})


def test_writers_that_read_first_wait_too_and_do_not_fail(database: Database, threads: ThreadPoolExecutor) -> None:
    def write(key: str) -> None:
        with database.transaction() as connection:
            insert_after_reading(connection, key)

    done: list[Future[None]] = [threads.submit(write, str(number)) for number in range(WRITERS)]
    assert [future.exception(timeout=20) for future in done] == [None] * WRITERS
