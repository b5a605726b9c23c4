"""Alerts: what a treasurer must see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, select, update

from campaigns.storage.models import alerts
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


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert; `object_id` is the provider's."""

    kind: AlertKind
    gateway: str
    object_id: str
    detail: str | None
    created_at: datetime


def unresolved(connection: Connection) -> list[Alert]:
    """Each alert that nobody has dealt with, oldest first."""
    query = select(alerts).where(alerts.c.resolved_at.is_(None)).order_by(alerts.c.id)
    return [
        Alert(AlertKind(row.kind), row.gateway, row.object_id, row.detail, row.created_at)
        for row in connection.execute(query)
    ]
