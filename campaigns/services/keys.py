"""The keys of the house: what the front door hands to whoever does something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from campaigns.config import Settings
from campaigns.payments.gateway import Gateway
from campaigns.storage.database import Database
from campaigns.storage.vault import Vault


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Keys:
    """One database, one payment provider, one vault for names, and the time of day."""

    settings: Settings
    database: Database
    gateway: Gateway
    vault: Vault
    now: Callable[[], datetime] = field(default=utc_now)
