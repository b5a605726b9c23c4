"""Erasing who gave, while what was given stays in the books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from campaigns.storage import donors
from campaigns.storage.database import Connection, Database
from campaigns.storage.vault import Vault

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Erased:
    """How many donors were erased, and whether SQLite's log is free of them too.

    `traceless` is false while another process reads an older state; the next purge tries again.
    """

    donors: int
    traceless: bool


def purge(database: Database, now: datetime) -> Erased:
    """Erase every donor whose time is over at `now`."""
    erased, batch = 0, _BATCH
    while batch == _BATCH:
        with database.transaction() as connection:
            batch = donors.purge(connection, now, _BATCH)
        erased += batch
    return Erased(erased, database.cut_log())


def forget(database: Database, vault: Vault, email: str) -> Erased:
    """Erase an address now, wherever it is kept, because its owner asks for it; letter case does not matter.

    CannotOpen where the vault lacks a key: then it cannot be said that nothing is left.
    """
    with database.transaction() as connection:
        erased = forget_everywhere(connection, vault, email)
    return Erased(erased, database.cut_log())


def forget_everywhere(connection: Connection, vault: Vault, email: str) -> int:
    """The same within a transaction: returns how many were erased. SQLite's log is cut after it, by the caller."""
    wanted = email.strip().casefold()
    found = [pledge_id for pledge_id, known in donors.addresses(connection, vault) if known.casefold() == wanted]
    return donors.forget(connection, found)
