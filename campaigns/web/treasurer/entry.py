"""/treasury/ledger/<number>: one entry, and where it comes from."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from campaigns.domain.by_hand import BY_HAND
from campaigns.domain.people import Permission
from campaigns.language import current, gettext
from campaigns.services.keys import Keys
from campaigns.services.reading_journal import read_entry
from campaigns.web.doors import Room, who
from campaigns.web.responses import private_page
from campaigns.web.staff_page import refusal
from campaigns.web.treasurer import words
from campaigns.web.treasurer.asking import NUMBER
from campaigns.web.treasurer.audit_words import action_words


def furnish(room: Room, keys: Keys) -> None:
    """Add this part of the room."""

    def entry(number: int) -> ResponseReturnValue:
        found = read_entry(keys.database, number, current().code)
        if found is None:
            return refusal(
                404,
                gettext("There is no such entry"),
                gettext("No entry in the books has this number. Entries are never removed, so it has never been one."),
                "/treasury/ledger",
            )
        entry, titles = found
        row = entry.row
        by_hand = row.kind in BY_HAND and row.reversed_by is None
        reversible = by_hand and who().may(Permission.BOOK)
        return private_page(
            "treasurer/entry.html",
            entry=entry,
            row=row,
            titles=titles,
            words=words,
            action=action_words,
            reversible=reversible,
        )

    room.page(f"/ledger/{NUMBER}", "entry", Permission.SEE_BOOKS, entry)
