"""The inbox: every verified notice once, without its payload."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, func, select, update

from campaigns.storage.models import UNSETTLED, notices
from campaigns.storage.once import Once


class NoticeState(StrEnum):
    DONE = "done"
    WAITING = "waiting"  # speaks of a payment that is not known yet; settled with it
    IGNORED = "ignored"  # not ours, or of no consequence
    UNFIT = "unfit"  # fits no move: for a human


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
