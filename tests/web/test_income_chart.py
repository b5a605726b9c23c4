"""The chart of income says what the table says."""

from __future__ import annotations

import pytest

from campaigns.domain.money import Money
from campaigns.services.balancing import Income
from campaigns.web.treasurer.income_chart import HEIGHT, PATTERNS, WIDTH, chart_of

MONTHS = [f"2026-{month:02}" for month in range(1, 13)]


def income(amounts: dict[tuple[str, int], int], campaigns: int = 2) -> Income:
    titles = [(number, f"Campaign {number}") for number in range(1, campaigns + 1)]
    return Income("PLN", MONTHS, titles, {key: Money(minor, "PLN") for key, minor in amounts.items()})


def test_a_bar_is_as_high_as_its_share_of_the_scale() -> None:
    chart = chart_of(income({("2026-01", 1): 100_000, ("2026-02", 1): 50_000}))
    full, half = (piece.height for piece in chart.pieces)
    assert full == pytest.approx(2 * half, abs=1)


def test_campaigns_stand_on_one_another_and_what_went_back_hangs_below() -> None:
    chart = chart_of(income({("2026-01", 1): 3000, ("2026-01", 2): 2000, ("2026-03", 1): -1000}))
    first, second, back = chart.pieces
    assert second.y + second.height == pytest.approx(first.y, abs=1)
    assert (first.y + first.height, back.y) == (chart.base, chart.base)


@pytest.mark.parametrize("minor", [0, 1, 99, 101, 123_456, 10**12, -5, -(10**9)])
def test_everything_is_within_the_picture_and_ticks_are_round(minor: int) -> None:
    chart = chart_of(income({("2026-05", 1): minor, ("2026-06", 2): 7}))
    for piece in chart.pieces:
        assert 0 <= piece.x <= piece.x + piece.width <= WIDTH
        assert 0 <= piece.y <= piece.y + piece.height <= HEIGHT
    assert 2 <= len(chart.ticks) <= 8
    assert all(amount.minor % 100 == 0 for amount, _ in chart.ticks)


def test_patterns_tell_campaigns_apart_as_long_as_there_are_any() -> None:
    many = income({("2026-01", number): 100 for number in range(1, 9)}, campaigns=8)
    assert [pattern for pattern, _ in chart_of(many).legend] == [0, 1, 2, 3, 4, 5, 5, 5]
    assert PATTERNS == 6
