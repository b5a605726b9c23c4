"""Reading the journal: a page of entries, the balance behind each of them, and what the whole selection comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from campaigns.domain.selection import Selection
from campaigns.services.balancing import home_first
from campaigns.storage import campaigns, entry_life, journal_rows, paging, totals
from campaigns.storage.campaigns import NamedCampaign
from campaigns.storage.database import Connection, Database
from campaigns.storage.entry_life import EntryInFull
from campaigns.storage.journal_rows import Balance, JournalRow
from campaigns.storage.paging import Place, Way
from campaigns.storage.patience import TookTooLong, at_most
from campaigns.storage.totals import Sum

ROWS = 50
# Nobody waits longer for a page; and while it is made, somebody else does.
PATIENCE = 3.0


@dataclass(frozen=True, slots=True)
class Totals:
    """What a selection comes to, by currency; `took_too_long` where it was given up."""

    sums: Sequence[Sum] = ()
    took_too_long: bool = False

    def number(self, account: str | None) -> int:
        """How many entries there are; with an account, how many postings on it."""
        return sum(each.lines if account else each.entries for each in self.sums)


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Some entries, the newest first. `newer` and `older` are where the pages beside it begin, None where none is.

    `balances` has the balance of the chosen account after each entry, by its number, where the selection leaves out no
    entry of that account but by day and campaign. `totals` is None where they take a while and nobody asked for them.
    """

    rows: list[JournalRow]
    newer: Place | None
    older: Place | None
    balances: dict[int, Balance] | None
    totals: Totals | None
    campaigns: list[NamedCampaign]
    titles: dict[int, str] = field(default_factory=dict)


def read_journal(
    database: Database, selection: Selection, way: Way, language: str, *, all_totals: bool, patience: float = PATIENCE
) -> JournalPage:
    """A page of the selection, all of it in one state of the books.

    `all_totals`: add up the selection even where there are no stored totals for it, as long as `patience` (seconds)
    lasts.
    """
    with database.snapshot() as connection:
        page = _page(connection, selection, way, language)
    if selection.is_indexed or not all_totals:
        return page
    return replace(page, totals=_counted(database, selection, patience))


def _page(connection: Connection, selection: Selection, way: Way, language: str) -> JournalPage:
    places = paging.page(connection, selection, ROWS + 1, way)
    if len(places) <= ROWS and not way.older:  # the newest ones, then: as many as a page has
        way = Way()
        places = paging.page(connection, selection, ROWS + 1, way)
    is_more, places = len(places) > ROWS, places[:ROWS]
    if not way.older:
        places.reverse()
    rows = journal_rows.rows(connection, [place.number for place in places])
    named = campaigns.all_named(connection, language)
    return JournalPage(
        rows,
        newer=places[0] if places and (way.start if way.older else is_more) else None,
        older=places[-1] if places and (is_more if way.older else True) else None,
        balances=_balances(connection, selection, places, rows),
        totals=Totals(_home_first(totals.sums(connection, selection))) if selection.is_indexed else None,
        campaigns=named,
        titles={each.id: each.title for each in named},
    )


def _balances(
    connection: Connection, selection: Selection, places: list[Place], rows: list[JournalRow]
) -> dict[int, Balance] | None:
    account = selection.account
    if account is None or selection != Selection(selection.span, selection.campaign, account):
        return None
    found: dict[int, Balance] = {}
    after = journal_rows.balance_at(connection, account, selection.campaign, places[0]) if places else {}
    for row in rows:
        posted = row.on(account)
        found[row.number] = {currency: after[currency] for currency in posted}
        after = after | {currency: after[currency] - amount for currency, amount in posted.items()}
    return found


def _counted(database: Database, selection: Selection, patience: float) -> Totals:
    try:
        with database.snapshot() as connection, at_most(connection, patience):
            return Totals(_home_first(totals.counted(connection, selection)))
    except TookTooLong:
        return Totals(took_too_long=True)


def _home_first(sums: list[Sum]) -> list[Sum]:
    return sorted(sums, key=lambda each: home_first(each.debit.currency))


def to_choose_from(database: Database, language: str) -> list[NamedCampaign]:
    """All campaigns, in the organisation's order."""
    with database.asking() as connection:
        return campaigns.all_named(connection, language)


def read_entry(database: Database, number: int, language: str) -> tuple[EntryInFull, dict[int, str]] | None:
    """One entry and the titles of campaigns by their number; None where there is no such entry."""
    with database.snapshot() as connection:
        entry = entry_life.entry_in_full(connection, number)
        named = campaigns.all_named(connection, language) if entry else []
    return (entry, {each.id: each.title for each in named}) if entry else None
