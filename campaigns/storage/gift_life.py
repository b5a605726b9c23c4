"""All that is kept of one gift but its donor: promise, payments, what the provider told, entries, letters, deeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from campaigns.domain.ledger import EntryKind
from campaigns.domain.money import Money
from campaigns.domain.payment import Dispute, DisputeState
from campaigns.storage.columns import money
from campaigns.storage.models import (
    audit_log,
    campaign_texts,
    campaigns,
    disputes,
    entries,
    letters,
    payments,
    pledges,
    staff,
)


@dataclass(frozen=True, slots=True)
class DueDispute:
    """A dispute, and until when it can be answered."""

    dispute: Dispute
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry of a payment."""

    id: int
    kind: EntryKind
    day: date
    booked_at: datetime
    amount: Money
    slug: str | None
    reverses_id: int | None


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter to the donor, without the address. `settled_at` is when it was sent, or given up."""

    kind: str
    state: str
    created_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody of the staff did; `name` is "" where it was the program itself."""

    at: datetime
    action: str
    detail: str
    name: str


def payment_numbers(connection: Connection, pledge_id: int) -> list[int]:
    """The numbers of a pledge's payments, in the order in which they came."""
    return list(
        connection.scalars(select(payments.c.id).where(payments.c.pledge_id == pledge_id).order_by(payments.c.id))
    )


def objects_of(connection: Connection, pledge_id: int, gateway: str) -> list[str]:
    """What a provider knows of a pledge: its checkout, then its payments; nothing if the pledge is not begun there."""
    checkout = select(pledges.c.checkout_id).where(
        pledges.c.id == pledge_id, pledges.c.gateway == gateway, pledges.c.checkout_id.is_not(None)
    )
    paid = select(payments.c.object_id).where(payments.c.pledge_id == pledge_id, payments.c.gateway == gateway)
    return [*connection.scalars(checkout), *connection.scalars(paid.order_by(payments.c.id))]


def title_of(connection: Connection, campaign_id: int, language: str) -> tuple[str, str]:
    """Slug and title of a campaign."""
    query = (
        select(campaigns.c.slug, func.coalesce(campaign_texts.c.title, campaigns.c.slug).label("title"))
        .outerjoin(
            campaign_texts,
            (campaign_texts.c.campaign_id == campaigns.c.id) & (campaign_texts.c.language == language),
        )
        .where(campaigns.c.id == campaign_id)
    )
    row = connection.execute(query).one()
    return row.slug, row.title


def disputes_of(connection: Connection, gateway: str, payment_object: str) -> list[DueDispute]:
    """The disputes over a payment, with their deadlines."""
    query = select(disputes).where(disputes.c.gateway == gateway, disputes.c.payment_object == payment_object)
    return [
        DueDispute(
            Dispute(row.dispute_id, money(row.amount_minor, row.currency), DisputeState(row.state), row.withdrawn,
                    row.reinstated),
            row.due_at,
        )
        for row in connection.execute(query.order_by(disputes.c.dispute_id))
    ]  # fmt: skip


def entries_of(connection: Connection, payment_ids: Sequence[int]) -> list[EntryLine]:
    """What is booked of these payments, in order."""
    query = (
        select(entries, campaigns.c.slug)
        .outerjoin(campaigns, campaigns.c.id == entries.c.campaign_id)
        .where(entries.c.payment_id.in_(payment_ids))
        .order_by(entries.c.id)
    )
    return [
        EntryLine(
            row.id, EntryKind(row.kind), row.day, row.booked_at, money(row.amount_minor, row.currency), row.slug,
            row.reverses_id,
        )
        for row in connection.execute(query)
    ]  # fmt: skip


def letters_of(connection: Connection, reference: str) -> list[LetterLine]:
    """The letters about a pledge, told by its reference."""
    query = select(letters).where(letters.c.key == f"receipt:{reference}")
    return [LetterLine(row.kind, row.state, row.created_at, row.settled_at) for row in connection.execute(query)]


def deeds_about(connection: Connection, subjects: Sequence[str]) -> list[Deed]:
    """What staff did to these, in order."""
    query = (
        select(audit_log.c.at, audit_log.c.action, audit_log.c.detail, staff.c.name)
        .outerjoin(staff, staff.c.id == audit_log.c.staff_id)
        .where(audit_log.c.subject.in_(subjects))
        .order_by(audit_log.c.id)
    )
    return [Deed(row.at, row.action, row.detail, row.name or "") for row in connection.execute(query)]
