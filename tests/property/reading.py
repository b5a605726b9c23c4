"""What the books hold, read in three ways: the stored totals, one sum in SQL, and an export added up line by line."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from campaigns.services.checking import check_books
from campaigns.services.showing import show_campaign
from campaigns.storage import backup
from campaigns.storage.alerts import AlertKind
from campaigns.storage.database import Database
from campaigns.storage.models import campaign_totals, campaigns, postings
from tests.world import World

# What the published page on how we count says.
COUNTED = ("income:donations", "income:refunds", "income:disputed")
FEES = "expenses:fees"
PROVIDER = "assets:gateway:"


@dataclass(frozen=True)
class Books:
    """All in groszy. `booked`: raised, pledged, supporters and gifts, by campaign; `faults` as `books check` says."""

    booked: dict[str, tuple[int, int, int, int]]
    posted: dict[str, int]
    exported: dict[str, int]
    unbalanced: list[int]
    at_provider: int
    fees: int
    faults: list[str]


def read_books(database: Database) -> Books:
    """Everything in one state of the database."""
    with database.snapshot() as connection:
        booked = _booked(connection)
        posted = _posted(connection)
        lines = list(backup.rows(connection, "postings"))
        slugs = {row.id: row.slug for row in connection.execute(select(campaigns.c.id, campaigns.c.slug))}
    exported: dict[str, int] = dict.fromkeys(booked, 0)
    accounts: dict[str, int] = defaultdict(int)
    entries: dict[tuple[int, str], int] = defaultdict(int)
    for line in lines:
        account, minor = str(line["account"]), int(line["amount_minor"] or 0)
        accounts[account] += minor
        entries[int(line["entry_id"] or 0), str(line["currency"])] += minor
        if account in COUNTED:
            exported[slugs[line["campaign_id"]]] -= minor
    return Books(
        booked,
        {slug: posted.get(slug, 0) for slug in booked},
        exported,
        [entry for (entry, _), total in entries.items() if total],
        sum(minor for account, minor in accounts.items() if account.startswith(PROVIDER)),
        accounts[FEES],
        check_books(database).faults,
    )


def _booked(connection: Connection) -> dict[str, tuple[int, int, int, int]]:
    query = select(campaigns.c.slug, campaign_totals).join_from(campaigns, campaign_totals)
    return {
        row.slug: (row.raised_minor, row.pledged_minor, row.supporters, row.gifts) for row in connection.execute(query)
    }


def _posted(connection: Connection) -> dict[str, int]:
    query = (
        select(campaigns.c.slug, func.sum(-postings.c.amount_minor).label("minor"))
        .join_from(postings, campaigns)
        .where(postings.c.account.in_(COUNTED))
        .group_by(campaigns.c.slug)
    )
    return {row.slug: int(row.minor) for row in connection.execute(query)}


def published(world: World, slug: str) -> tuple[int, int, int]:
    """Raised, pledged and supporters as the public sees them now."""
    view = show_campaign(world.database, slug, "pl", world.clock())
    if view is None:
        raise LookupError(slug)
    shown = view.snapshot
    return shown.raised.minor, shown.pledged.minor, shown.supporters


def alerts_for_a_human(world: World) -> int:
    """How many notices did not fit, or brought money that nobody knows."""
    return sum(kind in (AlertKind.UNFIT_NOTICE, AlertKind.UNASSIGNED) for kind in world.alerts())
