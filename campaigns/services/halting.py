"""The emergency switch: empties every widget and pauses giving, on all nodes, until it is turned back.

What has been given is booked all the same: the switch stops nothing that a payment provider tells us.
"""

from __future__ import annotations

from datetime import datetime

from campaigns.domain.people import Person
from campaigns.services import audit_trail
from campaigns.services.audit_trail import Action
from campaigns.services.keys import Keys
from campaigns.storage import site
from campaigns.storage.database import Database


def halt(keys: Keys, person: Person | None) -> bool:
    """Empty the widgets and pause giving; False if that was done before. `person` is None for a command."""
    with keys.database.transaction() as connection:
        changed = site.halt(connection, keys.now())
        if changed:
            audit_trail.note(connection, keys, person, Action.SITE_HALTED)
    return changed


def resume(keys: Keys, person: Person | None) -> bool:
    """Bring widgets and giving back; False if they were not away."""
    with keys.database.transaction() as connection:
        changed = site.resume(connection)
        if changed:
            audit_trail.note(connection, keys, person, Action.SITE_RESUMED)
    return changed


def halted_since(database: Database) -> datetime | None:
    """When the switch was turned; None while all is open."""
    with database.asking() as connection:
        return site.halted_since(connection)
