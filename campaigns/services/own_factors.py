"""With what one proves who one is, as one changes it oneself: password, one-time codes, passkeys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from campaigns.config import Limit
from campaigns.domain.people import Person, Session
from campaigns.services import one_time_codes, passwords
from campaigns.services.audit_trail import Action, note
from campaigns.services.keys import Keys
from campaigns.services.limiting import count
from campaigns.services.passkeys import LONGEST_NAME
from campaigns.services.passwords import Weakness
from campaigns.storage import credentials, passkeys, staff, staff_links
from campaigns.storage.database import Connection, lock
from campaigns.storage.passkeys import Passkey

TRIES = (Limit(10, timedelta(minutes=10)),)


class WrongPassword(Exception):
    """The old password is another one; nothing was changed."""


class TooWeak(Exception):
    """The new password is not good enough; nothing was changed."""

    def __init__(self, weakness: Weakness) -> None:
        super().__init__(weakness)
        self.weakness = weakness


class LastFactor(Exception):
    """Without this passkey the person could not sign in any more; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person has besides the password."""

    has_codes: bool
    recovery_codes_left: int
    passkeys: Sequence[Passkey]

    def can_spare_a_passkey(self, person: Person) -> bool:
        return self.has_codes or len(self.passkeys) > 1 or not person.needs_second_factor


def factors_of(keys: Keys, person: Person) -> Factors:
    with keys.database.reading() as connection:
        return _factors(connection, person)


def change_password(keys: Keys, session: Session, old: str, new: str) -> None:
    """Take a new password and end the person's other sign-ins. WrongPassword or TooWeak if that cannot be.

    TooManyTries at the old one: this page must not be the way to guess it.
    """
    person = session.person
    with keys.database.transaction() as connection:
        count(connection, f"old password:{person.id}", TRIES, keys.now())
        known = staff.by_id(connection, person.id)
    if not passwords.fits(known.password_hash if known else None, old):
        raise WrongPassword
    weakness = passwords.weakness(new, person)
    if weakness is not None:
        raise TooWeak(weakness)
    password_hash = passwords.hashed(new)
    with keys.database.transaction() as connection:
        credentials.set_password(connection, person.id, password_hash)
        staff.end_other_sessions(connection, session.id, person.id)
        staff_links.remove(connection, person.id)
        note(connection, keys, person, Action.PASSWORD_CHANGED, f"staff:{person.id}")


def set_up_codes(keys: Keys, person: Person, sealed: str, code: str) -> list[str] | None:
    """Keep the key that an app was offered; returns new recovery codes, to be shown once. None: the code was wrong."""
    with keys.database.transaction() as connection:
        return one_time_codes.take(connection, keys, person, sealed, code)


def renew_recovery_codes(keys: Keys, person: Person) -> list[str]:
    """New recovery codes, to be shown once; all older ones are worthless."""
    with keys.database.transaction() as connection:
        codes = one_time_codes.renew_recovery_codes(connection, keys, person)
        note(connection, keys, person, Action.FACTOR_CHANGED, f"staff:{person.id}", "new recovery codes")
    return codes


def own_passkey(keys: Keys, person: Person, passkey_id: int) -> Passkey | None:
    """A passkey of this person; None if there is no such."""
    return next((passkey for passkey in factors_of(keys, person).passkeys if passkey.id == passkey_id), None)


def rename_passkey(keys: Keys, person: Person, passkey_id: int, name: str) -> bool:
    """Call a passkey of this person otherwise; False if there is no such."""
    with keys.database.transaction() as connection:
        if not passkeys.rename(connection, passkey_id, person.id, name[:LONGEST_NAME]):
            return False
        note(connection, keys, person, Action.FACTOR_CHANGED, f"staff:{person.id}", f"passkey {passkey_id} renamed")
    return True


def remove_passkey(keys: Keys, person: Person, passkey_id: int) -> bool:
    """Forget a passkey of this person; False if there is no such, LastFactor if it is the last that the role needs."""
    with keys.database.transaction() as connection:
        lock(connection, f"factors of {person.id}")  # or two removals at once would each leave the other's
        spare = _factors(connection, person).can_spare_a_passkey(person)
        if not passkeys.remove(connection, passkey_id, person.id):
            return False
        if not spare:
            raise LastFactor
        note(connection, keys, person, Action.FACTOR_CHANGED, f"staff:{person.id}", f"passkey {passkey_id} removed")
    return True


def _factors(connection: Connection, person: Person) -> Factors:
    known = staff.by_id(connection, person.id)
    return Factors(
        known is not None and known.totp_sealed is not None,
        credentials.recovery_codes_left(connection, person.id),
        passkeys.of_person(connection, person.id),
    )
