"""Looking through the audit log, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass

from campaigns.domain.people import Person
from campaigns.services.keys import Keys
from campaigns.storage import audit_log, staff
from campaigns.storage.audit_log import LogFilter, LogLine

ROWS = 50


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some records, the newest first, and all staff, to choose from.

    `next` is the number below which the following page begins, None on the last.
    """

    lines: list[LogLine]
    next: int | None
    is_first: bool
    people: list[Person]


def look(keys: Keys, wanted: LogFilter, before: int | None) -> LogPage:
    """Records that meet the filter, from below the number `before` on."""
    with keys.database.reading() as connection:
        lines = audit_log.newest(connection, wanted, before, ROWS + 1)
        people = staff.everybody(connection)
    shown = lines[:ROWS]
    return LogPage(shown, shown[-1].id if len(lines) > ROWS else None, before is None, people)
