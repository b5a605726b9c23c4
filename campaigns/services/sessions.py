"""Sign-ins that are kept: begun with a token of 256 bits that only the browser has, ended, or over by themselves."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from campaigns.domain.people import LONGEST, Person, Session
from campaigns.storage import staff
from campaigns.storage.database import Connection, Database

_BYTES = 32
# Writing down each use would make every page of the treasury a write.
_SEEN_EVERY = timedelta(minutes=1)


def begin(connection: Connection, person: Person, now: datetime) -> str:
    """A new sign-in for somebody who has proved who they are; returns the token for the cookie."""
    token = secrets.token_urlsafe(_BYTES)
    staff.open_session(connection, hashed(token), person.id, now)
    return token


def resume(database: Database, token: str, now: datetime) -> Session | None:
    """The sign-in that a browser shows the token of; None if there is none, or it is over."""
    with database.asking() as connection:
        found = staff.session(connection, hashed(token))
    if found is None or found.is_over(now):
        return None
    if now >= found.seen_at + _SEEN_EVERY:
        with database.transaction() as connection:
            staff.seen(connection, found.id, now)
    return found


def renew(connection: Connection, session: Session, now: datetime) -> str | None:
    """The person has proved again who they are: a new token in the place of the old one; None if it has ended since.

    The eight hours still count from the first sign-in.
    """
    token = secrets.token_urlsafe(_BYTES)
    return token if staff.renew_session(connection, session.id, hashed(token), now) else None


def end(connection: Connection, token: str) -> int | None:
    """End the sign-in that a browser shows the token of; returns whose it was, None if there is none."""
    return staff.end_shown(connection, hashed(token))


def forget_old(database: Database, now: datetime) -> int:
    """Delete sign-ins that are over whatever happens; returns how many."""
    with database.transaction() as connection:
        return staff.forget_sessions(connection, now - LONGEST)


def hashed(token: str) -> str:
    """How a token is kept: from the database alone nobody can sign in."""
    return hashlib.sha256(token.encode()).hexdigest()
