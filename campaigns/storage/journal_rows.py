"""What the journal says of each entry on a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import Connection, func, select

from campaigns.domain.ledger import EntryKind, Posting
from campaigns.domain.money import Money
from campaigns.domain.periods import FIRST_DAY, Span
from campaigns.domain.selection import Selection
from campaigns.storage import totals
from campaigns.storage.columns import money
from campaigns.storage.journal import conditions
from campaigns.storage.models import entries, postings
from campaigns.storage.paging import Place

# By currency.
Balance = dict[str, Money]


@dataclass(frozen=True, slots=True)
class JournalRow:
    """An entry on one line. `amount` is all its debits; a reversal and what it reverses name each other."""

    number: int
    day: date
    late_for: date | None
    kind: EntryKind
    campaign_id: int | None
    gateway: str | None
    amount: Money
    memo: str | None
    reverses: int | None
    reversed_by: int | None
    postings: tuple[Posting, ...] = ()

    @property
    def debited(self) -> list[str]:
        """The accounts on the debit side, each once."""
        return list(dict.fromkeys(line.account for line in self.postings if line.amount.minor > 0))

    @property
    def credited(self) -> list[str]:
        return list(dict.fromkeys(line.account for line in self.postings if line.amount.minor < 0))

    def on(self, account: str) -> Balance:
        """What it posts on an account."""
        sums: Balance = {}
        for line in self.postings:
            if line.account == account:
                currency = line.amount.currency
                sums[currency] = sums.get(currency, Money.zero(currency)) + line.amount
        return sums


def rows(connection: Connection, numbers: Sequence[int]) -> list[JournalRow]:
    """The entries with these numbers, in their order; KeyError where there is none."""
    lines = _postings(connection, numbers)
    found = {row.number: row for row in _heads(connection, numbers)}
    return [replace(found[number], postings=tuple(lines[number])) for number in numbers]


def balance_at(connection: Connection, account: str, campaign: str | None, place: Place) -> Balance:
    """What an account holds (of a campaign, where one is named) once the entry at this place is booked."""
    before = place.day - timedelta(days=1)
    found: Balance = {}
    if before >= FIRST_DAY:
        selection = Selection(Span(FIRST_DAY, before), campaign, account)
        found = {each.balance.currency: each.balance for each in totals.sums(connection, selection)}
    on_the_day = (
        select(postings.c.currency, func.sum(postings.c.amount_minor))
        .join_from(postings, entries, entries.c.id == postings.c.entry_id)
        .where(postings.c.account == account, postings.c.day == place.day, postings.c.entry_id <= place.number)
        .where(*conditions(connection, Selection(campaign=campaign)))
        .group_by(postings.c.currency)
    )
    for currency, minor in connection.execute(on_the_day):
        found[currency] = found.get(currency, Money.zero(currency)) + money(minor, currency)
    return found


def _heads(connection: Connection, numbers: Sequence[int]) -> list[JournalRow]:
    undoing = entries.alias()
    query = (
        select(
            entries.c.id, entries.c.day, entries.c.late_for, entries.c.kind, entries.c.campaign_id, entries.c.gateway,
            entries.c.amount_minor, entries.c.currency, entries.c.memo, entries.c.reverses_id,
            undoing.c.id.label("reversed_by"),
        )
        .outerjoin_from(entries, undoing, undoing.c.reverses_id == entries.c.id)
        .where(entries.c.id.in_(numbers))
    )  # fmt: skip
    return [
        JournalRow(
            row.id, row.day, row.late_for, EntryKind(row.kind), row.campaign_id, row.gateway,
            money(row.amount_minor, row.currency), row.memo, row.reverses_id, row.reversed_by,
        )
        for row in connection.execute(query)
    ]  # fmt: skip


def _postings(connection: Connection, numbers: Sequence[int]) -> dict[int, list[Posting]]:
    lines: dict[int, list[Posting]] = defaultdict(list)
    query = select(postings).where(postings.c.entry_id.in_(numbers))
    for row in connection.execute(query.order_by(postings.c.entry_id, postings.c.line)):
        lines[row.entry_id].append(Posting(row.account, money(row.amount_minor, row.currency), row.campaign_id))
    return lines
