"""The figures of a campaign: the booked total, which moves with the books, and the published snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, or_, select, update

from campaigns.domain.campaign import Figures, Snapshot, Tally, publish
from campaigns.domain.money import Money
from campaigns.storage.columns import money
from campaigns.storage.models import campaign_totals, campaigns, snapshots
from campaigns.storage.once import Once

_TOTAL = campaign_totals.c
_MOVE = (
    update(campaign_totals)
    .where(_TOTAL.campaign_id == bindparam("campaign"))
    .values(
        raised_minor=_TOTAL.raised_minor + bindparam("raised"),
        pledged_minor=_TOTAL.pledged_minor + bindparam("pledged"),
        supporters=_TOTAL.supporters + bindparam("more_supporters"),
        gifts=_TOTAL.gifts + bindparam("more_gifts"),
    )
)
_FIRST = Once(snapshots, "campaign_id")


@dataclass(frozen=True, slots=True)
class Change:
    """By how much a campaign's booked total changes."""

    raised: Money
    pledged: Money
    supporters: int = 0
    gifts: int = 0

    def __bool__(self) -> bool:
        return bool(self.raised or self.pledged or self.supporters or self.gifts)

    def __add__(self, other: Change) -> Change:
        return Change(
            self.raised + other.raised,
            self.pledged + other.pledged,
            self.supporters + other.supporters,
            self.gifts + other.gifts,
        )


def change(connection: Connection, campaign_id: int, by: Change) -> None:
    """Move the booked total. The hottest row there is: this is the last statement of its transaction.

    LookupError where the campaign has none: nothing may be booked that is not counted.
    """
    change_by = {
        "campaign": campaign_id,
        "raised": by.raised.minor,
        "pledged": by.pledged.minor,
        "more_supporters": by.supporters,
        "more_gifts": by.gifts,
    }
    moved = connection.execute(_MOVE, change_by)
    if moved.rowcount != 1:
        raise LookupError(f"campaign {campaign_id} has no booked total")


def one_gift_less(connection: Connection, campaign_id: int) -> None:
    """A gift turned out to be another campaign's: call it before the booked total is lowered.

    What is published must not know of more gifts than the books, and waits for as many new ones as before: so neither
    can a single gift be read from it afterwards.
    """
    gifts = select(_TOTAL.gifts - 1).where(_TOTAL.campaign_id == campaign_id).scalar_subquery()
    where = (snapshots.c.campaign_id == campaign_id) & (snapshots.c.gifts > gifts)
    connection.execute(update(snapshots).where(where).values(gifts=gifts))


def renew_guarded(connection: Connection, now: datetime) -> int:
    """Renew the snapshots of guarded campaigns that are due, and say how many; two nodes may do it at once.

    Each campaign is considered once in an hour, at its first minute if the jobs run: so neither the moment of a change
    nor `as_of`, which is the full hour, tells when a gift came.
    """
    hour = now.replace(minute=0, second=0, microsecond=0)
    query = (
        select(campaign_totals, snapshots.c.as_of, snapshots.c.raised_minor.label("shown_raised"),
               snapshots.c.pledged_minor.label("shown_pledged"), snapshots.c.supporters.label("shown_supporters"),
               snapshots.c.gifts.label("shown_gifts"))
        .join_from(campaign_totals, campaigns)
        .outerjoin(snapshots, snapshots.c.campaign_id == campaigns.c.id)
        .where(campaigns.c.figures == Figures.GUARDED)
        .where(or_(snapshots.c.considered_at.is_(None), snapshots.c.considered_at < hour))
    )  # fmt: skip
    renewed = 0
    for row in connection.execute(query).all():
        booked = Tally(
            money(row.raised_minor, row.currency), money(row.pledged_minor, row.currency), row.supporters, row.gifts
        )
        previous = None
        if row.as_of is not None:
            previous = Snapshot(
                money(row.shown_raised, row.currency), money(row.shown_pledged, row.currency),
                row.shown_supporters, row.shown_gifts, row.as_of,
            )  # fmt: skip
        fresh = publish(Figures.GUARDED, booked, previous, hour)
        renewed += _store(connection, row.campaign_id, previous, fresh, hour)
    return renewed


def _store(connection: Connection, campaign_id: int, previous: Snapshot | None, fresh: Snapshot, hour: datetime) -> int:
    """Keep what is published from this hour on; 1 if that is anything new."""
    values = {
        "currency": fresh.raised.currency,
        "raised_minor": fresh.raised.minor,
        "pledged_minor": fresh.pledged.minor,
        "supporters": fresh.supporters,
        "gifts": fresh.gifts,
        "as_of": fresh.as_of,
        "considered_at": hour,
    }
    if previous is None:
        return int(_FIRST.add(connection, {"campaign_id": campaign_id, **values}) is not None)
    # Whoever comes second finds that this hour has been considered, and changes nothing.
    where = (snapshots.c.campaign_id == campaign_id) & (snapshots.c.considered_at < hour)
    changed = connection.execute(update(snapshots).where(where).values(values)).rowcount
    return changed if fresh != previous else 0
