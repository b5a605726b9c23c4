"""/treasury/audit: who did what and when, and whether the record of it is as it was written."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from flask import request
from flask.typing import ResponseReturnValue

from campaigns.domain.campaign import WARSAW
from campaigns.domain.people import Permission
from campaigns.services.audit_proof import verify
from campaigns.services.audit_reading import look
from campaigns.services.audit_trail import Action
from campaigns.services.keys import Keys
from campaigns.storage.audit_log import LogFilter
from campaigns.web.doors import Room
from campaigns.web.responses import private_page
from campaigns.web.treasurer import audit_words
from campaigns.web.treasurer.asking import number_before, number_in, one_word, text
from campaigns.web.treasurer.selecting import read_day

_FILTERS = ("person", "action", "subject", "from", "to")


def furnish(room: Room, keys: Keys) -> None:
    """Add this part of the room."""

    def log() -> ResponseReturnValue:
        chosen = {name: value for name in _FILTERS if (value := text(name))}
        wanted, complaints = _filter(chosen)
        page = look(keys, wanted, number_before())
        proof = verify(keys) if request.args.get("verify") else None
        return private_page(
            "treasurer/audit.html", 422 if complaints else 200, page=page, chosen=chosen, complaints=complaints,
            proof=proof, actions=Action, words=audit_words, address=_address,
        )  # fmt: skip

    room.page("/audit", "audit", Permission.SEE_AUDIT, log)


def _filter(chosen: dict[str, str]) -> tuple[LogFilter, list[str]]:
    """What the address asks for, and a sentence for each day that cannot be read. Days are those of Poland."""
    complaints: list[str] = []
    first, last = (read_day(chosen.get(name, ""), complaints) for name in ("from", "to"))
    wanted = LogFilter(
        staff_id=number_in("person"),
        action=one_word(Action, "action"),
        subject=chosen.get("subject"),
        since=_midnight(first) if first else None,
        until=_midnight(last + timedelta(days=1)) if last else None,
    )
    return wanted, complaints


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, WARSAW)


def _address(chosen: dict[str, str], **more: object) -> str:
    """This page with the same filters and `more`."""
    fields = chosen | {name: str(value) for name, value in more.items() if value}
    return f"/treasury/audit?{urlencode(fields)}" if fields else "/treasury/audit"
