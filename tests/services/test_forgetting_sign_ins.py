"""What can let nobody in any more is deleted: old sign-ins, used tokens, links that are over."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from campaigns.domain.people import Person, Role
from campaigns.services import halfway, invitations, sessions
from campaigns.services.halfway import Half
from campaigns.services.jobs import run_jobs
from campaigns.storage import staff
from campaigns.storage.models import sessions as sessions_table
from campaigns.storage.models import spent, staff_links
from tests.world import World

HOUR = timedelta(hours=1)


def much_to_forget(world: World) -> None:
    """A sign-in, half of one that was used, and an invitation."""
    with world.database.transaction() as connection:
        number = staff.add(connection, "t@example.org", "Teresa", Role.TREASURER, "pl", world.clock())
        person = Person(number, "t@example.org", "Teresa", Role.TREASURER, "pl")
        sessions.begin(connection, person, world.clock())
        halfway.spend(connection, Half.of(None, world.clock()))
        invitations.invite(connection, world.keys, person, None)


def forgotten(world: World, after: timedelta) -> tuple[int, int, int]:
    """How many sign-ins, tokens and links are left when the jobs have run."""
    world.clock.turn(after)
    assert run_jobs(world.keys, world.clock())["sign ins forgotten"] >= 0
    with world.database.reading() as connection:
        left = [connection.scalar(select(func.count()).select_from(t)) for t in (sessions_table, spent, staff_links)]
    return left[0] or 0, left[1] or 0, left[2] or 0


def test_each_goes_when_its_time_is_over_and_not_before(world: World) -> None:
    much_to_forget(world)
    assert forgotten(world, timedelta()) == (1, 1, 1)
    assert forgotten(world, 7 * HOUR) == (1, 0, 1)
    assert forgotten(world, 2 * HOUR) == (0, 0, 1)
    assert forgotten(world, 63 * HOUR) == (0, 0, 0)
