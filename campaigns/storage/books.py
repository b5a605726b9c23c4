"""The ledger as it is kept: entries are added, never changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select

from campaigns.domain.ledger import Entry, EntryKind, Posting
from campaigns.storage.columns import money
from campaigns.storage.models import entries, postings

# Built once: building a statement costs more than running it.
_ADD_ENTRY = insert(entries).returning(entries.c.id)
_ADD_POSTINGS = insert(postings)
_EFFECTS = select(entries.c.effect).where(entries.c.payment_id == bindparam("payment"))


def book(
    connection: Connection,
    entry: Entry,
    now: datetime,
    payment_id: int | None = None,
    notice_id: int | None = None,
    reverses_id: int | None = None,
) -> int:
    """Write an entry down for good and return its number.

    The database refuses (IntegrityError, at the latest at commit) an effect that is booked already and an entry that
    does not balance.
    """
    row = {
        "kind": entry.kind,
        "effect": entry.effect,
        "lines": len(entry.postings),
        "booked_at": now,
        "payment_id": payment_id,
        "notice_id": notice_id,
        "reverses_id": reverses_id,
    }
    entry_id: int = connection.execute(_ADD_ENTRY, row).scalar_one()
    connection.execute(_ADD_POSTINGS, list(_lines(entry_id, entry.postings)))
    return entry_id


def _lines(entry_id: int, lines: tuple[Posting, ...]) -> Iterable[dict[str, object]]:
    for number, posting in enumerate(lines, 1):
        yield {
            "entry_id": entry_id,
            "line": number,
            "lines": len(lines),
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
