"""Days, months and spans of the books: each day counted once, and always the day on a Polish wall."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from campaigns.domain.campaign import WARSAW
from campaigns.domain.periods import FIRST_DAY, LAST_DAY, Span, day_of, first_of, last_of, month_of, next_month

DAY = timedelta(days=1)
days = st.dates(date(2019, 1, 1), date(2032, 12, 31))
# Such as somebody asks for: a whole month or year and its neighbours, as often as any other.
edges = st.builds(lambda year, month, off: date(year, month, 1) + off * DAY, st.integers(2020, 2031),
                  st.integers(1, 12), st.integers(-2, 2))  # fmt: skip


def days_in(period: str) -> list[date]:
    """The days of a year, a month or a day."""
    match len(period):
        case 4:
            first, last = date(int(period), 1, 1), date(int(period), 12, 31)
        case 7:
            first, last = first_of(period), last_of(period)
        case _:
            first = last = date.fromisoformat(period)
    return [first + n * DAY for n in range((last - first).days + 1)]


@given(days | edges, days | edges)
@example(date(2024, 2, 28), date(2024, 3, 1))
@example(date(2026, 1, 1), date(2026, 12, 31))
@example(date(2025, 12, 31), date(2027, 1, 1))
def test_a_span_is_made_of_periods_that_hold_each_of_its_days_once(one: date, other: date) -> None:
    first, last = sorted((one, other))
    counted = Counter(day for period in Span(first, last).periods() for day in days_in(period))
    assert counted == Counter(first + n * DAY for n in range((last - first).days + 1))


@given(days | edges, days | edges)
def test_a_span_is_made_of_few_periods_in_their_order(one: date, other: date) -> None:
    first, last = sorted((one, other))
    periods = Span(first, last).periods()
    assert [days_in(period)[0] for period in periods] == sorted(days_in(period)[0] for period in periods)
    assert len([p for p in periods if len(p) == 10]) <= 2 * 30
    assert len([p for p in periods if len(p) == 7]) <= 2 * 11


def test_a_span_without_bounds_is_all_years() -> None:
    assert Span().periods() == tuple(str(year) for year in range(FIRST_DAY.year, LAST_DAY.year + 1))


def test_a_span_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        Span(date(2026, 11, 23), date(2026, 11, 22))
    assert Span(date(2026, 11, 22), date(2026, 11, 22)).periods() == ("2026-11-22",)


@pytest.mark.parametrize(
    "utc, day",
    [
        ("2026-12-31T22:30", "2026-12-31"),  # 23:30 on the wall
        ("2026-12-31T22:59:59", "2026-12-31"),
        ("2026-12-31T23:00", "2027-01-01"),
        ("2026-06-30T21:59:59", "2026-06-30"),  # summer time: an hour earlier
        ("2026-06-30T22:00", "2026-07-01"),
        ("2026-03-28T22:59", "2026-03-28"),  # the night in which the clock leaps from two to three
        ("2026-03-28T23:00", "2026-03-29"),
        ("2026-03-29T21:59", "2026-03-29"),
        ("2026-03-29T22:00", "2026-03-30"),
        ("2026-10-24T21:59", "2026-10-24"),  # the night in which an hour comes twice
        ("2026-10-24T22:00", "2026-10-25"),
        ("2026-10-25T22:59", "2026-10-25"),
        ("2026-10-25T23:00", "2026-10-26"),
    ],
)
def test_a_moment_falls_on_the_day_on_a_polish_wall(utc: str, day: str) -> None:
    assert day_of(datetime.fromisoformat(utc).replace(tzinfo=UTC)) == date.fromisoformat(day)


@pytest.mark.parametrize("day, hours", [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-22", 24)])
def test_a_day_has_as_many_hours_as_its_clock_shows(day: str, hours: int) -> None:
    noon = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=WARSAW).astimezone(UTC)
    seen = Counter(day_of(noon + n * timedelta(hours=1)) for n in range(-48, 48))
    assert seen[date.fromisoformat(day)] == hours


@given(days | edges, st.integers(0, 24 * 60 * 60))
def test_the_zone_in_which_a_moment_is_told_does_not_matter(day: date, second: int) -> None:
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=second)
    assert day_of(moment) == day_of(moment.astimezone(WARSAW)) == moment.astimezone(WARSAW).date()


@given(days | edges)
def test_months_follow_one_another_without_a_gap(day: date) -> None:
    month = month_of(day)
    assert first_of(month) <= day <= last_of(month)
    assert first_of(next_month(month)) == last_of(month) + DAY


@pytest.mark.parametrize("word", ["2026-13", "2026", "", "2026-1", "november"])
def test_what_is_no_month_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match=r"month|isoformat"):
        first_of(word)
