"""Signatures of notices, `t=<seconds>,v1=<HMAC-SHA256 of "t.body">`, and how long they hold."""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

# A notice may be this many seconds old, or ahead of our clock, as the providers' own libraries have it.
TOLERANCE = 300

_TIMESTAMP = re.compile(r"\d{1,12}", re.ASCII)


def usable_secrets(secrets: Sequence[str]) -> tuple[str, ...]:
    """The secrets as given; ValueError without any or with a blank one: anyone could sign with that."""
    if not secrets or any(not secret.strip() for secret in secrets):
        raise ValueError("a gateway needs signing secrets, and none may be empty")
    return tuple(secrets)


def is_fresh(header: str, now: datetime) -> bool:
    """True when the header names exactly one time, and that is within the tolerance of `now`, past or future.

    Says nothing about whether the signature is right. Headers outside ASCII, which no provider sends, are never fresh:
    comparing them in constant time would raise.
    """
    times = [part[2:] for part in header.split(",") if part.startswith("t=")]
    if not header.isascii() or len(times) != 1 or _TIMESTAMP.fullmatch(times[0]) is None:
        return False
    return abs(int(now.timestamp()) - int(times[0])) <= TOLERANCE


def sign(body: bytes, secrets: Sequence[str], now: datetime) -> str:
    """The header for a body: one signature for each secret, so that either side may change its own first."""
    seconds = str(int(now.timestamp()))
    return ",".join([f"t={seconds}", *(f"v1={_digest(body, seconds, secret)}" for secret in secrets)])


def is_signed(body: bytes, header: str, secrets: Sequence[str], now: datetime) -> bool:
    """True when the header is fresh and carries the signature of at least one of the secrets."""
    if not is_fresh(header, now):
        return False
    parts = [part.partition("=") for part in header.split(",")]
    seconds = next(value for name, _, value in parts if name == "t")
    given = [value for name, _, value in parts if name == "v1"]
    expected = [_digest(body, seconds, secret) for secret in secrets]
    return any(hmac.compare_digest(ours, theirs) for ours in expected for theirs in given)


def _digest(body: bytes, seconds: str, secret: str) -> str:
    return hmac.new(secret.encode(), f"{seconds}.".encode() + body, sha256).hexdigest()
