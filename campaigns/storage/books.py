"""The ledger as it is kept: entries are added, never changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, insert, select

from campaigns.domain.ledger import Entry, EntryKind, Posting
from campaigns.domain.periods import day_of
from campaigns.storage.columns import money
from campaigns.storage.models import entries, postings

# Built once: building a statement costs more than running it.
_ADD_ENTRY = insert(entries).returning(entries.c.id)
_ADD_POSTINGS = insert(postings)
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
    day, amount = voucher.day or day_of(now), entry.amount
    row = {
        "kind": entry.kind,
        "effect": entry.effect,
        "lines": len(entry.postings),
        "day": day,
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
    entry_id: int = connection.execute(_ADD_ENTRY, row).scalar_one()
    connection.execute(_ADD_POSTINGS, list(_lines(entry_id, day, entry.postings)))
    return entry_id


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
    row = connection.execute(
        select(entries.c.id, entries.c.kind, entries.c.payment_id).where(entries.c.effect == effect)
    ).one_or_none()
    if row is None:
        return None
    lines = connection.execute(
        select(postings.c.account, postings.c.amount_minor, postings.c.currency, postings.c.campaign_id)
        .where(postings.c.entry_id == row.id)
        .order_by(postings.c.line)
    )
    content = tuple(Posting(line.account, money(line.amount_minor, line.currency), line.campaign_id) for line in lines)
    return row.id, row.payment_id, Entry(EntryKind(row.kind), effect, content)
