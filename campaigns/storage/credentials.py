"""With what staff prove who they are, as it is changed: passwords, one-time codes, recovery codes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from campaigns.storage.models import recovery_codes, staff
from campaigns.storage.vault import Vault


def set_password(connection: Connection, staff_id: int, password_hash: str) -> None:
    """Keep the hash of a person's new password."""
    connection.execute(update(staff).where(staff.c.id == staff_id).values(password_hash=password_hash))


def set_totp(connection: Connection, staff_id: int, sealed: str | None, step: int | None) -> None:
    """Keep the sealed key of a person's one-time codes, and the step of the last one used; None takes them away."""
    connection.execute(update(staff).where(staff.c.id == staff_id).values(totp_sealed=sealed, totp_step=step))


def use_step(connection: Connection, staff_id: int, sealed: str, step: int) -> bool:
    """Use the code of a time step up; False if it, or a later one, was used before, or the key is another by now.

    One statement decides, so that of two nodes only one can accept the same code.
    """
    unused = staff.c.totp_step.is_(None) | (staff.c.totp_step < step)
    change = update(staff).where(staff.c.id == staff_id, staff.c.totp_sealed == sealed, unused)
    return connection.execute(change.values(totp_step=step)).rowcount == 1


def replace_recovery_codes(connection: Connection, staff_id: int, hashes: Iterable[str]) -> None:
    """Keep new recovery codes in the place of all older ones."""
    connection.execute(delete(recovery_codes).where(recovery_codes.c.staff_id == staff_id))
    rows = [{"staff_id": staff_id, "code_hash": code_hash} for code_hash in hashes]
    if rows:
        connection.execute(insert(recovery_codes), rows)


def use_recovery_code(connection: Connection, staff_id: int, hashes: Iterable[str], now: datetime) -> bool:
    """Use a recovery code up, under whichever of these hashes it is kept; False if there is none that is unused."""
    mine = recovery_codes.c.staff_id == staff_id, recovery_codes.c.code_hash.in_(list(hashes))
    change = update(recovery_codes).where(*mine, recovery_codes.c.used_at.is_(None))
    return connection.execute(change.values(used_at=now)).rowcount == 1


def recovery_codes_left(connection: Connection, staff_id: int) -> int:
    """How many recovery codes of a person are unused."""
    unused = recovery_codes.c.staff_id == staff_id, recovery_codes.c.used_at.is_(None)
    return connection.scalar(select(func.count()).select_from(recovery_codes).where(*unused)) or 0


def reseal(connection: Connection, vault: Vault) -> None:
    """Seal every key of one-time codes anew with the vault's first key. CannotOpen where a key is missing."""
    sealed = select(staff.c.id, staff.c.totp_sealed).where(staff.c.totp_sealed.is_not(None))
    for row in connection.execute(sealed).all():
        same = staff.c.id == row.id, staff.c.totp_sealed == row.totp_sealed
        connection.execute(update(staff).where(*same).values(totp_sealed=vault.rotate(row.totp_sealed)))
