"""The treasurer's room: the ledger, gifts, bookings by hand, closed months, exports and the audit log."""

from __future__ import annotations

from flask import Blueprint

from campaigns.services.keys import Keys
from campaigns.web.doors import Room
from campaigns.web.treasurer import (
    accounts,
    alerts,
    audit,
    by_hand,
    correcting,
    entry,
    exports,
    importing,
    income,
    ledger,
    months,
    notices,
    overview,
    pledges,
    refunds,
    reversing,
    statement,
)

__all__ = ["create_blueprint"]


def create_blueprint(keys: Keys) -> Blueprint:
    """All pages under /treasury."""
    room = Room("treasurer", "/treasury")
    overview.furnish(room, keys)
    alerts.furnish(room, keys)
    audit.furnish(room, keys)
    exports.furnish(room, keys)
    correcting.furnish(room, keys)
    notices.furnish(room, keys)
    pledges.furnish(room, keys)
    refunds.furnish(room, keys)
    by_hand.furnish(room, keys)
    importing.furnish(room, keys)
    ledger.furnish(room, keys)
    entry.furnish(room, keys)
    accounts.furnish(room, keys)
    income.furnish(room, keys)
    statement.furnish(room, keys)
    months.furnish(room, keys)
    reversing.furnish(room, keys)
    return room.blueprint
