"""Ending one's own sign-ins."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from campaigns.domain.people import Permission
from campaigns.services import own_sessions
from campaigns.services.keys import Keys
from campaigns.web.doors import Room, own_session, who
from campaigns.web.staff_page import done


def furnish(room: Room, keys: Keys) -> None:
    """Add this part of the room. Whoever finds a stranger's sign-in need not prove anything first."""

    def end(number: int) -> ResponseReturnValue:
        if not own_sessions.end(keys, who(), number):
            raise NotFound
        return done("/account", "ended")

    def end_others() -> ResponseReturnValue:
        own_sessions.end_others(keys, own_session())
        return done("/account", "ended")

    room.deed("/account/sessions/<int:number>/end", "end_session", Permission.SIGNED_IN, end)
    room.deed("/account/sessions/end-others", "end_other_sessions", Permission.SIGNED_IN, end_others)
