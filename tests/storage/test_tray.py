"""Letters wait in the tray, one sender at a time takes one, and what became of them is written down once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select

from campaigns.storage import tray
from campaigns.storage.database import Database
from campaigns.storage.models import letters
from campaigns.storage.tray import Letter, LetterKind, LetterState
from tests.gifts import NOW

UNTIL = NOW + timedelta(minutes=30)


def put(database: Database, *keys: str) -> None:
    for age, key in enumerate(keys):
        with database.transaction() as connection:
            tray.put(connection, LetterKind.ALERT, key, "pl", NOW - timedelta(hours=1) + timedelta(seconds=age))


def claim(database: Database, after: timedelta = timedelta(0)) -> Letter | None:
    with database.transaction() as connection:
        return tray.claim(connection, NOW + after, UNTIL + after)


def must_claim(database: Database, after: timedelta = timedelta(0)) -> Letter:
    letter = claim(database, after)
    assert letter is not None
    return letter


def states(database: Database) -> dict[str, str]:
    with database.reading() as connection:
        return {row.key: row.state for row in connection.execute(select(letters))}


def test_the_same_letter_is_put_into_the_tray_once(database: Database) -> None:
    put(database, "one", "one", "two")
    assert states(database) == {"one": "waiting", "two": "waiting"}


def test_a_letter_exists_only_if_what_it_tells_of_does(database: Database) -> None:
    with suppress(ZeroDivisionError), database.transaction() as connection:
        tray.put(connection, LetterKind.ALERT, "one", "pl", NOW)
        raise ZeroDivisionError
    assert states(database) == {}


def test_the_letter_that_waited_longest_is_taken_first_and_by_one_sender_only(database: Database) -> None:
    put(database, "one", "two")
    assert [must_claim(database).key, must_claim(database).key] == ["one", "two"]
    assert claim(database) is None


def test_a_letter_is_not_taken_before_its_time(database: Database) -> None:
    with database.transaction() as connection:
        tray.put(connection, LetterKind.ALERT, "later", "pl", NOW + timedelta(minutes=1))
    assert claim(database) is None
    with database.reading() as connection:
        assert not tray.is_any_due(connection, NOW)
        assert tray.is_any_due(connection, NOW + timedelta(minutes=1))
        assert tray.waiting(connection) == 1


def test_many_senders_at_once_never_take_the_same_letter(database: Database) -> None:
    put(database, *(f"letter-{number}" for number in range(40)))
    with ThreadPoolExecutor(4) as senders:
        taken = [letter.key for letter in senders.map(lambda _: claim(database), range(60)) if letter]
    taken += [letter.key for letter in iter(lambda: claim(database), None)]
    assert sorted(taken) == sorted(f"letter-{number}" for number in range(40))


def test_a_sender_that_dies_leaves_its_letter_to_another(database: Database) -> None:
    put(database, "one")
    assert must_claim(database).attempts == 1
    again = must_claim(database, after=timedelta(minutes=30))
    assert (again.key, again.attempts) == ("one", 2)


def test_a_slow_sender_does_not_put_back_what_another_has_taken_since(database: Database) -> None:
    put(database, "one")
    slow = must_claim(database)
    must_claim(database, after=timedelta(minutes=30))
    with database.transaction() as connection:
        tray.postpone(connection, slow, NOW)
    assert claim(database, after=timedelta(minutes=31)) is None


@pytest.mark.parametrize("fate", [LetterState.SENT, LetterState.UNDELIVERABLE, LetterState.DROPPED])
def test_a_settled_letter_keeps_its_fate_and_is_never_taken_again(database: Database, fate: LetterState) -> None:
    put(database, "one")
    letter = must_claim(database)
    with database.transaction() as connection:
        tray.settle(connection, letter, fate, NOW)
        tray.settle(connection, letter, LetterState.UNDELIVERABLE, NOW)
        tray.postpone(connection, letter, NOW)
    assert states(database) == {"one": fate.value}
    assert claim(database, after=timedelta(days=365)) is None
