"""One entry with everything that it hangs together with; nothing of it names a donor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from campaigns.domain.money import Money
from campaigns.domain.payment import PaymentState
from campaigns.storage import gift_life, inbox, journal_rows
from campaigns.storage.columns import money
from campaigns.storage.gift_life import Deed
from campaigns.storage.inbox import NoticeLine
from campaigns.storage.journal_rows import JournalRow
from campaigns.storage.models import chain, entries, notices, payments, staff


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """The payment that an entry is part of; `pledge_id` is None where no promise is known for it."""

    id: int
    gateway: str
    object_id: str
    pledge_id: int | None
    state: PaymentState
    amount: Money


@dataclass(frozen=True, slots=True)
class EntryInFull:
    """An entry and what is known of it.

    `booked_by` is "" where it was the program itself; `event_id` is the provider's name for the notice; `seal` is the
    entry's place in the chain of closed months, None while its month is open.
    """

    row: JournalRow
    effect: str
    booked_at: datetime
    booked_by: str
    payment: PaymentLine | None
    notice: NoticeLine | None
    event_id: str
    seal: int | None
    deeds: list[Deed]


def entry_in_full(connection: Connection, number: int) -> EntryInFull | None:
    """The entry with this number; None where there is none."""
    query = (
        select(
            entries.c.effect, entries.c.booked_at, entries.c.payment_id, entries.c.notice_id, staff.c.name,
            notices.c.event_id, chain.c.number.label("seal"),
        )
        .outerjoin_from(entries, staff, staff.c.id == entries.c.staff_id)
        .outerjoin(notices, notices.c.id == entries.c.notice_id)
        .outerjoin(chain, chain.c.entry_id == entries.c.id)
        .where(entries.c.id == number)
    )  # fmt: skip
    found = connection.execute(query).one_or_none()
    if found is None:
        return None
    (row,) = journal_rows.rows(connection, [number])
    return EntryInFull(
        row,
        found.effect,
        found.booked_at,
        found.name or "",
        _payment(connection, found.payment_id) if found.payment_id else None,
        inbox.by_id(connection, found.notice_id) if found.notice_id else None,
        found.event_id or "",
        found.seal,
        gift_life.deeds_about(connection, [f"entry:{number}"]),
    )


def _payment(connection: Connection, payment_id: int) -> PaymentLine:
    row = connection.execute(select(payments).where(payments.c.id == payment_id)).one()
    amount = money(row.amount_minor, row.currency)
    return PaymentLine(row.id, row.gateway, row.object_id, row.pledge_id, PaymentState(row.state), amount)
