"""Bringing back everything that was saved, into a database that holds nothing yet."""

from __future__ import annotations

from pathlib import Path

from campaigns.services import archive
from campaigns.services.archive import Manifest, Reader, Refused
from campaigns.storage import backup, migrate, site
from campaigns.storage.database import Database
from campaigns.storage.site import World


def restore(database: Database, file: Path) -> Manifest:
    """Fill an empty, migrated database from a backup of either kind of database: all of it, or nothing.

    Refused, with nothing written, for a damaged file, a database that is not empty, and a backup of
    another migration or of the other world (demo or live).
    """
    with archive.checked(file) as reader, database.transaction() as connection:
        manifest = reader.manifest
        _require_same_migration(migrate.current(connection), manifest)
        backup.hold(connection)
        if not backup.is_empty(connection):
            raise Refused("The database is not empty: restore into a new one, so that nothing is overwritten.")
        _require_same_world(site.world(connection), reader)
        settled = site.known(connection)
        for table in backup.TABLES:
            rows = reader.rows(table)
            # What the new database says of itself stays; a site that was halted comes back halted.
            backup.load(connection, table, (row for row in rows if table != "site" or row["key"] not in settled))
        backup.continue_numbers(connection)
    return manifest


def _require_same_world(here: World | None, reader: Reader) -> None:
    """Refused if the database says already that it is of another world than the backup."""
    theirs = {row["value"] for row in reader.rows("site") if row["key"] == "world"}
    if here is not None and theirs and here not in theirs:
        raise Refused(f"This is a {here} database, and the backup is not: real and play money do not mix.")


def _require_same_migration(current: str | None, manifest: Manifest) -> None:
    if current is None:
        raise Refused("The database has no tables yet: migrate it first.")
    if current != manifest.revision:
        raise Refused(
            f"The backup was made at migration {manifest.revision}, and the database is at {current}:"
            " restore it with the version of the program that made it, then migrate."
        )
    if set(manifest.tables) != set(backup.TABLES):
        raise Refused("The backup does not hold the tables that this program keeps: it was made by another one.")
