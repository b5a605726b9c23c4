"""/treasury/months: which months are closed, closing the next one, and a page to print for each that is."""

from __future__ import annotations

import re

from flask import Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from campaigns.domain.people import Permission
from campaigns.language import gettext
from campaigns.services import months
from campaigns.services.closing import CannotClose, Why, close_month
from campaigns.services.keys import Keys
from campaigns.services.months import Outlook
from campaigns.web import staff_page
from campaigns.web.doors import Room, who
from campaigns.web.responses import private_page

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)


def furnish(room: Room, keys: Keys) -> None:
    """Add this part of the room."""

    def overview() -> ResponseReturnValue:
        return private_page("treasurer/months.html", found=months.all_months(keys), person=who())

    def month(month: str) -> ResponseReturnValue:
        found = months.one_month(keys, month) if _MONTH.fullmatch(month) else None
        if found is None or found.closing is None:
            raise NotFound
        return private_page("treasurer/month.html", found=found, closing=found.closing, now=keys.now())

    def look(month: str) -> ResponseReturnValue:
        return _page(_outlook(keys, month))

    def close(month: str) -> ResponseReturnValue:
        seen = _outlook(keys, month)
        if seen.faults and not request.form.get("anyway"):
            return _page(seen, gettext("Tick the box if the month is to be closed all the same."))
        try:
            close_month(keys, who(), month, f"with {len(seen.faults)} faults" if seen.faults else "")
        except CannotClose as refused:
            return _refused(refused.why)
        return staff_page.done(f"/treasury/months/{month}", "closed")

    room.page("/months", "months", Permission.SEE_BOOKS, overview)
    room.page("/months/<month>", "month", Permission.SEE_BOOKS, month)
    room.page("/months/<month>/close", "month_look", Permission.CLOSE, look)
    room.deed("/months/<month>/close", "month_close", Permission.CLOSE, close)


def _outlook(keys: Keys, month: str) -> Outlook:
    seen = months.outlook(keys, month) if _MONTH.fullmatch(month) else None
    if seen is None:
        raise NotFound
    return seen


def _page(seen: Outlook, complaint: str = "") -> Response:
    if seen.month.closing:
        return _refused(Why.CLOSED)
    return private_page("treasurer/month-close.html", 422 if complaint else 200, seen=seen, complaint=complaint)


def _refused(why: Why) -> Response:
    return staff_page.refusal(409, gettext("This month cannot be closed"), _words(why), "/treasury/months")


def _words(why: Why) -> str:
    match why:
        case Why.CLOSED:
            return gettext("It is closed already.")
        case Why.NOT_OVER:
            return gettext("It is not over yet.")
        case Why.NOT_NEXT:
            return gettext("An earlier month is still open: close that one first.")
