"""The treasurer's room: the ledger, gifts, bookings by hand, closed months, exports and the audit log."""

from __future__ import annotations

from flask import Blueprint

from campaigns.services.keys import Keys
from campaigns.web.doors import Room
from campaigns.web.treasurer import overview

__all__ = ["create_blueprint"]


def create_blueprint(keys: Keys) -> Blueprint:
    """All pages under /treasury."""
    room = Room("treasurer", "/treasury")
    overview.furnish(room, keys)
    return room.blueprint
