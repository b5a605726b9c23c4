"""Days, months and years of the books: always those of a calendar on a Polish wall."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campaigns.domain.campaign import WARSAW

FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2199, 12, 31)


def day_of(moment: datetime) -> date:
    """The day in Poland on which this moment falls, whatever zone it is told in."""
    return moment.astimezone(WARSAW).date()


def month_of(day: date) -> str:
    """`2026-11`."""
    return day.isoformat()[:7]


def first_of(month: str) -> date:
    """The first day of `2026-11`; ValueError for what is no month."""
    return date.fromisoformat(f"{month}-01")


def next_month(month: str) -> str:
    return month_of(first_of(month) + timedelta(days=31))


def last_of(month: str) -> date:
    """The last day of `2026-11`."""
    return first_of(next_month(month)) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, the last one included; ValueError if it would end before it begins."""

    first: date = FIRST_DAY
    last: date = LAST_DAY

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a span ends before it begins")

    def periods(self) -> tuple[str, ...]:
        """The fewest years, months and days that make up this span: what the stored totals are kept by."""
        return tuple(_whole_years(max(self.first, FIRST_DAY), min(self.last, LAST_DAY)))


def _whole_years(first: date, last: date) -> Iterator[str]:
    year = first.year if (first.month, first.day) == (1, 1) else first.year + 1
    end = last.year if (last.month, last.day) == (12, 31) else last.year - 1
    if year > end:
        yield from _whole_months(first, last)
        return
    if first < date(year, 1, 1):
        yield from _whole_months(first, date(year - 1, 12, 31))
    yield from (str(whole) for whole in range(year, end + 1))
    if last > date(end, 12, 31):
        yield from _whole_months(date(end + 1, 1, 1), last)


def _whole_months(first: date, last: date) -> Iterator[str]:
    day = first
    while day <= last:
        month = month_of(day)
        if day.day == 1 and last_of(month) <= last:
            yield month
            day = first_of(next_month(month))
        else:
            yield day.isoformat()
            day += timedelta(days=1)
