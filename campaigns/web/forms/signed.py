"""The second step's signed token: which gift its form is about, so that no cookie need remember it."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

from campaigns.domain.money import Money

LIFETIME = timedelta(minutes=60)
_PURPOSE = "campaigns.give.confirm"
_RANDOM_BYTES = 16


class Altered(Exception):
    """The token is not one that we signed."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A gift that a donor has chosen and not yet confirmed. `random` alone makes one form differ from another."""

    slug: str
    amount: Money
    expires_at: datetime
    random: str

    @classmethod
    def make(cls, slug: str, amount: Money, now: datetime) -> Offer:
        expires_at = (now + LIFETIME).replace(microsecond=0)
        return cls(slug, amount, expires_at, secrets.token_urlsafe(_RANDOM_BYTES))

    def is_stale(self, now: datetime) -> bool:
        return now >= self.expires_at


def sign(offer: Offer, secret_key: str) -> str:
    """The offer as a text for a hidden field."""
    expires = int(offer.expires_at.timestamp())
    return _serializer(secret_key).dumps([offer.slug, offer.amount.minor, offer.amount.currency, expires, offer.random])


def read(token: str, secret_key: str) -> Offer:
    """The offer in a token, stale or not; Altered unless it is exactly as we signed it."""
    try:
        slug, minor, currency, expires, random = _serializer(secret_key).loads(token)
    except BadData as error:
        raise Altered from error
    return Offer(slug, Money(minor, currency), datetime.fromtimestamp(expires, UTC), random)


def _serializer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(
        secret_key, salt=_PURPOSE, signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"}
    )
