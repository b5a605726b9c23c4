"""The demo's staff: one of each role, with passwords and keys that follow from SECRET_KEY, so that none is kept."""

from __future__ import annotations

import hmac
from base64 import b32encode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256

from campaigns.config import Settings
from campaigns.domain.people import Permission, Person, Role
from campaigns.services import one_time_codes, passwords
from campaigns.services.keys import Keys
from campaigns.storage import credentials, staff

_GROUP = 4  # characters of a password that stand together


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody who can sign in to the demo. `totp_key` is in base32, as an app takes it."""

    role: Role
    email: str
    name: str
    language: str
    password: str
    totp_key: str


def everybody(settings: Settings) -> list[DemoPerson]:
    """The demo's four people, the same ones for as long as SECRET_KEY is."""
    people = ((Role.ADMIN, "Adam Nowak", "pl"), (Role.TREASURER, "Teresa Wójcik", "pl"),
              (Role.AUDITOR, "Audrey Hill", "en"), (Role.EDITOR, "Edyta Mazur", "pl"))  # fmt: skip
    return [
        DemoPerson(role, f"{role}@example.org", name, language, *_secrets(settings, role))
        for role, name, language in people
    ]


def seed(keys: Keys) -> None:
    """Make the demo's people; where there is any staff already, nothing is done."""
    with keys.database.reading() as connection:
        if staff.everybody(connection):
            return
    people = everybody(keys.settings)
    with ThreadPoolExecutor() as pool:
        hashes = list(pool.map(passwords.hashed, (person.password for person in people)))
    with keys.database.transaction() as connection:
        if staff.everybody(connection):
            return
        for person, password_hash in zip(people, hashes, strict=True):
            number = staff.add(connection, person.email, person.name, person.role, person.language, keys.now())
            credentials.set_password(connection, number, password_hash)
            credentials.set_totp(connection, number, keys.vault.seal(person.totp_key), None)


def treasurer(keys: Keys) -> Person:
    """Who keeps the demo's books: a treasurer if there is one, else whoever came first."""
    with keys.database.reading() as connection:
        found = staff.everybody(connection)
    return next((person for person in found if person.may(Permission.BOOK)), found[0])


def table(keys: Keys) -> list[tuple[str, str, str, str, str]]:
    """For each: role, e-mail address, password, key of the one-time codes, and the code of this moment."""
    return [
        (person.role, person.email, person.password, person.totp_key, one_time_codes.shown(person.totp_key, keys.now()))
        for person in everybody(keys.settings)
    ]


def _secrets(settings: Settings, role: Role) -> tuple[str, str]:
    """A password of 80 bits and a key of 160."""
    text = b32encode(_derived(settings, f"demo password:{role}")[:10]).decode().lower()
    password = "-".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))
    return password, b32encode(_derived(settings, f"demo one-time codes:{role}")[:20]).decode()


def _derived(settings: Settings, purpose: str) -> bytes:
    return hmac.new(settings.secret_key.encode(), purpose.encode(), sha256).digest()
