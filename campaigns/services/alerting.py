"""What needs a human."""

from __future__ import annotations

from campaigns.storage import alerts
from campaigns.storage.alerts import Alert
from campaigns.storage.database import Database


def unresolved(database: Database) -> list[Alert]:
    """Every alert that nobody has dealt with, oldest first."""
    with database.reading() as connection:
        return alerts.unresolved(connection)
