"""What a database remembers of the site: whether its money is play money, whether it is halted, when it last worked."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import Connection, bindparam, delete, exists, insert, select, update

from campaigns.storage.models import site
from campaigns.storage.once import Once

_WORLD = "world"
_HALTED = "halted_at"
_JOBS = "jobs_ran_at"

_VALUE = select(site.c.value).where(site.c.key == bindparam("wanted"))
_ADD = Once(site, "key")

# A column for the queries of public pages: so they know whether the site is halted without a question of its own.
IS_HALTED = exists(site.c.key).where(site.c.key == _HALTED).label("halted")


class World(StrEnum):
    """Real money and play money never share a database."""

    DEMO = "demo"
    LIVE = "live"


def world(connection: Connection) -> World | None:
    """The world this database belongs to; None before it was first used."""
    value = _value(connection, _WORLD)
    return World(value) if value else None


def settle_in(connection: Connection, new: World) -> None:
    """Let the database belong to a world, for good."""
    connection.execute(insert(site), {"key": _WORLD, "value": new})


def known(connection: Connection) -> frozenset[str]:
    """The names of everything that it remembers."""
    return frozenset(connection.scalars(select(site.c.key)))


def halted_since(connection: Connection) -> datetime | None:
    """When widgets were emptied and giving was paused; None while all is open."""
    return _moment(connection, _HALTED)


def halt(connection: Connection, now: datetime) -> bool:
    """Remember that the site is halted; False if it is already."""
    return _ADD.add(connection, {"key": _HALTED, "value": _written(now)}) is not None


def resume(connection: Connection) -> bool:
    """Forget that the site was halted; False if it was not."""
    return connection.execute(delete(site).where(site.c.key == _HALTED)).rowcount > 0


def jobs_ran_at(connection: Connection) -> datetime | None:
    """When the jobs last made their round; None if they never have."""
    return _moment(connection, _JOBS)


def note_jobs(connection: Connection, now: datetime) -> None:
    """Remember that the jobs are making their round."""
    if _ADD.add(connection, {"key": _JOBS, "value": _written(now)}) is None:
        connection.execute(update(site).where(site.c.key == _JOBS).values(value=_written(now)))


def _value(connection: Connection, key: str) -> str | None:
    value: str | None = connection.scalar(_VALUE, {"wanted": key})
    return value


def _moment(connection: Connection, key: str) -> datetime | None:
    value = _value(connection, key)
    return datetime.fromisoformat(value) if value else None


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
