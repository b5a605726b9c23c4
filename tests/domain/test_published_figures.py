"""What the public sees of the books: at once, or so that no single gift can be read from it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.domain.campaign import Figures, Snapshot, Tally, publish
from campaigns.domain.money import Money

NOON = datetime(2026, 11, 22, 12, 0, 30, 500, tzinfo=UTC)
HOUR = timedelta(hours=1)


def zl(major: str) -> Money:
    return Money.of(major, "PLN")


SHOWN = Snapshot(zl("100"), zl("20"), supporters=4, gifts=5, as_of=NOON)
BOOKED = Tally(zl("289.99"), zl("39.99"), supporters=7, gifts=8)


def guarded(booked: Tally, after: timedelta) -> Snapshot:
    return publish(Figures.GUARDED, booked, SHOWN, NOON + after)


def test_live_figures_are_the_booked_total() -> None:
    live = publish(Figures.LIVE, BOOKED, SHOWN, NOON)
    assert (live.raised, live.pledged, live.supporters, live.gifts) == (zl("289.99"), zl("39.99"), 7, 8)


def test_live_figures_tell_the_minute_and_not_the_second_of_a_gift() -> None:
    assert publish(Figures.LIVE, BOOKED, None, NOON).as_of == datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_guarded_figures_are_renewed_after_an_hour_and_three_gifts_rounded_down_to_ten_zloty() -> None:
    assert guarded(BOOKED, HOUR) == Snapshot(zl("280"), zl("30"), 7, 8, NOON + HOUR)


def test_guarded_figures_stay_for_an_hour_however_many_gifts_come() -> None:
    assert guarded(replace(BOOKED, gifts=500), HOUR - timedelta(microseconds=1)) == SHOWN


def test_guarded_figures_stay_until_three_gifts_have_come_however_long_it_takes() -> None:
    assert guarded(replace(BOOKED, gifts=7), timedelta(days=365)) == SHOWN


@pytest.mark.parametrize("change", [{"supporters": 3}, {"pledged": zl("900")}, {"raised": zl("0")}])
def test_nothing_of_guarded_figures_changes_alone(change: dict[str, object]) -> None:
    booked = Tally(SHOWN.raised, SHOWN.pledged, SHOWN.supporters, SHOWN.gifts)
    assert guarded(replace(booked, **change), HOUR) == SHOWN  # type: ignore[arg-type]  # a field and its value


def test_guarded_figures_begin_with_nothing() -> None:
    assert publish(Figures.GUARDED, BOOKED, None, NOON) == Snapshot(zl("0"), zl("0"), 0, 0, NOON)


days = st.lists(st.tuples(st.integers(1, 90), st.integers(0, 2), st.integers(1, 60_000)), min_size=8, max_size=40)


@settings(max_examples=40)
@given(days)
def test_between_two_guarded_snapshots_lie_an_hour_and_three_gifts(days: list[tuple[int, int, int]]) -> None:
    seen = [publish(Figures.GUARDED, Tally(zl("0"), zl("0"), 0, 0), None, NOON)]
    now, booked = NOON, Tally(zl("0"), zl("0"), 0, 0)
    for minutes, gifts, minor in days:
        now += timedelta(minutes=minutes)
        came = booked.gifts + gifts
        raised = booked.raised + Money(minor * gifts, "PLN")
        booked = Tally(raised, Money(minor, "PLN"), came, came)
        seen.append(publish(Figures.GUARDED, booked, seen[-1], now))
    for before, after in pairwise(seen):
        assert after == before or (after.gifts >= before.gifts + 3 and after.as_of >= before.as_of + HOUR)
        assert after.raised == after.raised.rounded_down(zl("10"))
        assert after.pledged == after.pledged.rounded_down(zl("10"))
