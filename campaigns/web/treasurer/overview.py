"""/treasury/: what needs a hand today, and how the campaigns stand."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from campaigns.domain.people import Permission
from campaigns.services.keys import Keys
from campaigns.web.doors import Room
from campaigns.web.responses import private_page


def furnish(room: Room, _keys: Keys) -> None:
    """Add this part of the room."""

    def overview() -> ResponseReturnValue:
        return private_page("treasurer/overview.html")

    room.page("/", "overview", Permission.SEE_BOOKS, overview)
