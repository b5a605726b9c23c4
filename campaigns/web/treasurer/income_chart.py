"""Geometry of the chart of income: for each month a bar, stacked by campaign, what went back hanging below the line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from campaigns.domain.money import Money
from campaigns.services.balancing import Income

WIDTH, HEIGHT = 960, 320
_LEFT, _TOP, _BOTTOM = 88, 12, 28
_SHARE = 0.62  # of a month's width is bar
# So many campaigns have a pattern of their own; all further ones share the last.
PATTERNS = 6


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar: one campaign in one month, with the number of its pattern."""

    x: int
    y: int
    width: int
    height: int
    pattern: int
    month: str
    title: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Chart:
    """What there is to draw, in the units of the picture. A tick is an amount and how far down it lies."""

    pieces: list[Piece]
    ticks: list[tuple[Money, int]]
    months: list[tuple[str, int]]
    legend: list[tuple[int, str]]
    base: int
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT


def chart_of(income: Income) -> Chart:
    """The chart of one year in one currency. A campaign without a title is money without a campaign."""
    columns = [[(id_, income.of(month, id_)) for id_, _ in income.campaigns] for month in income.months]
    highest = max((_sum(amounts, 1) for amounts in columns), default=0)
    lowest = min((_sum(amounts, -1) for amounts in columns), default=0)
    step = _step(highest - lowest)
    top, bottom = -(-highest // step) * step, lowest // step * step
    if top == bottom:
        top += step
    room = HEIGHT - _TOP - _BOTTOM

    def down(minor: int) -> int:
        return _TOP + round((top - minor) * room / (top - bottom))

    wide = (WIDTH - _LEFT) / 12
    pieces = []
    for place, (month, amounts) in enumerate(zip(income.months, columns, strict=True)):
        x, width = round(_LEFT + wide * (place + (1 - _SHARE) / 2)), round(wide * _SHARE)
        above = below = 0
        for order, (_, amount) in enumerate(amounts):
            start = above if amount.minor > 0 else below
            end = start + amount.minor
            above, below = (end, below) if amount.minor > 0 else (above, end)
            if amount:
                high, low = down(max(start, end)), down(min(start, end))
                pattern = min(order, PATTERNS - 1)
                title = income.campaigns[order][1]
                pieces.append(Piece(x, high, width, max(low - high, 1), pattern, month, title, amount))
    return Chart(
        pieces,
        [(Money(minor, income.currency), down(minor)) for minor in range(bottom, top + 1, step)],
        [(month, round(_LEFT + wide * (place + 0.5))) for place, month in enumerate(income.months)],
        [(min(order, PATTERNS - 1), title) for order, (_, title) in enumerate(income.campaigns)],
        down(0),
    )


def _sum(amounts: Iterable[tuple[int, Money]], sign: int) -> int:
    """What is stacked above the line (1) or below it (-1), in minor units."""
    return sum(amount.minor for _, amount in amounts if amount.minor * sign > 0)


def _step(span: int) -> int:
    """The distance of ticks, round for the eye: four or five of them, of 1, 2 or 5 with noughts, at least one unit."""
    step = 100
    while True:
        for times in (1, 2, 5):
            if step * times * 5 >= span:
                return step * times
        step *= 10
