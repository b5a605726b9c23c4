"""How the site stands: what whoever runs it should see at a glance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from campaigns.services.keys import Keys
from campaigns.storage import inbox, migrate, site, tray

# The jobs go round every few seconds; after so long without a round they do not run.
JOBS_LATE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Condition:
    """What was found. Moments are UTC; None for what never was. `late`: the jobs have not run for some minutes."""

    halted_since: datetime | None
    is_sqlite: bool
    is_migrated: bool
    jobs_ran_at: datetime | None
    late: bool
    letters_waiting: int
    notices_unsettled: int


def condition_of(keys: Keys) -> Condition:
    """Look at everything in one state of the database; DatabaseUnavailable if it cannot be asked."""
    with keys.database.reading() as connection:
        ran_at = site.jobs_ran_at(connection)
        return Condition(
            halted_since=site.halted_since(connection),
            is_sqlite=keys.database.is_sqlite,
            is_migrated=migrate.current(connection) == migrate.head(),
            jobs_ran_at=ran_at,
            late=ran_at is None or keys.now() >= ran_at + JOBS_LATE,
            letters_waiting=tray.waiting(connection),
            notices_unsettled=inbox.unsettled(connection),
        )
