"""The audit log as it is kept: added to, chained, never changed."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from operator import eq, ge, lt

from sqlalchemy import Connection, insert, select

from campaigns.storage.database import lock
from campaigns.storage.models import audit_log, staff


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


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which records are looked at: those that meet every condition given. `since` is included, `until` is not."""

    staff_id: int | None = None
    action: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LogLine:
    """A record as it is shown; `name` is that of the person, None for the program itself or a command."""

    id: int
    record: Record
    name: str | None


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


def all_records(connection: Connection) -> Generator[SealedRecord]:
    """Every record in order, piece by piece: memory does not grow with the log. Whoever stops before the end closes."""
    query = select(audit_log).order_by(audit_log.c.id).execution_options(yield_per=1000)
    with connection.execute(query) as rows:
        for row in rows:
            record = Record(row.at, row.staff_id, row.action, row.subject, row.detail)
            yield SealedRecord(row.id, record, row.key_id, row.seal)


def of_action(connection: Connection, action: str) -> list[Record]:
    """Every record of one kind of deed, in order; for kinds that are few."""
    query = select(audit_log).where(audit_log.c.action == action).order_by(audit_log.c.id)
    return [Record(row.at, row.staff_id, row.action, row.subject, row.detail) for row in connection.execute(query)]


def newest(connection: Connection, wanted: LogFilter, before: int | None, limit: int) -> list[LogLine]:
    """Records that meet the filter, the newest first, from below the number `before` on."""
    log = audit_log.c
    query = select(audit_log, staff.c.name).outerjoin(staff, staff.c.id == log.staff_id)
    for column, compare, value in (
        (log.staff_id, eq, wanted.staff_id), (log.action, eq, wanted.action), (log.subject, eq, wanted.subject),
        (log.at, ge, wanted.since), (log.at, lt, wanted.until), (log.id, lt, before),
    ):  # fmt: skip
        if value is not None:
            query = query.where(compare(column, value))
    rows = connection.execute(query.order_by(log.id.desc()).limit(limit))
    return [
        LogLine(row.id, Record(row.at, row.staff_id, row.action, row.subject, row.detail), row.name) for row in rows
    ]
