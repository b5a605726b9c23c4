"""Proving the audit log: every record is compared with its seal, and the first one that does not hold is named."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum

from campaigns.services.audit_trail import PURPOSE, Action, serialised
from campaigns.services.keys import Keys
from campaigns.services.sealing import BEGINNING, Seals, UnknownKey
from campaigns.storage import audit_log, closings
from campaigns.storage.audit_log import SealedRecord
from campaigns.storage.database import Connection


class Fault(StrEnum):
    """What is wrong with the first record that does not hold."""

    CHANGED = "changed"  # or put in by a stranger, or what stood just before it was taken out
    REMOVED = "removed"  # numbers are missing just before it
    UNREADABLE = "unreadable"  # what stands after it is no record at all
    UNKNOWN_KEY = "unknown key"  # neither proved nor doubted
    CUT = "cut"  # the end is missing: a head that was noted, or the closing of a month that is closed


@dataclass(frozen=True, slots=True)
class Proof:
    """How many records hold, and the seal of the last of them. `number` and `about` say where the fault is."""

    records: int
    head: str
    fault: Fault | None = None
    number: int = 0
    about: str = ""


def verify(keys: Keys, noted_head: str | None = None) -> Proof:
    """Follow the chain from the first record to the first that does not hold; memory does not grow with the log.

    A chain cannot tell that its end was cut off. Two things can: closed months, whose closing must be in the log, and
    `noted_head`, a head that somebody has kept elsewhere and that some record must still bear.
    """
    seals = Seals.of(keys.settings, PURPOSE)
    records, number, seal, is_noted = 0, 0, BEGINNING, noted_head in (None, BEGINNING)
    with keys.database.snapshot() as connection, closing(audit_log.all_records(connection)) as log:
        try:
            for each in log:
                if fault := _fault(seals, seal, number, each):
                    about = each.key_id if fault is Fault.UNKNOWN_KEY else ""
                    return Proof(records, seal, fault, each.number, about)
                records, number, seal = records + 1, each.number, each.seal
                is_noted = is_noted or seal == noted_head
        except ValueError:  # SQLite keeps whatever it is given, even where a moment should be
            return Proof(records, seal, Fault.UNREADABLE, number)
        missing = _unknown_closing(connection)
    if missing or not is_noted:
        return Proof(records, seal, Fault.CUT, number, missing)
    return Proof(records, seal)


def _fault(seals: Seals, before: str, number: int, each: SealedRecord) -> Fault | None:
    try:
        if seals.seal(before, serialised(each.record), each.key_id) == each.seal:
            return None
    except UnknownKey:
        return Fault.UNKNOWN_KEY
    return Fault.REMOVED if each.number > number + 1 else Fault.CHANGED


def _unknown_closing(connection: Connection) -> str:
    """The first month that is closed and whose closing is not in the log; "" if there is none."""
    told = {record.subject for record in audit_log.of_action(connection, Action.MONTH_CLOSED)}
    months = (closing.month for closing in closings.all_closings(connection))
    return next((month for month in months if f"month:{month}" not in told), "")
