"""Staff as those see and change them who manage people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Row, func, or_, select, update

from campaigns.domain.people import Person, Role
from campaigns.storage.models import audit_log, passkeys, staff


class State(StrEnum):
    INVITED = "invited"  # has no password yet
    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Listed:
    """One of the staff: may they sign in, have they a second factor, and when did they last sign in (UTC)."""

    person: Person
    state: State
    has_second_factor: bool
    signed_in_at: datetime | None


# By the person's newest records: a sign-in lasts for hours, so that few are looked at, however old the log is.
_SIGNED_IN_AT = (
    select(audit_log.c.at)
    .where(audit_log.c.staff_id == staff.c.id, audit_log.c.action == "sign_in")
    .order_by(audit_log.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_HAS_PASSKEY = select(passkeys.c.id).where(passkeys.c.staff_id == staff.c.id).exists()
_LISTED = select(
    staff,
    or_(staff.c.totp_sealed.is_not(None), _HAS_PASSKEY).label("has_second_factor"),
    _SIGNED_IN_AT.label("signed_in_at"),
).order_by(func.lower(staff.c.name), staff.c.id)


def everybody(connection: Connection) -> list[Listed]:
    """All staff by name, those who can no longer sign in too."""
    return [_listed(row) for row in connection.execute(_LISTED)]


def one(connection: Connection, staff_id: int) -> Listed | None:
    row = connection.execute(_LISTED.where(staff.c.id == staff_id)).one_or_none()
    return _listed(row) if row else None


def set_role(connection: Connection, staff_id: int, role: Role) -> None:
    connection.execute(update(staff).where(staff.c.id == staff_id).values(role=role))


def set_language(connection: Connection, staff_id: int, language: str) -> None:
    connection.execute(update(staff).where(staff.c.id == staff_id).values(language=language))


def set_disabled(connection: Connection, staff_id: int, since: datetime | None) -> None:
    """Nobody signs in as this person from `since` on; None lets them in again."""
    connection.execute(update(staff).where(staff.c.id == staff_id).values(disabled_at=since))


def forget_password(connection: Connection, staff_id: int) -> None:
    """As before the invitation was taken."""
    connection.execute(update(staff).where(staff.c.id == staff_id).values(password_hash=None))


def _listed(row: Row[*tuple[object, ...]]) -> Listed:
    person = Person(row.id, row.email, row.name, Role(row.role), row.language, row.disabled_at is not None)
    state = State.ACTIVE if row.password_hash else State.INVITED
    return Listed(person, State.DISABLED if person.disabled else state, row.has_second_factor, row.signed_in_at)
