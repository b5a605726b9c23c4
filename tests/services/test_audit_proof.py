"""Proving the audit log: whoever tampers with it in the database, past its guards, is found out, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, delete, insert, select, text, update

from campaigns.domain.money import Money
from campaigns.domain.pledge import Method
from campaigns.services.audit_proof import Fault, Proof, verify
from campaigns.services.audit_trail import Action, note
from campaigns.services.bookkeeping import book_offline_gift
from campaigns.services.closing import close_month
from campaigns.services.keys import Keys
from campaigns.services.sealing import BEGINNING
from campaigns.storage.models import audit_log
from tests.world import FUND, World

_LOG = audit_log.c


@pytest.fixture
def log(world: World) -> World:
    """A site whose audit log holds five records."""
    for number in range(1, 6):
        with world.database.transaction() as connection:
            note(connection, world.keys, None, Action.BOOKED, f"entry:{number}", f"{number}.00 PLN")
        world.clock.turn(timedelta(minutes=1))
    return world


def tamper(world: World, *statements: object) -> None:
    """Somebody with the database in hand takes the guards away, does this, and puts them back."""
    with world.database.transaction() as connection:
        guards = _take_guards_away(connection)
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]  # any statement
        for guard in guards:
            connection.execute(text(guard))


def _take_guards_away(connection: Connection) -> Sequence[str]:
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE audit_log DISABLE TRIGGER ALL"))
        return ["ALTER TABLE audit_log ENABLE TRIGGER ALL"]
    known = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_log'"
    guards = connection.execute(text(known)).all()
    for guard in guards:
        connection.execute(text(f"DROP TRIGGER {guard.name}"))
    return [guard.sql for guard in guards]


def row(world: World, number: int) -> dict[str, object]:
    with world.database.reading() as connection:
        return dict(connection.execute(select(audit_log).where(_LOG.id == number)).one()._mapping)


def found(world: World) -> tuple[Fault | None, int]:
    proof = verify(world.keys)
    return proof.fault, proof.number


def test_an_honest_log_holds_to_its_last_record(log: World) -> None:
    assert verify(log.keys) == Proof(5, str(row(log, 5)["seal"]))


def test_an_empty_log_holds(world: World) -> None:
    assert verify(world.keys) == Proof(0, BEGINNING)


@pytest.mark.parametrize(
    "change", [{"detail": "9.00 PLN"}, {"subject": "entry:9"}, {"action": "sign_in"}, {"seal": "0" * 64}], ids=str
)
@pytest.mark.parametrize("number", [1, 3, 5])
def test_a_record_that_was_changed_is_named(log: World, number: int, change: dict[str, str]) -> None:
    tamper(log, update(audit_log).where(_LOG.id == number).values(change))
    assert found(log) == (Fault.CHANGED, number)


def test_so_is_one_whose_time_was_changed(log: World) -> None:
    tamper(log, update(audit_log).where(_LOG.id == 2).values(at=log.clock() - timedelta(days=1)))
    assert found(log) == (Fault.CHANGED, 2)


def test_a_record_that_was_removed_leaves_a_gap(log: World) -> None:
    tamper(log, delete(audit_log).where(_LOG.id == 3))
    assert found(log) == (Fault.REMOVED, 4)


def test_a_gap_that_was_closed_by_new_numbers_is_found_all_the_same(log: World) -> None:
    tamper(log, delete(audit_log).where(_LOG.id == 3), *(
        update(audit_log).where(_LOG.id == number).values(id=number - 1) for number in (4, 5)
    ))  # fmt: skip
    assert found(log) == (Fault.CHANGED, 3)


def test_the_first_records_cannot_be_removed_either(log: World) -> None:
    tamper(log, delete(audit_log).where(_LOG.id <= 2))
    assert found(log) == (Fault.REMOVED, 3)


def test_a_record_that_was_put_in_is_named(log: World) -> None:
    tamper(log, insert(audit_log).values(row(log, 5) | {"id": 6, "detail": "60.00 PLN"}))
    assert found(log) == (Fault.CHANGED, 6)


def test_a_record_that_was_repeated_is_named(log: World) -> None:
    tamper(log, insert(audit_log).values(row(log, 5) | {"id": 6}))
    assert found(log) == (Fault.CHANGED, 6)


def test_two_records_that_changed_places_are_found_at_the_first(log: World) -> None:
    second, third = row(log, 2), row(log, 3)
    tamper(
        log,
        delete(audit_log).where(_LOG.id.in_([2, 3])),
        insert(audit_log).values(second | {"id": 3}),
        insert(audit_log).values(third | {"id": 2}),
    )
    assert found(log) == (Fault.CHANGED, 2)


def test_an_end_that_was_cut_off_is_found_by_a_head_that_was_noted(log: World) -> None:
    head = verify(log.keys).head
    tamper(log, delete(audit_log).where(_LOG.id >= 4))
    assert found(log) == (None, 0)  # the chain alone cannot tell
    assert verify(log.keys, head).fault is Fault.CUT


def test_a_head_that_was_noted_holds_for_ever(log: World) -> None:
    head = verify(log.keys).head
    with log.database.transaction() as connection:
        note(connection, log.keys, None, Action.SITE_HALTED)
    assert verify(log.keys, head).fault is None


def test_an_end_that_was_cut_off_is_found_by_a_month_that_is_closed(log: World) -> None:
    book_offline_gift(log.database, FUND, Money.of(5, "PLN"), Method.CASH, "pl", log.clock())
    log.clock.turn(timedelta(days=40))
    close_month(log.keys, None, "2026-11")
    assert verify(log.keys).fault is None
    tamper(log, delete(audit_log).where(_LOG.id >= 4))
    assert (verify(log.keys).fault, verify(log.keys).about) == (Fault.CUT, "2026-11")


def test_with_another_key_nothing_is_proved_nor_doubted(log: World) -> None:
    settings = replace(log.keys.settings, secret_key="another" * 8, former_secret_keys=())
    stranger = replace(log.keys, settings=settings)
    proof = verify(stranger)
    assert (proof.fault, proof.number, proof.about) == (Fault.UNKNOWN_KEY, 1, row(log, 1)["key_id"])


def test_after_a_change_of_keys_old_and_new_records_hold(log: World) -> None:
    before = log.keys.settings
    settings = replace(before, secret_key="another" * 8, former_secret_keys=(before.secret_key,))
    after: Keys = replace(log.keys, settings=settings)
    with log.database.transaction() as connection:
        note(connection, after, None, Action.SITE_HALTED)
    assert (verify(after).fault, verify(after).records) == (None, 6)


def test_what_is_no_record_at_all_is_found(log: World) -> None:
    if log.database.is_sqlite:  # PostgreSQL keeps nothing but moments there
        tamper(log, text("UPDATE audit_log SET at = 'yesterday' WHERE id = 3"))
        assert found(log) == (Fault.UNREADABLE, 2)
