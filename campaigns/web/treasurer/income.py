"""/treasury/income: what came in, by month and campaign, drawn and in figures."""

from __future__ import annotations

from flask import abort, request
from flask.typing import ResponseReturnValue

from campaigns.domain.people import Permission
from campaigns.domain.periods import FIRST_DAY, LAST_DAY, day_of
from campaigns.language import current
from campaigns.services.balancing import income_of
from campaigns.services.keys import Keys
from campaigns.web.doors import Room
from campaigns.web.responses import private_page
from campaigns.web.treasurer.income_chart import chart_of


def furnish(room: Room, keys: Keys) -> None:
    """Add this part of the room."""

    def income() -> ResponseReturnValue:
        this_year = day_of(keys.now()).year
        year = _year(request.args.get("year", ""), this_year)
        found = income_of(keys.database, year, current().code)
        charts = [(each, chart_of(each)) for each in found]
        return private_page("treasurer/income.html", year=year, this_year=this_year, charts=charts)

    room.page("/income", "income", Permission.SEE_BOOKS, income)


def _year(written: str, this_year: int) -> int:
    if not written:
        return this_year
    if not (written.isascii() and written.isdigit() and FIRST_DAY.year <= int(written[:5]) <= LAST_DAY.year):
        abort(404)
    return int(written)
