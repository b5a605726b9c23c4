"""Proving a campaign's number: its statement, which ends in its booked total; what the public sees of it and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from campaigns.domain.campaign import Figures, Snapshot, Tally, publish
from campaigns.domain.money import Money
from campaigns.storage import campaigns, statements
from campaigns.storage.campaigns import ShownCampaign
from campaigns.storage.database import Connection, Database
from campaigns.storage.statements import LinePlace, RaisedLine

ROWS = 50
# More are not told one by one.
_GIFTS_TOLD = 20


@dataclass(frozen=True, slots=True)
class Proof:
    """A campaign's booked total beside what its postings sum up to, and what is published.

    `unseen`: the numbers of the newest entries with gifts that the published figures do not know, as far as they are
    told one by one; `gifts_unseen` is how many there are.
    """

    campaign: ShownCampaign
    booked: Tally
    added_up: Money
    published: Snapshot
    unseen: list[int]

    @property
    def is_equal(self) -> bool:
        return self.booked.raised == self.added_up

    @property
    def difference(self) -> Money:
        return self.booked.raised - self.added_up

    @property
    def is_guarded(self) -> bool:
        return self.campaign.campaign.figures is Figures.GUARDED

    @property
    def gifts_unseen(self) -> int:
        return self.booked.gifts - self.published.gifts


@dataclass(frozen=True, slots=True)
class Statement:
    """Some lines in the order of the books, each with what is raised once it is booked; `opening` is what was before.

    `older` and `newer` are where the pages beside it begin. On the last page, the last sum is what `proof` proves.
    """

    proof: Proof
    opening: Money
    lines: list[tuple[RaisedLine, Money]]
    older: LinePlace | None
    newer: LinePlace | None


def prove(
    database: Database,
    slug: str,
    language: str,
    now: datetime,
    after: LinePlace | None = None,
    before: LinePlace | None = None,
    *,
    from_end: bool = False,
) -> Statement | None:
    """The statement from its beginning, after or before a place, or its last page; None for an unknown campaign.

    All of it is one state of the database, so that the two totals are of the same moment.
    """
    with database.snapshot() as connection:
        shown = campaigns.shown(connection, slug, language)
        if shown is None:
            return None
        backwards = from_end or before is not None
        found = _lines(connection, shown, before if backwards else after, backwards=backwards)
        is_more, found = len(found) > ROWS, found[:ROWS]
        if backwards:
            found.reverse()
        first = found[0].place if found else None
        currency, number = shown.campaign.currency, shown.campaign.id
        opening = statements.raised_before(connection, number, currency, first) if first else Money.zero(currency)
        older = first if (is_more if backwards else after is not None) else None
        newer = found[-1].place if found and (before is not None if backwards else is_more) else None
        return Statement(_proof(connection, shown, now), opening, _running(found, opening), older, newer)


def _lines(
    connection: Connection, shown: ShownCampaign, start: LinePlace | None, *, backwards: bool
) -> list[RaisedLine]:
    of = shown.campaign
    return statements.lines(connection, of.id, of.currency, ROWS + 1, start, newer=not backwards)


def _running(lines: list[RaisedLine], opening: Money) -> list[tuple[RaisedLine, Money]]:
    result = []
    for line in lines:
        opening += line.raised
        result.append((line, opening))
    return result


def _proof(connection: Connection, shown: ShownCampaign, now: datetime) -> Proof:
    of, booked = shown.campaign, shown.booked
    previous = None if of.figures is Figures.LIVE else shown.published
    hour = now.replace(minute=0, second=0, microsecond=0)
    published = previous or publish(of.figures, booked, None, now if of.figures is Figures.LIVE else hour)
    behind = booked.gifts - published.gifts
    return Proof(
        shown,
        booked,
        statements.raised_before(connection, of.id, of.currency, None),
        published,
        statements.newest_gifts(connection, of.id, min(behind, _GIFTS_TOLD)) if behind > 0 else [],
    )
