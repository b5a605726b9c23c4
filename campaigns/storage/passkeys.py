"""Passkeys as they are kept: public keys of staff, each under the id that its authenticator gave it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, delete, select, update

from campaigns.storage.models import passkeys
from campaigns.storage.once import Once


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """What an authenticator has made for a person. The id and the public key are in base64url."""

    staff_id: int
    credential_id: str
    public_key: str
    sign_count: int
    name: str


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey that is kept, and when it was last used (UTC; None: not yet)."""

    id: int
    staff_id: int
    credential_id: str
    public_key: str
    sign_count: int
    name: str
    created_at: datetime
    used_at: datetime | None


_ADD = Once(passkeys, "credential_id")


def add(connection: Connection, new: NewPasskey, now: datetime) -> int | None:
    """Keep a passkey and return its number; None if there is one of this id, whosever it is."""
    row = {
        "staff_id": new.staff_id, "credential_id": new.credential_id, "public_key": new.public_key,
        "sign_count": new.sign_count, "name": new.name, "created_at": now,
    }  # fmt: skip
    number: int | None = _ADD.add(connection, row)
    return number


def of_person(connection: Connection, staff_id: int) -> list[Passkey]:
    """All passkeys of a person, the oldest first."""
    query = select(passkeys).where(passkeys.c.staff_id == staff_id).order_by(passkeys.c.id)
    return [_passkey(row) for row in connection.execute(query)]


def by_credential(connection: Connection, credential_id: str) -> Passkey | None:
    row = connection.execute(select(passkeys).where(passkeys.c.credential_id == credential_id)).one_or_none()
    return _passkey(row) if row else None


def use(connection: Connection, passkey_id: int, sign_count: int, now: datetime) -> bool:
    """Note that a passkey has signed `sign_count` times; False if it is gone, or the number has not grown.

    An authenticator that does not count always says 0.
    """
    grown = (passkeys.c.sign_count < sign_count) | ((passkeys.c.sign_count == 0) & (sign_count == 0))
    change = update(passkeys).where(passkeys.c.id == passkey_id, grown).values(sign_count=sign_count, used_at=now)
    return connection.execute(change).rowcount == 1


def rename(connection: Connection, passkey_id: int, staff_id: int, name: str) -> bool:
    """Give a passkey of this person another name; False if there is no such."""
    mine = (passkeys.c.id == passkey_id) & (passkeys.c.staff_id == staff_id)
    return connection.execute(update(passkeys).where(mine).values(name=name)).rowcount == 1


def remove(connection: Connection, passkey_id: int, staff_id: int) -> bool:
    """Forget a passkey of this person; False if there is no such."""
    mine = (passkeys.c.id == passkey_id) & (passkeys.c.staff_id == staff_id)
    return connection.execute(delete(passkeys).where(mine)).rowcount == 1


def remove_all(connection: Connection, staff_id: int) -> int:
    """Forget every passkey of a person and say how many there were."""
    return connection.execute(delete(passkeys).where(passkeys.c.staff_id == staff_id)).rowcount


def _passkey(row: Row[*tuple[object, ...]]) -> Passkey:
    return Passkey(
        row.id, row.staff_id, row.credential_id, row.public_key, row.sign_count, row.name, row.created_at, row.used_at
    )
