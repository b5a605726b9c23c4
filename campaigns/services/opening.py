"""Opening the house: the database is brought up to date, and stays in the world that it was made for."""

from __future__ import annotations

from campaigns.config import Settings, UnsafeSettings
from campaigns.storage import migrate, site
from campaigns.storage.database import Connection, Database
from campaigns.storage.site import World


def bring_up_to_date(settings: Settings, database: Database) -> str:
    """Migrate to this program's schema and return its revision; UnsafeSettings if the database is of another world."""
    migrate.upgrade(settings.database_url)
    wanted = _wanted(settings)
    with database.transaction() as connection:
        if site.world(connection) is None:
            site.settle_in(connection, wanted)
        _must_match(connection, wanted)
    return migrate.head()


def check_world(settings: Settings, database: Database) -> None:
    """UnsafeSettings if play money would count on a live site, or the reverse; an empty database is of no world yet."""
    with database.reading() as connection:
        if migrate.current(connection) is not None:
            _must_match(connection, _wanted(settings))


def is_up_to_date(database: Database) -> bool:
    """Whether the database has exactly the schema that this program expects; DatabaseUnavailable if it cannot tell."""
    with database.reading() as connection:
        return migrate.current(connection) == migrate.head()


def _wanted(settings: Settings) -> World:
    return World.DEMO if settings.demo else World.LIVE


def _must_match(connection: Connection, wanted: World) -> None:
    found = site.world(connection)
    if found is not None and found is not wanted:
        raise UnsafeSettings(
            f"DATABASE_URL names a {found} database, and this is a {wanted} site: real and play money do not mix."
        )
