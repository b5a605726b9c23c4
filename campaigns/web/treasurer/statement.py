"""/treasury/statement/<slug>: every posting behind what a campaign has raised, and what the public sees of it."""

from __future__ import annotations

import re
from datetime import date

from flask import abort, request
from flask.typing import ResponseReturnValue

from campaigns.domain.people import Permission
from campaigns.language import current, gettext
from campaigns.services.keys import Keys
from campaigns.services.proving import Statement, prove
from campaigns.storage.statements import LinePlace
from campaigns.web.doors import Room
from campaigns.web.responses import private_page
from campaigns.web.staff_page import refusal
from campaigns.web.treasurer import words

_PLACE = re.compile(r"(?P<day>[0-9-]{10}):(?P<number>[0-9]{1,18}):(?P<line>[0-9]{1,9})")


def furnish(room: Room, keys: Keys) -> None:
    """Add this part of the room."""

    def statement(slug: str) -> ResponseReturnValue:
        asked = request.args
        found = prove(
            keys.database,
            slug,
            current().code,
            keys.now(),
            _place(asked.get("after", "")),
            _place(asked.get("before", "")),
            from_end="end" in asked,
        )
        if found is None:
            return refusal(
                404,
                gettext("There is no such campaign"),
                gettext("No campaign has this address."),
                "/treasury/",
            )
        return private_page(
            "treasurer/statement.html", statement=found, proof=found.proof, words=words, links=_links(slug, found)
        )

    room.page("/statement/<slug>", "statement", Permission.SEE_BOOKS, statement)


def _place(written: str) -> LinePlace | None:
    """`2026-11-22:17:1`; None where nothing is asked, a page that does not exist for what is no place."""
    if not written:
        return None
    match = _PLACE.fullmatch(written)
    if not match:
        abort(404)
    try:
        return LinePlace(date.fromisoformat(match["day"]), int(match["number"]), int(match["line"]))
    except ValueError:
        abort(404)


def _links(slug: str, found: Statement) -> dict[str, str]:
    path = f"/treasury/statement/{slug}"
    links = {}
    if found.older:
        links = {"first": path, "older": f"{path}?before={_written(found.older)}"}
    if found.newer:
        links |= {"newer": f"{path}?after={_written(found.newer)}", "end": f"{path}?end=1"}
    return links


def _written(place: LinePlace) -> str:
    return f"{place.day.isoformat()}:{place.number}:{place.line}"
