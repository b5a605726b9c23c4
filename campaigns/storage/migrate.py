"""Bringing a database to the schema that this code expects, and telling whether it is there."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from campaigns.storage.database import Database

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


class BooksNotEmpty(Exception):
    """A migration down would drop books that hold entries."""


def _config(database: Database | None = None) -> Config:
    config = Config(attributes={"database": database})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Migrate up to `revision`; does nothing where the database is there already."""
    database = Database(url, migrating=True)
    try:
        command.upgrade(_config(database), revision)
    finally:
        database.close()


def downgrade(url: str, revision: str) -> None:
    """Migrate down to `revision` (or `base`); refuses, with BooksNotEmpty, to drop books that hold entries."""
    database = Database(url, migrating=True)
    try:
        command.downgrade(_config(database), revision)
    finally:
        database.close()


@cache
def head() -> str:
    """The revision that this code expects."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    if revision is None:
        raise LookupError(f"no migrations in {MIGRATIONS}")
    return revision


def current(connection: Connection) -> str | None:
    """The revision that the database is at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
