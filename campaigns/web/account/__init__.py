"""One's own account: password, codes, passkeys, and where one is signed in."""

from __future__ import annotations

from flask import Blueprint

from campaigns.services.keys import Keys
from campaigns.web.account import codes, overview, passkeys, password, sessions
from campaigns.web.doors import Room

__all__ = ["create_blueprint"]


def create_blueprint(keys: Keys) -> Blueprint:
    """All pages under /account."""
    room = Room("account", "")
    overview.furnish(room, keys)
    password.furnish(room, keys)
    codes.furnish(room, keys)
    passkeys.furnish(room, keys)
    sessions.furnish(room, keys)
    return room.blueprint
