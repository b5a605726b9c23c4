"""Inviting somebody to work here: a link by which they choose a password and set up their second factor."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from campaigns.domain.people import INVITATION_LIFETIME, Person
from campaigns.services import one_time_codes, passwords, sign_in
from campaigns.services.audit_trail import Action, note
from campaigns.services.keys import Keys
from campaigns.services.passwords import Weakness
from campaigns.services.sessions import hashed
from campaigns.services.sign_in import Entry, Wrong
from campaigns.storage import credentials, passkeys, staff, staff_links, tray
from campaigns.storage.database import Connection
from campaigns.storage.staff_links import Purpose

_BYTES = 32


class LinkOver(Exception):
    """The link was used, is over, or never was; or the account behind it is closed."""


class Weak(Exception):
    """The new password is not good enough."""

    def __init__(self, weakness: Weakness) -> None:
        super().__init__(weakness)
        self.weakness = weakness


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the form of an invitation sends: a password, the key that was offered (sealed), and a code of the app."""

    password: str
    sealed: str
    code: str


def invite(connection: Connection, keys: Keys, person: Person, by: Person | None, *, letter: bool = True) -> str:
    """Make a link for a new person, or for one who has lost everything; returns its token. Older ones end.

    `by` None: a command. `letter`: whether it goes out by e-mail too.
    """
    token = secrets.token_urlsafe(_BYTES)
    staff_links.remove(connection, person.id, Purpose.INVITATION)
    staff_links.add(connection, hashed(token), person.id, Purpose.INVITATION, keys.now() + INVITATION_LIFETIME)
    if letter:
        key, sealed = f"invitation:{secrets.token_hex(8)}", keys.vault.seal(token)
        kind = tray.LetterKind.INVITATION
        tray.put(connection, kind, key, person.language, keys.now(), staff_id=person.id, secret=sealed)
    note(connection, keys, by, Action.PERSON_INVITED, f"staff:{person.id}", person.role)
    return token


def address_of(keys: Keys, token: str) -> str:
    """The link as it is opened in a browser."""
    return f"{keys.settings.base_url}/invitation/{token}"


def invited(keys: Keys, token: str) -> Person:
    """Whom a link invites; it is not used up. LinkOver."""
    with keys.database.reading() as connection:
        staff_id = staff_links.owner(connection, hashed(token), Purpose.INVITATION, keys.now())
        found = staff.by_id(connection, staff_id) if staff_id else None
    if found is None or found.person.disabled:
        raise LinkOver
    return found.person


def accept(keys: Keys, token: str, chosen: Chosen, shown: str = "") -> Entry:
    """Take an invitation and begin a sign-in. Whoever had an account begins anew: nothing older proves anything.

    LinkOver; Weak; Wrong if the app's code is missing or wrong (an editor may do without). Then the link still works.
    """
    person = invited(keys, token)
    if found := passwords.weakness(chosen.password, person):
        raise Weak(found)
    password_hash = passwords.hashed(chosen.password)
    with keys.database.transaction() as connection:
        if staff_links.use(connection, hashed(token), Purpose.INVITATION, keys.now()) is None:
            raise LinkOver
        _begin_anew(connection, person)
        credentials.set_password(connection, person.id, password_hash)
        note(connection, keys, person, Action.PASSWORD_CHANGED, f"staff:{person.id}", "by invitation")
        codes: list[str] | None = []
        if chosen.code.strip() or person.needs_second_factor:
            codes = one_time_codes.take(connection, keys, person, chosen.sealed, chosen.code)
        if codes is None:
            raise Wrong
        return Entry(person, sign_in.complete(keys, connection, person, "invitation", shown), codes)


def _begin_anew(connection: Connection, person: Person) -> None:
    one_time_codes.drop(connection, person)
    passkeys.remove_all(connection, person.id)
    staff.end_sessions_of(connection, person.id)
    staff_links.remove(connection, person.id)
