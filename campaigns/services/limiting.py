"""Whether an address may start another checkout: limits against card testing, without keeping the address."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from campaigns.config import Limit
from campaigns.storage import limits
from campaigns.storage.database import Connection, lock

_SALT_BYTES = 32


class TooManyTries(Exception):
    """This address has started too many checkouts; it may try again after `retry_after`."""

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__("too many tries from one address")
        self.retry_after = retry_after


def count_try(connection: Connection, address: str, allowed: Sequence[Limit], now: datetime) -> None:
    """Count a try, a checkout that is about to be created; TooManyTries (and nothing counted) past a limit.

    The address is kept only as a hash keyed with the day's random salt. Yesterday's salt is looked through too while
    it is there, so that midnight forgives nothing.
    """
    today = limits.salt_of_day(connection, now.date().isoformat(), secrets.token_hex(_SALT_BYTES))
    block = _block(address)
    mine = _hashed(today, block)
    lock(connection, f"tries:{mine}")
    hashes = [_hashed(salt, block) for salt in limits.salts_kept(connection)]
    for limit in allowed:
        count, oldest = limits.tries_since(connection, hashes, now - limit.window)
        if count >= limit.count:
            raise TooManyTries(max((oldest or now) + limit.window - now, timedelta(seconds=1)))
    limits.note(connection, mine, now)


def _block(address: str) -> str:
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


def _hashed(salt: str, block: str) -> str:
    return hmac.new(bytes.fromhex(salt), block.encode(), hashlib.sha256).hexdigest()
