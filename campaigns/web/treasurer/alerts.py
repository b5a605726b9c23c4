"""/treasury/alerts: what a treasurer must see, until somebody has dealt with it."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from campaigns.domain.people import Permission
from campaigns.services import alerting, looking_through
from campaigns.services.keys import Keys
from campaigns.web.doors import Room, who
from campaigns.web.responses import private_page
from campaigns.web.staff_page import done
from campaigns.web.treasurer import gift_words, words
from campaigns.web.treasurer.asking import NUMBER


def furnish(room: Room, keys: Keys) -> None:
    """Add this part of the room."""

    def alerts() -> ResponseReturnValue:
        lines = looking_through.open_alerts(keys)
        return private_page(
            "treasurer/alerts.html", lines=lines, now=keys.now(), person=who(), words=words, gift_words=gift_words
        )

    def settle(number: int) -> ResponseReturnValue:
        """Marked as dealt with; a second click finds it so."""
        alerting.settle(keys, who(), number)
        return done("/treasury/alerts", "settled")

    room.page("/alerts", "alerts", Permission.SEE_BOOKS, alerts)
    room.deed(f"/alerts/{NUMBER}/settle", "settle_alert", Permission.BOOK, settle)
