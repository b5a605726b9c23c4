"""One-time codes: from an app, a new one every half minute (RFC 6238), and recovery codes for the day it is lost."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp

from campaigns.domain.people import Person
from campaigns.services.audit_trail import Action, note
from campaigns.services.keys import Keys
from campaigns.storage import credentials
from campaigns.storage.database import Connection
from campaigns.storage.staff import Credentials
from campaigns.storage.vault import CannotOpen, Vault

STEP = 30  # seconds
DRIFT = 1  # steps that a clock may be off
DIGITS = 6

RECOVERY_CODES = 10
# No letter that is taken for a digit. Twelve of 32 characters are 60 bits.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH, _GROUP = 12, 4
_MISREAD = str.maketrans("oil", "011")

_PURPOSE = "one-time codes of"


@dataclass(frozen=True, slots=True)
class Offer:
    """A new key for an app: as text, as the address in the QR code, and sealed for the form that comes back."""

    secret: str
    address: str
    sealed: str


def offer(keys: Keys, person: Person, sealed: str = "") -> Offer:
    """A new key for this person's app, not kept yet; or once more the one that was offered as `sealed`."""
    secret = _offered(keys.vault, person, sealed) or pyotp.random_base32()
    issuer = keys.settings.organisation.name.replace(":", " ")
    address = pyotp.TOTP(secret).provisioning_uri(name=person.email, issuer_name=issuer)
    return Offer(secret, address, keys.vault.seal(json.dumps([_PURPOSE, person.id, secret])))


def take(connection: Connection, keys: Keys, person: Person, sealed: str, code: str) -> list[str] | None:
    """Keep the key that was offered, if the app shows a right code, and return new recovery codes, to be shown once.

    None, and nothing changed, if the code is wrong. The code cannot be used again to sign in.
    """
    secret = _offered(keys.vault, person, sealed)
    step = _matching(secret, code, keys.now()) if secret else None
    if secret is None or step is None:
        return None
    credentials.set_totp(connection, person.id, keys.vault.seal(secret), step)
    codes = renew_recovery_codes(connection, keys, person)
    note(connection, keys, person, Action.FACTOR_CHANGED, f"staff:{person.id}", "one-time codes set up")
    return codes


def drop(connection: Connection, person: Person) -> None:
    """Take the app's key and the recovery codes away; the caller notes why."""
    credentials.set_totp(connection, person.id, None, None)
    credentials.replace_recovery_codes(connection, person.id, ())


def accepts(connection: Connection, vault: Vault, shown: Credentials, code: str, now: datetime) -> bool:
    """Whether the app of this person shows this code now; uses it up. CannotOpen if the key's seal is another's.

    One step of drift is allowed; a step that was used, and any before it, never again.
    """
    if shown.totp_sealed is None:
        return False
    step = _matching(vault.open(shown.totp_sealed), code, now)
    return step is not None and credentials.use_step(connection, shown.person.id, shown.totp_sealed, step)


def shown(secret: str, now: datetime) -> str:
    """What an app with this key shows at this moment."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=STEP).at(now)


def renew_recovery_codes(connection: Connection, keys: Keys, person: Person) -> list[str]:
    """Ten new codes in the place of all older ones, to be shown once: only keyed hashes of them are kept."""
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    secret = keys.settings.secret_key
    hashes = [_hashed(secret, person.id, _read(code)) for code in codes]
    credentials.replace_recovery_codes(connection, person.id, hashes)
    return codes


def accepts_recovery(connection: Connection, keys: Keys, person: Person, code: str) -> bool:
    """Whether this is an unused recovery code of this person; uses it up, and notes that."""
    secrets_ = (keys.settings.secret_key, *keys.settings.former_secret_keys)
    hashes = [_hashed(secret, person.id, _read(code)) for secret in secrets_]
    if not credentials.use_recovery_code(connection, person.id, hashes, keys.now()):
        return False
    left = credentials.recovery_codes_left(connection, person.id)
    note(connection, keys, person, Action.RECOVERY_CODE_USED, f"staff:{person.id}", f"{left} left")
    return True


def _offered(vault: Vault, person: Person, sealed: str) -> str | None:
    """The key in a form that came back; None unless we offered it to this person."""
    try:
        purpose, staff_id, secret = json.loads(vault.open(sealed))
    except (CannotOpen, TypeError, ValueError):
        return None
    return secret if (purpose, staff_id) == (_PURPOSE, person.id) else None


def _matching(secret: str, code: str, now: datetime) -> int | None:
    """The newest step, of those that a clock may be off, whose code this is."""
    typed = "".join(code.split())
    if not (typed.isascii() and typed.isdigit() and len(typed) == DIGITS):
        return None
    app, current = pyotp.HOTP(secret, digits=DIGITS), int(now.timestamp()) // STEP
    steps = range(current + DRIFT, current - DRIFT - 1, -1)
    return next((step for step in steps if hmac.compare_digest(app.at(step), typed)), None)


def _new_code() -> str:
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return "-".join(code[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def _read(code: str) -> str:
    """A code as it was made, however it was typed."""
    return "".join(character for character in code.casefold() if character.isalnum()).translate(_MISREAD)


def _hashed(secret: str, staff_id: int, code: str) -> str:
    """Keyed, and of one person: from the database alone nobody can try codes out."""
    return hmac.new(secret.encode(), f"recovery code:{staff_id}:{code}".encode(), hashlib.sha256).hexdigest()
