"""Keeping the stored totals of the books up to date. Several nodes may do it at once."""

from __future__ import annotations

from campaigns.storage import rollups
from campaigns.storage.database import Database

# What one transaction adds: who books at the same moment waits for it no longer than for another booking.
PIECE = 5_000


def roll_up(database: Database, piece: int = PIECE) -> int:
    """Bring the stored totals up to the newest entry and say how many entries were added."""
    with database.snapshot() as connection:
        behind = rollups.behind(connection)
    if not behind:
        return 0
    with database.transaction() as connection:
        upto = rollups.settled(connection)
    added: int | None = 0
    moved = 0
    while added is not None:
        moved += added
        with database.transaction() as connection:
            added = rollups.add_up(connection, upto, piece)
    if upto.bit_length() > (upto - behind).bit_length():  # twice as many as at the last time, or about so
        with database.transaction() as connection:
            rollups.analyse(connection)
    return moved
