"""Saving everything that is kept into one file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from campaigns.services import archive
from campaigns.services.archive import Manifest, Refused
from campaigns.storage import backup, migrate
from campaigns.storage.database import Database


def save(database: Database, file: Path, now: datetime) -> Manifest:
    """Save one state of the whole database while it goes on being used, and say what is in the file.

    An older file of that name is replaced once the new one is whole. Refused where the database waits for a migration.
    """
    with archive.written(file) as writer, database.snapshot() as connection:
        revision = migrate.current(connection)
        if revision is None or revision != migrate.head():
            raise Refused(
                f"The database is at migration {revision}, and this program expects {migrate.head()}: migrate first."
            )
        for table in backup.TABLES:
            writer.add(table, backup.rows(connection, table))
        return writer.finish(revision, now)
