"""The audit trail: who did what and when, written in the deed's own transaction, each record chained to the last."""

from __future__ import annotations

import json
from datetime import UTC
from enum import StrEnum

from campaigns.domain.people import Person
from campaigns.services.keys import Keys
from campaigns.services.sealing import BEGINNING, Seals
from campaigns.storage import audit_log
from campaigns.storage.audit_log import Record
from campaigns.storage.database import Connection

PURPOSE = "audit"


class Action(StrEnum):
    """What staff do that must be known later."""

    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a word for a deed
    FACTOR_CHANGED = "factor_changed"
    RECOVERY_CODE_USED = "recovery_code_used"
    PASSKEY_REFUSED = "passkey_refused"  # it has signed more often than its device says: there is a copy
    SESSION_ENDED = "session_ended"
    PERSON_INVITED = "person_invited"
    PERSON_CHANGED = "person_changed"
    DONOR_SEEN = "donor_seen"
    DONOR_FORGOTTEN = "donor_forgotten"
    EXPORTED = "exported"
    BOOKED = "booked"
    REVERSED = "reversed"
    IMPORTED = "imported"
    REFUNDED = "refunded"
    PLEDGE_CANCELLED = "pledge_cancelled"
    CAMPAIGN_CORRECTED = "campaign_corrected"
    ALERT_SETTLED = "alert_settled"
    NOTICE_REPLAYED = "notice_replayed"
    MONTH_CLOSED = "month_closed"
    SITE_HALTED = "site_halted"
    SITE_RESUMED = "site_resumed"
    SETTINGS_CHANGED = "settings_changed"


def note(
    connection: Connection, keys: Keys, person: Person | None, action: Action, subject: str = "", detail: str = ""
) -> int:
    """Write a deed down and return its number.

    `subject` is what it was done to (`entry:12`, `staff:3`), `detail` what else matters; neither may name a donor or
    an address, or hold free text. Call it late in the transaction: whoever else writes to the trail waits.
    """
    before = audit_log.last_seal(connection) or BEGINNING
    record = Record(keys.now(), person.id if person else None, action, subject[:100], detail[:300])
    seals = Seals.of(keys.settings, PURPOSE)
    return audit_log.add(connection, record, seals.key_id, seals.seal(before, serialised(record)))


def serialised(record: Record) -> bytes:
    """What is sealed: the record alone, the same bytes on every database. The 1 is the version of this form."""
    at = record.at.astimezone(UTC).isoformat(timespec="microseconds")
    return json.dumps([1, at, record.staff_id, record.action, record.subject, record.detail]).encode()
