"""/treasury/: what needs a hand today, and how the campaigns stand."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from campaigns.domain.people import Permission
from campaigns.language import current
from campaigns.services.keys import Keys
from campaigns.services.looking_over import DailyIncome, Need, look_over
from campaigns.web.doors import Room, who
from campaigns.web.responses import private_page
from campaigns.web.treasurer import words

# Where each matter is dealt with; nothing is to be done about a letter but to know of it.
WHERE = {
    Need.DISPUTE: "/treasury/alerts",
    Need.CARD_COUNTRY: "/treasury/alerts",
    Need.UNASSIGNED: "/treasury/alerts",
    Need.UNFIT_NOTICE: "/treasury/alerts",
    Need.WAITING_NOTICE: "/treasury/notices?state=waiting",
    Need.DIFFERENCE: "",
    Need.OLD_PLEDGE: "/treasury/pledges?age=day",
    Need.LETTER: "",
    Need.MONTH: "/treasury/months",
}

# The picture of daily income, in its own units.
HEIGHT = 100
STEP = 10


def furnish(room: Room, keys: Keys) -> None:
    """Add this part of the room."""

    def overview() -> ResponseReturnValue:
        seen = look_over(keys, current().code)
        charts = [(income, _bars(income)) for income in seen.income]
        return private_page(
            "treasurer/overview.html", seen=seen, charts=charts, where=WHERE, person=who(), words=words, height=HEIGHT,
            step=STEP,
        )  # fmt: skip

    room.page("/", "overview", Permission.SEE_BOOKS, overview)


def _bars(income: DailyIncome) -> list[int]:
    """How high each day's bar is; a day on which more went than came has none, and its figure in the table."""
    most = max(amount.minor for _day, amount in income.days)
    return [max(amount.minor, 0) * HEIGHT // most if most > 0 else 0 for _day, amount in income.days]
