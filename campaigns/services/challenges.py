"""What a passkey is asked to sign: random, for one purpose and one person, for five minutes, and once."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from itsdangerous import BadData, URLSafeSerializer

from campaigns.config import Settings
from campaigns.services.sessions import hashed
from campaigns.storage import spent
from campaigns.storage.database import Connection

LIFETIME = timedelta(minutes=5)
_BYTES = 32


class Purpose(StrEnum):
    """What is done with the answer."""

    ADD = "add"
    SIGN_IN = "sign_in"
    AGAIN = "again"


class Worthless(Exception):
    """Not a challenge of ours for this purpose and person, or too old."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """Made into a page and not written down before it is used. `staff_id` None: whoever answers may."""

    purpose: Purpose
    staff_id: int | None
    random: bytes
    expires_at: datetime

    @classmethod
    def make(cls, purpose: Purpose, staff_id: int | None, now: datetime) -> Challenge:
        return cls(purpose, staff_id, secrets.token_bytes(_BYTES), (now + LIFETIME).replace(microsecond=0))


def sign(challenge: Challenge, settings: Settings) -> str:
    """The challenge as a text for a hidden field."""
    expires = int(challenge.expires_at.timestamp())
    fields = [challenge.purpose, challenge.staff_id, challenge.random.hex(), expires]
    return _serializer(settings).dumps(fields)


def read(token: str, purpose: Purpose, staff_id: int | None, settings: Settings, now: datetime) -> Challenge:
    """The challenge in a token; Worthless unless we signed it for just this, less than five minutes ago."""
    try:
        purpose_of, staff_id_of, random, expires = _serializer(settings).loads(token)
    except BadData as error:
        raise Worthless from error
    challenge = Challenge(Purpose(purpose_of), staff_id_of, bytes.fromhex(random), datetime.fromtimestamp(expires, UTC))
    if (challenge.purpose, challenge.staff_id) != (purpose, staff_id) or now >= challenge.expires_at:
        raise Worthless
    return challenge


def spend(connection: Connection, challenge: Challenge) -> bool:
    """Use a challenge up; False if it was used before, on whatever node."""
    return spent.spend(connection, hashed(f"passkey:{challenge.random.hex()}"), challenge.expires_at)


def _serializer(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(
        settings.secret_key,
        salt="campaigns.passkey",
        signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"},
    )
