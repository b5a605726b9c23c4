"""The ledger as it is kept: entries are added, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.sql.elements import ColumnElement

from campaigns.domain.ledger import Entry, EntryKind, Posting
from campaigns.domain.periods import day_of
from campaigns.storage.columns import money
from campaigns.storage.models import entries, postings

# Built once: building a statement costs more than running it.
_ADD_ENTRY = insert(entries).returning(entries.c.id)
# Told apart by their effects: SQLite would write them one by one to know their order.
_ADD_ENTRIES = insert(entries).returning(entries.c.effect, entries.c.id)
_ADD_POSTINGS = insert(postings)
_MANY = 500  # how many words are asked for at once
_EFFECTS = select(entries.c.effect).where(entries.c.payment_id == bindparam("payment"))


@dataclass(frozen=True, slots=True)
class Voucher:
    """What an entry rests on, and under which day it stands: by default the one on which it is booked.

    `late_for` is the day that it should have had, where the month of that one is closed. `memo` names no person.
    """

    day: date | None = None
    late_for: date | None = None
    gateway: str | None = None
    memo: str | None = None
    staff_id: int | None = None
    payment_id: int | None = None
    notice_id: int | None = None
    reverses_id: int | None = None


_NOTHING = Voucher()


def book(connection: Connection, entry: Entry, now: datetime, voucher: Voucher = _NOTHING) -> int:
    """Write an entry down for good and return its number.

    The database refuses (IntegrityError, at the latest at commit) an effect that is booked already, an entry that does
    not balance, and a day in a month that is closed.
    """
    return book_all(connection, [(entry, voucher)], now)[0]


def book_all(connection: Connection, new: Sequence[tuple[Entry, Voucher]], now: datetime) -> list[int]:
    """The same for at least one entry, or for thousands; returns their numbers in the same order."""
    rows = [_row(entry, voucher, now) for entry, voucher in new]
    if len(rows) == 1:
        numbers: list[int] = [connection.execute(_ADD_ENTRY, rows[0]).scalar_one()]
    else:
        known = {row.effect: row.id for row in connection.execute(_ADD_ENTRIES, rows)}
        numbers = [known[row["effect"]] for row in rows]
    lines = (
        line
        for number, row, (entry, _) in zip(numbers, rows, new, strict=True)
        for line in _lines(number, row["day"], entry.postings)
    )
    connection.execute(_ADD_POSTINGS, list(lines))
    return numbers


def _row(entry: Entry, voucher: Voucher, now: datetime) -> dict[str, Any]:
    amount = entry.amount
    return {
        "kind": entry.kind,
        "effect": entry.effect,
        "lines": len(entry.postings),
        "day": voucher.day or day_of(now),
        "late_for": voucher.late_for,
        "booked_at": now,
        "campaign_id": entry.campaign_id,
        "gateway": voucher.gateway,
        "amount_minor": amount.minor,
        "currency": amount.currency,
        "memo": voucher.memo,
        "staff_id": voucher.staff_id,
        "payment_id": voucher.payment_id,
        "notice_id": voucher.notice_id,
        "reverses_id": voucher.reverses_id,
    }


def _lines(entry_id: int, day: date, lines: tuple[Posting, ...]) -> Iterable[dict[str, object]]:
    for number, posting in enumerate(lines, 1):
        yield {
            "entry_id": entry_id,
            "line": number,
            "lines": len(lines),
            "day": day,
            "account": posting.account,
            "campaign_id": posting.campaign_id,
            "amount_minor": posting.amount.minor,
            "currency": posting.amount.currency,
        }


def effects_of_payment(connection: Connection, payment_id: int) -> frozenset[str]:
    """The keys of everything that is booked for a payment."""
    return frozenset(connection.scalars(_EFFECTS, {"payment": payment_id}))


def entry_by_effect(connection: Connection, effect: str) -> tuple[int, int | None, Entry] | None:
    """The number, payment and content of the entry that booked `effect`; None where it is not booked."""
    found = _booked(connection, entries.c.effect == effect)
    return (found.number, found.payment_id, found.entry) if found else None


@dataclass(frozen=True, slots=True)
class Booked:
    """An entry as it was booked; `reversed_by` is the number of the one that undoes it."""

    number: int
    entry: Entry
    day: date
    gateway: str | None
    payment_id: int | None
    reversed_by: int | None


def entry_by_number(connection: Connection, number: int) -> Booked | None:
    return _booked(connection, entries.c.id == number)


def booked_effects(connection: Connection, effects: Sequence[str]) -> frozenset[str]:
    """Those of these effects that are booked."""
    found: set[str] = set()
    for first in range(0, len(effects), _MANY):
        piece = effects[first : first + _MANY]
        found.update(connection.scalars(select(entries.c.effect).where(entries.c.effect.in_(piece))))
    return frozenset(found)


def _booked(connection: Connection, which: ColumnElement[bool]) -> Booked | None:
    undoing = entries.alias()
    row = connection.execute(
        select(
            entries.c.id, entries.c.kind, entries.c.effect, entries.c.day, entries.c.gateway, entries.c.payment_id,
            undoing.c.id.label("reversed_by"),
        )
        .outerjoin(undoing, undoing.c.reverses_id == entries.c.id)
        .where(which)
    ).one_or_none()  # fmt: skip
    if row is None:
        return None
    lines = connection.execute(
        select(postings.c.account, postings.c.amount_minor, postings.c.currency, postings.c.campaign_id)
        .where(postings.c.entry_id == row.id)
        .order_by(postings.c.line)
    )
    content = tuple(Posting(line.account, money(line.amount_minor, line.currency), line.campaign_id) for line in lines)
    entry = Entry(EntryKind(row.kind), row.effect, content)
    return Booked(row.id, entry, row.day, row.gateway, row.payment_id, row.reversed_by)
