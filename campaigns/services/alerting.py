"""What needs a human."""

from __future__ import annotations

from campaigns.domain.people import Person
from campaigns.services.audit_trail import Action, note
from campaigns.services.keys import Keys
from campaigns.storage import alerts
from campaigns.storage.alerts import Alert
from campaigns.storage.database import Database


def unresolved(database: Database) -> list[Alert]:
    """Every alert that nobody has dealt with, oldest first."""
    with database.reading() as connection:
        return alerts.unresolved(connection)


def settle(keys: Keys, person: Person, alert_id: int) -> bool:
    """Mark an alert as dealt with; False if there is none (any more) to mark."""
    with keys.database.transaction() as connection:
        kind = alerts.settle(connection, alert_id, keys.now())
        if kind is not None:
            note(connection, keys, person, Action.ALERT_SETTLED, f"alert:{alert_id}", kind)
    return kind is not None
