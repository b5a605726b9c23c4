"""What the overview asks, each at a cost that does not grow with the age of the books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, func, select

from campaigns.domain.accounts import RAISED
from campaigns.domain.money import Money
from campaigns.storage.columns import money
from campaigns.storage.models import letters, postings, totals
from campaigns.storage.totals import through
from campaigns.storage.tray import LetterState

_COUNTED = sorted(RAISED)
# Letters are few beside gifts: among so many of the newest are all of a week, or enough of them to be alarmed.
_NEWEST_LETTERS = 1000


@dataclass(frozen=True, slots=True)
class DayOfCampaign:
    """By how much the raised figure of a campaign (its number) changed on one day of the books."""

    day: date
    campaign_id: int
    amount: Money


def raised_by_day(connection: Connection, first: date, last: date) -> list[DayOfCampaign]:
    """What was raised on each of these days by each campaign; `connection` must see one state of the database."""
    days = [(first + timedelta(days=number)).isoformat() for number in range((last - first).days + 1)]
    stored = (
        select(totals.c.period, totals.c.campaign_id, totals.c.currency,
               func.sum(totals.c.credit_minor - totals.c.debit_minor).label("minor"))
        .where(totals.c.period.in_(days), totals.c.account.in_(_COUNTED))
        .group_by(totals.c.period, totals.c.campaign_id, totals.c.currency)
    )  # fmt: skip
    # Told apart by account and day, and chosen from only here: SQLite would look for either among all postings first.
    later = (
        select(postings.c.day, postings.c.account, postings.c.campaign_id, postings.c.currency,
               func.sum(-postings.c.amount_minor).label("minor"))
        .where(postings.c.entry_id > through(connection))
        .group_by(postings.c.day, postings.c.account, postings.c.campaign_id, postings.c.currency)
    )  # fmt: skip
    found = [
        DayOfCampaign(date.fromisoformat(row.period), row.campaign_id, money(row.minor, row.currency))
        for row in connection.execute(stored)
    ]
    return found + [
        DayOfCampaign(row.day, row.campaign_id, money(row.minor, row.currency))
        for row in connection.execute(later)
        if row.account in RAISED and first <= row.day <= last
    ]


def undeliverable_since(connection: Connection, moment: datetime) -> int:
    """How many letters, put into the tray since then, could not be delivered."""
    newest = (
        select(letters.c.state, letters.c.created_at).order_by(letters.c.id.desc()).limit(_NEWEST_LETTERS).subquery()
    )
    lost = (newest.c.state == LetterState.UNDELIVERABLE, newest.c.created_at >= moment)
    return connection.scalar(select(func.count()).select_from(newest).where(*lost)) or 0
