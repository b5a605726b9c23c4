"""The admins' room: the people, and the site itself."""

from __future__ import annotations

from flask import Blueprint

from campaigns.services.keys import Keys
from campaigns.web.admin import people, site
from campaigns.web.doors import Room

__all__ = ["create_blueprint"]


def create_blueprint(keys: Keys) -> Blueprint:
    """All pages under /admin."""
    room = Room("admin", "/admin")
    people.furnish(room, keys)
    site.furnish(room, keys)
    return room.blueprint
