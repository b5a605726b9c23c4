"""Under which day something is booked: never in the future, never in a closed month."""

from __future__ import annotations

from datetime import date, datetime

from campaigns.domain.closing import standing
from campaigns.domain.periods import FIRST_DAY, day_of
from campaigns.storage import closings
from campaigns.storage.database import Connection


class BadDay(ValueError):
    """The day has not come yet in Poland, or lies before the first day of the books."""


def dated(connection: Connection, wished: date, now: datetime) -> tuple[date, date | None]:
    """The day an entry stands under and, where that is not the wished one, the wished one for which it is late.

    A wished day in a closed month goes to the first day of the earliest open month. BadDay for a day after today.
    """
    must_have_come(wished, now)
    return standing(wished, closings.closed_through(connection))


def must_have_come(day: date, now: datetime) -> None:
    """BadDay for a day after today in Poland, or before the first day of the books."""
    if not FIRST_DAY <= day <= day_of(now):
        raise BadDay(day.isoformat())
