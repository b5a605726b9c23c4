"""Keyed hashes that chain one record to the next: who lacks the key cannot change a record and hide it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.config import Settings

# What the first record of a chain is chained to.
BEGINNING = "0" * 64


class UnknownKey(Exception):
    """Sealed with a key that SECRET_KEY does not hold (any more); the message names the key's id."""


@dataclass(frozen=True, slots=True)
class Seals:
    """The keys to seal and verify with, for one purpose. They are derived from SECRET_KEY, outside of the database.

    After a change of SECRET_KEY the former one, kept behind a comma, still verifies what it sealed.
    """

    keys: Sequence[tuple[str, bytes]]

    @classmethod
    def of(cls, settings: Settings, purpose: str) -> Seals:
        """Keys for a purpose (`books`, `audit`): a seal of one proves nothing in the other."""
        secrets = (settings.secret_key, *settings.former_secret_keys)
        derived = [hmac.new(secret.encode(), f"seal:{purpose}".encode(), hashlib.sha256).digest() for secret in secrets]
        return cls([(hashlib.sha256(key).hexdigest()[:16], key) for key in derived])

    @property
    def key_id(self) -> str:
        """Names the key that seals now, and tells nothing of it."""
        return self.keys[0][0]

    def seal(self, before: str, content: bytes, key_id: str | None = None) -> str:
        """The seal (64 hex digits) of a record that follows the one with the seal `before`.

        With the newest key, or the one named; UnknownKey if it is not held.
        """
        key = dict(self.keys).get(key_id or self.key_id)
        if key is None:
            raise UnknownKey(key_id)
        return hmac.new(key, before.encode() + b"\n" + content, hashlib.sha256).hexdigest()
