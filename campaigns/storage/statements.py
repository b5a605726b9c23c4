"""A campaign's statement: every posting that its raised figure is made of, in the order of the books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import BigInteger, Connection, Integer, Select, func, literal, select, tuple_
from sqlalchemy.sql.elements import ColumnElement

from campaigns.domain.accounts import RAISED
from campaigns.domain.ledger import EntryKind
from campaigns.domain.money import Money
from campaigns.domain.periods import FIRST_DAY, LAST_DAY, Span
from campaigns.domain.selection import Selection
from campaigns.storage import totals
from campaigns.storage.columns import money
from campaigns.storage.models import entries, postings
from campaigns.storage.totals import Group

_P = postings.c
# What brings a gift into a campaign, and into the count of its gifts.
_GIFTS = (EntryKind.GIFT, EntryKind.OFFLINE_GIFT, EntryKind.ASSIGNMENT)


class LinePlace(NamedTuple):
    """Where a posting stands in the books: by its day, its entry's number, its line."""

    day: date
    number: int
    line: int


@dataclass(frozen=True, slots=True)
class RaisedLine:
    """A posting, and by how much it changes what the campaign has raised."""

    place: LinePlace
    kind: EntryKind
    account: str
    raised: Money


def lines(
    connection: Connection, campaign_id: int, currency: str, size: int, start: LinePlace | None, *, newer: bool = True
) -> list[RaisedLine]:
    """The next `size` postings after this place (None: from the very end), or before it; the nearest first."""
    here = tuple_(_P.day, _P.entry_id, _P.line)
    query = (
        select(_P.day, _P.entry_id, _P.line, _P.account, _P.amount_minor, entries.c.kind)
        .join_from(postings, entries, entries.c.id == _P.entry_id)
        .where(*_counted(campaign_id, currency))
        .order_by(*(each.asc() if newer else each.desc() for each in (_P.day, _P.entry_id, _P.line)))
        .limit(size)
    )
    if start is not None:
        there = tuple_(literal(start.day), literal(start.number, BigInteger), literal(start.line, Integer))
        query = query.where(here > there if newer else here < there)
    return [
        RaisedLine(
            LinePlace(row.day, row.entry_id, row.line), EntryKind(row.kind), row.account,
            -money(row.amount_minor, currency),
        )
        for row in connection.execute(query)
    ]  # fmt: skip


def raised_before(connection: Connection, campaign_id: int, currency: str, place: LinePlace | None) -> Money:
    """What the postings before this place sum up to, or all of them; `connection` must see one state."""
    nothing = Money.zero(currency)
    last = LAST_DAY if place is None else place.day - timedelta(days=1)
    if last < FIRST_DAY:
        return nothing + _sum(connection, campaign_id, currency, place)
    stored = totals.sums(connection, Selection(Span(FIRST_DAY, last)), Group.CAMPAIGN, Group.ACCOUNT)
    counted = [each for each in stored if each.account in RAISED and each.balance.currency == currency]
    if any(each.campaign_id == 0 for each in counted):  # of an entry of two campaigns, the totals know only that
        return _sum(connection, campaign_id, currency, place, since=FIRST_DAY)
    before = Money.total((-each.balance for each in counted if each.campaign_id == campaign_id), currency)
    return before if place is None else before + _sum(connection, campaign_id, currency, place)


def newest_gifts(connection: Connection, campaign_id: int, number: int) -> list[int]:
    """The numbers of the last entries that brought a gift into a campaign, the newest first."""
    query = select(entries.c.id).where(entries.c.campaign_id == campaign_id, entries.c.kind.in_(_GIFTS))
    return list(connection.scalars(query.order_by(entries.c.day.desc(), entries.c.id.desc()).limit(number)))


def _sum(
    connection: Connection, campaign_id: int, currency: str, place: LinePlace | None, since: date | None = None
) -> Money:
    """The postings before a place, added up one by one: those of its day, or of all days from `since` on."""
    query: Select[int] = select(func.coalesce(func.sum(-_P.amount_minor), 0)).where(*_counted(campaign_id, currency))
    if place is not None:
        there = tuple_(literal(place.day), literal(place.number, BigInteger), literal(place.line, Integer))
        query = query.where(tuple_(_P.day, _P.entry_id, _P.line) < there, _P.day >= (since or place.day))
    return money(connection.scalars(query).one(), currency)


def _counted(campaign_id: int, currency: str) -> tuple[ColumnElement[bool], ...]:
    return _P.campaign_id == campaign_id, _P.account.in_(sorted(RAISED)), _P.currency == currency
