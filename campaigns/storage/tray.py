"""The tray: letters that wait to be sent, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, func, select, update

from campaigns.storage.models import letters
from campaigns.storage.once import Once
from campaigns.storage.vault import Vault


class LetterKind(StrEnum):
    RECEIPT = "receipt"  # to the donor who wished for one
    ALERT = "alert"  # to the organisation
    INVITATION = "invitation"  # to one of the staff, as the next two are
    RESET = "reset"
    CLOSING = "closing"


class LetterState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    UNDELIVERABLE = "undeliverable"
    DROPPED = "dropped"  # the address was erased before the letter went out


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that one sender has claimed. `attempts` counts this try too, and tells two claims apart.

    `secret` is what the letter alone may say, sealed: the end of a link, or what is to be compared one day.
    """

    id: int
    kind: LetterKind
    key: str
    pledge_id: int | None
    language: str
    attempts: int
    created_at: datetime
    staff_id: int | None = None
    secret: str | None = None


_PUT = Once(letters, "key")


def put(  # noqa: PLR0913 - a letter's row, spelled out
    connection: Connection,
    kind: LetterKind,
    key: str,
    language: str,
    now: datetime,
    pledge_id: int | None = None,
    *,
    staff_id: int | None = None,
    secret: str | None = None,
) -> None:
    """Put a letter into the tray, in the transaction of what it tells of; the same `key` never makes two.

    For one of the staff: `staff_id`, and `secret` as the vault has sealed it.
    """
    row = {
        "kind": kind,
        "key": key,
        "pledge_id": pledge_id,
        "staff_id": staff_id,
        "secret": secret,
        "language": language,
        "state": LetterState.WAITING,
        "attempts": 0,
        "next_at": now,
        "created_at": now,
    }
    _PUT.add(connection, row)


def claim(connection: Connection, now: datetime, until: datetime) -> Letter | None:
    """Take the letter that has been due longest; no other sender is given it before `until`.

    A sender that dies leaves it to be taken again then. None when nothing is due.
    """
    due = (
        select(letters.c.id)
        .where(letters.c.state == LetterState.WAITING, letters.c.next_at <= now)
        .order_by(letters.c.next_at, letters.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    letter_id = connection.scalar(due)
    if letter_id is None:
        return None
    taken = (
        update(letters)
        .where(letters.c.id == letter_id)
        .values(next_at=until, attempts=letters.c.attempts + 1)
        .returning(
            letters.c.id,
            letters.c.kind,
            letters.c.key,
            letters.c.pledge_id,
            letters.c.language,
            letters.c.attempts,
            letters.c.created_at,
            letters.c.staff_id,
            letters.c.secret,
        )
    )
    id_, kind, *rest = connection.execute(taken).one()
    return Letter(id_, LetterKind(kind), *rest)


def settle(connection: Connection, letter: Letter, state: LetterState, now: datetime) -> None:
    """Write down what became of a letter: it is not tried again, and its secret is gone."""
    change = update(letters).where(letters.c.id == letter.id, letters.c.state == LetterState.WAITING)
    connection.execute(change.values(state=state, settled_at=now, secret=None))


def postpone(connection: Connection, letter: Letter, next_at: datetime) -> None:
    """Try a letter again at `next_at`, unless another sender has claimed it since."""
    mine = (
        letters.c.id == letter.id,
        letters.c.state == LetterState.WAITING,
        letters.c.attempts == letter.attempts,
    )
    connection.execute(update(letters).where(*mine).values(next_at=next_at))


def waiting(connection: Connection) -> int:
    """How many letters are still to be sent, now or later."""
    return connection.scalar(select(func.count()).where(letters.c.state == LetterState.WAITING)) or 0


def is_any_due(connection: Connection, now: datetime) -> bool:
    """True when there is a letter to be sent at `now`."""
    due = select(letters.c.id).where(letters.c.state == LetterState.WAITING, letters.c.next_at <= now)
    return connection.execute(due.limit(1)).first() is not None


def reseal(connection: Connection, vault: Vault) -> None:
    """Seal what waiting letters hold anew with the vault's first key. CannotOpen where a key is missing."""
    held = select(letters.c.id, letters.c.secret).where(letters.c.secret.is_not(None))
    for row in connection.execute(held).all():
        same = letters.c.id == row.id, letters.c.secret == row.secret
        connection.execute(update(letters).where(*same).values(secret=vault.rotate(row.secret)))
