"""What donors, banks and a treasurer really did: plain numbers in groszy, kept by the test and by nobody else."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

SETTLES_AFTER = timedelta(seconds=20)
TEN_ZLOTY = 1000


@dataclass
class Gift:
    """One donor's gift at the provider. `held` is what a dispute that is not won keeps away."""

    slug: str
    minor: int
    can_be_disputed: bool
    expires_at: datetime
    state: str = "open"
    settles_at: datetime | None = None
    refunds: dict[str, int] = field(default_factory=dict)
    held: int = 0
    dispute_is_open: bool = False

    @property
    def left(self) -> int:
        """What is there: what came, less what went back and what is held."""
        return self.minor - sum(self.refunds.values()) - self.held if self.state == "paid" else 0

    @property
    def fee(self) -> int:
        """What the sandbox keeps of a gift that came: 1.5 %, rounded up, and 1 zł, but no more than all."""
        return min(-(-self.minor * 15 // 1000) + 100, self.minor) if self.state == "paid" else 0


@dataclass
class Offline:
    """Cash that a treasurer has booked."""

    slug: str
    minor: int
    reversed: bool = False


@dataclass
class Shown:
    """What a guarded campaign has published."""

    minor: int
    pledged: int
    supporters: int
    gifts: int
    hour: datetime
    considered: datetime


@dataclass
class Model:
    """All gifts by their page at the provider, and all cash by its effect in the books."""

    gifts: dict[str, Gift] = field(default_factory=dict)
    cash: dict[str, Offline] = field(default_factory=dict)

    def time_passes(self, now: datetime) -> None:
        """Money that is on its way comes, and open pages run out."""
        for gift in self.gifts.values():
            if gift.settles_at and now >= gift.settles_at:
                gift.state, gift.settles_at = "paid", None
            if gift.state == "open" and now >= gift.expires_at:
                gift.state = "expired"

    def pages(self, state: str) -> list[str]:
        return [page for page, gift in self.gifts.items() if gift.state == state]

    def refundable(self) -> list[str]:
        return [page for page, gift in self.gifts.items() if gift.left > 0 and not gift.held]

    def disputable(self) -> list[str]:
        return [page for page in self.refundable() if self.gifts[page].can_be_disputed]

    def disputed(self) -> list[str]:
        return [page for page, gift in self.gifts.items() if gift.dispute_is_open]

    def refunds(self) -> list[tuple[str, str]]:
        """Page and id of every refund that has not come back."""
        return [(page, refund) for page, gift in self.gifts.items() for refund in gift.refunds]

    def standing_cash(self) -> list[str]:
        return [effect for effect, cash in self.cash.items() if not cash.reversed]

    def figures(self, slug: str) -> tuple[int, int, int, int]:
        """Raised, pledged, supporters and gifts of a campaign, when every notice has arrived."""
        gifts = [gift for gift in self.gifts.values() if gift.slug == slug]
        cash = [cash for cash in self.cash.values() if cash.slug == slug]
        standing = [it.minor for it in cash if not it.reversed]
        return (
            sum(gift.left for gift in gifts) + sum(standing),
            sum(gift.minor for gift in gifts if gift.state == "processing"),
            sum(gift.left > 0 for gift in gifts) + len(standing),
            sum(gift.state == "paid" for gift in gifts) + len(cash),
        )

    def fees(self) -> int:
        return sum(gift.fee for gift in self.gifts.values())


def renewed(shown: Shown | None, booked: tuple[int, int, int, int], now: datetime) -> Shown:
    """What a guarded campaign publishes after its jobs have run: the rule of the design, in other words.

    Looked at once in every hour of the clock: then three new gifts are enough, an hour after the last change.
    """
    minor, pledged, supporters, gifts = booked
    hour = now.replace(minute=0, second=0, microsecond=0)
    if shown is None:
        return Shown(0, 0, 0, 0, hour, hour)
    if shown.considered == hour:
        return shown
    if hour - shown.hour < timedelta(hours=1) or gifts - shown.gifts < 3:
        return replace(shown, considered=hour)
    return Shown(minor // TEN_ZLOTY * TEN_ZLOTY, pledged // TEN_ZLOTY * TEN_ZLOTY, supporters, gifts, hour, hour)
