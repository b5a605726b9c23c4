"""Campaigns: kinds, when they are open, and the figures that the public may see."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from campaigns.domain.money import Money


class Kind(StrEnum):
    FUND = "fund"
    TAX_APPEAL = "tax_appeal"  # a tax office moves the money months later: never a payment, in no bar of donations


class Figures(StrEnum):
    """How often the public figures follow the books."""

    LIVE = "live"
    GUARDED = "guarded"


class Phase(StrEnum):
    """Where a campaign stands in its time."""

    DRAFT = "draft"
    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"


WARSAW = ZoneInfo("Europe/Warsaw")

# Pages of our own at these addresses would hide a campaign.
RESERVED_SLUGS = frozenset({"give", "thanks", "how-we-count", "privacy", "contact", "accessibility"})
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?", re.ASCII)


def is_slug(text: str) -> bool:
    """True for what can be a campaign's address: up to 64 small letters, digits and hyphens, and no page of ours."""
    return _SLUG.fullmatch(text) is not None and text not in RESERVED_SLUGS


# Guarded figures: no single gift can be read from what is published (design rule for donors in danger).
GUARDED_EVERY = timedelta(hours=1)
GUARDED_GIFTS = 3
GUARDED_STEP_MAJOR = 10


@dataclass(frozen=True, slots=True)
class Window:
    """When a campaign takes gifts: from `opens_at` (None: always) until just before `closes_at` (None: never ends)."""

    published: bool
    opens_at: datetime | None = None
    closes_at: datetime | None = None

    def phase(self, now: datetime) -> Phase:
        if not self.published:
            return Phase.DRAFT
        if self.opens_at and now < self.opens_at:
            return Phase.UPCOMING
        if self.closes_at and now >= self.closes_at:
            return Phase.CLOSED
        return Phase.OPEN

    def days_left(self, now: datetime) -> int | None:
        """Whole days until it closes, the running one included; None when it has no end or is not open.

        Told by the clock on a Polish wall: the day on which the clocks change has 23 or 25 hours and is one day.
        """
        if self.closes_at is None or self.phase(now) is not Phase.OPEN:
            return None
        left = _on_the_wall(self.closes_at) - _on_the_wall(now)
        return max(-(-left // timedelta(days=1)), 1)


def _on_the_wall(moment: datetime) -> datetime:
    return moment.astimezone(WARSAW).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Tally:
    """What the books hold of a campaign.

    `gifts` counts every gift ever received: it falls only when one is corrected to another campaign.
    """

    raised: Money
    pledged: Money
    supporters: int
    gifts: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is published of a campaign, and as of when; every public field, picture and widget is made from it."""

    raised: Money
    pledged: Money
    supporters: int
    gifts: int
    as_of: datetime


def publish(figures: Figures, booked: Tally, previous: Snapshot | None, now: datetime) -> Snapshot:
    """The snapshot to show now, given what is booked and what was published before.

    Live: the booked total. Guarded: the previous snapshot, until an hour has passed and three new gifts have come;
    then rounded down to 10 złoty. The supporters and the pledged amount change with it and never alone.
    """
    if figures is Figures.LIVE:
        # To the minute: finer would tell the time of a gift, and make other bytes of the same figures every second.
        as_of = now.replace(second=0, microsecond=0)
        return Snapshot(booked.raised, booked.pledged, booked.supporters, booked.gifts, as_of)
    if previous is None:
        nothing = Money.zero(booked.raised.currency)
        return Snapshot(nothing, nothing, 0, 0, now)
    if now < previous.as_of + GUARDED_EVERY or booked.gifts < previous.gifts + GUARDED_GIFTS:
        return previous
    step = Money.of(GUARDED_STEP_MAJOR, booked.raised.currency)
    return Snapshot(
        booked.raised.rounded_down(step),
        booked.pledged.rounded_down(step),
        booked.supporters,
        booked.gifts,
        now,
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """A snapshot against a goal."""

    raised: Money
    pledged: Money
    supporters: int
    goal: Money | None

    @property
    def percent(self) -> Decimal | None:
        """Raised in percent of the goal: one decimal, rounded down, not capped; None without a goal."""
        return self._percent(self.raised)

    @property
    def bar_raised(self) -> Decimal:
        """The bar's first segment in percent of its width, 0 to 100."""
        return min(max(self._percent(self.raised) or Decimal(0), Decimal(0)), Decimal(100))

    @property
    def bar_pledged(self) -> Decimal:
        """The bar's second, lighter segment in percent of its width: what is left of 100 at most."""
        pledged = self._percent(self.pledged) or Decimal(0)
        return min(max(pledged, Decimal(0)), Decimal(100) - self.bar_raised)

    @property
    def reached(self) -> bool:
        return self.goal is not None and self.raised >= self.goal

    def _percent(self, part: Money) -> Decimal | None:
        if self.goal is None:
            return None
        return part.percent_of(self.goal).quantize(Decimal("0.1"), ROUND_FLOOR)
