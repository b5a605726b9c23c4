"""Limits against card testing: how many checkouts an address may start, and that no address is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from campaigns.services.giving import AmountOutOfRange
from campaigns.services.jobs import run_jobs
from campaigns.services.limiting import TooManyTries
from campaigns.storage.columns import metadata
from campaigns.storage.models import pledges, salts, tries
from tests.gifts import NOW
from tests.world import World, a_site, new_fund

HERE = "203.0.113.7"
MINUTE = timedelta(minutes=1)


def tries_kept(world: World) -> int:
    with world.database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(tries)) or 0


def give(world: World, times: int, address: str = HERE) -> None:
    for _ in range(times):
        world.give(address=address)


def refused(world: World, address: str = HERE) -> timedelta:
    """How long the address is asked to wait."""
    with pytest.raises(TooManyTries) as refusal:
        world.give(address=address)
    return refusal.value.retry_after


def test_the_sixth_try_in_ten_minutes_is_refused(world: World) -> None:
    give(world, 5)
    assert timedelta(minutes=10) <= refused(world) <= timedelta(minutes=11)
    world.clock.turn(timedelta(minutes=11))
    give(world, 1)


def test_whoever_waits_as_long_as_told_may_try_again(world: World) -> None:
    give(world, 5)
    world.clock.turn(refused(world))
    give(world, 1)


def test_the_eleventh_try_in_a_day_is_refused(world: World) -> None:
    for _ in range(2):
        give(world, 5)
        world.clock.turn(timedelta(minutes=11))
    assert timedelta(hours=23) < refused(world) < timedelta(hours=24)
    world.clock.turn(timedelta(hours=24))
    give(world, 5)


def test_a_refusal_keeps_neither_pledge_nor_try(world: World) -> None:
    give(world, 5)
    refused(world)
    assert tries_kept(world) == 5
    with world.database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(pledges)) == 5


def test_only_a_checkout_counts_as_a_try(world: World) -> None:
    for _ in range(6):
        with pytest.raises(AmountOutOfRange):
            world.give("1", address=HERE)
        world.give(form="the same form", address=HERE)
    assert tries_kept(world) == 1


def test_another_address_has_its_own_tries(world: World) -> None:
    give(world, 5)
    give(world, 1, "203.0.113.8")


def test_a_household_on_ipv6_is_one_address(world: World) -> None:
    for number in range(5):
        give(world, 1, f"2001:db8:1:2::{number}")
    refused(world, "2001:db8:1:2:ffff:ffff:ffff:ffff")
    give(world, 1, "2001:db8:1:3::1")


def test_ipv4_in_the_clothes_of_ipv6_is_the_same_address(world: World) -> None:
    give(world, 3)
    give(world, 2, f"::ffff:{HERE}")
    refused(world)


def test_donors_whose_address_nobody_knows_share_their_tries(world: World) -> None:
    give(world, 3, "-")
    give(world, 2, "@")
    refused(world, "-")


def test_midnight_forgives_nothing(world: World) -> None:
    world.clock.moment = NOW.replace(hour=23, minute=59, second=50)
    give(world, 5)
    world.clock.turn(timedelta(seconds=20))
    run_jobs(world.keys, world.clock())
    refused(world)


def test_limits_are_what_the_settings_say(database_url: str) -> None:
    with a_site(database_url, GIVE_LIMITS="1/1m") as strict:
        new_fund(strict.database)
        give(strict, 1)
        refused(strict)


def test_no_address_stands_anywhere_in_the_database(world: World) -> None:
    give(world, 1)
    give(world, 1, "2001:db8:1:2::7")
    with world.database.reading() as connection:
        kept = "\n".join(str(row) for table in metadata.sorted_tables for row in connection.execute(select(table)))
    assert "legal-travel-fund" in kept
    for trace in (HERE, "203.0.113", "2001:db8", "2001:0db8", "db8:1:2"):
        assert trace not in kept


def test_a_try_does_not_share_its_moment_with_the_pledge(world: World) -> None:
    give(world, 1)
    with world.database.reading() as connection:
        assert connection.scalar(select(tries.c.tried_at)) != connection.scalar(select(pledges.c.created_at))
        assert connection.scalar(select(tries.c.tried_at)) == NOW.replace(second=0, microsecond=0) + MINUTE


def test_after_a_day_nothing_of_a_try_is_left(world: World) -> None:
    give(world, 2)
    world.clock.turn(timedelta(hours=23))
    assert run_jobs(world.keys, world.clock())["tries forgotten"] == 0
    world.clock.turn(timedelta(hours=1) + MINUTE)
    assert run_jobs(world.keys, world.clock())["tries forgotten"] == 2
    world.clock.turn(timedelta(days=1))
    run_jobs(world.keys, world.clock())
    with world.database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(salts)) == 0


def test_each_day_has_a_salt_of_its_own(world: World) -> None:
    give(world, 1)
    world.clock.turn(timedelta(days=1))
    give(world, 1)
    with world.database.reading() as connection:
        hashes = connection.scalars(select(tries.c.address_hash)).all()
    assert len(set(hashes)) == 2
