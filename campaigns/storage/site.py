"""What a database remembers of itself: whether its money is play money."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Connection, insert, select

from campaigns.storage.models import site


class World(StrEnum):
    """Real money and play money never share a database."""

    DEMO = "demo"
    LIVE = "live"


def world(connection: Connection) -> World | None:
    """The world this database belongs to; None before it was first used."""
    value = connection.scalar(select(site.c.value).where(site.c.key == "world"))
    return World(value) if value else None


def settle_in(connection: Connection, new: World) -> None:
    """Let the database belong to a world, for good."""
    connection.execute(insert(site), {"key": "world", "value": new})
