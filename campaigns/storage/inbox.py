"""The inbox: every verified notice once, without its payload."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Row, func, select, update

from campaigns.storage.models import IGNORED, UNSETTLED, notices
from campaigns.storage.once import Once


class NoticeState(StrEnum):
    DONE = "done"
    WAITING = "waiting"  # speaks of a payment that is not known yet; settled with it
    IGNORED = "ignored"  # not ours, or of no consequence
    UNFIT = "unfit"  # fits no move: for a human


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice as it is kept. `kind` and `reason` are the provider's word and ours for it, in English."""

    id: int
    gateway: str
    kind: str
    object_id: str
    state: NoticeState
    reason: str | None
    received_at: datetime


_REMEMBERED = Once(notices, "gateway", "event_id")


def remember(
    connection: Connection, gateway: str, event_id: str, kind: str, object_id: str, now: datetime
) -> int | None:
    """Write a notice down as done and return its number; None if it was there already.

    Two deliveries at once: the second waits until the first has committed, then finds it.
    """
    row = {
        "gateway": gateway,
        "event_id": event_id,
        "kind": kind,
        "object_id": object_id,
        "state": NoticeState.DONE,
        "received_at": now,
    }
    notice_id: int | None = _REMEMBERED.add(connection, row)
    return notice_id


def mark(connection: Connection, notice_id: int, state: NoticeState, reason: str) -> None:
    """Say what became of a notice other than done, and why (in English, for staff; no names)."""
    connection.execute(update(notices).where(notices.c.id == notice_id).values(state=state, reason=reason))


def release(connection: Connection, gateway: str, object_ids: Sequence[str]) -> list[str]:
    """Notices about these objects that waited, or did not fit, are done; returns their event ids."""
    return _change(connection, gateway, object_ids, (NoticeState.WAITING, NoticeState.UNFIT), NoticeState.DONE, None)


def give_up(connection: Connection, gateway: str, object_ids: Sequence[str], reason: str) -> list[str]:
    """Notices that waited for these objects do not fit; returns their event ids."""
    return _change(connection, gateway, object_ids, (NoticeState.WAITING,), NoticeState.UNFIT, reason)


def _change(
    connection: Connection,
    gateway: str,
    object_ids: Sequence[str],
    before: tuple[NoticeState, ...],
    after: NoticeState,
    reason: str | None,
) -> list[str]:
    about = (UNSETTLED, notices.c.gateway == gateway, notices.c.object_id.in_(object_ids), notices.c.state.in_(before))
    changed = update(notices).where(*about).values(state=after, reason=reason)
    return list(connection.scalars(changed.returning(notices.c.event_id)))


def counts(connection: Connection) -> dict[str, int]:
    """How many notices are in which state."""
    query = select(notices.c.state, func.count().label("number")).group_by(notices.c.state)
    return {row.state: row.number for row in connection.execute(query)}


def unsettled(connection: Connection) -> int:
    """How many notices wait for what they speak of, or for a human."""
    return connection.scalar(select(func.count()).select_from(notices).where(UNSETTLED)) or 0


def by_id(connection: Connection, notice_id: int) -> NoticeLine | None:
    row = connection.execute(select(notices).where(notices.c.id == notice_id)).one_or_none()
    return _line(row) if row else None


def newest(connection: Connection, state: NoticeState | None, before: int | None, limit: int) -> list[NoticeLine]:
    """Notices of a state, or all, the newest first, from below the number `before` on."""
    query = select(notices).order_by(notices.c.id.desc()).limit(limit)
    match state:
        case NoticeState.WAITING | NoticeState.UNFIT:  # few: found first, then put in order
            query = query.where(notices.c.id.in_(select(notices.c.id).where(UNSETTLED)), notices.c.state == state)
        case NoticeState.IGNORED:
            query = query.where(IGNORED)
        case NoticeState.DONE:
            query = query.where(notices.c.state == state)
        case None:
            pass
    if before is not None:
        query = query.where(notices.c.id < before)
    return [_line(row) for row in connection.execute(query)]


def waiting_since(connection: Connection, moment: datetime) -> int:
    """How many notices have been waiting from before that moment for a payment that is not known."""
    old = (UNSETTLED, notices.c.state == NoticeState.WAITING, notices.c.received_at < moment)
    return connection.scalar(select(func.count()).select_from(notices).where(*old)) or 0


def about(connection: Connection, gateway: str, object_ids: Sequence[str]) -> list[NoticeLine]:
    """Every notice about these objects, in the order in which they came."""
    query = select(notices).where(notices.c.gateway == gateway, notices.c.object_id.in_(object_ids))
    return [_line(row) for row in connection.execute(query.order_by(notices.c.id))]


def _line(row: Row[*tuple[object, ...]]) -> NoticeLine:
    return NoticeLine(row.id, row.gateway, row.kind, row.object_id, NoticeState(row.state), row.reason, row.received_at)
