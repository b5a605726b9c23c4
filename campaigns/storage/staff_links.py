"""Links for staff, kept as hashes: an invitation, or a new password. Each works once, and for a time."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from campaigns.storage.models import staff_links


class Purpose(StrEnum):
    INVITATION = "invitation"
    RESET = "reset"


def add(connection: Connection, token_hash: str, staff_id: int, purpose: Purpose, expires_at: datetime) -> None:
    """Keep a new link."""
    row = {"token_hash": token_hash, "staff_id": staff_id, "purpose": purpose, "expires_at": expires_at}
    connection.execute(insert(staff_links), row)


def owner(connection: Connection, token_hash: str, purpose: Purpose, now: datetime) -> int | None:
    """Whose link this is; None if there is no such, or it was used or is over."""
    good = _good(token_hash, purpose, now)
    staff_id: int | None = connection.scalar(select(staff_links.c.staff_id).where(*good))
    return staff_id


def use(connection: Connection, token_hash: str, purpose: Purpose, now: datetime) -> int | None:
    """Use a link up and say whose it is; None as above. One statement decides, so that it works once on all nodes."""
    change = update(staff_links).where(*_good(token_hash, purpose, now)).values(used_at=now)
    staff_id: int | None = connection.execute(change.returning(staff_links.c.staff_id)).scalar_one_or_none()
    return staff_id


def remove(connection: Connection, staff_id: int, purpose: Purpose | None = None) -> int:
    """Make a person's links worthless, all or those for one purpose, and say how many there were."""
    mine = [staff_links.c.staff_id == staff_id]
    if purpose is not None:
        mine.append(staff_links.c.purpose == purpose)
    return connection.execute(delete(staff_links).where(*mine)).rowcount


def forget(connection: Connection, now: datetime) -> int:
    """Delete the links that were used or are over, and say how many."""
    worthless = staff_links.c.used_at.is_not(None) | (staff_links.c.expires_at <= now)
    return connection.execute(delete(staff_links).where(worthless)).rowcount


def _good(token_hash: str, purpose: Purpose, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        staff_links.c.token_hash == token_hash,
        staff_links.c.purpose == purpose,
        staff_links.c.used_at.is_(None),
        staff_links.c.expires_at > now,
    )
