"""Whether something may be tried once more: limits against card testing and guessing, which keep no address."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from campaigns.config import Limit
from campaigns.storage import limits
from campaigns.storage.database import Connection, lock

_SALT_BYTES = 32


class TooManyTries(Exception):
    """This was tried too often; it may be tried again after `retry_after`."""

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__("too many tries")
        self.retry_after = retry_after


def count_try(connection: Connection, address: str, allowed: Sequence[Limit], now: datetime) -> None:
    """Count a try, a checkout that is about to be created; TooManyTries (and nothing counted) past a limit."""
    count(connection, block_of(address), allowed, now)


def count(connection: Connection, subject: str, allowed: Sequence[Limit], now: datetime) -> int:
    """Count a try at or from `subject` and return its number; TooManyTries (and nothing counted) past a limit.

    The subject is kept only as a hash keyed with the day's random salt. Yesterday's salt is looked through too while
    it is there, so that midnight forgives nothing.
    """
    today = limits.salt_of_day(connection, now.date().isoformat(), secrets.token_hex(_SALT_BYTES))
    mine = _hashed(today, subject)
    lock(connection, f"tries:{mine}")
    hashes = [_hashed(salt, subject) for salt in limits.salts_kept(connection)]
    for limit in allowed:
        tries, oldest = limits.tries_since(connection, hashes, now - limit.window)
        if tries >= limit.count:
            raise TooManyTries(max((oldest or now) + limit.window - now, timedelta(seconds=1)))
    return limits.note(connection, mine, now)


def forgive(connection: Connection, tries: Iterable[int]) -> None:
    """Take back tries that turned out well."""
    limits.take_back(connection, tries)


def block_of(address: str) -> str:
    """The part of an address that one household or server has: all of IPv4, the first 64 bits of IPv6."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed)


def _hashed(salt: str, subject: str) -> str:
    return hmac.new(bytes.fromhex(salt), subject.encode(), hashlib.sha256).hexdigest()
