"""Closing while others book, on each kind of database: what is in a closed month is sealed, whoever came first."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Event
from time import sleep

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from campaigns.domain.accounts import BANK, CASH
from campaigns.domain.by_hand import entry_by_hand
from campaigns.domain.ledger import EntryKind
from campaigns.services.closing import CannotClose, close_month
from campaigns.services.dating import dated
from campaigns.storage import books
from campaigns.storage.books import Voucher
from campaigns.storage.database import Connection
from campaigns.storage.models import chain, closings
from tests.closed_months import close, faults, two_months
from tests.gifts import zloty
from tests.world import World

LAST = date(2026, 10, 31)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(6) as pool:
        yield pool


@pytest.fixture
def autumn(world: World) -> World:
    """September is closed, October is over and open."""
    two_months(world)
    close(world, "2026-09")
    return world


def transfer(connection: Connection, world: World, effect: str, wished: date = LAST) -> int:
    """Books a transfer under this day, or under the one that it may have."""
    day, late_for = dated(connection, wished, world.clock())
    entry = entry_by_hand(EntryKind.TRANSFER, effect, zloty("5"), BANK, CASH)
    return books.book(connection, entry, world.clock(), Voucher(day=day, late_for=late_for))


def sealed(world: World) -> set[int]:
    with world.database.reading() as connection:
        return set(connection.scalars(select(chain.c.entry_id)))


def test_a_booking_that_has_begun_is_waited_for_and_sealed(autumn: World, threads: ThreadPoolExecutor) -> None:
    booked, release = Event(), Event()

    def slow() -> int:
        with autumn.database.transaction() as connection:
            number = transfer(connection, autumn, "hand:slow")
            booked.set()
            assert release.wait(timeout=10)
            return number

    first = threads.submit(slow)
    assert booked.wait(timeout=10)
    second = threads.submit(close_month, autumn.keys, None, "2026-10")
    sleep(0.3)
    assert not second.done()
    release.set()
    assert second.result(timeout=10).entries == 4
    assert first.result(timeout=10) in sealed(autumn)
    assert faults(autumn) == []


def test_a_booking_that_asked_before_the_closing_and_writes_after_it_is_not_in_the_month(
    autumn: World, threads: ThreadPoolExecutor
) -> None:
    asked, release = Event(), Event()

    def late() -> None:
        with autumn.database.transaction() as connection:
            dated(connection, LAST, autumn.clock())
            asked.set()
            assert release.wait(timeout=10)
            entry = entry_by_hand(EntryKind.TRANSFER, "hand:late", zloty("5"), BANK, CASH)
            books.book(connection, entry, autumn.clock(), Voucher(day=LAST))

    first = threads.submit(late)
    assert asked.wait(timeout=10)
    second = threads.submit(close_month, autumn.keys, None, "2026-10")
    sleep(0.3)
    release.set()
    entries = second.result(timeout=10).entries
    refused = isinstance(first.exception(timeout=10), IntegrityError)
    assert entries == (3 if refused else 4)
    assert refused is not autumn.database.is_sqlite  # there, who has begun to write is waited for
    assert faults(autumn) == []


def test_while_a_month_is_closed_others_go_on_booking_and_land_on_one_side_or_the_other(
    autumn: World, threads: ThreadPoolExecutor
) -> None:
    def one(number: int) -> bool:
        try:
            with autumn.database.transaction() as connection:
                return transfer(connection, autumn, f"hand:{number}") > 0
        except IntegrityError:
            return False  # closed between the question and the entry; whoever asks again gets the open month

    bookings = [threads.submit(one, number) for number in range(20)]
    closing = threads.submit(close_month, autumn.keys, None, "2026-10")
    bookings += [threads.submit(one, number) for number in range(20, 40)]
    assert any(booking.result(timeout=30) for booking in bookings)
    assert closing.result(timeout=30).entries >= 3
    assert faults(autumn) == []


def test_two_nodes_that_close_at_once_close_once(autumn: World, threads: ThreadPoolExecutor) -> None:
    def attempt(_: int) -> bool:
        try:
            with autumn.another_node() as keys:
                return close_month(keys, None, "2026-10").entries == 3
        except CannotClose:
            return False

    assert sorted(threads.map(attempt, range(4))) == [False, False, False, True]
    with autumn.database.reading() as connection:
        assert len(connection.scalars(select(closings.c.month)).all()) == 2
    assert faults(autumn) == []


def test_at_midnight_a_notice_is_booked_on_one_side_of_the_closing(autumn: World) -> None:
    """A node whose clock is behind may still book October when another has closed it: it is told to try again."""
    payment = autumn.opened("50")
    close(autumn, "2026-10")
    autumn.clock.moment -= timedelta(days=10)
    autumn.bank.pay(payment)
    with pytest.raises(IntegrityError):
        autumn.tell()
    autumn.clock.turn(timedelta(days=10))
    autumn.deliver(autumn.told)
    assert autumn.raised == zloty("330")
    assert faults(autumn) == []
