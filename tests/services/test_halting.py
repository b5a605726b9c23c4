"""The emergency switch: turned once, on every node, written to the audit log, and what has been given is booked."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from campaigns.domain.people import Person, Role
from campaigns.services import backup, halting
from campaigns.services.giving import GivingPaused
from campaigns.services.jobs import run_jobs
from campaigns.services.restore import restore
from campaigns.services.showing import show_campaign, show_campaigns
from campaigns.storage import site, staff
from campaigns.storage.database import Database
from campaigns.storage.models import audit_log, letters, pledges
from tests.databases import Databases
from tests.gifts import zloty
from tests.world import FUND, World, a_site


def an_admin(world: World) -> Person:
    with world.database.transaction() as connection:
        number = staff.add(connection, "admin@example.org", "Ada", Role.ADMIN, "pl", world.clock())
    return Person(number, "admin@example.org", "Ada", Role.ADMIN, "pl")


def audited(database: Database) -> list[tuple[int | None, str]]:
    """Who did what."""
    with database.reading() as connection:
        rows = connection.execute(select(audit_log.c.staff_id, audit_log.c.action).order_by(audit_log.c.id))
        return [(row.staff_id, row.action) for row in rows]


def test_the_switch_is_turned_once_and_turned_back_once(world: World) -> None:
    admin = an_admin(world)
    assert halting.halted_since(world.database) is None
    assert [halting.halt(world.keys, admin), halting.halt(world.keys, None)] == [True, False]
    assert halting.halted_since(world.database) == world.clock().replace(microsecond=0)
    assert [halting.resume(world.keys, None), halting.resume(world.keys, admin)] == [True, False]
    assert halting.halted_since(world.database) is None
    assert audited(world.database) == [(admin.id, "site_halted"), (None, "site_resumed")]


def test_every_node_knows_at_once(world: World) -> None:
    with world.another_node() as node:
        halting.halt(world.keys, None)
        (view,) = show_campaigns(node.database, "pl", world.clock())
        assert view.halted
        assert not view.takes_gifts
        halting.resume(node, None)
    again = show_campaign(world.database, FUND, "pl", world.clock())
    assert again is not None
    assert again.takes_gifts


def test_no_gift_is_begun_and_the_same_form_is_good_afterwards(world: World) -> None:
    halting.halt(world.keys, None)
    with pytest.raises(GivingPaused):
        world.give(form="the same form")
    with world.database.reading() as connection:
        assert connection.execute(select(pledges)).all() == []
    halting.resume(world.keys, None)
    assert world.give(form="the same form").checkout_url


def test_a_form_that_has_opened_a_checkout_before_is_not_led_to_it(world: World) -> None:
    world.give(form="sent before")
    halting.halt(world.keys, None)
    with pytest.raises(GivingPaused):
        world.give(form="sent before")


def test_money_on_its_way_is_booked_all_the_same(world: World) -> None:
    page = world.opened("50")
    halting.halt(world.keys, None)
    world.bank.pay(page)
    world.tell()
    assert world.raised == zloty("50")
    assert world.is_right


def test_a_backup_of_a_halted_site_is_restored_halted(world: World, databases: Databases, tmp_path: Path) -> None:
    halting.halt(world.keys, None)
    backup.save(world.database, tmp_path / "backup.zip", world.clock())
    with a_site(databases.migrated()) as other:
        with other.database.transaction() as connection:
            site.settle_in(connection, site.World.DEMO)
        restore(other.database, tmp_path / "backup.zip")
        assert halting.halted_since(other.database) == world.clock().replace(microsecond=0)


def test_the_jobs_say_when_they_ran_at_most_once_a_minute(world: World) -> None:
    assert [run_jobs(world.keys, world.clock())["rounds noted"] for _ in range(2)] == [1, 0]
    with world.database.reading() as connection:
        assert site.jobs_ran_at(connection) == world.clock().replace(microsecond=0)
        assert connection.execute(select(letters)).all() == []
