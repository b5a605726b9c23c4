"""Who gave: the one table that names persons, sealed, kept apart from the books and only for a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from campaigns.storage.models import donors
from campaigns.storage.vault import Vault

_KNOWN = select(donors.c.pledge_id).where(donors.c.pledge_id == bindparam("wanted"))


def keep(connection: Connection, vault: Vault, pledge_id: int, email: str, purge_after: datetime) -> None:
    """Keep the address for a pledge's receipt until `purge_after`; IntegrityError where one is kept already."""
    row = {"pledge_id": pledge_id, "email": vault.seal(email), "purge_after": purge_after}
    connection.execute(insert(donors), row)


def has_email(connection: Connection, pledge_id: int) -> bool:
    """Whether the donor of this pledge wished for letters, and is still known."""
    return connection.scalar(_KNOWN, {"wanted": pledge_id}) is not None


def email_of(connection: Connection, vault: Vault, pledge_id: int) -> str | None:
    """The address for a pledge's receipt; None where there is none (any more). CannotOpen if no key fits."""
    sealed = connection.scalar(select(donors.c.email).where(donors.c.pledge_id == pledge_id))
    return None if sealed is None else vault.open(sealed)


def addresses(connection: Connection, vault: Vault) -> Iterator[tuple[int, str]]:
    """Every pledge that an address is kept for, with the address; CannotOpen if no key fits."""
    for pledge_id, sealed in connection.execute(select(donors.c.pledge_id, donors.c.email)):
        yield pledge_id, vault.open(sealed)


def forget(connection: Connection, pledge_ids: Sequence[int]) -> int:
    """Erase the donors of these pledges, as when they ask for it; returns how many."""
    return _erase(connection, pledge_ids)


def purge(connection: Connection, now: datetime, limit: int) -> int:
    """Erase up to `limit` donors whose time is over at `now`; returns how many. Two nodes may do so at once."""
    due = (
        select(donors.c.pledge_id)
        .where(donors.c.purge_after <= now)
        .order_by(donors.c.purge_after, donors.c.pledge_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return _erase(connection, list(connection.scalars(due)))


def reseal(connection: Connection, vault: Vault, after: int, limit: int) -> list[int]:
    """Seal up to `limit` donors beyond the pledge `after` with the vault's first key.

    Returns their pledges, in order, to go on from the last; CannotOpen, with none changed, if no key fits one of them.
    """
    page = (
        select(donors.c.pledge_id, donors.c.email)
        .where(donors.c.pledge_id > after)
        .order_by(donors.c.pledge_id)
        .limit(limit)
        .with_for_update()
    )
    sealed = [(pledge_id, vault.rotate(email)) for pledge_id, email in connection.execute(page)]
    for pledge_id, email in sealed:
        connection.execute(update(donors).where(donors.c.pledge_id == pledge_id).values(email=email))
    _rewrite(connection)
    return [pledge_id for pledge_id, _ in sealed]


def _erase(connection: Connection, pledge_ids: Sequence[int]) -> int:
    if not pledge_ids:
        return 0
    erased = connection.execute(delete(donors).where(donors.c.pledge_id.in_(pledge_ids))).rowcount
    _rewrite(connection)
    return erased


def _rewrite(connection: Connection) -> None:
    """Leave no bytes of an erased or changed row in SQLite's file.

    `secure_delete` zeroes rows and pages that are freed, but a page that SQLite split or merged earlier can still hold
    a copy of a row that lives elsewhere now. Freeing all pages of this table zeroes those too. The table is small:
    it holds only addresses whose time is not over.
    """
    if connection.dialect.name != "sqlite":
        return
    kept = [row._asdict() for row in connection.execute(select(donors).order_by(donors.c.pledge_id))]
    connection.execute(delete(donors))
    if kept:
        connection.execute(insert(donors), kept)
