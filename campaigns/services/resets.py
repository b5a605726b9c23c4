"""A new password for somebody who has forgotten theirs: a link by e-mail. The second factor is still asked for."""

from __future__ import annotations

import secrets
from datetime import timedelta

from campaigns.config import Limit
from campaigns.domain.people import RESET_LIFETIME, Person
from campaigns.services import passwords, sign_in
from campaigns.services.audit_trail import Action, note
from campaigns.services.invitations import LinkOver, Weak
from campaigns.services.keys import Keys
from campaigns.services.limiting import TooManyTries, block_of, count
from campaigns.services.sessions import hashed
from campaigns.services.sign_in import Half
from campaigns.storage import credentials, staff, staff_links, tray
from campaigns.storage.database import Connection
from campaigns.storage.staff import Credentials
from campaigns.storage.staff_links import Purpose

PER_ADDRESS = (Limit(5, timedelta(minutes=10)), Limit(20, timedelta(days=1)))
# More letters than this would only be a nuisance to their reader, who has the last ones.
LETTERS = (Limit(3, timedelta(hours=1)), Limit(10, timedelta(days=1)))

_BYTES = 32
_LONGEST_EMAIL = 254


def ask_for_reset(keys: Keys, email: str, address: str) -> None:
    """Put a letter with a link into the tray, if anybody here has this e-mail address; nothing tells whether.

    TooManyTries from this network address, whoever is asked for.
    """
    email, token, now = staff.normal(email)[:_LONGEST_EMAIL], secrets.token_urlsafe(_BYTES), keys.now()
    sealed = keys.vault.seal(token)
    with keys.database.transaction() as connection:
        count(connection, f"reset:{block_of(address)}", PER_ADDRESS, now)
        try:
            count(connection, f"reset:account:{email}", LETTERS, now)
        except TooManyTries:
            return
        found = _with_password(staff.by_email(connection, email))
        if found is None:
            return
        staff_links.add(connection, hashed(token), found.person.id, Purpose.RESET, now + RESET_LIFETIME)
        key, language = f"reset:{secrets.token_hex(8)}", found.person.language
        kind = tray.LetterKind.RESET
        tray.put(connection, kind, key, language, now, staff_id=found.person.id, secret=sealed)


def whose_reset(keys: Keys, token: str) -> Person:
    """Who may choose a new password by this link; it is not used up. LinkOver."""
    with keys.database.reading() as connection:
        return _owner(connection, staff_links.owner(connection, hashed(token), Purpose.RESET, keys.now())).person


def reset(keys: Keys, token: str, password: str) -> Half:
    """Choose a new password: every sign-in and every other link ends. Returns what is left to do to sign in.

    LinkOver; Weak, and then the link still works.
    """
    person = whose_reset(keys, token)
    if found := passwords.weakness(password, person):
        raise Weak(found)
    password_hash = passwords.hashed(password)
    with keys.database.transaction() as connection:
        _owner(connection, staff_links.use(connection, hashed(token), Purpose.RESET, keys.now()))
        credentials.set_password(connection, person.id, password_hash)
        staff.end_sessions_of(connection, person.id)
        staff_links.remove(connection, person.id)
        note(connection, keys, person, Action.PASSWORD_CHANGED, f"staff:{person.id}", "by a link")
        shown = _owner(connection, person.id)
        return sign_in.half_of(keys, shown, sign_in.has_second_factor(connection, shown))


def _owner(connection: Connection, staff_id: int | None) -> Credentials:
    found = _with_password(staff.by_id(connection, staff_id)) if staff_id else None
    if found is None:
        raise LinkOver
    return found


def _with_password(found: Credentials | None) -> Credentials | None:
    """Nobody whose account is closed, or who has not taken the invitation yet: that ends when it says."""
    return found if found and found.password_hash and not found.person.disabled else None
