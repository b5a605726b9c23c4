"""Alerts: what a treasurer must see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Row, func, select, update

from campaigns.domain.money import Money
from campaigns.storage.columns import money
from campaigns.storage.models import alerts, disputes, notices, payments
from campaigns.storage.once import Once


class AlertKind(StrEnum):
    CARD_COUNTRY = "card_country"
    DISPUTE = "dispute"
    UNASSIGNED = "unassigned"
    UNFIT_NOTICE = "unfit_notice"


_RAISED = Once(alerts, "kind", "gateway", "object_id")


def alert(
    connection: Connection, kind: AlertKind, gateway: str, object_id: str, now: datetime, detail: str | None = None
) -> bool:
    """Raise an alert, once for each object; True if it is new. `detail` never names a person."""
    row = {"kind": kind, "gateway": gateway, "object_id": object_id, "detail": detail, "created_at": now}
    return _RAISED.add(connection, row) is not None


def resolve(connection: Connection, kind: AlertKind, gateway: str, object_ids: Sequence[str], now: datetime) -> None:
    """Nothing is left to see of these objects."""
    about = (alerts.c.kind == kind, alerts.c.gateway == gateway, alerts.c.object_id.in_(object_ids))
    connection.execute(update(alerts).where(*about, alerts.c.resolved_at.is_(None)).values(resolved_at=now))


def reopen(connection: Connection, kind: AlertKind, gateway: str, object_id: str) -> None:
    """What was dealt with needs a human again."""
    about = (alerts.c.kind == kind, alerts.c.gateway == gateway, alerts.c.object_id == object_id)
    connection.execute(update(alerts).where(*about).values(resolved_at=None))


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert; `object_id` is the provider's."""

    id: int
    kind: AlertKind
    gateway: str
    object_id: str
    detail: str | None
    created_at: datetime


def unresolved(connection: Connection) -> list[Alert]:
    """Each alert that nobody has dealt with, oldest first."""
    query = select(alerts).where(alerts.c.resolved_at.is_(None)).order_by(alerts.c.id)
    return [_alert(row) for row in connection.execute(query)]


def counts(connection: Connection) -> dict[AlertKind, int]:
    """How many alerts of each kind nobody has dealt with; kinds without one are left out."""
    query = select(alerts.c.kind, func.count().label("number")).where(alerts.c.resolved_at.is_(None))
    return {AlertKind(row.kind): row.number for row in connection.execute(query.group_by(alerts.c.kind))}


def first_deadline(connection: Connection) -> datetime | None:
    """Until when the most pressing dispute that nobody has dealt with can be answered; None if no deadline is known."""
    query = (
        select(func.min(disputes.c.due_at))
        .join_from(alerts, disputes, (disputes.c.gateway == alerts.c.gateway)
                   & (disputes.c.dispute_id == alerts.c.object_id))
        .where(alerts.c.kind == AlertKind.DISPUTE, alerts.c.resolved_at.is_(None))
    )  # fmt: skip
    first: datetime | None = connection.scalar(query)
    return first


def settle(connection: Connection, alert_id: int, now: datetime) -> AlertKind | None:
    """Note that somebody has dealt with an alert, and return its kind; None if there is none (any more)."""
    open_one = (alerts.c.id == alert_id) & alerts.c.resolved_at.is_(None)
    kind = connection.scalar(update(alerts).where(open_one).values(resolved_at=now).returning(alerts.c.kind))
    return AlertKind(kind) if kind else None


def detail_of(connection: Connection, kind: AlertKind, gateway: str, object_id: str) -> str | None:
    """What an alert of this kind says of an object, dealt with or not; None where there was never one."""
    about = (alerts.c.kind == kind, alerts.c.gateway == gateway, alerts.c.object_id == object_id)
    return connection.scalar(select(alerts.c.detail).where(*about))


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An alert with what it is about, as far as that is known.

    `amount`: what is disputed, or the payment. `due_at`: until when a dispute can be answered. `notice_id`,
    `notice_kind` and `reason`: the notice that did not fit.
    """

    alert: Alert
    payment_id: int | None
    pledge_id: int | None
    amount: Money | None
    due_at: datetime | None
    notice_id: int | None
    notice_kind: str | None
    reason: str | None


_ABOUT = func.coalesce(disputes.c.payment_object, notices.c.object_id, alerts.c.object_id)
_LINES = (
    select(
        alerts, disputes.c.due_at, notices.c.id.label("notice_id"), notices.c.kind.label("notice_kind"),
        notices.c.reason, payments.c.id.label("payment_id"), payments.c.pledge_id,
        func.coalesce(disputes.c.amount_minor, payments.c.amount_minor).label("amount_minor"),
        func.coalesce(disputes.c.currency, payments.c.currency).label("currency"),
    )
    .outerjoin(disputes, (alerts.c.kind == AlertKind.DISPUTE) & (disputes.c.gateway == alerts.c.gateway)
               & (disputes.c.dispute_id == alerts.c.object_id))
    .outerjoin(notices, (alerts.c.kind == AlertKind.UNFIT_NOTICE) & (notices.c.gateway == alerts.c.gateway)
               & (notices.c.event_id == alerts.c.object_id))
    .outerjoin(payments, (payments.c.gateway == alerts.c.gateway) & (payments.c.object_id == _ABOUT))
    .where(alerts.c.resolved_at.is_(None))
    .order_by(disputes.c.due_at.is_(None), disputes.c.due_at, alerts.c.id)
)  # fmt: skip


def lines(connection: Connection) -> list[AlertLine]:
    """Each alert that nobody has dealt with: disputes by their deadline, then the rest, oldest first."""
    return [_line(row) for row in connection.execute(_LINES)]


def _alert(row: Row[*tuple[object, ...]]) -> Alert:
    return Alert(row.id, AlertKind(row.kind), row.gateway, row.object_id, row.detail, row.created_at)


def _line(row: Row[*tuple[object, ...]]) -> AlertLine:
    return AlertLine(
        alert=_alert(row),
        payment_id=row.payment_id,
        pledge_id=row.pledge_id,
        amount=money(row.amount_minor, row.currency) if row.amount_minor is not None else None,
        due_at=row.due_at,
        notice_id=row.notice_id,
        notice_kind=row.notice_kind,
        reason=row.reason,
    )
