"""Sums of the books: from the stored totals, completed by what was booked since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import Connection, Select, String, case, func, literal_column, select, type_coerce
from sqlalchemy.sql.elements import ColumnElement

from campaigns.domain.money import Money
from campaigns.domain.periods import Span, first_of, last_of, month_of, next_month
from campaigns.domain.selection import Selection
from campaigns.storage.columns import money
from campaigns.storage.journal import conditions, is_one_of
from campaigns.storage.models import campaigns, entries, postings, totals, totals_through

_MINOR = postings.c.amount_minor
# The first line of an entry stands for it: so each is counted once, whatever accounts are looked at together.
COUNTS: dict[str, ColumnElement[int]] = {
    "debit_minor": func.coalesce(func.sum(case((_MINOR > 0, _MINOR), else_=0)), 0),
    "credit_minor": func.coalesce(func.sum(case((_MINOR < 0, -_MINOR), else_=0)), 0),
    "lines": func.count(),
    "entries": func.coalesce(func.sum(case((postings.c.line == 1, 1), else_=0)), 0),
}
# So many entries are few: they can be fetched one by one while a page is waited for.
FEW = 2_000
_THROUGH = select(totals_through.c.entry_id)


class Letters(IntEnum):
    """So many letters of a day, 2026-11-22, are its year, its month, and itself."""

    YEAR = 4
    MONTH = 7
    DAY = 10


class Group(StrEnum):
    """What sums can be told apart by."""

    ACCOUNT = "account"
    CAMPAIGN = "campaign_id"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Sum:
    """What was posted in one currency: both sides, neither negative; how many postings and how many entries.

    Entries are counted by their first line: that is exact wherever no single account is asked for.
    """

    debit: Money
    credit: Money
    lines: int
    entries: int
    account: str = ""
    campaign_id: int = 0  # none
    month: str = ""

    @property
    def balance(self) -> Money:
        """Debit less credit."""
        return self.debit - self.credit

    @property
    def key(self) -> tuple[str, int, str, str]:
        return self.account, self.campaign_id, self.month, self.debit.currency

    def __add__(self, other: Sum) -> Sum:
        return replace(
            self,
            debit=self.debit + other.debit,
            credit=self.credit + other.credit,
            lines=self.lines + other.lines,
            entries=self.entries + other.entries,
        )


def period(dialect: str, letters: Letters) -> ColumnElement[str]:
    """The year, month or day of a posting, as text."""
    if dialect == "sqlite":
        return func.substr(type_coerce(postings.c.day, String), 1, letters)
    return func.to_char(postings.c.day, "YYYY-MM-DD"[:letters])


def through(connection: Connection) -> int:
    """The number of the newest entry that the stored totals know; 0 for none."""
    return connection.scalar(_THROUGH) or 0


def later_than(connection: Connection, number: int, few: int = FEW) -> list[int] | None:
    """The numbers of all later entries, if they are few; None where nobody has rolled up for long."""
    found = list(connection.scalars(select(entries.c.id).where(entries.c.id > number).limit(few + 1)))
    return found if len(found) <= few else None


def sums(connection: Connection, selection: Selection, *group: Group) -> list[Sum]:
    """What was posted in the selection, by currency and by whatever it is to be told apart.

    With an account: what was posted on it alone. `connection` must see one state of the database, since the stored
    totals and what was booked after them are asked for one by one. ValueError for a selection that the stored totals
    do not know (`is_indexed`), and for months of a span that begins or ends within one.
    """
    if not selection.is_indexed:
        raise ValueError("there are no stored totals by amount or by words")
    known = through(connection)
    later = later_than(connection, known)
    found = {part.key: part for part in _told(connection, _stored(selection, group))}
    if later != []:
        rest = entries.c.id > known if later is None else is_one_of(connection, later)
        for part in _told(connection, _of_postings(connection, selection, group).where(rest)):
            found[part.key] = found[part.key] + part if part.key in found else part
    return [found[key] for key in sorted(found)]


def counted(connection: Connection, selection: Selection, *group: Group) -> list[Sum]:
    """The same for any selection, out of the entries themselves: takes as long as the selection is large."""
    return sorted(_told(connection, _of_postings(connection, selection, group)), key=lambda part: part.key)


def count_by_period(connection: Connection, selection: Selection, periods: list[str]) -> dict[str, int]:
    """In which of these years, months or days the stored totals know of entries, and of how many at most.

    Amounts and words are not looked at. An entry with two postings on the account that is asked for counts twice.
    """
    number = totals.c.entries if selection.account is None else totals.c.lines
    query = select(totals.c.period, func.sum(number)).where(*_kept(selection, periods)).group_by(totals.c.period)
    return {period: int(count) for period, count in connection.execute(query) if count}


def _stored(selection: Selection, group: tuple[Group, ...]) -> Select[Any]:
    columns = {
        Group.ACCOUNT: totals.c.account, Group.CAMPAIGN: totals.c.campaign_id, Group.MONTH: totals.c.period
    }  # fmt: skip
    asked = [columns[each].label(each) for each in group]
    periods = _months(selection.span) if Group.MONTH in group else selection.span.periods()
    added = [func.sum(totals.c[name]).label(name) for name in COUNTS]
    query = select(*asked, totals.c.currency, *added).where(*_kept(selection, periods))
    return query.group_by(*asked, totals.c.currency)


def _kept(selection: Selection, periods: Sequence[str]) -> list[ColumnElement[bool]]:
    """What rows of `totals` have to meet: of these periods, and of the selection but for its days."""
    wanted: list[ColumnElement[bool]] = [totals.c.period.in_(periods)]
    if selection.campaign is not None:
        number = select(campaigns.c.id).where(campaigns.c.slug == selection.campaign)
        wanted.append(totals.c.campaign_id == number.scalar_subquery())
    for column, value in (
        (totals.c.account, selection.account), (totals.c.kind, selection.kind), (totals.c.gateway, selection.gateway)
    ):  # fmt: skip
        if value is not None:
            wanted.append(column == value)
    return wanted


def _of_postings(connection: Connection, selection: Selection, group: tuple[Group, ...]) -> Select[Any]:
    columns: dict[Group, ColumnElement[Any]] = {
        Group.ACCOUNT: postings.c.account,
        Group.CAMPAIGN: func.coalesce(entries.c.campaign_id, 0),
        Group.MONTH: period(connection.dialect.name, Letters.MONTH),
    }
    asked = [columns[each].label(each) for each in group]
    wanted = conditions(connection, replace(selection, account=None))
    if selection.account is not None:
        wanted.append(postings.c.account == selection.account)
    return (
        select(*asked, postings.c.currency, *(each.label(name) for name, each in COUNTS.items()))
        .join_from(postings, entries, entries.c.id == postings.c.entry_id)
        .where(*wanted)
        .group_by(*(literal_column(str(place + 1)) for place in range(len(group) + 1)))
    )


def _told(connection: Connection, query: Select[Any]) -> Iterator[Sum]:
    for row in connection.execute(query).mappings():
        debit, credit = (money(row[name], row["currency"]) for name in ("debit_minor", "credit_minor"))
        apart: dict[str, Any] = {group.value: row[group] for group in Group if group in row}
        yield Sum(debit, credit, int(row["lines"]), int(row["entries"]), **apart)


def _months(span: Span) -> list[str]:
    months = [month_of(span.first)]
    while months[-1] < month_of(span.last):
        months.append(next_month(months[-1]))
    if first_of(months[0]) != span.first or last_of(months[-1]) != span.last:
        raise ValueError("this span begins or ends within a month")
    return months
