"""The audit log as it is kept: added to, chained, never changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from campaigns.storage.database import lock
from campaigns.storage.models import audit_log


@dataclass(frozen=True, slots=True)
class Record:
    """One deed: who (None: the program itself, or a command), what, to what; names no donor and no address."""

    at: datetime
    staff_id: int | None
    action: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class SealedRecord:
    """A record with its number, its seal, and the id of the key that sealed it."""

    number: int
    record: Record
    key_id: str
    seal: str


def last_seal(connection: Connection) -> str | None:
    """The seal to chain the next record to; nobody else adds one until this transaction ends."""
    lock(connection, "audit log")
    return connection.scalar(select(audit_log.c.seal).order_by(audit_log.c.id.desc()).limit(1))


def add(connection: Connection, record: Record, key_id: str, seal: str) -> int:
    """Write a sealed record down for good and return its number."""
    row = {
        "at": record.at, "staff_id": record.staff_id, "action": record.action, "subject": record.subject,
        "detail": record.detail, "key_id": key_id, "seal": seal,
    }  # fmt: skip
    number: int = connection.execute(insert(audit_log).returning(audit_log.c.id), row).scalar_one()
    return number


def all_records(connection: Connection) -> Iterator[SealedRecord]:
    """Every record in order, piece by piece: memory does not grow with the log."""
    query = select(audit_log).order_by(audit_log.c.id).execution_options(yield_per=1000)
    for row in connection.execute(query):
        record = Record(row.at, row.staff_id, row.action, row.subject, row.detail)
        yield SealedRecord(row.id, record, row.key_id, row.seal)
