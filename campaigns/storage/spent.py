"""What may be used once: a token is spent by whoever comes first, on all nodes together."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete

from campaigns.storage.models import spent
from campaigns.storage.once import Once

_SPENT = Once(spent, "token_hash")


def spend(connection: Connection, token_hash: str, expires_at: datetime) -> bool:
    """Use a token; False if it was used before. After `expires_at` it must be worthless anyway."""
    return _SPENT.add(connection, {"token_hash": token_hash, "expires_at": expires_at}) is not None


def forget(connection: Connection, now: datetime) -> int:
    """Delete what has expired, and say how many."""
    return connection.execute(delete(spent).where(spent.c.expires_at < now)).rowcount
