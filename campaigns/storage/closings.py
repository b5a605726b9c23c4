"""Closed months as they are kept, and the chain of seals over their entries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, text

from campaigns.domain.closing import KeptEntry, KeptLine
from campaigns.storage.models import campaigns, chain, closings, entries, postings

_PIECE = 1000  # rows in memory at a time
_CLOSED_THROUGH = select(func.max(closings.c.month))


@dataclass(frozen=True, slots=True)
class Closing:
    """A closed month: `entries` were sealed with it; `head` is the chain's last seal, `last_number` that link's."""

    month: str
    closed_at: datetime
    staff_id: int | None
    entries: int
    last_number: int | None
    head: str
    version: int
    key_id: str


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain: which entry was sealed, with which month, and its seal."""

    number: int
    entry_id: int
    month: str
    seal: str


def closed_through(connection: Connection) -> str | None:
    """The last closed month (2026-10): it and everything before it takes no entry any more."""
    month: str | None = connection.scalar(_CLOSED_THROUGH)
    return month


def all_closings(connection: Connection) -> list[Closing]:
    """Every closed month, the first one first."""
    return [_closing(row) for row in connection.execute(select(closings).order_by(closings.c.month))]


def one(connection: Connection, month: str) -> Closing | None:
    row = connection.execute(select(closings).where(closings.c.month == month)).one_or_none()
    return _closing(row) if row else None


def last(connection: Connection) -> Closing | None:
    """The newest closed month."""
    row = connection.execute(select(closings).order_by(closings.c.month.desc()).limit(1)).one_or_none()
    return _closing(row) if row else None


def hold_bookings(connection: Connection) -> None:
    """Wait for every booking that has begun, and let nobody else book or close until this transaction ends.

    It must be the transaction's first statement: whoever books holds nothing that is asked for later. SQLite has one
    writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE entries IN SHARE ROW EXCLUSIVE MODE"))


def first_day(connection: Connection) -> date | None:
    """The day of the earliest entry."""
    return first_day_after(connection, date.min)


def first_day_after(connection: Connection, day: date) -> date | None:
    """The day of the earliest entry that stands after `day`."""
    query = select(entries.c.day).where(entries.c.day > day).order_by(entries.c.day).limit(1)
    return connection.scalar(query)


def entries_between(connection: Connection, first: date, last_day: date) -> Iterator[KeptEntry]:
    """Every entry that stands under these days, the last one included, by number: memory does not grow with them."""
    query = _KEPT.where(entries.c.day.between(first, last_day)).order_by(entries.c.id, postings.c.line)
    for _, rows in groupby(_stream(connection, query), key=lambda row: row.id):
        yield _kept(list(rows))


def links(connection: Connection) -> Iterator[tuple[Link, KeptEntry | None]]:
    """The whole chain in order, each link with its entry as it is today; None where there is no such entry."""
    kept = _KEPT.subquery()
    query = (
        select(chain.c.number, chain.c.entry_id, chain.c.month, chain.c.seal, kept)
        .outerjoin_from(chain, kept, kept.c.id == chain.c.entry_id)
        .order_by(chain.c.number, kept.c.line)
    )
    for _, group in groupby(_stream(connection, query), key=lambda row: row.number):
        rows = list(group)
        link = Link(rows[0].number, rows[0].entry_id, rows[0].month, rows[0].seal)
        yield link, None if rows[0].id is None else _kept(rows)


def seals_of(connection: Connection, numbers: Collection[int]) -> dict[int, str]:
    """The seals of these links, those that there are."""
    query = select(chain.c.number, chain.c.seal).where(chain.c.number.in_(numbers))
    return {row.number: row.seal for row in connection.execute(query)}


def first_unsealed(connection: Connection, last_day: date) -> int | None:
    """The number of the first entry that stands under a day up to `last_day` and is not in the chain."""
    query = (
        select(func.min(entries.c.id))
        .outerjoin(chain, chain.c.entry_id == entries.c.id)
        .where(entries.c.day <= last_day, chain.c.entry_id.is_(None))
    )
    number: int | None = connection.scalar(query)
    return number


def add_links(connection: Connection, new: Iterable[Link]) -> None:
    """Add links, at least one, to the chain for good."""
    rows = [{"number": link.number, "entry_id": link.entry_id, "month": link.month, "seal": link.seal} for link in new]
    connection.execute(insert(chain), rows)


def add(connection: Connection, closing: Closing) -> None:
    """Close the month: from now on the database refuses what is booked in it or before it."""
    row = {
        "month": closing.month,
        "closed_at": closing.closed_at,
        "staff_id": closing.staff_id,
        "entries": closing.entries,
        "last_number": closing.last_number,
        "head": closing.head,
        "version": closing.version,
        "key_id": closing.key_id,
    }
    connection.execute(insert(closings), row)


_KEPT = (
    select(
        entries.c.id, entries.c.kind, entries.c.effect, entries.c.day, entries.c.late_for, entries.c.booked_at,
        entries.c.reverses_id, postings.c.line, postings.c.account, postings.c.amount_minor, postings.c.currency,
        campaigns.c.slug,
    )
    .outerjoin_from(entries, postings, postings.c.entry_id == entries.c.id)
    .outerjoin(campaigns, campaigns.c.id == postings.c.campaign_id)
)  # fmt: skip


def _stream(connection: Connection, query: Select[*tuple[Any, ...]]) -> Iterator[Row[*tuple[Any, ...]]]:
    yield from connection.execute(query.execution_options(yield_per=_PIECE))


def _kept(rows: list[Row[*tuple[Any, ...]]]) -> KeptEntry:
    head = rows[0]
    lines = tuple(
        KeptLine(row.account, row.slug, row.amount_minor, row.currency) for row in rows if row.line is not None
    )
    return KeptEntry(head.id, head.kind, head.effect, head.day, head.late_for, head.booked_at, head.reverses_id, lines)


def _closing(row: Row[*tuple[Any, ...]]) -> Closing:
    return Closing(
        row.month, row.closed_at, row.staff_id, row.entries, row.last_number, row.head, row.version, row.key_id
    )
