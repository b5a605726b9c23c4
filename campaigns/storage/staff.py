"""Staff as they are kept, and where they are signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, delete, insert, select, update

from campaigns.domain.people import Person, Role, Session
from campaigns.storage.models import sessions, staff


@dataclass(frozen=True, slots=True)
class Credentials:
    """With what a person proves who they are: the password's hash, the sealed key of the codes, the last step used."""

    person: Person
    password_hash: str | None
    totp_sealed: str | None
    totp_step: int | None


def add(connection: Connection, email: str, name: str, role: Role, language: str, now: datetime) -> int:
    """Keep a new person, who cannot sign in yet; IntegrityError if the address has an account."""
    row = {"email": normal(email), "name": name, "role": role, "language": language, "created_at": now}
    number: int = connection.execute(insert(staff).returning(staff.c.id), row).scalar_one()
    return number


def normal(email: str) -> str:
    """An address as it is kept and looked for."""
    return email.strip().lower()


def by_email(connection: Connection, email: str) -> Credentials | None:
    row = connection.execute(select(staff).where(staff.c.email == normal(email))).one_or_none()
    return _credentials(row) if row else None


def by_id(connection: Connection, staff_id: int) -> Credentials | None:
    row = connection.execute(select(staff).where(staff.c.id == staff_id)).one_or_none()
    return _credentials(row) if row else None


def everybody(connection: Connection) -> list[Person]:
    """All staff, those who can no longer sign in too, in the order in which they came."""
    return [_person(row) for row in connection.execute(select(staff).order_by(staff.c.id))]


def treasurers(connection: Connection) -> list[Person]:
    """Everybody who has the money in hand and can sign in."""
    active = (staff.c.role == Role.TREASURER, staff.c.disabled_at.is_(None), staff.c.password_hash.is_not(None))
    return [_person(row) for row in connection.execute(select(staff).where(*active).order_by(staff.c.id))]


def open_session(connection: Connection, token_hash: str, staff_id: int, now: datetime) -> int:
    """Keep a new sign-in under the hash of its token and return its number."""
    row = {"token_hash": token_hash, "staff_id": staff_id, "created_at": now, "signed_at": now, "seen_at": now}
    number: int = connection.execute(insert(sessions).returning(sessions.c.id), row).scalar_one()
    return number


_SESSION = select(
    sessions.c.id.label("session_id"), sessions.c.created_at.label("began_at"), sessions.c.signed_at,
    sessions.c.seen_at, staff,
).join_from(sessions, staff)  # fmt: skip


def session(connection: Connection, token_hash: str) -> Session | None:
    """The sign-in under this hash, over or not."""
    row = connection.execute(_SESSION.where(sessions.c.token_hash == token_hash)).one_or_none()
    return _session(row) if row else None


def sessions_of(connection: Connection, staff_id: int) -> list[Session]:
    """All sign-ins of a person, the newest first; some may be over."""
    query = _SESSION.where(sessions.c.staff_id == staff_id).order_by(sessions.c.id.desc())
    return [_session(row) for row in connection.execute(query)]


def seen(connection: Connection, session_id: int, now: datetime) -> None:
    """Note that a sign-in was used just now."""
    connection.execute(update(sessions).where(sessions.c.id == session_id).values(seen_at=now))


def renew_session(connection: Connection, session_id: int, token_hash: str, now: datetime) -> bool:
    """Note that the person has just proved again who they are, under a new token; False if the sign-in has ended."""
    change = update(sessions).where(sessions.c.id == session_id)
    return connection.execute(change.values(token_hash=token_hash, signed_at=now, seen_at=now)).rowcount == 1


def end_shown(connection: Connection, token_hash: str) -> int | None:
    """End the sign-in under this hash and say whose it was; None if there is no such."""
    gone = delete(sessions).where(sessions.c.token_hash == token_hash).returning(sessions.c.staff_id)
    staff_id: int | None = connection.execute(gone).scalar_one_or_none()
    return staff_id


def end_session(connection: Connection, session_id: int, staff_id: int) -> bool:
    """End a sign-in of this person; False if there is no such."""
    mine = (sessions.c.id == session_id) & (sessions.c.staff_id == staff_id)
    return connection.execute(delete(sessions).where(mine)).rowcount == 1


def end_other_sessions(connection: Connection, session_id: int, staff_id: int) -> int:
    """End every sign-in of a person but this one and say how many."""
    others = (sessions.c.staff_id == staff_id) & (sessions.c.id != session_id)
    return connection.execute(delete(sessions).where(others)).rowcount


def end_sessions_of(connection: Connection, staff_id: int) -> int:
    """End every sign-in of a person and say how many."""
    return connection.execute(delete(sessions).where(sessions.c.staff_id == staff_id)).rowcount


def forget_sessions(connection: Connection, begun_before: datetime) -> int:
    """Delete sign-ins that are over for good, and say how many."""
    return connection.execute(delete(sessions).where(sessions.c.created_at < begun_before)).rowcount


def _person(row: Row[*tuple[object, ...]]) -> Person:
    return Person(row.id, row.email, row.name, Role(row.role), row.language, row.disabled_at is not None)


def _credentials(row: Row[*tuple[object, ...]]) -> Credentials:
    return Credentials(_person(row), row.password_hash, row.totp_sealed, row.totp_step)


def _session(row: Row[*tuple[object, ...]]) -> Session:
    return Session(row.session_id, _person(row), row.began_at, row.signed_at, row.seen_at)
