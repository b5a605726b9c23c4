"""Half a sign-in: what the form of the second step carries from the first, so that nothing need remember it."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from campaigns.services.keys import Keys
from campaigns.services.sessions import hashed
from campaigns.storage import spent, staff
from campaigns.storage.database import Connection
from campaigns.storage.staff import Credentials
from campaigns.storage.vault import CannotOpen

LIFETIME = timedelta(minutes=5)
_PURPOSE = "half a sign-in"
_RANDOM_BYTES = 16
_NOBODY = 0


class Worthless(Exception):
    """Not half a sign-in of ours, or too old, or used, or the password or the account has changed since."""


@dataclass(frozen=True, slots=True)
class Half:
    """Who has shown the right password, and which (`mark`); nobody where it was wrong and that may not be told yet."""

    staff_id: int
    mark: str
    random: str
    expires_at: datetime

    @classmethod
    def of(cls, shown: Credentials | None, now: datetime) -> Half:
        staff_id = shown.person.id if shown else _NOBODY
        mark = _mark(shown.password_hash or "") if shown else secrets.token_hex(8)
        return cls(staff_id, mark, secrets.token_hex(_RANDOM_BYTES), (now + LIFETIME).replace(microsecond=0))


def seal(half: Half, keys: Keys) -> str:
    """As a text for a hidden field, sealed: it does not even tell whether the password was right."""
    fields = [_PURPOSE, f"{half.staff_id:019}", half.mark, half.random, int(half.expires_at.timestamp())]
    return keys.vault.seal(json.dumps(fields))


def read(token: str, keys: Keys) -> Half:
    """What was sealed less than five minutes ago; Worthless for anything else."""
    try:
        purpose, staff_id, mark, random, expires = json.loads(keys.vault.open(token))
    except (CannotOpen, TypeError, ValueError) as error:
        raise Worthless from error
    if purpose != _PURPOSE:
        raise Worthless
    half = Half(int(staff_id), mark, random, datetime.fromtimestamp(expires, UTC))
    if keys.now() >= half.expires_at:
        raise Worthless
    return half


def credentials(connection: Connection, half: Half) -> Credentials | None:
    """Whose half it is, unless the account was closed or has another password since; None for nobody's."""
    found = staff.by_id(connection, half.staff_id)
    if found is None or found.person.disabled or _mark(found.password_hash or "") != half.mark:
        return None
    return found


def spend(connection: Connection, half: Half) -> None:
    """Use it up; Worthless if it was used before, on whatever node."""
    if not spent.spend(connection, hashed(f"half:{half.random}"), half.expires_at):
        raise Worthless


def _mark(password_hash: str) -> str:
    return hashlib.sha256(password_hash.encode()).hexdigest()[:16]
