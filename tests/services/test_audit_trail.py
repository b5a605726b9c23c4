"""The audit trail: only added to, chained, part of the deed's own transaction, and free of anybody's name."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from campaigns.domain.people import Person, Role
from campaigns.services.audit_trail import PURPOSE, Action, note, serialised
from campaigns.services.sealing import BEGINNING, Seals
from campaigns.storage import audit_log as log
from campaigns.storage import staff
from campaigns.storage.models import audit_log
from tests.gifts import NOW
from tests.world import World


def a_treasurer(world: World) -> Person:
    with world.database.transaction() as connection:
        number = staff.add(connection, "t@example.org", "Teresa", Role.TREASURER, "pl", world.clock())
    return Person(number, "t@example.org", "Teresa", Role.TREASURER, "pl")


def noted(world: World, *deeds: tuple[Action, str], person: Person | None = None) -> None:
    for action, subject in deeds:
        with world.database.transaction() as connection:
            note(connection, world.keys, person, action, subject)


def records(world: World) -> list[log.SealedRecord]:
    with world.database.snapshot() as connection:
        return list(log.all_records(connection))


def holds(world: World) -> bool:
    """Whether every record bears the seal that it and the one before it give."""
    before, seals = BEGINNING, Seals.of(world.keys.settings, PURPOSE)
    for each in records(world):
        if each.seal != seals.seal(before, serialised(each.record), each.key_id):
            return False
        before = each.seal
    return True


def test_who_did_what_and_when_is_written_down(world: World) -> None:
    person = a_treasurer(world)
    noted(world, (Action.BOOKED, "entry:1"), person=person)
    (found,) = records(world)
    assert found.record == log.Record(world.clock(), person.id, "booked", "entry:1", "")


def test_the_chain_holds_from_the_first_record_to_the_last(world: World) -> None:
    noted(world, (Action.BOOKED, "entry:1"), (Action.REVERSED, "entry:1"), (Action.MONTH_CLOSED, "2026-10"))
    assert holds(world)
    assert len({each.seal for each in records(world)}) == 3


def test_a_deed_that_fails_leaves_no_record(world: World) -> None:
    person = Person(99, "nobody@example.org", "Nobody", Role.TREASURER, "pl")
    with pytest.raises(IntegrityError):
        noted(world, (Action.BOOKED, "entry:1"), person=person)
    assert records(world) == []


@pytest.mark.parametrize(
    "change",
    [
        update(audit_log).values(detail="nothing happened"),
        update(audit_log).values(seal="0" * 64),
        update(audit_log).values(staff_id=None),
        delete(audit_log),
        delete(audit_log).where(audit_log.c.id == 2),
    ],
    ids=["a detail", "a seal", "a person", "all", "one"],
)
def test_nothing_in_it_is_changed_or_deleted(world: World, change: object) -> None:
    noted(world, (Action.BOOKED, "entry:1"), (Action.REVERSED, "entry:1"), person=a_treasurer(world))
    before = records(world)
    with pytest.raises(DBAPIError), world.database.transaction() as connection:
        connection.execute(change)  # type: ignore[call-overload]  # any of the statements above
    assert records(world) == before


def test_not_even_by_replacing_a_record(world: World) -> None:
    noted(world, (Action.BOOKED, "entry:1"))
    (before,) = records(world)
    row = {"id": before.number, "at": world.clock(), "staff_id": None, "action": "sign_in", "subject": "",
           "detail": "", "key_id": before.key_id, "seal": before.seal}  # fmt: skip
    statement = insert(audit_log).prefix_with("OR REPLACE", dialect="sqlite")
    with pytest.raises(DBAPIError), world.database.transaction() as connection:
        connection.execute(statement, row)
    assert records(world) == [before]


def test_nor_by_emptying_the_table(world: World) -> None:
    noted(world, (Action.BOOKED, "entry:1"))
    emptying = "DELETE FROM audit_log" if world.database.is_sqlite else "TRUNCATE audit_log"
    with pytest.raises(DBAPIError), world.database.transaction() as connection:
        connection.execute(text(emptying))
    assert len(records(world)) == 1


def test_of_several_who_write_at_once_each_is_chained_to_another(world: World) -> None:
    def write() -> None:
        noted(world, *((Action.BOOKED, f"entry:{number}") for number in range(5)))

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(records(world)) == 20
    assert holds(world)


def test_the_last_seal_is_what_the_next_record_is_chained_to(world: World) -> None:
    with world.database.transaction() as connection:
        assert log.last_seal(connection) is None
    noted(world, (Action.BOOKED, "entry:1"))
    with world.database.transaction() as connection:
        assert log.last_seal(connection) == records(world)[-1].seal


def test_what_is_sealed_is_the_same_bytes_on_every_database(world: World) -> None:
    noted(world, (Action.SITE_HALTED, ""))
    record = log.Record(world.clock(), None, "site_halted", "", "")
    assert serialised(records(world)[0].record) == serialised(record)
    assert serialised(record) == b'[1, "2026-11-22T15:30:12.345678+00:00", null, "site_halted", "", ""]'


@pytest.mark.parametrize(
    "change",
    [{"at": NOW.replace(microsecond=0)}, {"staff_id": 4}, {"staff_id": None}, {"action": "reversed"},
     {"subject": "entry:2"}, {"detail": "by entry 3"}],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_nothing_in_a_record_can_be_changed_under_its_seal(change: dict[str, object]) -> None:
    record = log.Record(NOW, 3, "booked", "entry:1", "by entry 2")
    assert serialised(replace(record, **change)) != serialised(record)  # type: ignore[arg-type]  # fields of Record
