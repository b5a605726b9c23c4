"""Money that came without a campaign, until a treasurer assigns it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from campaigns.domain.money import Money
from campaigns.domain.payment import PaymentState
from campaigns.storage.columns import money
from campaigns.storage.models import payments

_NOT_RECEIVED = (PaymentState.PENDING, PaymentState.FAILED)
_LEFT = payments.c.amount_minor - payments.c.refunded_minor - payments.c.withdrawn_minor


@dataclass(frozen=True, slots=True)
class Unassigned:
    """A payment that is ours and of no campaign; `left` is what has not gone back."""

    payment_id: int
    gateway: str
    object_id: str
    left: Money
    created_at: datetime


def waiting(connection: Connection) -> list[Unassigned]:
    """Everything that waits to be assigned, oldest first."""
    query = (
        select(payments, _LEFT.label("left_minor"))
        .where(payments.c.campaign_id.is_(None), payments.c.state.not_in(_NOT_RECEIVED), _LEFT > 0)
        .order_by(payments.c.id)
    )
    return [
        Unassigned(row.id, row.gateway, row.object_id, money(row.left_minor, row.currency), row.created_at)
        for row in connection.execute(query)
    ]


def place(connection: Connection, payment_id: int, campaign_id: int | None, net: Money) -> None:
    """From now on the payment is this campaign's (None: nobody's), and counts there with `net`."""
    values = {"campaign_id": campaign_id, "net_minor": net.minor}
    connection.execute(update(payments).where(payments.c.id == payment_id).values(values))
