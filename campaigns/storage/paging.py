"""One page of the journal, as fast in old and large books as in new and small ones.

Few entries are found by what is rare about them and put in order. Of many, the stored totals tell the days on which
there are any, so that no day is looked through in vain. What was booked since the last roll-up is looked at apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Connection, literal, select, tuple_
from sqlalchemy.sql.elements import ColumnElement

from campaigns.domain.periods import FIRST_DAY, LAST_DAY, Span, last_of
from campaigns.domain.selection import Selection
from campaigns.storage.journal import amounts, conditions, is_one_of, means, meant
from campaigns.storage.models import entries, postings
from campaigns.storage.totals import FEW, Letters, count_by_period, later_than, through

_A_DAY = timedelta(days=1)
# Where not every entry of a day is one, so many are looked at first, and so many times as many each time after that.
_NEXT, _MORE = 512, 8


class Place(NamedTuple):
    """Where an entry stands in the journal: by its day, then by its number."""

    day: date
    number: int


@dataclass(frozen=True, slots=True)
class Way:
    """From a place (not itself; None: from the very end) to older entries, or to newer ones."""

    start: Place | None = None
    older: bool = True

    def condition(self, day: ColumnElement[date], number: ColumnElement[int]) -> list[ColumnElement[bool]]:
        if self.start is None:
            return []
        here, there = tuple_(day, number), tuple_(literal(self.start.day), literal(self.start.number, BigInteger))
        return [here < there if self.older else here > there]

    def leads_to(self, place: Place) -> bool:
        if self.start is None:
            return True
        return place < self.start if self.older else place > self.start

    def order(self, *columns: ColumnElement[date] | ColumnElement[int]) -> list[ColumnElement[Any]]:
        return [each.desc() if self.older else each.asc() for each in columns]

    def span(self, of: Span) -> tuple[date, date]:
        """First and last day that lie ahead; the first is after the last where there is none."""
        first, last = max(of.first, FIRST_DAY), min(of.last, LAST_DAY)
        if self.start is None:
            return first, last
        return (first, min(last, self.start.day)) if self.older else (max(first, self.start.day), last)


def page(connection: Connection, selection: Selection, size: int, way: Way, few: int = FEW) -> list[Place]:
    """The next `size` entries of the selection on this way, in its order.

    `connection` must see one state of the database; `few` is how many are fetched one by one.
    """
    if bounds := amounts(selection):
        rare = list(connection.scalars(select(entries.c.id).where(*bounds).limit(few + 1)))
        if len(rare) <= few:
            return _among(connection, selection, rare, way)[:size]
    known = through(connection)
    later = later_than(connection, known, few)
    if later is None:
        return _fetched(connection, selection, way, size, [])
    found: list[Place] = []
    for looked, more in enumerate(_by_days(connection, selection, way, size, [entries.c.id <= known])):
        found += more
        if len(found) >= size:
            break
        if looked == 0 and selection.words:  # not many among the next ones: perhaps there are few at all
            meaning = select(meant(connection, selection.words).subquery().c[0])
            rare = list(connection.scalars(meaning.limit(few + 1)))
            if len(rare) <= few:
                return _among(connection, replace(selection, words=""), rare, way)[:size]
    if later:
        found += _among(connection, selection, later, way)
    return sorted(found, reverse=way.older)[:size]


def _among(connection: Connection, selection: Selection, numbers: list[int], way: Way) -> list[Place]:
    """Those of these few entries that are in the selection and on this way, in its order.

    They are put in order here: a database that is asked for order may go through all entries to have it.
    """
    these = is_one_of(connection, numbers)
    wanted = conditions(connection, replace(selection, words=""))
    if selection.words:
        wanted.append(means(connection, selection.words, these))
    found = connection.execute(select(entries.c.day, entries.c.id).where(these, *wanted))
    return sorted((place for row in found if way.leads_to(place := Place(*row))), reverse=way.older)


def _by_days(
    connection: Connection, selection: Selection, way: Way, size: int, also: list[ColumnElement[bool]]
) -> Iterator[list[Place]]:
    """Entries of the next days, and of the next, out of those on which the stored totals know of some."""
    first, last = way.span(selection.span)
    wanted = size if selection.is_indexed else _NEXT
    while days := _days(connection, selection, (first, last), way, wanted):
        # Of a day apart the database takes the last entries without a look at the others.
        parts = (days[:1], days[1:-1], days[1:][-1:]) if selection.is_indexed else (days,)
        found: list[Place] = []
        for together in parts:
            if together and len(found) < size:
                found += _fetched(connection, selection, way, size - len(found), also, together)
        yield found
        first, last = (first, days[-1] - _A_DAY) if way.older else (days[-1] + _A_DAY, last)
        wanted *= _MORE


def _fetched(
    connection: Connection,
    selection: Selection,
    way: Way,
    size: int,
    also: list[ColumnElement[bool]],
    days: Sequence[date] = (),
) -> list[Place]:
    """The next entries on this way that meet all conditions, the database going through them in order.

    `days`, where given, hold all of them. On one account, postings lead the way: they are kept in its order.
    """
    wanted = [*conditions(connection, replace(selection, words="", account=None)), *also]
    on_days = [_on(entries.c.day, days)] if days else []
    if selection.words:
        wanted.append(means(connection, selection.words, *on_days))
    day, number = entries.c.day, entries.c.id
    query = select(day, number)
    if selection.account is not None:
        day, number = postings.c.day, postings.c.entry_id
        query = select(day, number).distinct().join_from(postings, entries, number == entries.c.id)
        wanted += [postings.c.account == selection.account, *([_on(day, days)] if days else [])]
    query = query.where(*wanted, *on_days, *way.condition(day, number)).order_by(*way.order(day, number)).limit(size)
    return [Place(*row) for row in connection.execute(query)]


def _on(day: ColumnElement[date], days: Sequence[date]) -> ColumnElement[bool]:
    return day == days[0] if len(days) == 1 else day.in_(days)


def _days(
    connection: Connection, selection: Selection, between: tuple[date, date], way: Way, wanted: int
) -> list[date]:
    """The next days on which there are entries of the selection, as many as it takes for `wanted` of them.

    Told from the stored totals, by years, then months, then days. Words and amounts are not looked at, and a period
    that is partly behind counts for nothing: so there can be fewer entries on these days, and more.
    """
    first, last = (day.isoformat() for day in between)
    partly = {first, last} | ({way.start.day.isoformat()} if way.start else set())
    ahead = [str(year) for year in range(between[0].year, between[1].year + 1)]
    for letters in Letters:
        ahead = [period for period in ahead if first[:letters] <= period <= last[:letters]]
        counts = count_by_period(connection, selection, ahead)
        some, sure = [], 0
        for period in sorted(counts, reverse=way.older):
            some.append(period)
            sure += 0 if any(day.startswith(period) for day in partly) else counts[period]
            if sure >= wanted:
                break
        ahead = some if letters is Letters.DAY else [part for period in some for part in _parts(period)]
    return [date.fromisoformat(day) for day in ahead]


def _parts(period: str) -> Iterator[str]:
    """The months of a year, the days of a month."""
    if len(period) == Letters.YEAR:
        return (f"{period}-{month:02}" for month in range(1, 13))
    return (f"{period}-{day:02}" for day in range(1, last_of(period).day + 1))
