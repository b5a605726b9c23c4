"""The months of the books: what was booked in each, which are closed, and what to look at before one is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from campaigns.domain.closing import is_over
from campaigns.domain.money import Money
from campaigns.domain.periods import Span, day_of, first_of, last_of, month_of
from campaigns.domain.selection import Selection
from campaigns.services.checking import check_all
from campaigns.services.closing import next_to_close
from campaigns.services.keys import Keys
from campaigns.storage import alerts, closings, inbox, staff, totals
from campaigns.storage.closings import Closing
from campaigns.storage.database import Connection
from campaigns.storage.inbox import NoticeState
from campaigns.storage.totals import Group


@dataclass(frozen=True, slots=True)
class Month:
    """A month: how many entries stand in it, what they moved in each currency, and its closing, with whose it was."""

    month: str
    entries: int
    turnover: tuple[Money, ...]
    closing: Closing | None
    closed_by: str

    @property
    def last_day(self) -> date:
        return last_of(self.month)


@dataclass(frozen=True, slots=True)
class Months:
    """All months in which something is booked, the newest first; `ready` is the one that can be closed now."""

    months: list[Month]
    ready: str | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What to see before a month is closed: faults of the books, and what still waits for a human."""

    month: Month
    faults: list[str]
    alerts: int
    notices: int
    is_ready: bool


def all_months(keys: Keys) -> Months:
    with keys.database.snapshot() as connection:
        wanted = next_to_close(connection)
        return Months(_months(connection, keys), wanted if wanted and is_over(wanted, day_of(keys.now())) else None)


def one_month(keys: Keys, month: str) -> Month | None:
    """The month, if something is booked in it."""
    return next((each for each in all_months(keys).months if each.month == month), None)


def outlook(keys: Keys, month: str) -> Outlook | None:
    """What to see before this month is closed; None for a month without entries. Adds all books up anew."""
    found = all_months(keys)
    this = next((each for each in found.months if each.month == month), None)
    if this is None:
        return None
    with keys.database.reading() as connection:
        open_alerts = sum(alerts.counts(connection).values())
        unfit = inbox.counts(connection).get(NoticeState.UNFIT, 0)
    return Outlook(this, check_all(keys).faults, open_alerts, unfit, found.ready == month)


def _months(connection: Connection, keys: Keys) -> list[Month]:
    closed = {closing.month: closing for closing in closings.all_closings(connection)}
    names = {person.id: person.name for person in staff.everybody(connection)}
    first = closings.first_day(connection)
    if first is None:
        return []
    today = day_of(keys.now())
    span = Span(first_of(month_of(first)), last_of(month_of(max(first, today))))
    found: dict[str, list[totals.Sum]] = {}
    for part in totals.sums(connection, Selection(span), Group.MONTH):
        found.setdefault(part.month, []).append(part)
    return [_month(month, parts, closed.get(month), names) for month, parts in sorted(found.items(), reverse=True)]


def _month(month: str, parts: list[totals.Sum], closing: Closing | None, names: dict[int, str]) -> Month:
    turnover = tuple(part.debit for part in parts)
    by = names.get(closing.staff_id or 0, "") if closing else ""
    return Month(month, sum(part.entries for part in parts), turnover, closing, by)
