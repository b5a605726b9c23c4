"""What the second step of a form for staff brings back: exactly what the first step showed, signed, to be done once."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from campaigns.web.forms.signed import Altered

LIFETIME = timedelta(minutes=60)


@dataclass(frozen=True, slots=True)
class Pinned:
    """What was shown (anything that JSON can say), and what makes this form differ from every other (32 hex digits)."""

    content: Any
    reference: str
    expires_at: datetime

    @classmethod
    def make(cls, content: Any, now: datetime) -> Pinned:
        return cls(content, secrets.token_hex(16), (now + LIFETIME).replace(microsecond=0))

    def is_stale(self, now: datetime) -> bool:
        return now >= self.expires_at


def pin(pinned: Pinned, purpose: str, secret_key: str) -> str:
    """As a text for a hidden field; large contents are packed."""
    expires = int(pinned.expires_at.timestamp())
    return _serializer(purpose, secret_key).dumps([pinned.content, pinned.reference, expires])


def unpin(token: str, purpose: str, secret_key: str) -> Pinned:
    """What was pinned for this purpose, stale or not; Altered unless it is exactly as we signed it."""
    try:
        content, reference, expires = _serializer(purpose, secret_key).loads(token)
    except BadData as error:
        raise Altered from error
    return Pinned(content, reference, datetime.fromtimestamp(expires, UTC))


def _serializer(purpose: str, secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(
        secret_key,
        salt=f"campaigns.staff.{purpose}",
        signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"},
    )
