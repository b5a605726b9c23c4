"""Limits on guessing, by which no stranger can lock anybody out."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import func, select

from campaigns.domain.people import Person, Role
from campaigns.services import halfway, one_time_codes, passwords, sign_in
from campaigns.services.halfway import Worthless
from campaigns.services.limiting import TooManyTries
from campaigns.services.sign_in import Entry, Half, Step, Wrong
from campaigns.storage import credentials, staff
from campaigns.storage.columns import metadata
from campaigns.storage.models import tries
from tests.world import World, a_site

PASSWORD, GUESS = "trzy konie i rower", "hulajnoga i kot"
HOME = "203.0.113.7"
HASH = passwords.hashed(PASSWORD)
HALF_A_MINUTE, TEN_MINUTES = timedelta(seconds=30), timedelta(minutes=11)


class Door:
    """A site with one treasurer, who has an app, and strangers who guess."""

    def __init__(self, world: World, role: Role = Role.TREASURER) -> None:
        self.world = world
        self.app = pyotp.random_base32()
        self.codes: list[str] = []
        self.person = self._somebody(role)

    def _somebody(self, role: Role) -> Person:
        keys, email = self.world.keys, "teresa@example.org"
        with keys.database.transaction() as connection:
            number = staff.add(connection, email, "Teresa", role, "pl", keys.now())
            person = Person(number, email, "Teresa", role, "pl")
            credentials.set_password(connection, number, HASH)
            if person.needs_second_factor:
                credentials.set_totp(connection, number, keys.vault.seal(self.app), None)
                self.codes = one_time_codes.renew_recovery_codes(connection, keys, person)
        return person

    def tries(self, password: str, address: str = HOME, email: str = "teresa@example.org") -> Half | None:
        return sign_in.check_password(self.world.keys, email, password, address)

    def must(self, password: str = PASSWORD, address: str = HOME) -> Half:
        half = self.tries(password, address)
        assert half is not None
        return half

    def besiege(self, strangers: int = 10, email: str = "teresa@example.org") -> None:
        """So many strangers guess once, each from elsewhere; the slow comparing of passwords is left out."""
        with self.world.database.transaction() as connection:
            for number in range(strangers):
                sign_in._count_password(connection, email, f"198.51.100.{number}", self.world.clock())

    def proves(self, half: Half, code: str | None = None, address: str = HOME) -> Entry:
        return sign_in.prove(self.world.keys, half.token, code or self.code, address)

    def guesses_codes(self, times: int) -> None:
        """Somebody who has the password tries codes, each time from elsewhere."""
        half = self.must()
        for number in range(times):
            with suppress(Wrong):
                self.proves(half, "000000", f"192.0.2.{number}")

    @property
    def code(self) -> str:
        return one_time_codes.shown(self.app, self.world.clock())

    @property
    def counted(self) -> int:
        with self.world.database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(tries)) or 0


@pytest.fixture
def door(sqlite_url: str) -> Iterator[Door]:
    with a_site(sqlite_url) as site:
        yield Door(site)


@pytest.fixture
def editors_door(sqlite_url: str) -> Iterator[Door]:
    with a_site(sqlite_url) as site:
        yield Door(site, Role.EDITOR)


@pytest.fixture
def door_on_each(world: World) -> Door:
    """On each kind of database."""
    return Door(world)


def test_an_address_guesses_ten_times_at_an_account_and_is_told_how_long_to_wait(door: Door) -> None:
    for _ in range(10):
        assert door.tries(GUESS) is None
    with pytest.raises(TooManyTries) as refused:
        door.tries(PASSWORD)
    assert timedelta(minutes=10) <= refused.value.retry_after <= timedelta(minutes=11)
    door.world.clock.turn(refused.value.retry_after)
    assert door.tries(PASSWORD) is not None


def test_an_account_that_does_not_exist_has_the_same_limit(door: Door) -> None:
    for _ in range(10):
        assert door.tries(GUESS, email="nobody@example.org") is None
    with pytest.raises(TooManyTries):
        door.tries(GUESS, email="nobody@example.org")


def test_an_address_guesses_twenty_times_in_all(door: Door) -> None:
    with door.world.database.transaction() as connection:
        for number in range(20):
            sign_in._count_password(connection, f"n{number}@example.org", HOME, door.world.clock())
    with pytest.raises(TooManyTries):
        door.tries(PASSWORD)
    assert door.tries(PASSWORD, "203.0.113.8") is not None


def test_a_household_on_ipv6_guesses_as_one_address(door: Door) -> None:
    for number in range(10):
        door.tries(GUESS, f"2001:db8:1:2::{number}")
    with pytest.raises(TooManyTries):
        door.tries(GUESS, "2001:db8:1:2:ffff::1")


def test_right_passwords_count_for_nothing(door: Door) -> None:
    for _ in range(11):
        assert door.tries(PASSWORD) is not None
    assert door.counted == 0


def test_strangers_at_the_same_moment_are_counted_each(door_on_each: Door) -> None:
    door = door_on_each

    def guess(_number: int) -> bool:
        with suppress(TooManyTries):
            return door.tries(GUESS) is None
        return False

    with ThreadPoolExecutor(4) as strangers:
        assert sum(strangers.map(guess, range(14))) == 10


def test_a_besieged_account_lets_its_owner_in(door_on_each: Door) -> None:
    door = door_on_each
    for number in range(10):
        assert door.tries(GUESS, f"198.51.100.{number}") is None
    assert door.tries(GUESS, "198.51.100.10") is not None, "besieged"
    half = door.must()
    assert half.step is Step.CODE
    assert door.proves(half).person == door.person


def test_while_an_account_is_besieged_nobody_learns_whether_a_password_is_right(door: Door) -> None:
    door.besiege()
    right, wrong = door.must(PASSWORD, "192.0.2.1"), door.must(GUESS, "192.0.2.2")
    assert (right.step, right.person, len(right.token)) == (wrong.step, wrong.person, len(wrong.token))
    for half in (right, wrong):
        with pytest.raises(Wrong):
            door.proves(half, "000000")


def test_a_right_code_does_not_mend_a_wrong_password(door: Door) -> None:
    door.besiege()
    with pytest.raises(Wrong):
        door.proves(door.must(GUESS))


def test_an_account_that_does_not_exist_is_besieged_in_the_same_way(door: Door) -> None:
    door.besiege(10, "nobody@example.org")
    half = door.tries(GUESS, email="nobody@example.org")
    assert half is not None
    assert (half.step, half.person) == (Step.CODE, None)
    with pytest.raises(Wrong):
        door.proves(half)


def test_a_siege_ends_by_itself(door: Door) -> None:
    door.besiege()
    assert door.tries(GUESS) is not None
    door.world.clock.turn(TEN_MINUTES)
    assert door.tries(GUESS) is None


def test_an_editor_who_is_besieged_is_let_in_by_a_new_password(editors_door: Door) -> None:
    door = editors_door
    door.besiege()
    assert door.must().step is Step.CODE
    with door.world.database.reading() as connection:
        shown = staff.by_id(connection, door.person.id)
    half = sign_in.half_of(door.world.keys, shown, second=False)
    assert sign_in.enter(door.world.keys, half.token).person == door.person


def test_whoever_has_the_password_tries_few_codes(door: Door) -> None:
    door.guesses_codes(10)
    with pytest.raises(Wrong):
        door.proves(door.must())


def test_the_owner_comes_in_all_the_same_with_a_recovery_code(door: Door) -> None:
    door.guesses_codes(15)
    assert door.proves(door.must(), door.codes[0]).person == door.person


def test_the_owner_comes_in_all_the_same_after_a_new_password(door: Door) -> None:
    door.guesses_codes(15)
    with door.world.database.transaction() as connection:
        credentials.set_password(connection, door.person.id, passwords.hashed(GUESS))
    assert door.proves(door.must(GUESS)).person == door.person


def test_codes_are_tried_fifty_times_in_a_day(door: Door) -> None:
    for _ in range(6):
        door.guesses_codes(10)
        door.world.clock.turn(TEN_MINUTES)
    with pytest.raises(Wrong):
        door.proves(door.must())
    door.world.clock.turn(timedelta(hours=24))
    assert door.proves(door.must()).person == door.person


def test_an_address_tries_twenty_codes_and_is_told_how_long_to_wait(door: Door) -> None:
    half = door.must()
    for _ in range(20):
        with pytest.raises(Wrong):
            door.proves(half, "000000")
    with pytest.raises(TooManyTries):
        door.proves(half)


def test_right_codes_count_for_nothing(door: Door) -> None:
    for _ in range(11):
        door.proves(door.must())
        door.world.clock.turn(HALF_A_MINUTE)
    assert door.counted == 0


def test_guessing_within_a_stolen_session_is_counted_too(door: Door) -> None:
    entry = door.proves(door.must())
    with door.world.database.reading() as connection:
        (session,) = staff.sessions_of(connection, entry.person.id)
    for _ in range(10):
        with pytest.raises(Wrong):
            sign_in.prove_again(door.world.keys, session, GUESS, "", HOME)
    with pytest.raises(TooManyTries):
        sign_in.prove_again(door.world.keys, session, PASSWORD, door.code, HOME)


def test_neither_address_nor_account_can_be_read_where_tries_are_counted(door: Door) -> None:
    door.tries(GUESS)
    door.tries(GUESS, email="nobody@example.org")
    with door.world.database.reading() as connection:
        kept = "\n".join(str(row) for table in metadata.sorted_tables for row in connection.execute(select(table)))
    assert HOME not in kept
    assert "nobody" not in kept


def test_whoever_has_the_password_sets_up_no_app_beside_the_first(door: Door) -> None:
    keys, half = door.world.keys, door.must()
    offer = one_time_codes.offer(keys, door.person)
    with pytest.raises(Worthless):
        sign_in.person_behind(keys, half.token)
    with pytest.raises(Worthless):
        sign_in.set_up(keys, half.token, offer.sealed, one_time_codes.shown(offer.secret, keys.now()))
    assert door.proves(half).person == door.person


def test_whoever_needs_a_second_factor_does_not_enter_without(door: Door) -> None:
    half = door.must()
    with pytest.raises(Worthless):
        sign_in.enter(door.world.keys, half.token)


def test_nobody_s_half_of_a_sign_in_is_nobody_s(door: Door) -> None:
    keys = door.world.keys
    half = halfway.read(sign_in.half_of(keys, None, second=True).token, keys)
    with keys.database.reading() as connection:
        assert halfway.credentials(connection, half) is None
