"""Looking over the whole treasury: what needs a hand today, how the campaigns stand, and where our money lies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from campaigns.domain.accounts import OWN, RAISED
from campaigns.domain.campaign import Kind, Phase, Progress
from campaigns.domain.closing import is_over
from campaigns.domain.money import Money
from campaigns.domain.periods import day_of
from campaigns.domain.selection import Selection
from campaigns.services.closing import next_to_close
from campaigns.services.keys import Keys
from campaigns.storage import alerts, campaigns, gift_list, inbox, overview, totals
from campaigns.storage.alerts import AlertKind
from campaigns.storage.campaigns import ShownCampaign
from campaigns.storage.database import Connection
from campaigns.storage.overview import DayOfCampaign
from campaigns.storage.totals import Group, Sum

DAYS = 30
WEEK = 7
A_DAY = timedelta(days=1)


class Need(StrEnum):
    """What can need a hand, the most pressing first."""

    DISPUTE = "dispute"
    CARD_COUNTRY = "card_country"
    UNASSIGNED = "unassigned"
    UNFIT_NOTICE = "unfit_notice"
    WAITING_NOTICE = "waiting_notice"
    DIFFERENCE = "difference"
    OLD_PLEDGE = "old_pledge"
    LETTER = "letter"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that needs a hand: how much of it there is, by when (a dispute), and of which month."""

    need: Need
    count: int
    due_at: datetime | None = None
    month: str | None = None


@dataclass(frozen=True, slots=True)
class CampaignPace:
    """A campaign by what is booked, and how fast it goes. `average` is of a gift, None before the first one.

    `days_to_goal` at the pace of the last 30 days; None where it cannot be told, or does not matter any more.
    """

    slug: str
    title: str
    progress: Progress
    last_week: Money
    last_month: Money
    average: Money | None
    days_to_goal: int | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class DailyIncome:
    """What all campaigns of one currency raised together, on each of the last days."""

    days: list[tuple[date, Money]]
    total: Money


@dataclass(frozen=True, slots=True)
class Overview:
    """The treasury at one moment. `balances`: our own accounts, each in each of its currencies."""

    matters: list[Matter]
    campaigns: list[CampaignPace]
    income: list[DailyIncome]
    balances: list[tuple[str, Money]]


def look_over(keys: Keys, language: str) -> Overview:
    """Everything at once, in one state of the database, with titles in that language."""
    now = keys.now()
    today = day_of(now)
    first = today - (DAYS - 1) * A_DAY
    with keys.database.snapshot() as connection:
        sums = totals.sums(connection, Selection(), Group.ACCOUNT, Group.CAMPAIGN)
        funds = list(_funds(connection, language))
        daily = overview.raised_by_day(connection, first, today)
        matters = list(_matters(connection, sums, funds, now))
    return Overview(
        matters,
        [_pace(fund, daily, today, now) for fund in funds],
        list(_income(daily, first)),
        [(part.account, part.balance) for part in _by_account(sums) if part.account in OWN],
    )


def _funds(connection: Connection, language: str) -> Iterator[ShownCampaign]:
    for slug, _title in gift_list.campaign_choices(connection, language):
        found = campaigns.shown(connection, slug, language)
        if found is not None and found.campaign.kind is Kind.FUND:
            yield found


def _matters(connection: Connection, sums: list[Sum], funds: list[ShownCampaign], now: datetime) -> Iterator[Matter]:
    yield from _alerts(connection)
    counts = {
        Need.WAITING_NOTICE: inbox.waiting_since(connection, now - A_DAY),
        Need.DIFFERENCE: _differences(sums, funds),
        Need.OLD_PLEDGE: gift_list.undecided_before(connection, now - A_DAY),
        Need.LETTER: overview.undeliverable_since(connection, now - WEEK * A_DAY),
    }
    yield from (Matter(need, count) for need, count in counts.items() if count)
    month = next_to_close(connection)
    if month is not None and is_over(month, day_of(now)):
        yield Matter(Need.MONTH, 1, month=month)


def _alerts(connection: Connection) -> Iterator[Matter]:
    counts = alerts.counts(connection)
    for kind in (AlertKind.DISPUTE, AlertKind.CARD_COUNTRY, AlertKind.UNASSIGNED, AlertKind.UNFIT_NOTICE):
        if kind in counts:
            due_at = alerts.first_deadline(connection) if kind is AlertKind.DISPUTE else None
            yield Matter(Need(kind), counts[kind], due_at)


def _differences(sums: list[Sum], funds: list[ShownCampaign]) -> int:
    """Campaigns whose booked total is not what the stored sums of the books say."""
    raised: dict[tuple[int, str], Money] = {}
    for part in sums:
        if part.account in RAISED:
            key = part.campaign_id, part.debit.currency
            raised[key] = raised.get(key, Money.zero(part.debit.currency)) - part.balance
    return sum(
        fund.booked.raised != raised.get((fund.campaign.id, fund.campaign.currency), Money.zero(fund.campaign.currency))
        for fund in funds
    )


def _pace(fund: ShownCampaign, daily: list[DayOfCampaign], today: date, now: datetime) -> CampaignPace:
    booked, goal = fund.booked, fund.campaign.goal
    mine = [each for each in daily if each.campaign_id == fund.campaign.id]
    month = Money.total((each.amount for each in mine), fund.campaign.currency)
    week = Money.total((each.amount for each in mine if each.day > today - WEEK * A_DAY), fund.campaign.currency)
    is_open = fund.campaign.window.phase(now) is Phase.OPEN
    return CampaignPace(
        fund.campaign.slug,
        fund.title,
        Progress(booked.raised, booked.pledged, booked.supporters, goal),
        week,
        month,
        Money(booked.raised.minor // booked.gifts, booked.raised.currency) if booked.gifts else None,
        _days_to(goal - booked.raised, month) if goal is not None and is_open else None,
        is_open,
    )


def _days_to(left: Money, in_a_month: Money) -> int | None:
    nothing = Money.zero(left.currency)
    if left <= nothing or in_a_month <= nothing:
        return None
    return -(-left.minor * DAYS // in_a_month.minor)


def _income(daily: list[DayOfCampaign], first: date) -> Iterator[DailyIncome]:
    """One row of days for each currency in which anything came."""
    for currency in sorted({each.amount.currency for each in daily}):
        days = [
            (day, Money.total((e.amount for e in daily if (e.day, e.amount.currency) == (day, currency)), currency))
            for day in (first + number * A_DAY for number in range(DAYS))
        ]
        yield DailyIncome(days, Money.total((amount for _day, amount in days), currency))


def _by_account(sums: list[Sum]) -> list[Sum]:
    """The same sums, no longer told apart by campaign."""
    found: dict[tuple[str, str], Sum] = {}
    for part in sums:
        key = part.account, part.debit.currency
        found[key] = found[key] + part if key in found else part
    return [found[key] for key in sorted(found)]
