"""Pledges: what donors promised, and the moves that a promise can make."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from campaigns.domain.money import Money

# A checkout stays open this long: the donor's thank-you address then goes neutral an hour after the last news.
CHECKOUT_LIFETIME = timedelta(minutes=60)
NEUTRAL_AFTER = timedelta(hours=1)


class Method(StrEnum):
    """How the donor wants to give; BLIK first, since a Polish bank account is behind it."""

    BLIK = "blik"
    P24 = "p24"
    CARD = "card"
    CASH = "cash"
    TRANSFER = "transfer"

    @property
    def is_online(self) -> bool:
        return self in (Method.BLIK, Method.P24, Method.CARD)


class PledgeState(StrEnum):
    STARTED = "started"
    OPEN = "open"
    ACTIVE = "active"
    FULFILLED = "fulfilled"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class PledgeEvent(StrEnum):
    """What can happen to a promise."""

    PROCESSING = "processing"  # the provider reports that money is on its way
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    ACTIVATED = "activated"  # the first instalment of a monthly promise came


_S, _E = PledgeState, PledgeEvent

# One table, tested as this table. Late money reopens: an expired or cancelled pledge can still be fulfilled.
MOVES: dict[tuple[PledgeState, PledgeEvent], PledgeState] = {
    (_S.STARTED, _E.PROCESSING): _S.OPEN,
    (_S.STARTED, _E.PAID): _S.FULFILLED,
    (_S.STARTED, _E.FAILED): _S.CANCELLED,
    (_S.STARTED, _E.EXPIRED): _S.EXPIRED,
    (_S.STARTED, _E.CANCELLED): _S.CANCELLED,
    (_S.STARTED, _E.ACTIVATED): _S.ACTIVE,
    (_S.OPEN, _E.PAID): _S.FULFILLED,
    (_S.OPEN, _E.FAILED): _S.CANCELLED,
    (_S.OPEN, _E.EXPIRED): _S.EXPIRED,
    (_S.OPEN, _E.CANCELLED): _S.CANCELLED,
    (_S.OPEN, _E.ACTIVATED): _S.ACTIVE,
    (_S.ACTIVE, _E.PAID): _S.ACTIVE,
    (_S.ACTIVE, _E.CANCELLED): _S.CANCELLED,
    (_S.EXPIRED, _E.PROCESSING): _S.OPEN,
    (_S.EXPIRED, _E.PAID): _S.FULFILLED,
    (_S.CANCELLED, _E.PROCESSING): _S.OPEN,
    (_S.CANCELLED, _E.PAID): _S.FULFILLED,
    (_S.FULFILLED, _E.PAID): _S.FULFILLED,
}


def move(state: PledgeState, event: PledgeEvent) -> PledgeState | None:
    """The state after `event`, or None where the table knows no such move (the caller keeps the state)."""
    return MOVES.get((state, event))


@dataclass(frozen=True, slots=True)
class Pledge:
    """One promise. `reference` goes to the provider, `thanks_token` into the donor's address: unrelated values."""

    id: int
    reference: str
    thanks_token: str
    campaign_id: int
    amount: Money
    method: Method
    language: str
    state: PledgeState
    created_at: datetime
    changed_at: datetime
    expires_at: datetime
    checkout_id: str | None = None
    checkout_url: str | None = None

    def is_neutral(self, now: datetime) -> bool:
        """True when the donor's address must no longer show anything of this gift."""
        return now >= self.changed_at + NEUTRAL_AFTER
