"""Tries at giving and signing in, by keyed hashes that nobody can turn back once the day's salt is gone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select

from campaigns.storage.models import salts, tries
from campaigns.storage.once import Once

KEPT = timedelta(hours=24)


_CHOSEN = Once(salts, "day")


def salt_of_day(connection: Connection, day: str, fresh: str) -> str:
    """The salt of a day (ISO date, UTC); `fresh` becomes it where there is none yet."""
    salt: str | None = connection.scalar(select(salts.c.salt).where(salts.c.day == day))
    if salt is not None:
        return salt
    _CHOSEN.add(connection, {"day": day, "salt": fresh})
    return str(connection.scalar(select(salts.c.salt).where(salts.c.day == day)))


def salts_kept(connection: Connection) -> list[str]:
    """All salts that are still there: today's, and yesterday's for a day at most."""
    return list(connection.scalars(select(salts.c.salt)))


def tries_since(connection: Connection, hashes: Iterable[str], since: datetime) -> tuple[int, datetime | None]:
    """How many tries these hashes made since then, and when the oldest of them was."""
    query = select(func.count(), func.min(tries.c.tried_at)).where(
        tries.c.address_hash.in_(list(hashes)), tries.c.tried_at > since
    )
    count, oldest = connection.execute(query).one()
    return count, oldest


def note(connection: Connection, address_hash: str, now: datetime) -> int:
    """Count a try, as of the next full minute: the exact time would join it to the pledge of the same moment."""
    minute = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    row = {"address_hash": address_hash, "tried_at": minute}
    number: int = connection.execute(insert(tries).returning(tries.c.id), row).scalar_one()
    return number


def take_back(connection: Connection, numbers: Iterable[int]) -> None:
    """Count these tries no more."""
    connection.execute(delete(tries).where(tries.c.id.in_(list(numbers))))


def forget(connection: Connection, now: datetime) -> int:
    """Delete the tries of more than a day ago, and the salts that no try can be made with any more."""
    forgotten = connection.execute(delete(tries).where(tries.c.tried_at <= now - KEPT)).rowcount
    connection.execute(delete(salts).where(salts.c.day < (now - KEPT).date().isoformat()))
    return forgotten
