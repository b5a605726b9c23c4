"""Ledgers for tests: many entries of every kind, and the naive reading of them that the program's is held against."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from campaigns.domain import accounts
from campaigns.domain.ledger import Entry, EntryKind, Posting
from campaigns.domain.money import Money
from campaigns.domain.periods import day_of
from campaigns.domain.selection import Selection
from campaigns.storage import books, campaigns, figures
from campaigns.storage.books import Voucher
from campaigns.storage.database import Connection, Database
from campaigns.storage.figures import Change
from campaigns.storage.models import entries, postings
from tests.gifts import NOW, a_campaign

SLUGS = ("fund", "office")
MEMOS = (None, None, "bilety do Łodzi", "druk ulotek", "bilety i druk")
_KINDS = (
    (EntryKind.GIFT, accounts.at_gateway("sandbox"), accounts.DONATIONS, "sandbox"),
    (EntryKind.GIFT, accounts.at_gateway("stripe"), accounts.DONATIONS, "stripe"),
    (EntryKind.OFFLINE_GIFT, accounts.CASH, accounts.DONATIONS, None),
    (EntryKind.REFUND, accounts.REFUNDS, accounts.at_gateway("sandbox"), "sandbox"),
    (EntryKind.EXPENSE, accounts.TRAVEL, accounts.CASH, None),
    (EntryKind.TRANSFER, accounts.BANK, accounts.at_gateway("stripe"), "stripe"),
    (EntryKind.FEE, accounts.FEES, accounts.at_gateway("stripe"), "stripe"),
)
_OF_A_CAMPAIGN = accounts.RAISED | {accounts.TRAVEL}


@dataclass(frozen=True, slots=True)
class Line:
    """One posting with all that is known of its entry: what a naive reader works on."""

    entry: int
    day: date
    campaign: str | None
    account: str
    kind: EntryKind
    gateway: str | None
    amount: Money
    moved: Money
    memo: str


def a_ledger(database: Database, number: int, seed: int = 1, first: date = date(2025, 12, 20), days: int = 40) -> None:
    """So many entries of every kind for two campaigns, most of them in the order of their days and some not."""
    with database.transaction() as connection:
        for slug in SLUGS:
            if campaigns.by_slug(connection, slug) is None:
                a_campaign(connection, slug)
        funds = funds_of(connection)
        more_entries(connection, funds, number, random.Random(seed), first, days)


def more_entries(
    connection: Connection, funds: list[int], number: int, chance: random.Random, first: date, days: int
) -> None:
    before = connection.scalar(select(entries.c.id).order_by(entries.c.id.desc()).limit(1)) or 0
    for place in range(number):
        kind, debit, credit, gateway = chance.choice(_KINDS)
        fund = chance.choice(funds)
        foreign = chance.random() < 0.25 and not {debit, credit} & accounts.RAISED
        amount = Money(chance.choice((2000, 5000, 5001, 12_345)), "EUR" if foreign else "PLN")
        lines = [(debit, amount), (credit, -amount)]
        if chance.random() < 0.1:  # an entry may have two lines on one account
            half = Money(amount.minor // 2, amount.currency)
            lines = [(debit, half), (debit, amount - half), (credit, -amount)]
        late = chance.randrange(days) if chance.random() < 0.2 else 0
        day = first + timedelta(days=max(place * days // number - late, 0))
        entry = Entry(
            kind,
            f"test:{before + place}:{chance.random()}",
            tuple(Posting(account, money, fund if account in _OF_A_CAMPAIGN else None) for account, money in lines),
        )
        books.book(connection, entry, _noon(day), Voucher(day=day, gateway=gateway, memo=chance.choice(MEMOS)))
        for campaign_id, raised in entry.raised("PLN").items():
            figures.change(connection, campaign_id, Change(raised, Money.zero("PLN")))


def funds_of(connection: Connection) -> list[int]:
    """The numbers of the campaigns that `a_ledger` has made."""
    found = [campaigns.by_slug(connection, slug) for slug in SLUGS]
    return [fund.id for fund in found if fund]


def all_lines(database: Database) -> list[Line]:
    """Every posting, the newest entry first as the journal has them: by day, then by number."""
    with database.reading() as connection:
        slugs = dict(zip(funds_of(connection), SLUGS, strict=True))
        rows = connection.execute(
            select(postings, entries.c.kind, entries.c.gateway, entries.c.memo, entries.c.campaign_id.label("of"),
                   entries.c.amount_minor.label("moved"), entries.c.currency.label("moved_in"))
            .join_from(postings, entries, entries.c.id == postings.c.entry_id)
        ).all()  # fmt: skip
    lines = [
        Line(row.entry_id, row.day, slugs.get(row.of), row.account, EntryKind(row.kind), row.gateway,
             Money(row.amount_minor, row.currency), Money(row.moved, row.moved_in), row.memo or "")
        for row in rows
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (line.day, line.entry), reverse=True)


def chosen(lines: list[Line], selection: Selection) -> list[Line]:
    """All lines of the entries in the selection, told by plain Python."""
    with_account = {line.entry for line in lines if line.account == selection.account}
    return [
        line
        for line in lines
        if selection.span.first <= line.day <= selection.span.last
        and selection.campaign in (None, line.campaign)
        and (selection.account is None or line.entry in with_account)
        and selection.kind in (None, line.kind)
        and selection.gateway in (None, line.gateway)
        and _within(line.moved, selection)
        and all(any(has.startswith(word) for has in _folded(line.memo)) for word in selection.words.split())
    ]


def numbers(lines: list[Line]) -> list[int]:
    """The entries of these lines, each once, in their order."""
    return list(dict.fromkeys(line.entry for line in lines))


def _within(moved: Money, selection: Selection) -> bool:
    bounds = [bound for bound in (selection.least, selection.most) if bound]
    if any(bound.currency != moved.currency for bound in bounds):
        return False
    return (not selection.least or moved >= selection.least) and (not selection.most or moved <= selection.most)


def _folded(memo: str) -> list[str]:
    return memo.replace("Ł", "l").lower().split()


def _noon(day: date) -> datetime:
    noon = NOW.replace(year=day.year, month=day.month, day=day.day, hour=12)
    assert day_of(noon) == day
    return noon
