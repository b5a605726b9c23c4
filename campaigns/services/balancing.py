"""What the accounts hold, what moved on them, and what came in: all from the stored totals and what came since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from campaigns.domain.accounts import INCOME
from campaigns.domain.money import Money
from campaigns.domain.periods import FIRST_DAY, Span, month_of
from campaigns.domain.selection import Selection
from campaigns.storage import campaigns, totals
from campaigns.storage.database import Database
from campaigns.storage.totals import Group, Sum


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account in one currency: before the span, in it, and after it. Debit is positive in both balances."""

    account: str
    opening: Money
    debit: Money
    credit: Money

    @property
    def closing(self) -> Money:
        return self.opening + self.debit - self.credit


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """All accounts that hold anything or moved, in one currency. Each pair of sums is equal, or the books are wrong."""

    currency: str
    lines: list[AccountLine]

    @property
    def opening(self) -> tuple[Money, Money]:
        return self._sides(line.opening for line in self.lines)

    @property
    def turnover(self) -> tuple[Money, Money]:
        debit = Money.total((line.debit for line in self.lines), self.currency)
        return debit, Money.total((line.credit for line in self.lines), self.currency)

    @property
    def closing(self) -> tuple[Money, Money]:
        return self._sides(line.closing for line in self.lines)

    @property
    def is_equal(self) -> bool:
        return all(debit == credit for debit, credit in (self.opening, self.turnover, self.closing))

    def _sides(self, balances: Iterable[Money]) -> tuple[Money, Money]:
        """The sum of the debit balances and that of the credit balances, both positive."""
        debit = credit = Money.zero(self.currency)
        for balance in balances:
            if balance.minor > 0:
                debit += balance
            else:
                credit -= balance
        return debit, credit


def trial_balance(database: Database, span: Span) -> list[TrialBalance]:
    """The turnover of these days, the last included, with the balances before and after them; by currency."""
    before = span.first - timedelta(days=1)
    with database.snapshot() as connection:
        moved = totals.sums(connection, Selection(span), Group.ACCOUNT)
        earlier: list[Sum] = []
        if before >= FIRST_DAY:
            earlier = totals.sums(connection, Selection(Span(FIRST_DAY, before)), Group.ACCOUNT)
    opening = {(each.account, each.debit.currency): each.balance for each in earlier if each.balance}
    turnover = {(each.account, each.debit.currency): each for each in moved}
    lines: dict[str, list[AccountLine]] = defaultdict(list)
    for account, currency in sorted(opening.keys() | turnover.keys()):
        nothing = Money.zero(currency)
        sides = turnover.get((account, currency), Sum(nothing, nothing, 0, 0))
        lines[currency].append(
            AccountLine(account, opening.get((account, currency), nothing), sides.debit, sides.credit)
        )
    return [TrialBalance(currency, lines[currency]) for currency in sorted(lines, key=home_first)]


def balances_at(database: Database, day: date) -> list[TrialBalance]:
    """The balances at the end of this day; by currency."""
    return trial_balance(database, Span(FIRST_DAY, day))


@dataclass(frozen=True, slots=True)
class Income:
    """Income of a year in one currency, less what went back: by month (2026-11) and campaign (number; 0 for none)."""

    currency: str
    months: list[str]
    campaigns: list[tuple[int, str]]
    amounts: dict[tuple[str, int], Money]

    def of(self, month: str | None = None, campaign_id: int | None = None) -> Money:
        """The income of a month, or of a campaign, or of both together, or of all."""
        parts = (
            amount
            for (in_month, of_campaign), amount in self.amounts.items()
            if month in (None, in_month) and campaign_id in (None, of_campaign)
        )
        return Money.total(parts, self.currency)


def income_of(database: Database, year: int, language: str) -> list[Income]:
    """The income of a calendar year, by currency; only campaigns that had any, in the organisation's order."""
    span = Span(date(year, 1, 1), date(year, 12, 31))
    with database.snapshot() as connection:
        found = totals.sums(connection, Selection(span), Group.MONTH, Group.CAMPAIGN, Group.ACCOUNT)
        named = [(each.id, each.title) for each in campaigns.all_named(connection, language)]
    amounts: dict[str, dict[tuple[str, int], Money]] = defaultdict(dict)
    for each in found:
        if each.account in INCOME:
            of, key = amounts[each.balance.currency], (each.month, each.campaign_id)
            of[key] = of.get(key, Money.zero(each.balance.currency)) - each.balance
    months = [month_of(date(year, month, 1)) for month in range(1, 13)]
    return [
        Income(currency, months, [(id_, title) for id_, title in [*named, (0, "")] if _has(amounts[currency], id_)],
               amounts[currency])
        for currency in sorted(amounts, key=home_first)
    ]  # fmt: skip


def _has(amounts: dict[tuple[str, int], Money], campaign_id: int) -> bool:
    return any(of_campaign == campaign_id for _, of_campaign in amounts)


def home_first(currency: str) -> tuple[bool, str]:
    """To sort currencies by: our own, then the others by their letters."""
    return currency != "PLN", currency
