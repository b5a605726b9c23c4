"""Sealing all that names a person with the newest key, so that older keys can be thrown away."""

from __future__ import annotations

from campaigns.storage import credentials, donors, tray
from campaigns.storage.database import Database
from campaigns.storage.vault import Vault

_BATCH = 1000


def reseal(database: Database, vault: Vault) -> int:
    """Seal every donor anew with the vault's first key and return how many; afterwards nothing needs another key.

    The keys of staff's one-time codes and the links in waiting letters are sealed with the same keys: they go first.

    Safe to repeat and to interrupt. CannotOpen where a key is missing; what was sealed before that stays sealed anew.
    """
    with database.transaction() as connection:
        credentials.reseal(connection, vault)
        tray.reseal(connection, vault)
    resealed, after = 0, 0
    while True:
        with database.transaction() as connection:
            page = donors.reseal(connection, vault, after, _BATCH)
        if not page:
            database.cut_log()
            return resealed
        resealed, after = resealed + len(page), page[-1]
