"""A closed month: sealed once, told to treasurers, and nothing is booked in it any more, whoever tries."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from campaigns.domain.accounts import BANK, CASH
from campaigns.domain.by_hand import entry_by_hand
from campaigns.domain.ledger import EntryKind
from campaigns.domain.people import Role
from campaigns.services.closing import CannotClose, Why, close_month, next_to_close
from campaigns.services.dating import BadDay, dated
from campaigns.storage import audit_log, books, tray
from campaigns.storage.books import Voucher
from campaigns.storage.models import entries, letters
from campaigns.storage.tray import LetterKind
from tests.closed_months import NOVEMBER, OCTOBER, a_treasurer, close, faults, gifts, two_months
from tests.gifts import zloty
from tests.world import World


def why(world: World, month: str) -> Why:
    with pytest.raises(CannotClose) as refused:
        close_month(world.keys, None, month)
    return refused.value.why


def test_months_are_closed_one_after_the_other_and_chained(world: World) -> None:
    two_months(world)
    september, october = close(world, "2026-09", "2026-10")
    assert (september.entries, september.last_number) == (3, 3)
    assert (october.entries, october.last_number) == (3, 6)
    assert september.head != october.head
    assert faults(world) == []


def test_only_the_earliest_open_month_is_closed_and_only_when_it_is_over(world: World) -> None:
    two_months(world)
    assert why(world, "2026-10") is Why.NOT_NEXT
    close(world, "2026-09")
    assert why(world, "2026-09") is Why.CLOSED
    close(world, "2026-10")
    assert why(world, "2026-11") is Why.NOT_OVER


def test_a_month_is_over_when_it_is_over_in_poland(world: World) -> None:
    two_months(world)
    close(world, "2026-09")
    world.clock.moment = datetime(2026, 10, 31, 22, 59, 59, tzinfo=UTC)
    assert why(world, "2026-10") is Why.NOT_OVER
    world.clock.turn(timedelta(seconds=1))
    close(world, "2026-10")


def test_a_month_in_which_nothing_is_booked_is_closed_with_the_next_one(world: World) -> None:
    gifts(world, datetime(2026, 7, 1, tzinfo=UTC), "5")
    two_months(world)
    close(world, "2026-07")
    with world.database.reading() as connection:
        assert next_to_close(connection) == "2026-09"
    assert why(world, "2026-08") is Why.NOT_NEXT
    assert close(world, "2026-09")[0].entries == 3


def test_nothing_is_booked_in_a_closed_month_even_by_the_program_itself(world: World) -> None:
    two_months(world)
    close(world, "2026-09", "2026-10")
    entry = entry_by_hand(EntryKind.TRANSFER, "hand:1", zloty("5"), BANK, CASH)
    for day in (date(2026, 8, 1), date(2026, 10, 31)):
        with pytest.raises(IntegrityError), world.database.transaction() as connection:
            books.book(connection, entry, world.clock(), Voucher(day=day))
    assert faults(world) == []


def test_late_matters_go_into_the_earliest_open_month_and_say_so(world: World) -> None:
    two_months(world)
    close(world, "2026-09", "2026-10")
    with world.database.reading() as connection:
        assert dated(connection, date(2026, 9, 3), NOVEMBER) == (date(2026, 11, 1), date(2026, 9, 3))
        assert dated(connection, date(2026, 10, 31), NOVEMBER) == (date(2026, 11, 1), date(2026, 10, 31))
        assert dated(connection, date(2026, 11, 1), NOVEMBER) == (date(2026, 11, 1), None)


def test_nothing_is_booked_for_a_day_that_has_not_come_in_poland(world: World) -> None:
    midnight = datetime(2026, 11, 4, 23, 0, tzinfo=UTC)
    with world.database.reading() as connection:
        assert dated(connection, date(2026, 11, 5), midnight) == (date(2026, 11, 5), None)
        with pytest.raises(BadDay):
            dated(connection, date(2026, 11, 5), midnight - timedelta(seconds=1))
        with pytest.raises(BadDay):
            dated(connection, date(1999, 12, 31), midnight)


def test_money_at_the_provider_always_falls_into_the_open_month(world: World) -> None:
    world.clock.moment = OCTOBER
    payment = world.gave("50")
    world.clock.moment = NOVEMBER
    close(world, "2026-10")
    world.bank.refund(payment, zloty("20"), "late")
    world.tell()
    with world.database.reading() as connection:
        days = connection.execute(select(entries.c.kind, entries.c.day).order_by(entries.c.id)).all()
    assert [tuple(row) for row in days] == [("gift", date(2026, 10, 20)), ("refund", date(2026, 11, 5))]
    assert world.is_right


def test_every_treasurer_is_told_the_head_and_nobody_else_is(world: World) -> None:
    two_months(world)
    told = [a_treasurer(world, "a@example.org").id, a_treasurer(world, "b@example.org").id]
    a_treasurer(world, "c@example.org", Role.AUDITOR)
    (closed,) = close(world, "2026-09")
    with world.database.reading() as connection:
        found = connection.execute(select(letters).where(letters.c.kind == LetterKind.CLOSING)).all()
        assert tray.waiting(connection) == 2
    assert [row.staff_id for row in found] == told
    assert {world.keys.vault.open(row.secret) for row in found} == {f"2026-09 {closed.head}"}


def test_closing_is_written_into_the_audit_log_with_its_head(world: World) -> None:
    two_months(world)
    person = a_treasurer(world)
    closed = close_month(world.keys, person, "2026-09", "with 1 fault")
    with world.database.reading() as connection:
        (record,) = audit_log.of_action(connection, "month_closed")
    assert (record.staff_id, record.subject) == (person.id, "month:2026-09")
    assert record.detail == f"3 entries, head {closed.head} with 1 fault"
