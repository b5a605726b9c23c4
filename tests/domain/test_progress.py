"""A figure against its goal: never more than the truth, and never hidden when it is above the goal."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.domain.campaign import Progress
from campaigns.domain.money import CurrencyMismatch, Money


def progress(raised: str, pledged: str = "0", goal: str | None = "5000") -> Progress:
    return Progress(
        Money.of(raised, "PLN"), Money.of(pledged, "PLN"), 3, Money.of(goal, "PLN") if goal is not None else None
    )


@pytest.mark.parametrize(
    "raised, percent",
    [
        ("0", "0.0"),
        ("4.99", "0.0"),
        ("20", "0.4"),
        ("2500", "50.0"),
        ("4999.99", "99.9"),
        ("5000", "100.0"),
        ("6850", "137.0"),
        ("6854.99", "137.0"),
        ("-1", "-0.1"),
    ],
)
def test_percents_have_one_decimal_rounded_down_and_no_cap(raised: str, percent: str) -> None:
    assert str(progress(raised).percent) == percent


@settings(max_examples=40)
@given(st.integers(1, 10**15))
def test_one_grosz_short_of_the_goal_is_never_shown_as_reached(goal: int) -> None:
    short = Progress(Money(goal - 1, "PLN"), Money.zero("PLN"), 1, Money(goal, "PLN"))
    assert short.percent is not None
    assert short.percent < 100
    assert not short.reached


def test_a_campaign_without_a_goal_has_no_percent_and_no_bar() -> None:
    endless = progress("100", "50", goal=None)
    assert endless.percent is None
    assert endless.bar_raised == endless.bar_pledged == 0
    assert not endless.reached


@pytest.mark.parametrize(
    "raised, pledged, bar",
    [
        ("1000", "500", ("20.0", "10.0")),
        ("4500", "5000", ("90.0", "10.0")),
        ("9000", "500", ("100", "0")),
        ("-100", "500", ("0", "10.0")),
    ],
)
def test_both_segments_of_the_bar_fit_into_it(raised: str, pledged: str, bar: tuple[str, str]) -> None:
    shown = progress(raised, pledged)
    assert (shown.bar_raised, shown.bar_pledged) == tuple(map(Decimal, bar))


@pytest.mark.parametrize("raised, reached", [("4999.99", False), ("5000", True), ("5000.01", True)])
def test_a_goal_is_reached_to_the_grosz(raised: str, reached: bool) -> None:
    assert progress(raised).reached is reached


def test_zloty_are_no_part_of_a_goal_in_euro() -> None:
    mixed = Progress(Money.of(50, "PLN"), Money.zero("PLN"), 1, Money.of(100, "EUR"))
    with pytest.raises(CurrencyMismatch):
        assert mixed.percent
